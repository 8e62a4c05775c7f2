"""The catalogue: TOML definitions, read, checked and hashed."""
