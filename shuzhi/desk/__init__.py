"""The desk: the officials' pages."""
