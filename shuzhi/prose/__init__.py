"""Reads and writes official Chinese: drafts in, structure and figures out; documents set in GB/T 9704."""
