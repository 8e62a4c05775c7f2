"""What a draft claims, and the formulas that would prove it from the books."""
