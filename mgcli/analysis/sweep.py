"""A sweep: one variable or several at many points, the expression evaluated at each."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product, repeat
from math import prod
from operator import length_hint

from mgcli.analysis.bounds import error_bounds
from mgcli.analysis.points import MOST_POINTS, Points
from mgcli.analysis.trusted import (
    CONVENTION,
    TOLERANCE,
    UNDEFINED,
    Question,
    differentiated,
    evaluated,
    settled,
)
from mgcli.codegen.function import Answer, Repeated
from mgcli.errors import ExpressionError, Remedy, listed
from mgcli.graph.value import Value
from mgcli.language.program import Program


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
        if answer:
            doubtful = self._doubtful(answer)
            if not doubtful:
                return answer
        program = self.program
        self._place(numbers)
        if answer:
            return self._settled(answer, doubtful)
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

    def rough(self, *numbers: float) -> Answer | None:
        """Return the same as floats have it: enough to see where a curve goes. None where they have no value."""
        answer = self._compiled(numbers)
        if answer:
            return answer
        program = self.program
        self._place(numbers)
        if not program.evaluate() and program.error():
            return None
        program.differentiate(self.wrt)
        gradient = tuple([node.grad for node in self._differentiated])
        return program.root.data, gradient, tuple([node.data for node in self._shown])

    def _place(self, numbers: Sequence[float]) -> None:
        for leaf, number in zip(self._leaves, numbers, strict=True):
            leaf.data = number

    def _doubtful(self, answer: Answer) -> list[Value]:
        """Return the nodes whose derivatives may be wrong in floats; their bounds follow that of the value."""
        _, gradient, others = answer
        index = len(self._shown)
        doubtful: list[Value] = []
        for slope in gradient:
            index += 1
            if not others[index] <= TOLERANCE * abs(slope):
                doubtful.append(self._differentiated[index - len(self._shown) - 1])
        return doubtful

    def _settled(self, answer: Answer, doubtful: Sequence[Value]) -> Answer:
        """Return an answer with the `doubtful` derivatives computed again; the leaves hold their numbers."""
        value, gradient, others = answer
        floats = dict(zip(self._differentiated, gradient, strict=True))
        found = settled(Question(self.program.root, floats), doubtful)
        self.refused += any(each.kind == UNDEFINED for each in found.values())
        self.conventions += any(each.kind == CONVENTION for each in found.values())
        return value, tuple([found[node].number for node in self._differentiated]), others


class Swept:
    """The table of a sweep.

    names: the variables that were swept; name: the first of them.
    result: the column of the result.
    columns: those of every variable and name.
    rounding: a bound for the error of the result at each point.
    refused: the number of points where something wanted is undefined (nan).
    conventions: the number of those where only a convention gives a derivative.
    sampler: the source of the rows, for further points.
    """

    def __init__(self, sampler: Sampler, names: Sequence[str], rows: Iterable[Answer]) -> None:
        self.names = tuple(names)
        self.name = self.names[0]
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

    def points(self) -> dict[str, array[float]]:
        """Return the value of each variable that was swept, at each point."""
        return {name: self.columns[name].data for name in self.names}

    def imprecise(self) -> int:
        """Return the number of points where rounding may leave the result fewer than 9 correct digits."""
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
    return Swept(sampler, [name], map(sampler, points))


def sweep_pairs(
    program: Program, values: Mapping[str, float], sweeps: Mapping[str, Points], wrt: Iterable[str] | None = None
) -> Swept:
    """Evaluate `program` at each combination of the points of several variables, the last one changing fastest.

    Raises as `sweep` does, and ExpressionError for too many points.
    """
    if len(sweeps) == 1:
        ((name, points),) = sweeps.items()
        return sweep(program, values, name, points, wrt)
    count = prod(map(len, sweeps.values()))
    if count > MOST_POINTS:
        raise ExpressionError(f"more than {MOST_POINTS:,} points", hint="take larger steps")
    program.bind({**values, **dict.fromkeys(sweeps, 0.0)})
    sampler = Sampler(program, sweeps, wrt, count)
    return Swept(sampler, list(sweeps), (sampler(*point) for point in product(*sweeps.values())))


def grid(
    program: Program,
    values: Mapping[str, float],
    names: tuple[str, str],
    across: Points,
    up: Iterable[float],
    wrt: Iterable[str],
) -> Iterator[Swept]:
    """Yield the sweep `across` of the first of `names` at each of the points `up` of the second. See `sweep`."""
    program.bind({**values, **dict.fromkeys(names, 0.0)})
    sampler = Sampler(program, names, wrt, len(across) * length_hint(up))
    for point in up:
        yield Swept(sampler, names[:1], map(sampler, across, repeat(point)))


def undefined_points(swept: Swept, wrt: Iterable[str] = ()) -> int:
    """Return the number of points of a sweep where the result, or the gradient of one of `wrt`, is undefined."""
    columns = [swept.result.data, *(swept.columns[name].grad for name in wrt)]
    return sum(any(value != value for value in row) for row in zip(*columns, strict=True))


def refuse_sweeps(program: Program, values: Mapping[str, float], sweeps: Mapping[str, Points]) -> None:
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
            f"{listed(names)} are swept", hint="sweep one or two of them, and give the others one value"
        )
    if len(names) == 2:
        _refuse_map(sweeps)


def _refuse_map(sweeps: Mapping[str, Points]) -> None:
    across, up = sweeps.values()
    if len(across) * len(up) > MOST_POINTS:
        raise ExpressionError(f"more than {MOST_POINTS:,} points", hint="take larger steps")
    for name, points in sweeps.items():
        if len(points) < 2:
            raise ExpressionError(f"a contour map needs at least two points of {name}", hint="take a smaller step")
