"""The languages that a graph can be written in, a module for each: its table, and the frame of its functions."""
