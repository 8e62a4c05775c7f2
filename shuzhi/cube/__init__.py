"""The cube: every additive indicator of every unit at every level in every month, derived from closings and disposable."""
