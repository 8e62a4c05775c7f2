"""A signed edition taken out of the house: its archive, its figures computed again from it, and what changed since."""
