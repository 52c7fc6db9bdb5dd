"""The graph: the table of operations, `Value` nodes, the forward pass and the chain rule."""
