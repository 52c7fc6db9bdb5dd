"""Formulas that keep their digits: a power of a sum stays one where its terms, written out, would cancel.

What (1 + x)**12/x**16 loses at -0.99 when it is written out is seen without an exact result: the bounds for
rounding of two forms of a formula are compared at a few points.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from math import isfinite, nan

from mgcli.graph.ball_passes import forward
from mgcli.graph.balls import Ball, float_balls
from mgcli.graph.node import Node, topological
from mgcli.graph.value import Value, make
from mgcli.simplify import simplify_all

SAMPLES = (0.37, -0.97, 1.31, 2.6, -0.083, 5.3)
"""The numbers that variables take."""

NEAR = 0.99
"""How much of the way a variable goes towards where a linear sum is 0."""

WORST = 100.0
"""How many times more than the original a simplified formula may be off: two digits."""

LARGEST = 400
"""The number of nodes up to which forms of a formula are compared."""

LONG = 40
"""The number of nodes from which on a formula may be a sum that was written out."""

SHORTER = 0.75
"""How much shorter a formula that keeps a sum has to be, if the other one computes too."""

MOST_SUMS = 2
"""How many sums are tried."""

Point = dict[Node, Ball]


def simplified(roots: Sequence[Value], atoms: Collection[Value], *, joined: bool = True) -> list[Value]:
    """Return `roots` as `simplify_all` does, but with a sum kept whose powers lose digits, or are long, without."""
    formulas = simplify_all(roots, atoms, joined=joined)
    size = len(topological(*formulas))
    if len(topological(*roots)) > LARGEST or not _sums_with_powers(roots):
        return formulas
    computes = _compute(formulas, roots)
    if computes and size <= LONG:
        return formulas
    most = SHORTER * size if computes else size
    shared = _with_equal_parts_shared(roots, atoms)
    for total in _sums_with_powers(shared)[:MOST_SUMS]:
        kept = simplify_all(shared, {*atoms, total}, joined=joined)
        if len(topological(*kept)) <= most and _compute(kept, roots):
            return kept
    return formulas


def _sums_with_powers(roots: Sequence[Value]) -> list[Value]:
    """Return the sums that vary of which a power from 2 on is taken."""
    bases = []
    for node in topological(*roots):
        if node.operation is not None and node.operation.name == "pow":
            base, exponent = node.operands
            is_sum = base.operation is not None and base.operation.name in ("add", "sub")
            if is_sum and base.varies and not (exponent.operation is None and exponent.data < 2.0):
                bases.append(base)
    return list(dict.fromkeys(bases))


def _with_equal_parts_shared(roots: Sequence[Value], atoms: Collection[Value]) -> list[Value]:
    """Return the graphs of `roots` in which equal parts are one node."""
    found: dict[Value, Value] = {}
    known: dict[object, Value] = {}
    for node in topological(*roots):
        if node.operation is None or node in atoms:
            found[node] = node if node.varies else known.setdefault((node.label, repr(node.data)), node)
        else:
            operands = [found[operand] for operand in node.operands]
            key = (node.operation.name, *operands)
            found[node] = known[key] if key in known else known.setdefault(key, make(node.operation, operands, nan))
    return [found[root] for root in roots]


def _compute(formulas: Sequence[Value], originals: Sequence[Value]) -> bool:
    """Return whether no formula is off by much more than its original, at any of a few points."""
    for point in _points(originals):
        offs = zip(_offs(formulas, point), _offs(originals, point), strict=True)
        if any(off > WORST * max(original, 2.0**-52) for off, original in offs if original < 1.0):
            return False
    return True


def _points(roots: Sequence[Value]) -> Iterator[Point]:
    """Yield points at which one of the sums is small, as its terms cancel there."""
    balls = float_balls()
    leaves = [node for node in topological(*roots) if node.varies and node.is_input()]
    sums = _sums_with_powers(roots)
    for start in range(len(SAMPLES)):
        point: Point = {
            leaf: balls.ball(SAMPLES[(start + 5 * index) % len(SAMPLES)]) for index, leaf in enumerate(leaves)
        }
        total = sums[start % len(sums)]
        inner = [node for node in topological(total) if node in point]
        leaf = inner[start // len(sums) % len(inner)]
        here, beyond = _number(total, point), _number(total, {**point, leaf: point[leaf] + 1.0})
        yield point
        if isfinite(here) and isfinite(beyond) and here != beyond:
            yield {**point, leaf: balls.ball(point[leaf].number - NEAR * here / (beyond - here))}


def _number(root: Value, point: Point) -> float:
    outcome = forward(topological(root), float_balls(), point)[root]
    return outcome.number if isinstance(outcome, Ball) else nan


def _offs(roots: Sequence[Value], point: Point) -> list[float]:
    """Return bounds for the relative errors of `roots`; 1 for one that is not known at all."""
    found = forward(topological(*roots), float_balls(), point)
    offs = []
    for root in roots:
        outcome = found[root]
        is_known = isinstance(outcome, Ball) and outcome.number and isfinite(outcome.number)
        offs.append(min(1.0, outcome.radius / abs(outcome.number)) if is_known else 1.0)
    return offs
