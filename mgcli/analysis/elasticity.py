"""The relative sensitivity of a result: its change in percent for one percent of a variable."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from math import frexp, isfinite, ldexp, nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mgcli.analysis.sweep import Swept
    from mgcli.language.program import Program


def elasticity(result: float, variable: float, gradient: float) -> float:
    """Return `variable/result * gradient`, the elasticity of `result` with respect to `variable`.

    nan where the result is 0, and where this is too large for a float.
    """
    if result == 0.0 or not all(map(isfinite, (result, variable, gradient))):
        return nan
    # Fractions and powers of 2 separately, so that no intermediate result leaves the range of floats.
    (x, of_x), (slope, of_slope), (y, of_y) = map(frexp, (variable, gradient, result))
    try:
        return ldexp(x * slope / y, of_x + of_slope - of_y)
    except OverflowError:
        return nan


def elasticities(program: Program, names: Iterable[str]) -> dict[str, float]:
    """Return the elasticity of the result with respect to each of `names`; the program must have its gradients."""
    nodes = {name: program.node(name) for name in names}
    return {name: elasticity(program.root.data, node.data, node.grad) for name, node in nodes.items()}


def swept_elasticities(swept: Swept, names: Iterable[str]) -> tuple[dict[str, array[float]], int]:
    """Return the elasticity for each of `names` at each point, and the number of points where only one is undefined."""
    result = swept.result.data
    columns = {name: swept.columns[name] for name in names}
    relative = {name: array("d", map(elasticity, result, column.data, column.grad)) for name, column in columns.items()}
    undefined = 0
    for index, value in enumerate(result):
        known = value == value and all(column.grad[index] == column.grad[index] for column in columns.values())
        undefined += known and any(column[index] != column[index] for column in relative.values())
    return relative, undefined
