"""Closings in, figures out: exact, traced, without Django and without a database."""
