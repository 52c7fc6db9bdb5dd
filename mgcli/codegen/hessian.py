"""The straight-line code of second derivatives: the chain rule on formulas of the first ones."""

from __future__ import annotations

from collections.abc import Sequence

from mgcli.codegen.straight_line import Code, live_steps, straight_line
from mgcli.graph.node import Node


def with_hessian(
    root: Node, formulas: Sequence[Node], arguments: Sequence[Node], wrt: Sequence[Node], *, apart: bool = False
) -> Code:
    """Return the code of the value of `root`, its gradient, and as `also` its second derivatives.

    formulas: the derivatives of `root` with respect to each of `wrt`. The second derivatives are the upper triangle of
    the matrix, row by row.
    """
    code = straight_line([root, *formulas], arguments, wrt, apart=apart, lenient=True)
    value, *firsts = code.values
    gradient, *rows = code.derivatives
    upper = [term for index, row in enumerate(rows) for term in row[index:]]
    # The formulas must be finite, like what is computed from them.
    checked = [*code.checked, *(term for term in dict.fromkeys(firsts) if not term.is_known)]
    found = code._replace(values=[value], derivatives=[gradient], also=upper, checked=checked)
    return found._replace(steps=live_steps(found))
