"""What a notebook shows of a `Value`: its graph as a picture, and its formula. Importing this adds both to `Value`."""

from __future__ import annotations

from mgcli.graph.node import topological
from mgcli.graph.value import Value

MOST_SHOWN = 300
"""The maximum number of nodes that a notebook shows as a picture and as a formula."""


def svg(value: Value) -> str | None:
    """Return the graph as SVG, None if it is too large to look at."""
    from mgcli.render.drawing import draw_dot

    return str(draw_dot(value).pipe(encoding="utf-8")) if _is_small(value) else None


def latex(value: Value) -> str | None:
    """Return the formula as LaTeX, None if it is too long to read."""
    from mgcli.notation import latex_display, written_nodes

    return latex_display(value) if _is_small(value) and written_nodes(value) <= MOST_SHOWN else None


def _is_small(value: Value) -> bool:
    return len(topological(value)) <= MOST_SHOWN


# The names that notebooks look for.
for _name, _show in (("_repr_svg_", svg), ("_repr_latex_", latex)):
    setattr(Value, _name, _show)
