"""The cellar floor: values, the working-day calendar, the chain, the expression language and the catalogue."""
