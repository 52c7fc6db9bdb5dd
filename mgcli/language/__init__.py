"""From text to a `Program`; what is wrong with a text, and the remedy."""
