"""A graph as straight-line code: Python functions of floats and of numpy arrays."""
