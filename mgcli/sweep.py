"""A sweep: one variable at many points, the expression evaluated at each."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sized
from math import ceil, isfinite

from mgcli.compiled import Repeated
from mgcli.errors import ExpressionError
from mgcli.program import Program

MOST_POINTS = 10_000_000


class Sweep:
    """The points `start + i*step`, none at or beyond `stop`, as `numpy.arange` gives them.

    Raises ExpressionError where there would be none, or no end of them.
    """

    def __init__(self, start: float, stop: float, step: float = 1.0) -> None:
        if step == 0.0:
            raise ExpressionError("a step of 0 never ends")
        self.start = start
        self.stop = stop
        self.step = step
        self.count = self._count()

    def _count(self) -> int:
        span = self.stop - self.start
        # From one end of the floats to the other is more than the largest of them.
        length = span / self.step if isfinite(span) else self.stop / self.step - self.start / self.step
        if length <= 0.0:
            hint = "a negative step goes down" if self.step > 0 else "a positive step goes up"
            hint = "the stop is excluded" if length == 0.0 else hint
            raise ExpressionError(f"no points from {self.start} to {self.stop} in steps of {self.step}", hint=hint)
        if length > MOST_POINTS:
            raise ExpressionError(f"more than {MOST_POINTS:,} points", hint="take a larger step")
        number = ceil(length)
        while number > 1 and not self._before_stop(self._point(number - 1)):
            number -= 1
        return number

    def _point(self, index: int) -> float:
        return self.start + index * self.step

    def _before_stop(self, point: float) -> bool:
        return point < self.stop if self.step > 0 else point > self.stop

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[float]:
        return map(self._point, range(self.count))


class Column:
    """What a sweep gives for one node: its value, and its gradient where that was asked for, at each point."""

    def __init__(self) -> None:
        self.data = array("d")
        self.grad = array("d")


class Swept:
    """The table of a sweep.

    name: the variable that was swept. result: the column of the result. columns: those of every
    variable and name. refused: the number of points where something asked for is not defined (nan).
    """

    def __init__(self, program: Program, name: str) -> None:
        self.name = name
        self.result = Column()
        self.columns = {known: Column() for known in program.known()}
        self.refused = 0


def sweep(
    program: Program,
    values: Mapping[str, float],
    name: str,
    points: Iterable[float],
    wrt: Iterable[str] | None = None,
) -> Swept:
    """Evaluate `program` at each of `points` for the variable `name`, the others at `values`.

    With `wrt`, the gradients of those names too; the others' are 0.0.
    Raises UnboundVariableError for a variable without a value.
    """
    wanted = None if wrt is None else list(wrt)
    points = points if isinstance(points, Sized) else list(points)
    table = Swept(program, name)
    program.bind({**values, name: next(iter(points), 0.0)})
    leaf = program.node(name)
    shown = [program.node(known) for known in table.columns]
    differentiated = [program.node(known) for known in wanted or ()]
    columns = list(table.columns.values())
    gradients = [table.columns[known].grad for known in wanted or ()]
    compiled = Repeated(program.root, [leaf], differentiated, shown)
    for point in points:
        answer = compiled([point])
        if answer is None:
            leaf.data = point
            table.refused += not _evaluated(program, wanted)
            gradient = tuple(node.grad for node in differentiated)
            answer = program.root.data, gradient, tuple(node.data for node in shown)
        value, gradient, data = answer
        table.result.data.append(value)
        for column, number in zip(columns, data, strict=False):
            column.data.append(number)
        for numbers, number in zip(gradients, gradient, strict=True):
            numbers.append(number)
    for column in columns:
        if not column.grad:
            column.grad.extend([0.0] * len(points))
    return table


def _evaluated(program: Program, wanted: Iterable[str] | None) -> bool:
    """Evaluate and differentiate the graph; return whether all has a value."""
    program.evaluate()
    sound = program.root.data == program.root.data
    return (wanted is None or program.differentiate(wanted) is None) and sound
