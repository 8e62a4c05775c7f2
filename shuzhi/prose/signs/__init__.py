"""What can be seen in a draft without understanding it: masks and figures, with their units."""
