"""How a year is judged by its figures: targets along their curves, lights, scores, estimates, and whether the numbers agree."""
