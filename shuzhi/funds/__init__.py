"""Funds: budgets, allocations and payments, whose sums the database itself guards."""
