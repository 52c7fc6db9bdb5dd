"""A sweep: one variable at many points, the expression evaluated at each."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from math import ceil, isfinite
from operator import length_hint

from mgcli.analysis.bounds import error_bounds
from mgcli.analysis.trusted import TOLERANCE, differentiated, evaluated
from mgcli.codegen.function import Answer, Repeated
from mgcli.errors import ExpressionError, Remedy
from mgcli.language.program import Program

MOST_POINTS = 10_000_000


class Sweep:
    """The points `start + i*step`, none at or beyond `stop`, as `numpy.arange` gives them.

    Raises ExpressionError if there are none, or too many.
    """

    def __init__(self, start: float, stop: float, step: float = 1.0) -> None:
        self.start = start
        self.stop = stop
        self.step = step
        self.count = self._count()

    def _count(self) -> int:
        if self.step == 0.0:
            raise ExpressionError("a step of 0 never ends")
        length = self._span() / self.step
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

    def _span(self) -> float:
        span = self.stop - self.start
        if not isfinite(span):
            raise ExpressionError("the range is longer than the largest float", hint="use a shorter one")
        return span

    def _point(self, index: int) -> float:
        return self.start + index * self.step

    def _before_stop(self, point: float) -> bool:
        return point < self.stop if self.step > 0 else point > self.stop

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[float]:
        return map(self._point, range(self.count))


class EvenSweep(Sweep):
    """`count` points from `start` to `stop`, both included, as `numpy.linspace` gives them.

    Raises ExpressionError if the two are the same.
    """

    def __init__(self, start: float, stop: float, count: int) -> None:
        self._last = count - 1
        super().__init__(start, stop, (stop - start) / self._last)

    def _count(self) -> int:
        if self._span() == 0.0:
            raise ExpressionError(f"no points from {self.start} to {self.stop}", hint="write two different ends")
        return self._last + 1

    def _point(self, index: int) -> float:
        return self.stop if index == self._last else self.start + index / self._last * (self.stop - self.start)


class Column:
    """The value of one node at each point of a sweep, and its gradient if wanted."""

    def __init__(self) -> None:
        self.data = array("d")
        self.grad = array("d")


class Sampler:
    """The results of a bound program at any values of the variables `names`, compiled if that pays.

    wrt: the names to differentiate with respect to, None for no gradient at all.
    times: the expected number of evaluations.
    refused: the number of those where something wanted was undefined (nan).
    conventions: the number of those where only a convention gave a derivative. A derivative has at
    least 9 correct digits.
    """

    def __init__(self, program: Program, names: Iterable[str], wrt: Iterable[str] | None, times: int = 0) -> None:
        self.program = program
        self.wrt = None if wrt is None else list(wrt)
        self.refused = 0
        self.conventions = 0
        self._leaves = [program.node(name) for name in names]
        self._differentiated = [program.node(name) for name in self.wrt or ()]
        self._shown = [program.node(known) for known in program.known()]
        bounds = error_bounds(program.root, self._differentiated)
        also = [*self._shown, bounds.value, *bounds.gradient]
        self._compiled = Repeated(program.root, self._leaves, self._differentiated, also, times)

    def __call__(self, *numbers: float) -> Answer:
        """Return the value of the result, the derivatives with respect to `wrt`, and the values of all names.

        These are followed by a bound for the error of the value.
        """
        answer = self._compiled(numbers)
        if answer and self._is_precise(answer):
            return answer
        program = self.program
        for leaf, number in zip(self._leaves, numbers, strict=True):
            leaf.data = number
        program.evaluate()
        if self.wrt is None:
            report = evaluated(program, digits=False)
        else:
            report = differentiated(program, self.wrt, digits=False)
        self.refused += report.error is not None
        self.conventions += report.uses_convention
        gradient = tuple([node.grad for node in self._differentiated])
        shown = [node.data for node in self._shown]
        return program.root.data, gradient, (*shown, report.rounding)

    def _is_precise(self, answer: Answer) -> bool:
        """Return whether the derivatives are right in floats: the bounds for their errors follow that for the value."""
        _, gradient, others = answer
        index = len(self._shown)
        for slope in gradient:
            index += 1
            if not others[index] <= TOLERANCE * abs(slope):
                return False
        return True


class Swept:
    """The table of a sweep.

    name: the variable that was swept.
    result: the column of the result.
    columns: those of every variable and name.
    rounding: a bound for the error of the result at each point.
    refused: the number of points where something wanted is undefined (nan).
    conventions: the number of those where only a convention gives a derivative.
    sampler: the source of the rows, for further points.
    """

    def __init__(self, sampler: Sampler, name: str, rows: Iterable[Answer]) -> None:
        self.name = name
        self.sampler = sampler
        self.result = Column()
        self.columns = {known: Column() for known in sampler.program.known()}
        gradients = [self.columns[known].grad for known in sampler.wrt or ()]
        data = [column.data for column in self.columns.values()]
        self.rounding = array("d")
        appends = [numbers.append for numbers in (self.result.data, *gradients, *data, self.rounding)]
        before, conventions = sampler.refused, sampler.conventions
        for value, gradient, others in rows:
            for append, number in zip(appends, (value, *gradient, *others), strict=False):
                append(number)
        self.refused = sampler.refused - before
        self.conventions = sampler.conventions - conventions
        for column in self.columns.values():
            if not column.grad:
                column.grad.extend([0.0] * len(self.result.data))

    def imprecise(self) -> int:
        """Return the number of points where rounding may leave the result fewer than 9 digits."""
        both = zip(self.result.data, self.rounding, strict=True)
        return sum(value == value and not bound <= TOLERANCE * abs(value) for value, bound in both)


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
    program.bind({**values, name: 0.0})
    sampler = Sampler(program, [name], wrt, length_hint(points))
    return Swept(sampler, name, map(sampler, points))


def grid(
    program: Program,
    values: Mapping[str, float],
    names: tuple[str, str],
    across: Sweep,
    up: Iterable[float],
    wrt: Iterable[str],
) -> Iterator[Swept]:
    """Yield the sweep `across` of the first of `names` at each of the points `up` of the second. See `sweep`."""
    program.bind({**values, **dict.fromkeys(names, 0.0)})
    sampler = Sampler(program, names, wrt, len(across) * length_hint(up))
    for point in up:
        yield Swept(sampler, names[0], map(sampler, across, repeat(point)))


def undefined_points(swept: Swept, wrt: Iterable[str] = ()) -> int:
    """Return the number of points of a sweep where the result, or the gradient of one of `wrt`, is undefined."""
    columns = [swept.result.data, *(swept.columns[name].grad for name in wrt)]
    return sum(any(value != value for value in row) for row in zip(*columns, strict=True))


def refuse_sweeps(program: Program, values: Mapping[str, float], sweeps: Mapping[str, Sweep]) -> None:
    """Refuse sweeps that are neither a curve over one variable nor a map over two. Raises ExpressionError."""
    names = list(sweeps)
    if not program.variables and not names:
        hint = Remedy("write one, as in x**2", "variable", value="-5:5")
        raise ExpressionError("the expression has no variable", hint=hint)
    if not names:
        free = [name for name in program.variables if name not in values] or list(program.variables)
        raise ExpressionError("no variable is swept", hint=Remedy(f"sweep {free[0]}", "sweep", name=free[0]))
    if len(names) > 2:
        raise ExpressionError(
            f"{', '.join(names[:-1])} and {names[-1]} are swept",
            hint="sweep one or two of them, and give the others one value",
        )
    if len(names) == 2:
        _refuse_map(sweeps)


def _refuse_map(sweeps: Mapping[str, Sweep]) -> None:
    across, up = sweeps.values()
    if len(across) * len(up) > MOST_POINTS:
        raise ExpressionError(f"more than {MOST_POINTS:,} points", hint="take larger steps")
    for name, points in sweeps.items():
        if len(points) < 2:
            raise ExpressionError(f"a contour map needs at least two points of {name}", hint="take a smaller step")
