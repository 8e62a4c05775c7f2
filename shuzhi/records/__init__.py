"""Records: what happened and is counted, with its lines."""
