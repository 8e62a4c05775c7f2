"""Many closings at once: where they lie, who tells what, how they are read and what is kept of them."""
