"""Books: closing the accounts into frozen, content-addressed files."""
