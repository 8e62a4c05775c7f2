"""The frame of a draft: what carries it, its title and headings, the tables in it."""
