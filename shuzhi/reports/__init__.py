"""Reports: a masked draft is read, bound, computed and written; editions are kept, released, signed and published."""
