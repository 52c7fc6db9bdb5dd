"""A graph as straight-line code: functions of floats and of numpy arrays, and sources in other languages."""
