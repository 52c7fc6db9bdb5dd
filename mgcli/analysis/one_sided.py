"""One-sided derivatives, from difference quotients so fine that only their limit remains.

Where a derivative depends on a convention, or a rule of differentiation is not defined, a function
may still have one: |x**2|, or sqrt(x**4) at 0. The quotients are those of two steps, 2**-200 and
2**-300, in mpmath's numbers of 1,000 bits and more; differences in floats would show nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import nan
from typing import Any, NamedTuple

from mgcli.graph.ball_passes import Given, forward, gradient, nothing
from mgcli.graph.balls import Ball, Balls, multiprecision_balls
from mgcli.graph.multiprecision import multiprecision
from mgcli.graph.node import Node, leading_to, topological

STEPS = (200, 300)
"""The steps, as powers of 1/2, relative to the number, where it is small, or to 1."""

BESIDE = 400
"""The step off a kink in another direction, which is much smaller than those."""

MARGIN = 100
"""The bits by which what is left of such a step may be larger than it."""

PRECISIONS = (1200, 2400)

NEAR_STEP = 80
"""The single step of `near_slopes`, as a power of 1/2."""

NEAR_PRECISION = 400

SMALLEST = 1080
"""The power of 1/2 that is 0 as a float: what is smaller vanishes before all precision is used."""

LARGEST = 1000
"""The power of 2 up to which a larger number gets smaller steps: beyond, they would be lost beside the number."""

AGREED = 60
"""The bits to which the quotients of both steps agree."""

SETTLED = "settled"
JUMPS = "jumps"
STEEP = "steep"
ENDS = "ends"
UNSETTLED = "unsettled"

Quantity = Callable[[Balls, Mapping[Node, Ball]], Any]
"""A number that depends on a graph: a ball, or why there is none, given the values of some nodes."""


class Side(NamedTuple):
    """What the quotients converge to on one side.

    kind: SETTLED; JUMPS or STEEP where they grow, as at a jump of the value or an infinite slope;
    ENDS where the function ends; UNSETTLED otherwise. limit: what they settle at.
    """

    kind: str
    limit: Any = None


class Sides(NamedTuple):
    """Both sides of a point."""

    left: Side
    right: Side

    def derivative(self) -> Any:
        """Return the derivative: that of both sides if they agree, or of the only side; None if there is none."""
        limits = [side.limit for side in self if side.kind == SETTLED]
        if not limits or any(side.kind not in (SETTLED, ENDS) for side in self):
            return None
        return limits[0] if len(limits) == 1 or _agree(*limits) else None


def value_of(root: Node, *, held: bool = True) -> Quantity:
    """Return the value of `root` as a quantity."""
    nodes = topological(root)
    return lambda balls, given: forward(nodes, balls, given, held=held)[root]


def derivative_of(root: Node, by: Node, *, held: bool = True) -> Quantity:
    """Return the derivative of `root` with respect to `by` as a quantity."""
    nodes = topological(root, by)

    def quantity(balls: Balls, given: Mapping[Node, Ball]) -> Any:
        found = forward(nodes, balls, given, held=held)
        return found[root] if isinstance(found[root], Exception) else gradient(root, [by], balls, found).derivatives[by]

    return quantity


def sides(
    quantity: Quantity, node: Node, *, by: Node | None = None, here: float | None = None, given: Given = nothing
) -> Sides:
    """Return the one-sided derivatives of `quantity` with respect to `node`, at its current value.

    by: what `quantity` is itself a derivative with respect to, if it is one; its value at the point itself, which
    may be the convention of a kink, is then not used. here: that value, if it is known. given: see `computed_again`.
    """
    if by is None or by is node:
        return _sides(quantity, node, by is not None, here, given)

    def both(power: int) -> Sides:
        return _together(*(_sides(_beside(quantity, by, sign, power), node, True, here, given) for sign in (-1, 1)))

    found = both(BESIDE)
    limits = [side.limit for side in found if side.kind == SETTLED]
    context = multiprecision(PRECISIONS[0]).context
    small = context.ldexp(1, _scale(context, by.data) - BESIDE + MARGIN)
    if len(limits) < 2 or not 0 < max(map(abs, limits)) < small:
        return found
    nearer = both(BESIDE + MARGIN)
    if all(side.kind == SETTLED and _agree(limit, side.limit) for limit, side in zip(limits, nearer, strict=True)):
        return found
    # Only the step beside the kink is left.
    return Sides(*(Side(SETTLED, 0 * limit) for limit in limits))


def _together(below: Sides, above: Sides) -> Sides:
    """Return the sides on which those below and above a kink in another direction agree, or those that differ."""
    for these, others in ((below, above), (above, below)):
        if these.left.kind == these.right.kind == ENDS:
            return others
    limits = [both.derivative() for both in (below, above)]
    if None in limits:
        return below if limits[0] is None else above
    return Sides(*(Side(SETTLED, limit) for limit in limits))


def _beside(quantity: Quantity, by: Node, sign: int, power: int) -> Quantity:
    """Return a quantity below (-1) or above (1) the current value of `by`, off the kinks there, by 1/2 to a power."""

    def moved(balls: Balls, given: Mapping[Node, Ball]) -> Any:
        context = balls.arithmetic.m.context
        at = (given[by] if by in given else balls.ball(by.data)).number
        return _shifted(quantity, by, balls, given, at, sign * context.ldexp(1, _scale(context, at) - power))

    return moved


def near_slopes(root: Node, node: Node) -> tuple[float, float]:
    """Return the difference quotients to the left and right of `node`, nan where rounding hides them.

    They take a tenth of the time of `sides`, and show everything but what happens within 2**-80 of the point.
    """
    balls = multiprecision_balls(NEAR_PRECISION)
    context = balls.arithmetic.m.context
    nodes = topological(root, node)
    found = forward(nodes, balls, {})
    here, at = found[root], found[node]
    if isinstance(here, Exception) or isinstance(at, Exception):
        return nan, nan
    above = leading_to([node], nodes)
    fixed = {other: ball for other, ball in found.items() if other not in above and isinstance(ball, Ball)}
    value = value_of(root)
    slopes = []
    for sign in (-1, 1):
        step = sign * context.ldexp(1, _scale(context, at.number) - NEAR_STEP)
        there = _shifted(value, node, balls, fixed, at.number, step)
        slope = None if isinstance(there, Exception) else (there - here) / step
        is_known = slope is not None and slope.radius <= abs(slope.number) * 2.0**-40
        slopes.append(float(slope.number) if slope is not None and is_known else nan)
    return slopes[0], slopes[1]


def _shifted(quantity: Quantity, node: Node, balls: Balls, given: Mapping[Node, Ball], at: Any, step: Any) -> Any:
    """Return a quantity with `node` at a number plus a step, which may be far smaller: the sum is exact."""
    context = balls.arithmetic.m.context
    with context.workprec(2 * context.prec):
        moved = at + step
    return quantity(balls, {**given, node: balls.ball(moved)})


def _scale(context: Any, number: Any) -> int:
    """Return the power of 2 to which steps are relative.

    Things may happen within the size of a small number, and over 1/x where x is large: sin(x**2).
    """
    size = int(context.mag(number)) if number else 0
    return size if size < 0 else -min(size, LARGEST)


def _sides(quantity: Quantity, node: Node, continuous: bool, here: float | None, given: Given) -> Sides:
    for precision in PRECISIONS:
        balls = multiprecision_balls(precision)
        base = given(balls)
        found = forward(topological(node), balls, base)[node]
        if isinstance(found, Exception):
            break
        point = _Point(quantity, node, balls, base, found.number, continuous, here)
        both = Sides(point.side(-1), point.side(1))
        if UNSETTLED not in (both.left.kind, both.right.kind):
            return both
    return Sides(Side(UNSETTLED), Side(UNSETTLED)) if isinstance(found, Exception) else both


class _Point:
    def __init__(
        self,
        quantity: Quantity,
        node: Node,
        balls: Balls,
        given: Mapping[Node, Ball],
        at: Any,
        continuous: bool,
        expected: float | None,
    ) -> None:
        self._quantity = quantity
        self._node = node
        self._balls = balls
        self._given = given
        self._at = at
        self._expected = expected
        self._context = balls.arithmetic.m.context
        self._here = None if continuous else self._shifted(0)

    def _shifted(self, step: Any) -> Any:
        return _shifted(self._quantity, self._node, self._balls, self._given, self._at, step)

    def side(self, sign: int) -> Side:
        """Return what the quotients to the left (-1) or right (1) converge to."""
        scale = _scale(self._context, self._at)
        steps = [sign * self._context.ldexp(1, scale - power) for power in STEPS]
        quotients = []
        for step in steps:
            near = self._shifted(step)
            here = self._shifted(step / 2) if self._here is None else self._here
            if isinstance(near, Exception) or isinstance(here, Exception):
                known = isinstance(near, (ValueError, ZeroDivisionError)) or isinstance(here, Exception)
                return Side(ENDS if known else UNSETTLED)
            if self._expected is not None and abs(near.number - self._expected) > 2.0**-40 * max(1, abs(near.number)):
                return Side(JUMPS)
            quotients.append((near - here) / (step / 2 if self._here is None else step))
        return self._judged(*quotients)

    def _judged(self, wide: Ball, fine: Ball) -> Side:
        context = self._context
        one = context.one
        if max(wide.radius, fine.radius) > context.ldexp(1, -AGREED) * max(abs(wide.number), abs(fine.number)):
            small = context.ldexp(1, -STEPS[0] if context.prec == PRECISIONS[-1] else -SMALLEST)
            vanish = all(ball.contains(0) and ball.radius < small for ball in (wide, fine))
            return Side(SETTLED, context.zero) if vanish else Side(UNSETTLED)
        if _agree(wide.number, fine.number):
            # The error is linear in the step: extrapolate to a step of 0.
            ratio = context.ldexp(one, STEPS[0] - STEPS[1])
            return Side(SETTLED, fine.number - (wide.number - fine.number) * ratio)
        ratio = abs(fine.number) / abs(wide.number) if wide.number else context.inf
        if ratio < context.ldexp(1, -20):
            return Side(SETTLED, context.zero)
        if ratio > context.ldexp(1, STEPS[1] - STEPS[0] - 1):
            return Side(JUMPS)
        return Side(STEEP if ratio > context.ldexp(1, 20) else UNSETTLED)


def _agree(x: Any, y: Any) -> bool:
    return bool(abs(x - y) <= max(abs(x), abs(y)) * 2.0**-AGREED)
