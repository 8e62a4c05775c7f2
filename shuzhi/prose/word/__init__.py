"""Comments in a Word file that comes back otherwise untouched."""
