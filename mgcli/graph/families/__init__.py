"""The entries of the table of operations, family by family."""
