"""Matters: what is to be done and closed, by stages and gates, against clocks, under lights that remember."""
