"""Closings' files unpacked by hand: pages into columns, observations into planes, units into an axis."""
