"""Units: administrative bodies and areas, the posts in them, who holds a post, and who may do what."""
