"""A page that shows both passes on the drawing: one file, with its script and its style inside."""
