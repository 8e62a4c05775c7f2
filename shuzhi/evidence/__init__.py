"""Evidence: the only way to write, the chain of the journal, and the papers behind the accounts."""
