"""What a notebook shows of a `Value`: a formula as LaTeX, and a graph with numbers as a picture.

`str()` of a formula is its text. Importing this adds all of it to `Value`.
"""

from __future__ import annotations

from mgcli.graph.node import topological
from mgcli.graph.value import Value

MOST_SHOWN = 300
"""The maximum number of nodes that a notebook shows as a picture and as a formula."""

# A picture that is wider than the page shrinks.
_TO_FIT = '<svg style="max-width: 100%; height: auto"'


def is_formula(value: Value) -> bool:
    """Return whether a node is a formula: its variables have no numbers, or it has no variables."""
    return not value.varies or (value.data != value.data and value.error is None)


def svg(value: Value) -> str | None:
    """Return a graph with numbers as SVG, None if it is a formula, or too large to look at."""
    from mgcli.render.drawing import draw_dot

    if is_formula(value) or not _is_small(value):
        return None
    return str(draw_dot(value).pipe(encoding="utf-8")).replace("<svg", _TO_FIT, 1)


def latex(value: Value) -> str | None:
    """Return a formula as LaTeX, None if it is a graph with numbers, or too long to read."""
    from mgcli.notation import latex_display, written_nodes

    shown = is_formula(value) and _is_small(value) and written_nodes(value) <= MOST_SHOWN
    return latex_display(value) if shown else None


def text(value: Value) -> str:
    """Return a formula as text, with a statement for each part that is used more than once; else what `repr` says."""
    from mgcli.notation import statements

    return statements(value) if is_formula(value) else repr(value)


def _is_small(value: Value) -> bool:
    return len(topological(value)) <= MOST_SHOWN


# The names that notebooks look for.
for _name, _show in (("_repr_svg_", svg), ("_repr_latex_", latex), ("__str__", text)):
    setattr(Value, _name, _show)
