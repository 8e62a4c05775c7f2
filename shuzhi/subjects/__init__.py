"""Subjects: what exists and is pointed at and counted once: enterprises, households, schools, sites, river sections."""
