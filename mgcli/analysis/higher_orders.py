"""Derivatives of higher order as numbers that can be trusted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import isfinite, nan
from typing import NamedTuple

from mgcli.analysis.one_sided import derivative_of
from mgcli.analysis.recomputed import as_simplified
from mgcli.analysis.trusted import (
    CONVENTION,
    UNDEFINED,
    Derivative,
    Question,
    Report,
    derivative_notes,
    derivatives,
    differentiated,
)
from mgcli.calculus.differentiation import derivative, exact_derivatives, numbers
from mgcli.calculus.hessian import tails
from mgcli.errors import EvaluationError, LimitError
from mgcli.graph.ball_passes import Given, forward, is_smooth, nothing
from mgcli.graph.balls import float_balls
from mgcli.graph.node import topological
from mgcli.graph.value import Value
from mgcli.language.program import Program

MOST_VARIABLES = 500
"""The maximum number of rows of a matrix of second derivatives."""

MOST_WORK = 2_000_000
"""The maximum number of rows times that of nodes: about a minute."""


MOST_EXACT = 2
"""The order up to which a formula whose numbers are not whole is not simplified: beyond, it would be too long."""


class Curvature(NamedTuple):
    """The matrix of second derivatives by name, each pair in both orders; nan where there is none."""

    matrix: dict[str, dict[str, float]]
    report: Report


def second_derivatives(program: Program, wrt: Mapping[str, Value]) -> Curvature:
    """Return the second derivatives of a program that is evaluated and differentiated.

    Each pair is computed once, so the matrix is exactly symmetric. Raises LimitError for too many variables.
    """
    if len(wrt) > MOST_VARIABLES or len(wrt) * len(program.nodes) > MOST_WORK:
        raise LimitError(f"a matrix of {len(wrt):,} rows and columns")
    report = Report()
    matrix: dict[str, dict[str, float]] = {name: {} for name in wrt}
    gradient = {node: node.grad for node in wrt.values()}
    firsts = exact_derivatives(program.root, list(wrt.values()))
    for (name, node), first, others in zip(wrt.items(), firsts, tails(wrt), strict=True):
        row, error = _derivatives(program, first, others, program.root, node, gradient[node])
        for other, second in row.items():
            matrix[name][other] = matrix[other][name] = second.number
            report.add(derivative_notes(program, other, second, order=2))
        which = f"the derivative with respect to {name}"
        if failure := _failure(row.values(), error, which, f"the second derivative with respect to {name}"):
            report.error = report.error or EvaluationError(failure, text=program.text)
    ordered = {name: {other: row[other] for other in wrt} for name, row in matrix.items()}
    return Curvature(ordered, report)


def twice_differentiated(program: Program, wrt: Mapping[str, Value]) -> tuple[Report, Curvature]:
    """Differentiate a program, which is evaluated, twice; return the report on its gradient, and its curvature.

    Raises EvaluationError where a value or a derivative is undefined, LimitError for too many variables.
    """
    report = differentiated(program, wrt)
    if report.error:
        raise report.error
    gradients = {node: node.grad for node in program.nodes if node.varies}
    with program.pointing():
        found = second_derivatives(program, wrt)
    if found.report.error:
        raise found.report.error
    # The second derivatives are the gradients of other graphs over the same nodes.
    for node, gradient in gradients.items():
        node.grad = gradient
    return report, found


def derivative_at(program: Program, name: str, node: Value, order: int, first: Derivative) -> tuple[float, Report]:
    """Return the derivative of that order, 2 or more, with respect to `node`, called `name`; nan if there is none.

    first: the derivative of order 1. Where one of a lower order does not exist, the report says so.
    """
    lowest, found, error = _lowest_missing(program, name, node, order, first)
    report = Report()
    if failure := _failure([found], error, _called(lowest - 1), _called(lowest)):
        report.error = EvaluationError(failure, text=program.text)
    elif lowest < order:
        convention, _ = _of_order(program, name, node, order)
        found = Derivative(convention.number, CONVENTION, found.node, found.sides)
    report.add(derivative_notes(program, name, found, order=lowest))
    return found.number, report


def _lowest_missing(
    program: Program, name: str, node: Value, order: int, first: Derivative
) -> tuple[int, Derivative, EvaluationError | None]:
    """Return the lowest order, at most `order`, of which there is no derivative, or only a convention; or `order`."""
    if first.kind == CONVENTION:
        return 1, first, None
    balls = float_balls()
    lower = range(2, order)
    if lower and is_smooth(program.root, balls, forward(program.nodes, balls, {})):
        lower = range(0)
    for each in lower:
        found, error = _of_order(program, name, node, each)
        if found.kind in (CONVENTION, UNDEFINED):
            return each, found, error
    return order, *_of_order(program, name, node, order)


def _of_order(program: Program, name: str, node: Value, order: int) -> tuple[Derivative, EvaluationError | None]:
    below = _below(program.root, node, order - 2)
    (before,) = exact_derivatives(below, [node])
    given = as_simplified(topological(before, below)) if order - 2 > MOST_EXACT else nothing
    row, error = _derivatives(program, before, {name: node}, below, node, node.grad if order == 2 else None, given)
    return row[name], error


def _called(order: int) -> str:
    return {1: "the derivative", 2: "the second derivative"}.get(order, f"the derivative of order {order}")


def _below(root: Value, node: Value, order: int) -> Value:
    """Return the derivative of that order, 0 or more, as a formula."""
    if order > MOST_EXACT:
        return derivative(root, node, order)
    for _ in range(order):
        (root,) = exact_derivatives(root, [node])
    return root


def _failure(row: Collection[Derivative], error: EvaluationError | None, before: str, which: str) -> str | None:
    """Return why `before`, a derivative, has none of its own, `which`; None if it has all that are in `row`."""
    undefined = [each for each in row if each.kind == UNDEFINED]
    if not undefined:
        return None
    if all(each.overflows for each in undefined):
        return f"{which} overflows"
    return f"{before} is not differentiable itself{f': {error.message}' if error else ''}"


def _derivatives(
    program: Program,
    first: Value,
    others: Mapping[str, Value],
    below: Value,
    by: Value,
    here: float | None,
    given: Given = nothing,
) -> tuple[dict[str, Derivative], EvaluationError | None]:
    """Return the derivatives of `first`, the formula of the derivative of `below` with respect to `by`."""
    error = None
    try:
        numbers(first, others)
    except EvaluationError as refused:
        error = refused
    is_known = first.data == first.data
    floats = {node: node.grad if is_known and isfinite(node.grad) else nan for node in others.values()}
    slope = derivative_of(below, by)
    known = here if here is not None and isfinite(here) else None
    found = derivatives(Question(first, floats, slope, by, [program.root], known, given))
    return {name: found[node] for name, node in others.items()}, error
