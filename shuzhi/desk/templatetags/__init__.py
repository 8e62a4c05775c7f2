"""Words the desk's templates need."""
