"""Observations by the million: read, checked against the catalogue, and written straight into the relation of a closing."""
