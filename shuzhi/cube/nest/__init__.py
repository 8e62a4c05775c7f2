"""Closings over closings: which lies above which, woven into one tree, and where they differ."""
