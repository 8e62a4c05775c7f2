"""The pages of the desk, a module for each: fetch and authorise first, then a form, one verb, a redirect."""
