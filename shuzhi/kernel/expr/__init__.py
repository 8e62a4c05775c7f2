"""The expression language: one grammar, two readers."""
