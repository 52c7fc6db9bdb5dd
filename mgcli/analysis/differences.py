"""Gradients checked against central differences.

No rule of differentiation is used here to find a slope, so a wrong rule can affect only the
gradient that is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import copysign, inf, isfinite, nan, ulp
from sys import float_info
from typing import NamedTuple

from mgcli.analysis.rounding import gradient_rounding, rounding
from mgcli.errors import LimitError
from mgcli.graph.chain_rule import contributions
from mgcli.graph.evaluation import forward_pass
from mgcli.graph.node import leading_to, topological
from mgcli.graph.operation import Operation
from mgcli.graph.value import Value
from mgcli.language.program import Program

EPSILON = 2.0**-52

SHRINK = 4.0
"""The ratio of one step to the next; a power of two, so that no step is rounded."""

MOST_STEPS = 30
"""The maximum number of steps for one derivative."""

ORDERS = 4
"""The maximum number of orders of the error that are removed by extrapolation."""

ROUNDINGS = 4.0
"""The factor by which rounding may change a result more than was observed."""

CLEARLY = 30.0
"""The factor by which a difference must exceed rounding to be significant."""

LEGIBLE = 0.01
"""The relative change of a result from one float to the next up to which its slope can be seen."""

TOLERANCE = 1e-7
"""The relative difference of a gradient and its difference quotient that is ignored."""

RESOLVED = 1e-3
"""The relative uncertainty up to which a slope is known, and the smallest relative jump of a kink."""

MOST_WORK = 3_000_000
"""The maximum number of gradients that are checked times that of nodes: about a minute."""

UNSELECTED_WORK = 100_000
"""The same where no `wrt` selects the gradients, since their number then grows with the program: about two seconds."""

FEWEST = 10
"""The number of gradients that are checked however large the program is."""

AGREES = "agrees"
DISAGREES = "disagrees"
KINK = "not differentiable here"
UNCLEAR = "no check possible"


class Response:
    """The result of an evaluated program as a function of one node, everything independent of it fixed.

    Called with a value for the node it returns the result, nan where that is undefined. It is a
    context manager: on exit the numbers of the graph are restored. `counts` is whether the result
    depends on the node at all.
    """

    def __init__(self, program: Program, name: str) -> None:
        self.node = program.node(name)
        self.at = self.node.data
        self.root = program.root
        self.result = program.root.data
        self._dependents = dependents(self.node, program.root)
        self._kept = [node.data for node in self._dependents]
        self.counts = self.node is self.root or bool(self._dependents)

    def __call__(self, value: float) -> float:
        """Return the result with the node at `value`."""
        self.node.data = value
        if not isfinite(value):
            return nan
        forward_pass(self._dependents)
        return self.root.data

    def __enter__(self) -> Response:
        return self

    def __exit__(self, *exception: object) -> None:
        # What floats do not hold may have been computed otherwise.
        self.node.data = self.at
        for node, number in zip(self._dependents, self._kept, strict=True):
            node.data = number

    def states(self, value: float) -> list[float]:
        """Return the numbers of all nodes that depend on the node, when it has `value`."""
        self(value)
        return [node.data for node in self._dependents]

    def jumping(self) -> list[Operation]:
        """Return the operations, flat between jumps, whose value is another one as near as floats allow."""
        near = 4 * ulp(self.at)
        here, below, above = (self.states(self.at + distance) for distance in (0.0, -near, near))
        return [
            node.operation
            for node, number, left, right in zip(self._dependents, here, below, above, strict=True)
            if node.operation and node.operation.jumps and not number == left == right
        ]

    def rounding(self, value: float) -> float:
        """Return how far rounding can move the result at `value`, infinite if that is unknown."""
        self(value)
        return rounding(self._dependents, lambda: self.root.data)


def dependents(node: Value, root: Value) -> list[Value]:
    """Return the nodes below `root` that are computed from `node`, in topological order."""
    ascending = topological(root)
    leading = leading_to([node], ascending)
    return [other for other in ascending if other in leading and other is not node]


class Check(NamedTuple):
    """A gradient and its difference quotient.

    difference: the quotient extrapolated to a step of 0, nan if there is none.
    left, right: the slopes on either side where they differ, nan if the value jumps.
    verdict: AGREES, DISAGREES, KINK or UNCLEAR.
    """

    name: str
    gradient: float
    difference: float
    left: float
    right: float
    verdict: str

    @property
    def error(self) -> float:
        """The distance between the two."""
        return abs(self.gradient - self.difference)

    @property
    def relative(self) -> float:
        """The distance relative to the larger, 0.0 if both are 0."""
        size = max(abs(self.gradient), abs(self.difference))
        return self.error / size if size else self.error


def names_to_check(program: Program) -> list[str]:
    """Return the names of the variables and of the intermediate values of a program, without that of the result."""
    return [name for name in [*program.variables, *program.names] if name != program.title]


def affordable(program: Program, names: Sequence[str]) -> Sequence[str]:
    """Return as many of `names`, the first ones, as are checked in a time that is proportional to the program."""
    return names[: max(FEWEST, UNSELECTED_WORK // len(program.nodes))]


def check(program: Program, names: Iterable[str]) -> Iterator[Check]:
    """Yield the check of the gradient of each of `names`, in a program that is evaluated and differentiated.

    Raises LimitError where there are too many: for each, the graph is evaluated again and again.
    """
    gradients = {name: program.node(name).grad for name in names}
    if len(gradients) * len(program.nodes) > MOST_WORK:
        raise LimitError(f"checking {len(gradients):,} gradients of {len(program.nodes):,} nodes")
    weights = path_weights(program.root, [program.node(name) for name in gradients])
    for name, gradient in gradients.items():
        with Response(program, name) as response:
            found = _check(name, gradient, weights.get(response.node, 0.0), response)
        yield _sure(found, program)


def path_weights(root: Value, wrt: Iterable[Value]) -> dict[Value, float]:
    """Return the sum over all paths of the sizes of their products: the scale of the rounding error of a gradient."""
    weights = {root: 1.0}
    for contribution in contributions(root, wrt):
        node, operand = contribution.node, contribution.operand
        weights[operand] = weights.get(operand, 0.0) + weights.get(node, 0.0) * abs(contribution.slope)
    return weights


class _Step(NamedTuple):
    """The difference quotients over one step, and how far rounding can move them; nan outside the domain."""

    width: float
    left: float
    right: float
    central: float
    noise: float

    @property
    def steepness(self) -> float:
        """The larger of the slopes on either side, in size."""
        return max((abs(slope) for slope in (self.left, self.right) if isfinite(slope)), default=0.0)


class _Estimate(NamedTuple):
    """A derivative, and how far off it may be.

    scale: the slope to either side of the point: what counts as steep there.
    largest: what counts as steep beside a slope of 0, that of a result which falls to 0 over the
    same step.
    both: whether it comes from both sides.
    """

    value: float
    uncertainty: float
    scale: float
    largest: float
    both: bool = True


def _check(name: str, gradient: float, weight: float, response: Response) -> Check:
    if not response.counts:
        return Check(name, gradient, 0.0, 0.0, 0.0, AGREES if gradient == 0.0 else DISAGREES)
    size = abs(response.at)
    steps = _steps(response, size / 8 or 1 / 8)
    if kink := _kink(steps):
        # Where a condition changes there may be a slope on either side; at the jump of a step there is none.
        jumps = any(not operation.compares for operation in response.jumping())
        return Check(name, gradient, nan, *((nan, nan) if jumps else (kink.left, kink.right)), KINK)
    estimate = _estimate(response, steps)
    verdict = _verdict(gradient, weight, estimate)
    if verdict == UNCLEAR and 0.0 < size < 1.0:
        # So small a value may not affect the result. Steps beyond its size can confirm the gradient, but not refute it:
        # they skip what happens at 0.
        estimate = _estimate(response, _steps(response, 1 / 8))
        verdict = _verdict(gradient, weight, estimate)
        verdict = verdict if verdict == AGREES else UNCLEAR
    if verdict == DISAGREES and estimate:
        response(response.at)
        off = 4 * gradient_rounding(response.root, response.node)
        verdict = _verdict(gradient, weight, estimate._replace(uncertainty=estimate.uncertainty + off))
    if verdict != AGREES and response.jumping():
        return Check(name, gradient, nan, nan, nan, KINK)
    difference = estimate.value if estimate and verdict != UNCLEAR else nan
    return Check(name, gradient, difference, difference, difference, verdict)


def _sure(found: Check, program: Program) -> Check:
    """Return the check, by differences in more digits, of a gradient that differences in floats do not confirm."""
    if found.verdict == AGREES:
        return found
    from mgcli.analysis.one_sided import JUMPS, SETTLED, near_slopes, sides, value_of

    name, gradient = found.name, found.gradient
    if found.verdict == UNCLEAR and gradient:
        left, right = near_slopes(program.root, program.node(name))
        if max(abs(left - gradient), abs(right - gradient)) <= TOLERANCE * abs(gradient):
            return Check(name, gradient, left, left, left, AGREES)
    both = sides(value_of(program.root), program.node(name))
    derivative = both.derivative()
    is_two_sided = all(side.kind == SETTLED for side in both)
    if derivative is not None:
        difference = float(derivative) + 0.0
        if abs(difference - gradient) <= TOLERANCE * max(abs(difference), abs(gradient)):
            return Check(name, gradient, difference, difference, difference, AGREES)
        if difference == 0.0 and abs(gradient) <= EPSILON**2 * abs(program.root.data):
            # The digits may be too few to show a slope as small as that.
            return found._replace(verdict=UNCLEAR, difference=nan)
        if gradient == 0.0 and _is_stepwise(program, name):
            # Every difference may be across many steps.
            return found._replace(verdict=KINK if found.verdict == KINK else UNCLEAR, difference=nan)
        # A single side cannot refute a convention at the edge.
        return Check(name, gradient, difference, difference, difference, DISAGREES) if is_two_sided else found
    if is_two_sided and found.verdict != KINK:
        return Check(name, gradient, nan, float(both.left.limit), float(both.right.limit), KINK)
    if JUMPS in (both.left.kind, both.right.kind):
        return Check(name, gradient, nan, nan, nan, KINK)
    return found._replace(verdict=UNCLEAR, difference=nan) if found.verdict == DISAGREES else found


def _is_stepwise(program: Program, name: str) -> bool:
    """Return whether an operation that is flat between jumps depends on `name`."""
    operations = (node.operation for node in dependents(program.node(name), program.root))
    return any(operation and operation.jumps and not operation.compares for operation in operations)


def _steps(response: Response, width: float) -> list[_Step]:
    """Return the difference quotients over `width` and ever smaller steps, down to where floats are too coarse.

    There are none if they would show nothing: see `_is_legible`.
    """
    at, result = response.at, response.result
    rounded = ROUNDINGS * response.rounding(at)
    sizes = [abs(result)]
    steps: list[_Step] = []
    while len(steps) < MOST_STEPS and width >= 4 * ulp(at):
        # Floats are coarser away from 0: a step rounded there is exact on both sides.
        taken = abs(at + copysign(width, at) - at)
        low, high = response(at - taken), response(at + taken)
        near = max((abs(there) for there in (low, high) if isfinite(there)), default=0.0)
        sizes.append(near)
        noise = (rounded + ROUNDINGS * EPSILON * near) / taken
        left, right = (result - low) / taken, (high - result) / taken
        steps.append(_Step(taken, _finite(left), _finite(right), _finite((left + right) / 2), noise))
        width /= SHRINK
    usual = sorted(sizes)[len(sizes) // 2]
    legible = rounded <= max(RESOLVED * usual, float_info.min) and _is_legible(response, steps)
    return steps if legible else []


def _is_legible(response: Response, steps: Sequence[_Step]) -> bool:
    """Return whether everything that depends on the node varies little from one float to the next, on some side.

    The sine of 1e20 does not: between two floats lie thousands of its periods, and differences show
    nothing of its slope.
    """
    if not steps:
        return False
    middle = steps[len(steps) // 2].width
    here, below, above = (response.states(response.at + distance) for distance in (0.0, -middle, middle))
    # One step may by chance end where it began, but not three.
    for step in steps[-3:]:
        left, right = response.states(response.at - step.width), response.states(response.at + step.width)
        for number, *moved in zip(here, left, right, below, above, strict=True):
            left_by, right_by, *far = (abs(other - number) if isfinite(other) else inf for other in moved)
            if LEGIBLE * max(abs(number), min(far)) < min(left_by, right_by) < inf:
                return False
    return True


def _finite(number: float) -> float:
    return number if isfinite(number) else nan


def _kink(steps: Sequence[_Step]) -> _Step | None:
    """Return the step that shows two different slopes, left and right, that stay apart as the steps shrink.

    On a smooth curve they converge as the step shrinks.
    """
    apart = [index for index, step in enumerate(steps) if abs(step.right - step.left) > CLEARLY * step.noise]
    if not apart or apart[-1] < 2:
        return None
    last = apart[-1]
    wide, before, here = steps[last - 2], steps[last - 1], steps[last]
    gap = abs(here.right - here.left)
    stays = gap > 0.8 * abs(wide.right - wide.left) and gap > RESOLVED * here.steepness
    # Next to a pole neither side converges.
    restless = min(
        abs(wide.right - before.right) + abs(before.right - here.right),
        abs(wide.left - before.left) + abs(before.left - here.left),
    )
    # If smaller steps show nothing, rounding must be the reason.
    hidden = last + 1 == len(steps) or gap < 2 * CLEARLY * steps[last + 1].noise
    return _most_settled(steps[: last + 1]) if stays and restless < 0.3 * gap and hidden else None


def _most_settled(steps: Sequence[_Step]) -> _Step:
    def unrest(index: int) -> float:
        before, here = steps[index - 1], steps[index]
        return abs(here.right - before.right) + abs(here.left - before.left) + here.noise

    return steps[min(range(1, len(steps)), key=unrest)]


def _estimate(response: Response, steps: Sequence[_Step]) -> _Estimate | None:
    """Return the derivative at the smallest steps, extrapolated to a step of 0; None if they do not show it.

    At the edge of a domain, where there is one side only, the quotients of that side are taken.
    """
    sides: list[tuple[bool, Callable[[_Step], float], float]] = [
        (True, lambda step: step.central, SHRINK**2),
        (False, lambda step: step.left, SHRINK),
        (False, lambda step: step.right, SHRINK),
    ]
    for both, quotient, ratio in sides:
        defined = _defined_to_the_end(steps, quotient)
        if len(defined) > 3:
            estimate = _extrapolated(response, defined, [quotient(step) for step in defined], ratio)
            return estimate and estimate._replace(both=both)
    return None


def _defined_to_the_end(steps: Sequence[_Step], quotient: Callable[[_Step], float]) -> Sequence[_Step]:
    first = len(steps)
    while first and isfinite(quotient(steps[first - 1])):
        first -= 1
    return steps[first:]


def _extrapolated(
    response: Response, steps: Sequence[_Step], quotients: Sequence[float], ratio: float
) -> _Estimate | None:
    """Return the limit of `quotients` by Richardson's extrapolation, with its error as in Ridders' method.

    Their error falls with the powers of the step that are those of `ratio`. An estimate counts only
    if each smaller step confirms it, as far as rounding permits: this exposes a step that happens
    to span whole periods of a curve.
    """
    found: list[tuple[float, int, float]] = []
    previous: list[float] = []
    for index, quotient in enumerate(quotients):
        row = [quotient]
        for order, older in enumerate(previous[:ORDERS], start=1):
            row.append(row[-1] + (row[-1] - older) / (ratio**order - 1))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - older)) + 2 * steps[index].noise
            if _settles(quotients, steps, index):
                found.append((error, index, row[-1]))
        previous = row
    for error, index, value in sorted(found):
        allowed = error + abs(quotients[index] - value)
        smaller = range(index + 1, len(steps))
        if smaller and all(abs(quotients[other] - value) <= allowed + 2 * steps[other].noise for other in smaller):
            step = steps[index]
            largest = max(step.steepness, steps[0].steepness, abs(response.result) / step.width)
            return _Estimate(value, error + _noise_over(response, step), step.steepness, largest)
    return None


def _settles(quotients: Sequence[float], steps: Sequence[_Step], index: int) -> bool:
    """Return whether the quotients converge towards the one at `index`, as far as rounding permits."""
    while index >= 2:
        first, second, third = quotients[index - 2 : index + 1]
        noise = steps[index].noise
        if abs(second - first) > 10 * noise:
            return abs(third - second) <= 0.7 * abs(second - first) + 2 * noise
        index -= 1
    return True


def _noise_over(response: Response, step: _Step) -> float:
    """Return how far rounding at the ends of `step`, not only at its middle, can move its quotients."""
    ends = [response.rounding(response.at + side * step.width) for side in (-1, 1)]
    return ROUNDINGS * max((end for end in ends if isfinite(end)), default=0.0) / step.width


def _verdict(gradient: float, weight: float, estimate: _Estimate | None) -> str:
    """Return the verdict on a gradient and its estimate.

    They agree if they are no further apart than the errors of both; that means something only if
    these are small relative to the slopes.
    """
    if estimate is None:
        return UNCLEAR
    doubt = 4 * estimate.uncertainty + 16 * EPSILON * weight
    size = max(abs(gradient), abs(estimate.value))
    if abs(gradient - estimate.value) > doubt + TOLERANCE * size:
        # A single side cannot refute a convention at the edge.
        return DISAGREES if estimate.both else UNCLEAR
    scale = estimate.scale if gradient else estimate.largest
    return AGREES if doubt <= max(RESOLVED * max(size, scale), float_info.min) else UNCLEAR
