"""Results as text, LaTeX, DOT, SVG and plots; files are written whole or not at all."""
