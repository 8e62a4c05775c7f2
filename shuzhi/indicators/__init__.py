"""Indicators: observations of what is measured, by unit and period, each revision a new vintage."""
