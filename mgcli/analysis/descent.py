"""Gradient descent: a step against the gradient (or along it, to climb), repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import hypot, inf, isclose, isfinite, sqrt
from typing import NamedTuple

from mgcli.analysis.bounds import error_bounds
from mgcli.analysis.trusted import TOLERANCE, differentiated
from mgcli.codegen.function import Answer, Repeated
from mgcli.errors import EvaluationError, ExpressionError, Remedy
from mgcli.graph.evaluation import forward_pass
from mgcli.graph.value import Value
from mgcli.language.program import Program

Direction = Callable[[Sequence[float]], Sequence[float]]
"""Returns the direction of a step for the gradient at a point; it may remember earlier gradients."""

ROUNDING = 1e-9
"""Relative improvement below which a run counts as converged."""

MOST_AGAIN = 2_000
"""The number of points of a run at which a gradient that floats get wrong is computed again."""

MOST_KEPT = 16
"""The number of points evaluated node by node whose gradients are kept: a run that has converged moves among a few."""

SETTLING = 0.75
"""The ratio of the heights above the lowest point, last quarter to third, below which a run is settling."""

SMALLER_STEPS = Remedy("a smaller rate takes smaller steps", "rate")
"""The remedy for a step that went too far."""


class Point(NamedTuple):
    """A descent after `step` steps: the value of the result, the variables, their gradient and its norm."""

    step: int
    value: float
    variables: tuple[float, ...]
    gradient: tuple[float, ...]
    norm: float


class Run:
    """A descent as it goes: iterating gives the points that `descend` yields for the same rate, steps and tolerance.

    first, last: the first and the latest point. error: why it ended early, None if nothing failed.
    """

    first: Point
    last: Point

    def __init__(self, points: Iterable[Point], *, rate: float, steps: int, tolerance: float = 0.0) -> None:
        self.error: EvaluationError | None = None
        self._points = iter(points)
        self._rate = rate
        self._tolerance = tolerance
        self._steps = steps
        self._half = steps // 2
        self._lowest = [inf, inf]
        self._total = [0.0, 0.0]
        self._count = [0, 0]

    def __iter__(self) -> Iterator[Point]:
        """Yield the points. Raises EvaluationError if the first is undefined; a later error is kept as `error`."""
        self.first = next(self._points)
        yield self._noted(self.first)
        try:
            for point in self._points:
                yield self._noted(point)
        except EvaluationError as error:
            self.error = error

    def _noted(self, point: Point) -> Point:
        self.last = point
        half = point.step > self._half
        self._lowest[half] = min(self._lowest[half], self._down(point))
        if half:
            late = point.step > self._half + (self._steps - self._half) // 2
            self._total[late] += self._down(point)
            self._count[late] += 1
        return point

    def _down(self, point: Point) -> float:
        """Return the value, with its sign turned for a run that climbs."""
        return point.value if self._rate > 0.0 else -point.value

    @property
    def late(self) -> int:
        """How many steps the second half has."""
        return self.last.step - self._half

    def outcome(self) -> str:
        """Return how it ended.

        stopped: a step failed.
        converged: the gradient is no longer than the tolerance.
        diverged: it is worse than at the start.
        restless: its second half brought no improvement, though there is a slope to descend.
        steps: none of these.
        """
        if self.error:
            return "stopped"
        if self.last.norm <= self._tolerance:
            return "converged"
        if self._down(self.last) > self._down(self.first) and not isclose(self.first.value, self.last.value):
            return "diverged"
        return "restless" if self._is_in_vain() and self._has_a_slope() else "steps"

    def _is_in_vain(self) -> bool:
        """Return whether the second half brought no improvement, and is not settling either."""
        lowest = min(self._lowest)
        if self.late <= 0 or self._lowest[True] < self._lowest[False]:
            return False
        # With momentum, a run oscillates around the lowest point, closer to it in each quarter.
        above = [
            total / count - lowest if count else inf for total, count in zip(self._total, self._count, strict=True)
        ]
        return not (all(self._count) and above[True] < SETTLING * above[False])

    def _has_a_slope(self) -> bool:
        """Return whether a step from the last point would change more than rounding does."""
        last = self.last
        promised = abs(self._rate) * last.norm**2
        return promised > ROUNDING * (abs(last.value) + hypot(*last.variables) * last.norm)


def _gradient(count: int) -> Direction:
    return lambda gradient: gradient


def _momentum(count: int) -> Direction:
    velocity = [0.0] * count

    def direction(gradient: Sequence[float]) -> Sequence[float]:
        velocity[:] = [0.9 * speed + slope for speed, slope in zip(velocity, gradient, strict=True)]
        return velocity

    return direction


def _adam(count: int) -> Direction:
    mean, square = [0.0] * count, [0.0] * count
    mean_weight, square_weight = 1.0, 1.0

    def direction(gradient: Sequence[float]) -> Sequence[float]:
        nonlocal mean_weight, square_weight
        mean_weight *= 0.9
        square_weight *= 0.999
        mean[:] = [0.9 * old + 0.1 * slope for old, slope in zip(mean, gradient, strict=True)]
        square[:] = [0.999 * old + 0.001 * (slope * slope) for old, slope in zip(square, gradient, strict=True)]
        if not all(map(isfinite, square)):
            raise EvaluationError("the square of the gradient overflows")
        return [
            (first / (1.0 - mean_weight)) / (sqrt(second / (1.0 - square_weight)) + 1e-8)
            for first, second in zip(mean, square, strict=True)
        ]

    return direction


METHODS: dict[str, Callable[[int], Direction]] = {"gd": _gradient, "momentum": _momentum, "adam": _adam}
"""The ways to choose a direction, for so many variables.

gd: the gradient itself. momentum: the gradients so far, each weighted 0.9 of the next (Polyak 1964).
adam: their mean over the root of the mean of their squares, with the constants of Kingma and Ba (2015).
"""


class _Graph:
    """The graph of a program in which the nodes `moving` change, for at most `steps` steps."""

    def __init__(self, program: Program, moving: Mapping[str, Value], steps: int) -> None:
        self.moving = list(moving.values())
        self._program = program
        self._computed = _computed(program, moving)
        self._wanted = list(moving)
        bounds = error_bounds(program.root, self.moving)
        self._compiled = Repeated(program.root, self.moving, self.moving, bounds.gradient, times=steps)
        self._stale = False
        self._again = MOST_AGAIN
        self._kept: dict[str, tuple[float, tuple[float, ...]]] = {}

    def answer(self, variables: tuple[float, ...]) -> tuple[float, tuple[float, ...]]:
        """Return the value and the gradient at the current values of the nodes, which are `variables`.

        Raises EvaluationError where one of them is not defined.
        """
        answer = self._compiled(variables)
        self._stale = True
        if answer and (self._again == 0 or self._is_precise(answer)):
            return answer[:2]
        # 0.0 and -0.0 are equal, and different points.
        point = repr(variables)
        if point not in self._kept:
            self._stale = False
            self._again -= answer is not None
            self._evaluate()
            if len(self._kept) == MOST_KEPT:
                self._kept.clear()
            self._kept[point] = self._program.root.data, tuple([node.grad for node in self.moving])
        return self._kept[point]

    def _is_precise(self, answer: Answer) -> bool:
        bounds = zip(answer[1], answer[2], strict=False)
        return all(bound <= TOLERANCE * abs(slope) for slope, bound in bounds)

    def follow(self) -> None:
        """Compute the nodes, if only the compiled graph was evaluated."""
        if self._stale:
            forward_pass(self._computed)
            differentiated(self._program, self._wanted, digits=False)

    def _evaluate(self) -> None:
        root = self._program.root
        forward_pass(self._computed)
        with self._program.pointing():
            if error := differentiated(self._program, self._wanted, digits=False).error:
                raise error
            if root.data != root.data:
                raise EvaluationError("the result is not a number")


def _computed(program: Program, moving: Mapping[str, Value]) -> list[Value]:
    moved = set(moving.values())
    return [node for node in program.nodes if node.operation and node not in moved]


def parameters(program: Program, fixed: Iterable[str] = ()) -> dict[str, Value]:
    """Return the nodes that a descent changes, by name: the variables and named numbers, except `fixed`.

    Raises ExpressionError for a name in `fixed` that the expression does not have or computes, and
    if no variable is left to move.
    """
    moving = {node.label: node for node in program.inputs().values()}
    if not moving:
        raise ExpressionError("the expression has no variable to move", hint="a number with a name moves too: x = 2")
    held = {name: program.node(name) for name in fixed}
    for name, node in held.items():
        if node not in moving.values():
            raise ExpressionError(
                f"{name} cannot be fixed: the expression computes it",
                text=program.text,
                span=program.first_use[name],
                hint=f"these can be fixed: {', '.join(moving)}",
            )
    left = {name: node for name, node in moving.items() if node not in held.values()}
    if not left:
        raise ExpressionError("no variable is left to move", hint=f"fix fewer than {', '.join(held)}")
    return left


def descend(
    program: Program,
    moving: Mapping[str, Value],
    *,
    rate: float = 0.01,
    steps: int = 100,
    method: str = "gd",
    tolerance: float = 0.0,
) -> Iterator[Point]:
    """Yield the current point of the program and the point after each step, at most `steps` of them.

    A step adds `-rate` times the direction of `method`, one of `METHODS`, to the variables `moving`
    (see `parameters`); a negative rate climbs. The points end early at one whose gradient has a norm
    of `tolerance` or less. When they end the program is left at the last point that was tried.
    Raises EvaluationError if the first point, or one that a step led to, is undefined.
    """
    graph = _Graph(program, moving, steps)
    undefined = {node.span for node in program.nodes if node.error and node.span}
    direction = METHODS[method](len(moving))
    try:
        point = _point(0, graph)
        yield point
        while point.step < steps and point.norm > tolerance:
            step = point.step + 1
            try:
                _move(moving, direction(point.gradient), rate)
                point = _point(step, graph)
            except EvaluationError as error:
                from_the_start = error.span in undefined
                what = "uses what is undefined from the start" if from_the_start else "goes too far"
                raise EvaluationError(
                    f"step {step} {what}: {error.message}",
                    text=error.text,
                    span=error.span,
                    hint=None if from_the_start else SMALLER_STEPS,
                ) from None
            yield point
    finally:
        graph.follow()


def _move(moving: Mapping[str, Value], direction: Sequence[float], rate: float) -> None:
    for (name, node), slope in zip(moving.items(), direction, strict=True):
        node.data += -rate * slope
        if not isfinite(node.data):
            raise EvaluationError(f"{name} overflows")


def _point(step: int, graph: _Graph) -> Point:
    """Return the current point. Raises EvaluationError if the value or the gradient is undefined."""
    variables = tuple([node.data for node in graph.moving])
    value, gradient = graph.answer(variables)
    norm = hypot(*gradient)
    if not isfinite(norm):
        raise EvaluationError("the gradient overflows")
    return Point(step, value, variables, gradient, norm)


def return_to(program: Program, moving: Mapping[str, Value], point: Point) -> None:
    """Set the program to `point`: its variables, and what is computed from them."""
    for node, number in zip(moving.values(), point.variables, strict=True):
        node.data = number
    forward_pass(_computed(program, moving))
