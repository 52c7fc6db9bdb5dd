"""A program as a function of the columns of a table: value, derivatives and uncertainty for each row.

An engine that reads tables does no mathematics: it passes numbers, a batch of rows at a time, and gets the columns
to add. Rows without a result are counted by their cause. Loaded only where tables are: it needs
numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import reduce
from math import isfinite, isinf, isnan, nan
from threading import Lock
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from mgcli import functions
from mgcli.analysis.refusals import Refusals, Rows
from mgcli.analysis.tallies import (
    DERIVATIVE,
    EMPTY,
    INPUT,
    KINK,
    LARGE,
    TEXT,
    UNCERTAINTY,
    UNDERFLOW,
    VALUE,
    Cause,
    Tally,
)
from mgcli.codegen.arrays import SHARED_CHUNK, Array, Mask, OnArrays
from mgcli.codegen.function import CompiledResults, Evaluated
from mgcli.graph.node import by_span, leading_to, topological
from mgcli.graph.value import Value
from mgcli.language.program import Program

UNCERTAIN = "_u"
"""What follows the name of a variable in the name of the column with its standard uncertainty."""


MANY = 200
"""The rows of a batch that are refused one by one."""


class _ManyRefusedError(Exception):
    """More rows are refused than are worth judging one by one."""


class Cells(NamedTuple):
    """A column of a batch, as numbers.

    empty: the rows without a number, None if there are none. unread: the rows with a text that is not a number, and
    that text. What `numbers` has in these rows does not matter.
    """

    numbers: Array
    empty: Mask | None = None
    unread: Mapping[int, str] = MappingProxyType({})

    def missing(self) -> Mask | None:
        """Return the rows that have no number, None if there are none."""
        empty = self.empty if self.empty is not None and self.empty.any() else None
        if not self.unread:
            return empty
        missing = np.zeros(len(self.numbers), dtype=bool) if empty is None else empty.copy()
        missing[list(self.unread)] = True
        return missing


class Added(NamedTuple):
    """What a batch of rows gets.

    columns: the numbers of each column to add, nan where there is none; they are never infinite.
    refused: the rows where something is undefined or missing. faults: why, in rows of this batch, counted from 1.
    notes: rows whose numbers deserve a second look.
    """

    columns: list[Array]
    refused: Mask
    faults: Tally
    notes: Tally


class RowFunction:
    """A program as a function of columns.

    names: the columns that it adds: the results, then the derivatives d<result>_d<name> of each, then the standard
    uncertainties <result>_u.
    variables: the variables that columns give their values. uncertain: those of them that also have an uncertainty.
    """

    def __init__(
        self,
        program: Program,
        columns: Iterable[str],
        values: Mapping[str, float] = MappingProxyType({}),
        *,
        of: Sequence[str] = (),
        wrt: Iterable[str] | None = None,
        uncertain: Iterable[str] = (),
    ) -> None:
        """Make the function of a program whose variables `columns` change from row to row; the others have `values`.

        of: results of the program to add besides the last one. wrt: the names to differentiate with respect to, all
        variables by default. uncertain: those of `columns` whose standard uncertainties are given too.
        Raises ExpressionError where a variable has no value, or the program has no such name.
        """
        columns = list(columns)
        program.bind({**values, **dict.fromkeys(columns, 1.0)})
        self.program = program
        self.results = list(dict.fromkeys([program.title, *of]))
        self.wrt = list(program.variables if wrt is None else dict.fromkeys(wrt))
        self._asked = (columns, dict(values), list(of), self.wrt, list(uncertain))
        self._roots = [program.root, *(program.of(name).root for name in self.results[1:])]
        nodes = topological(*self._roots)
        used = set(nodes)
        self.variables = [name for name in columns if program.node(name) in used]
        self.uncertain = [name for name in uncertain if name in self.variables]
        differentiated = dict.fromkeys(map(program.node, [*self.wrt, *self.uncertain]))
        self._slopes = {node: index for index, node in enumerate(differentiated)}
        self._function = CompiledResults(self._roots, list(differentiated))
        self._arguments = _Arguments(program, self.variables, self._function.leaves)
        self._kinks = _Kinks(self._roots, list(differentiated), nodes)
        self._reached = [self._columns_below(root) for root in self._roots]
        self._closes_branches = any(node.operation is not None and node.operation.selects for node in nodes)
        self._refusals = Refusals(program.root)
        self._refusals.is_possible &= len(self._roots) == 1
        self._evaluating = Lock()

    def __reduce__(self) -> tuple[Callable[..., RowFunction], tuple[Any, ...]]:
        return _restored, (self.program.text, *self._asked)

    @property
    def names(self) -> list[str]:
        """The names of the columns that are added."""
        derivatives = [f"d{result}_d{name}" for result in self.results for name in self.wrt]
        uncertainties = [f"{result}{UNCERTAIN}" for result in self.results if self.uncertain]
        return [*self.results, *derivatives, *uncertainties]

    def __call__(self, cells: Mapping[str, Cells], uncertainties: Mapping[str, Cells], rows: int) -> Added:
        """Return what is added to a batch of so many rows.

        cells: the columns of `variables`. uncertainties: those of `uncertain`.
        """
        faults, refused = Tally(), np.zeros(rows, dtype=bool)
        missing = {name: mask for name in self.variables if (mask := cells[name].missing()) is not None}
        arrays = self._arguments.arrays({name: self._filled(cells[name], missing.get(name)) for name in self.variables})
        underflows = np.zeros(rows, dtype=bool)
        absent = reduce(np.logical_or, missing.values(), np.zeros(rows, dtype=bool))
        found, refusals = self._computed(arrays, rows, underflows, absent)
        values, gradients = self._split(found)
        if not self._closes_branches:
            for reached, value, gradient in zip(self._reached, values, gradients, strict=True):
                for name in reached & missing.keys():
                    for column in (value, *gradient):
                        column[missing[name]] = nan
        for name in self.variables:
            self._count_missing(name, cells[name], missing.get(name), found, refused, faults)
        self._count_refusals(cells, refusals, refused, faults)
        added = [
            *values,
            *(gradient[self._slopes[self.program.node(name)]] for gradient in gradients for name in self.wrt),
        ]
        if self.uncertain:
            added.extend(self._propagated(gradients, uncertainties, refused, faults))
        notes = Tally()
        self._note_kinks(arrays, rows, refused, notes)
        self._note_underflows(underflows & ~refused, notes)
        return Added(added, refused, faults, notes)

    def _columns_below(self, root: Value) -> set[str]:
        below = set(topological(root))
        return {name for name in self.variables if self.program.node(name) in below}

    def _filled(self, cells: Cells, missing: Mask | None) -> Array:
        """Return the numbers of a column; where one is missing, nan, or any number if the row has no result anyway."""
        if missing is None:
            return cells.numbers
        present = cells.numbers[~missing]
        instead = nan if self._closes_branches else present[0] if len(present) else 1.0
        return np.where(missing, instead, cells.numbers)

    def _computed(
        self, arrays: Sequence[Any], rows: int, underflows: Mask, absent: Mask
    ) -> tuple[list[Array], dict[int, tuple[Cause, str] | None]]:
        """Return the values and the derivatives, and why rows have none: the cause and an example.

        absent: the rows where a number is missing, which have no result anyway.
        """
        try:
            return self._found(arrays, rows, underflows, MANY if self._refusals.is_possible else rows)
        except _ManyRefusedError:
            underflows[:] = False
        which = self._refusals(dict(zip(self._function.leaves, arrays, strict=True)), rows)
        refusals = self._by_operation(arrays, which, absent)
        which[[row for row, refusal in refusals.items() if refusal is None]] = -1
        refusals = {row: refusal for row, refusal in refusals.items() if refusal is not None}
        left = np.flatnonzero(which < 0)
        lost = np.zeros(len(left), dtype=bool)
        some = [array[left] if np.ndim(array) else array for array in arrays]
        found_left, refusals_left = self._found(some, len(left), lost, rows)
        found = [np.full(rows, nan) for _ in found_left]
        for column, numbers in zip(found, found_left, strict=True):
            column[left] = numbers
        underflows[left] = lost
        refusals.update({int(left[row]): refusal for row, refusal in refusals_left.items()})
        return found, refusals

    def _by_operation(self, arrays: Sequence[Any], which: Rows, absent: Mask) -> dict[int, tuple[Cause, str] | None]:
        """Return why each row is refused by the operation that it names.

        The graph is evaluated once for each operation: in its first row, which becomes the example.
        """
        refusals: dict[int, tuple[Cause, str] | None] = {}
        for index in np.unique(which[which >= 0]):
            same = np.flatnonzero(which == index)
            present = same[~absent[same]]
            first = (present if len(present) else same)[0]
            outcomes = self._function.outcomes(*(float(array[first] if np.ndim(array) else array) for array in arrays))
            refusals.update(dict.fromkeys(same.tolist(), _refusal(outcomes) if isnan(outcomes[0][0]) else None))
        return dict(sorted(refusals.items()))

    def _found(
        self, arrays: Sequence[Any], rows: int, underflows: Mask, most: int
    ) -> tuple[list[Array], dict[int, tuple[Cause, str] | None]]:
        """Return the same, one by one where rows are refused. Raises _ManyRefusedError for more than `most`."""
        refusals: list[tuple[Cause, str] | None] = []

        def at_point(*numbers: float) -> list[float]:
            outcomes = self._function.outcomes(*numbers)
            finite = [_finite(outcome) for outcome in outcomes]
            flat = [*(value for value, _ in finite), *(slope for _, gradient in finite for slope in gradient)]
            if any(map(isnan, flat)):
                refusals.append(_refusal(outcomes))
                if len(refusals) > most and isnan(flat[0]):
                    raise _ManyRefusedError
            return flat

        found = _on_rows(self._function.on_arrays(), arrays, at_point, rows, underflows)
        if not refusals:
            return found, {}
        undefined = np.flatnonzero(reduce(np.logical_or, map(np.isnan, found)))
        # Points are computed separately in the order of the rows; a single point stands for all rows.
        return found, dict(zip(undefined.tolist(), refusals if len(refusals) > 1 else refusals * rows, strict=False))

    def _split(self, found: list[Array]) -> tuple[list[Array], list[list[Array]]]:
        """Return the values, and the derivatives of each."""
        count, width = len(self._roots), len(self._slopes)
        rows = [found[count + index * width : count + (index + 1) * width] for index in range(count)]
        return found[:count], rows

    def _count_missing(
        self, name: str, cells: Cells, missing: Mask | None, found: list[Array], refused: Mask, faults: Tally
    ) -> None:
        """Count the rows that have no result because a cell of one column has no number."""
        if missing is None:
            return
        lacking = missing & reduce(np.logical_or, map(np.isnan, found)) & ~refused
        _count_cells(name, cells, lacking, faults)
        refused |= lacking

    def _count_refusals(
        self, cells: Mapping[str, Cells], refusals: Mapping[int, tuple[Cause, str] | None], refused: Mask, faults: Tally
    ) -> None:
        """Count the other rows without a result: those where the result is undefined."""
        for row, refusal in refusals.items():
            if not refused[row]:
                cause, example = refusal or self._of_input(cells, row)
                faults.add(cause, row + 1, example)
                refused[row] = True

    def _of_input(self, cells: Mapping[str, Cells], row: int) -> tuple[Cause, str]:
        """Return the first number of a row that is nan or infinite."""
        for name in self.variables:
            number = float(cells[name].numbers[row])
            if not isfinite(number):
                return Cause(INPUT, name), f"{number}"
        return Cause(VALUE, "the result is not a number"), "the result is not a number"

    def _propagated(
        self, gradients: list[list[Array]], uncertainties: Mapping[str, Cells], refused: Mask, faults: Tally
    ) -> list[Array]:
        """Return the standard uncertainty of each result to first order: the root of the sum of the squares."""
        unknown = np.zeros(len(refused), dtype=bool)
        for name in self.uncertain:
            cells = uncertainties[name]
            missing = cells.missing()
            if missing is not None:
                lacking = missing & ~refused & ~unknown
                _count_cells(name + UNCERTAIN, cells, lacking, faults)
                unknown |= missing
            numbers = np.where(unknown, 0.0, cells.numbers)
            for kind, wrong in ((UNCERTAINTY, numbers < 0.0), (INPUT, ~np.isfinite(numbers))):
                rows = np.flatnonzero(wrong & ~refused & ~unknown)
                if len(rows):
                    example = f"{float(numbers[rows[0]])}"
                    faults.add(Cause(kind, name + UNCERTAIN), int(rows[0]) + 1, example, len(rows))
                unknown |= wrong
        results = [self._first_order(gradient, uncertainties, unknown) for gradient in gradients]
        refused |= unknown
        for result in results:
            rows = np.flatnonzero(np.isnan(result) & ~refused)
            if len(rows):
                faults.add(
                    Cause(UNCERTAINTY, "the uncertainty overflows"),
                    int(rows[0]) + 1,
                    "the uncertainty overflows",
                    len(rows),
                )
                refused[rows] = True
        return results

    def _first_order(self, gradient: list[Array], uncertainties: Mapping[str, Cells], unknown: Mask) -> Array:
        total: Array = np.zeros(len(unknown))
        with np.errstate(all="ignore"):
            for name in self.uncertain:
                slope = gradient[self._slopes[self.program.node(name)]]
                total = np.hypot(total, slope * np.where(unknown, nan, uncertainties[name].numbers))
        total[~np.isfinite(total)] = nan
        return total

    def _note_kinks(self, arrays: Sequence[Any], rows: int, refused: Mask, notes: Tally) -> None:
        """Count the rows that are on a kink, where a derivative may be a convention."""
        if self._kinks.function is None or not self._slopes:
            return
        by_leaf = dict(zip(self._function.leaves, arrays, strict=True))
        some = [by_leaf[leaf] for leaf in self._kinks.function.leaves]
        (depth,) = _on_rows(self._kinks.function.on_arrays(), some, self._kinks.at_point, rows)
        at_kink = np.flatnonzero((depth > 0.0) & ~refused)
        if len(at_kink):
            first = int(at_kink[0])
            example = self._kink_at(self._arguments.at(arrays, first))
            notes.add(Cause(KINK, example.partition(" at ")[0]), first + 1, example, len(at_kink))

    def _kink_at(self, numbers: Mapping[str, float]) -> str:
        """Return the first kink at a point in words."""
        from mgcli.analysis.trusted import kink_text
        from mgcli.graph.ball_passes import forward, kinks
        from mgcli.graph.balls import float_balls

        with self._evaluating:
            self.program.rebind(numbers)
            for root in self._roots:
                at_kink = kinks(root, float_balls(), forward(topological(root), float_balls(), {}))
                found = [node for node in topological(root) if node in at_kink]
                if found:
                    return kink_text(min(found, key=by_span))
        return "a kink"

    def _note_underflows(self, underflows: Mask, notes: Tally) -> None:
        rows = np.flatnonzero(underflows)
        if len(rows):
            notes.add(Cause(UNDERFLOW, "a product underflows"), int(rows[0]) + 1, "a product underflows", len(rows))


class _Arguments:
    """The arguments of a compiled function: columns, and numbers that are the same in every row."""

    def __init__(self, program: Program, columns: Iterable[str], leaves: Sequence[Value]) -> None:
        names = {program.node(name): name for name in columns}
        self._names = [names.get(leaf) for leaf in leaves]
        self._numbers = [leaf.data for leaf in leaves]

    def arrays(self, columns: Mapping[str, Array]) -> list[Any]:
        """Return the argument for each leaf."""
        pairs = zip(self._names, self._numbers, strict=True)
        return [number if name is None else columns[name] for name, number in pairs]

    def at(self, arrays: Sequence[Any], row: int) -> dict[str, float]:
        """Return the numbers of the columns in one row."""
        pairs = zip(self._names, arrays, strict=True)
        return {name: float(array[row]) for name, array in pairs if name is not None}


class _Kinks:
    """A function that is above 0 where a derivative may be a convention; None where it never is one."""

    def __init__(self, roots: Sequence[Value], wrt: Sequence[Value], nodes: Sequence[Value]) -> None:
        depth = _depth_of_kinks(roots, leading_to(wrt, nodes), nodes)
        self.function = CompiledResults([depth], []) if depth is not None else None

    def at_point(self, *numbers: float) -> list[float]:
        """Return the same at a point where something is not finite."""
        assert self.function
        ((value, _, _),) = self.function.outcomes(*numbers)
        return [value]


def _depth_of_kinks(roots: Sequence[Value], active: Collection[Value], nodes: Sequence[Value]) -> Value | None:
    """Return a formula that is above 0 where one of `active` is at a kink, in no branch that is closed."""
    depths: dict[Value, Value] = {}
    for node in nodes:
        operation = node.operation
        if operation is None or node not in active:
            continue
        parts = [
            _through(node, index, depths[operand]) for index, operand in enumerate(node.operands) if operand in depths
        ]
        if operation.kink and not operation.selects:
            parts.append(functions.where(operation.kink(functions, *node.operands), 1.0, 0.0))
        if parts:
            depths[node] = sum(parts[1:], parts[0])
    found = [depths[root] for root in roots if root in depths]
    return sum(found[1:], found[0]) if found else None


def _through(node: Value, index: int, depth: Value) -> Value:
    """Return the depth of the kinks below one operand, 0 where that is not taken."""
    operation = node.operation
    assert operation is not None
    if operation.selects and index:
        condition = node.operands[0]
        return functions.where(condition, depth, 0.0) if index == 1 else functions.where(condition, 0.0, depth)
    if operation.chooses and not operation.selects:
        slope = operation.stable[index](functions, node, *node.operands)
        return functions.where(slope, depth, 0.0) if isinstance(slope, Value) else depth
    return depth


def _on_rows(
    function: OnArrays,
    arrays: Sequence[Any],
    at_point: Callable[..., Sequence[float]],
    rows: int,
    underflows: Mask | None = None,
) -> list[Array]:
    """Return what a function gives for each row, also where all its arguments are the same in every row."""
    if any(np.ndim(array) for array in arrays):
        # Engines call this from several threads.
        return function(arrays, at_point, chunk=SHARED_CHUNK, underflows=underflows)
    once = np.zeros(1, dtype=bool)
    found = function(arrays, at_point, underflows=None if underflows is None else once)
    if underflows is not None:
        underflows[:] = once[0]
    return [np.full(rows, float(number)) for number in found]


def _finite(outcome: Evaluated) -> tuple[float, list[float]]:
    """Return a value and its gradient; where there is no value, no gradient either."""
    value, gradient, _ = outcome
    if not isfinite(value):
        return nan, [nan] * len(gradient)
    return value, [slope if isfinite(slope) else nan for slope in gradient]


def _refusal(outcomes: Iterable[Evaluated]) -> tuple[Cause, str] | None:
    """Return why a point has no result, None if that is because of a number which is nan or infinite."""
    for value, _, error in outcomes:
        if error is not None and error.span is not None:
            kind = DERIVATIVE if isfinite(value) else VALUE
            return Cause(kind, error.message.partition(" at ")[0]), error.message
    return None


def _count_cells(name: str, cells: Cells, lacking: Mask, faults: Tally) -> None:
    """Count the empty cells, and those with a text that is not a number, in the rows that are `lacking`."""
    for row, text in cells.unread.items():
        if lacking[row]:
            faults.add(Cause(LARGE if _is_large(text) else TEXT, name), row + 1, text)
    if cells.empty is not None:
        empty = np.flatnonzero(lacking & cells.empty)
        if len(empty):
            faults.add(Cause(EMPTY, name), int(empty[0]) + 1, "", len(empty))


def _is_large(text: str) -> bool:
    """Return whether a text is a number that is too large for a float."""
    try:
        return isinf(float(text)) and any(map(str.isdigit, text))
    except ValueError:
        return False


def _restored(
    text: str, columns: list[str], values: dict[str, float], of: list[str], wrt: list[str], uncertain: list[str]
) -> RowFunction:
    from mgcli.language.parser import parse_program

    return RowFunction(parse_program(text, [*columns, *values]), columns, values, of=of, wrt=wrt, uncertain=uncertain)
