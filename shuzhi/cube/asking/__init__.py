"""What is asked of a cube: formulas compiled into functions of cells, drafts, dashboards, status words."""
