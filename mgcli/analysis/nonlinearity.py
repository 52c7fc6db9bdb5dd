"""How far a function is from linear within the uncertainties: a series of second order, and a rule of three points.

Both give a value and its standard uncertainty, to be compared with those of first order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, product
from math import fsum, hypot, isfinite, nan, prod, sqrt
from typing import NamedTuple

from mgcli.analysis.correlations import Quantities
from mgcli.analysis.trusted import evaluated
from mgcli.calculus.differentiation import numbers, run
from mgcli.errors import EvaluationError
from mgcli.graph.evaluation import forward_pass
from mgcli.graph.node import topological
from mgcli.graph.value import Value, constant, unevaluated
from mgcli.language.program import Program

MOST_LINES = 4
"""The directions that the grid of the second check spans; the others are treated as linear."""


class Estimate(NamedTuple):
    """A value and its standard uncertainty."""

    value: float
    u: float


class Grid(NamedTuple):
    """The result of the rule of three points: an estimate or, if the function is undefined at one, why.

    failure: the error. point: the values that differ from the middle, by name. distance: how many u they are from it.
    """

    estimate: Estimate | None
    failure: EvaluationError | None = None
    point: dict[str, float] | None = None
    distance: float = 0.0


class Series(NamedTuple):
    """The result of the series of second order: an estimate, and the matrix of second derivatives that it uses."""

    estimate: Estimate
    hessian: list[list[float]]


def second_order(part: Program, quantities: Quantities, gradient: Sequence[float], first: Estimate) -> Series | None:
    """Return the mean and the deviation to the fourth order of the uncertainties; None where a derivative is undefined.

    For normal quantities with the covariance S they are y + tr(HS)/2, and the root of g'Sg + tr(HSHS)/2 +
    g'S grad(tr(HS)), where H holds the second derivatives (GUM 5.1.2, note). Others have
    corrections from their third and fourth moments. A negative variance gives a deviation of nan.
    """
    try:
        with part.pointing():
            return _second_order(part, quantities, gradient, first)
    except (EvaluationError, OverflowError):
        return None


def _second_order(part: Program, quantities: Quantities, gradient: Sequence[float], first: Estimate) -> Series | None:
    nodes = {name: part.node(name) for name in quantities.names}
    known = topological(part.root)
    slopes = run(part.root, list(nodes.values())).totals
    seconds: dict[int, Value] = {}
    terms: list[Value] = []
    for i, slope in enumerate(slopes):
        related = [j for j in range(i, len(slopes)) if quantities.covariance(i, j) and slope.varies]
        for j, second in zip(related, _totals(slope, [part.node(quantities.names[j]) for j in related]), strict=True):
            factor = quantities.covariance(i, j) * (1 if i == j else 2)
            terms.append(unevaluated("mul", constant(factor), second))
            if i == j:
                seconds[i] = second
    trace = constant(0.0)
    for term in terms:
        trace = unevaluated("add", trace, term)
    before = set(known)
    forward_pass(node for node in topological(*slopes, trace) if node not in before and node.operation)
    if not all(isfinite(node.data) for node in (*slopes, trace)):
        return None
    hessian = [list(_numbers(slope, nodes).values()) for slope in slopes]
    value = first.value + trace.data / 2
    # In units of the uncertainties, and of the result's: squares of large and of small numbers are none.
    u = quantities.uncertainties
    linear = [slope * size for slope, size in zip(gradient, u, strict=True)]
    bent = [[second * u[i] * u[j] for j, second in enumerate(row)] for i, row in enumerate(hessian)]
    turned = [slope * size for slope, size in zip(_numbers(trace, nodes).values(), u, strict=True)]
    scale = max(map(abs, [first.u, *linear, *chain.from_iterable(bent)])) or 1.0
    linear = [number / scale for number in linear]
    bent = [[number / scale for number in row] for row in bent]
    variance = [(first.u / scale) ** 2, _half_trace_of_square(bent, quantities)]
    variance.extend(x * y / scale for x, y in zip(quantities.mixed(linear), turned, strict=True))
    for i, distribution in enumerate(quantities.distributions):
        excess = distribution.kurtosis - 3
        if excess and i in seconds:
            third = _numbers(seconds[i], {"": part.node(quantities.names[i])})[""] * u[i] * u[i] * u[i] / scale
            variance.append(excess / 4 * bent[i][i] ** 2 + excess / 3 * linear[i] * third)
        variance.append(linear[i] * bent[i][i] * distribution.skewness)
    total = fsum(variance)
    if not isfinite(total) or not isfinite(value):
        return None
    return Series(Estimate(value, scale * sqrt(total) if total >= 0.0 else nan), hessian)


def _totals(slope: Value, nodes: list[Value]) -> list[Value]:
    return run(slope, nodes).totals if nodes else []


def _numbers(root: Value, nodes: dict[str, Value]) -> dict[str, float]:
    """Return the derivatives of an evaluated formula."""
    if not root.varies:
        return dict.fromkeys(nodes, 0.0)
    found = numbers(root, nodes)
    if not all(map(isfinite, found.values())):
        raise EvaluationError("a derivative overflows")
    return found


def _half_trace_of_square(hessian: Sequence[Sequence[float]], quantities: Quantities) -> float:
    """Return tr(HSHS)/2 for second derivatives in units of the uncertainties."""
    # The rows of H times the correlation matrix, H being symmetric.
    rows = [quantities.mixed(row) for row in hessian]
    indices = range(len(rows))
    return fsum(rows[i][j] * rows[j][i] for i in indices for j in indices) / 2


def three_points(
    part: Program, quantities: Quantities, gradient: Sequence[float], hessian: Sequence[Sequence[float]] | None
) -> Grid:
    """Return the estimate from the function itself, at a grid of points around the middle.

    The grid takes three points, the Gauss rule of the distribution, along each of the directions in which the result
    varies most: those of the quantities, or of the columns of the Cholesky factor where they are
    correlated. The contribution of the others is added to first order. The program is evaluated
    again at its middle in the end.
    gradient, hessian: the derivatives as far as they are known.
    """
    columns = quantities.columns()
    linear = [_along(gradient, column) if gradient else 0.0 for column in columns]
    bent = [[_along(row, column) for row in hessian or ()] for column in columns]
    sizes = [
        hypot(size, *(_along(row, column) for column in columns if row)) for size, row in zip(linear, bent, strict=True)
    ]
    lines = sorted(sorted(range(len(columns)), key=lambda j: -sizes[j])[:MOST_LINES])
    rules = [quantities.distributions[j].rule() if quantities.is_independent(j) else NORMAL_RULE for j in lines]
    middle = [distribution.value for distribution in quantities.distributions]
    values, weights, failures = [], [], []
    for nodes in product(*rules):
        point = middle
        for (offset, _), j in zip(nodes, lines, strict=True):
            point = list(point)
            for i, step in columns[j].items():
                point[i] += offset * step
        part.rebind(dict(zip(quantities.names, point, strict=True)))
        # What floats overflow on the way to may have a value all the same.
        if part.root.data == part.root.data or evaluated(part, digits=False).error is None:
            values.append(part.root.data)
            weights.append(prod(weight for _, weight in nodes))
        else:
            failures.append(_failure(part, quantities, point, middle, nodes))
    part.rebind(dict(zip(quantities.names, middle, strict=True)))
    if failures:
        return min(failures, key=lambda grid: len(grid.point or ()))
    mean = fsum(map(float.__mul__, values, weights))
    parts = [(value - mean) * sqrt(weight) for value, weight in zip(values, weights, strict=True)]
    return Grid(Estimate(mean, hypot(*parts, *(linear[j] for j in range(len(columns)) if j not in lines))))


NORMAL_RULE = [(0.0, 2 / 3), (-sqrt(3), 1 / 6), (sqrt(3), 1 / 6)]


def _along(vector: Sequence[float], column: Mapping[int, float]) -> float:
    return fsum(vector[i] * step for i, step in column.items())


def _failure(
    part: Program,
    quantities: Quantities,
    point: Sequence[float],
    middle: Sequence[float],
    nodes: Sequence[tuple[float, float]],
) -> Grid:
    """Return the message about a point at which the result is undefined."""
    moved = {name: x for name, x, still in zip(quantities.names, point, middle, strict=True) if x != still}
    error = part.error() or EvaluationError("the result overflows", text=part.text, span=part.root.span)
    return Grid(None, error, moved, max((abs(offset) for offset, _ in nodes), default=0.0))
