"""民主测评: evaluations by secret ballot; who voted how is kept nowhere (docs/decisions/0017)."""
