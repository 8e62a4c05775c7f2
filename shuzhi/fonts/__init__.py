"""The free fonts that travel with the product, so that papers and pages show Chinese on a machine without any."""
