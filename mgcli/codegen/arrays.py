"""Straight-line code written as calls of numpy: the function of a compiled graph for many points at a time.

Each step becomes a call of numpy that writes to a row of a small workspace; the points are taken in
chunks so small that the workspace stays in the processor's cache. Loaded only when a compiled graph is
called with arrays: numpy is not a requirement of this package.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from math import nan, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mgcli.codegen.straight_line import Code
from mgcli.codegen.terms import OPPOSITES, Term
from mgcli.graph.floats import FLOATS
from mgcli.graph.table import ALL_OPERATIONS

Array = NDArray[np.float64]
"""Numbers for many points, one for each."""

CHUNK = 16384
"""The points that are computed at a time."""

_OF_NUMPY = {
    "sub": "subtract",
    "mul": "multiply",
    "div": "divide",
    "neg": "negative",
    "pow": "power",
    "atan2": "arctan2",
    "both": "logical_and",
    "either": "logical_or",
}
"""The name of a function in numpy, where it differs from the table."""


def _where(condition: Array, x: Array, y: Array, out: Array) -> None:
    if out is not y:
        np.copyto(out, y)
    np.copyto(out, x, where=np.asarray(condition, dtype=bool))


def _floor(x: Array, out: Array) -> None:
    # On floats, where the whole number is first an int, there is no -0.0.
    np.add(np.floor(x, out), 0.0, out)


def _ceil(x: Array, out: Array) -> None:
    np.add(np.ceil(x, out), 0.0, out)


def _round(x: Array, out: Array) -> None:
    np.add(np.rint(x, out), 0.0, out)


def _trunc(x: Array, out: Array) -> None:
    np.add(np.trunc(x, out), 0.0, out)


def _mod(x: Array, y: Array, out: Array) -> None:
    np.add(np.mod(x, y, out), 0.0, out)


def _fmod(x: Array, y: Array, out: Array) -> None:
    np.add(np.fmod(x, y, out), 0.0, out)


_OF_OURS: dict[str, Callable[..., Any]] = {
    "where": _where,
    "floor": _floor,
    "ceil": _ceil,
    "round": _round,
    "trunc": _trunc,
    "mod": _mod,
    "fmod": _fmod,
}


def _function(name: str) -> Callable[..., Any]:
    """Return the function `name` on arrays, numpy's or that on floats; its last argument is the row for the result."""
    if name in _OF_OURS:
        return _OF_OURS[name]
    operation = ALL_OPERATIONS.get(name)
    for known in (_OF_NUMPY.get(name, name), *(operation.names if operation else ())):
        function = getattr(np, known, None)
        if isinstance(function, np.ufunc):
            return function
    return _at_each_point(getattr(FLOATS, name))


def _at_each_point(on_floats: Callable[..., float]) -> Callable[..., Any]:
    def at_point(*operands: float) -> float:
        try:
            return float(on_floats(*operands))
        except (ArithmeticError, ValueError):
            return nan

    def at_points(*operands_and_out: Array) -> None:
        *operands, out = operands_and_out
        out[...] = np.vectorize(at_point, otypes=[float])(*operands)
        if not np.isfinite(out).all():
            # Report it as numpy's own functions do.
            np.subtract(np.inf, np.inf)

    return at_points


def _reads(term: Term) -> tuple[Term, ...]:
    """Return what the call of `term` reads; a comparison is computed in the choice that depends on it."""
    if term.function == "where" and term.operands[0].function in OPPOSITES:
        condition, x, y = term.operands
        return (x, y, *condition.operands)
    return term.operands


class _Writer:
    """Code as a function of arrays: `v3 = v1*v2` becomes `mul(w1, w2, w0)`.

    text: its source. A step takes a row of the workspace for its result, that of an operand if this is the last use of
    it, and frees it after the last use of the result.
    row_count: the number of rows.
    results: the rows, arguments or numbers of the values and the derivatives.
    """

    def __init__(self, code: Code) -> None:
        self._uses = self._counted(code)
        self._written = {term: f"x{index}" for index, term in enumerate(code.arguments)}
        self._free: list[str] = []
        self._lines: list[str] = []
        self.row_count = 0
        for term in code.steps:
            if self._uses[term]:
                self._step(term)
        self.results = [self._text(term) for term in chain(code.values, *code.derivatives)]
        checked = map(self._text, code.checked)
        self._lines.append(f"return {_tuple(self.results)}, {_tuple(checked)}")
        rows = [f"w{number}" for number in range(self.row_count)]
        opening = f"def function({', '.join(self._written[term] for term in code.arguments)}, rows):"
        unpacked = [f"{', '.join(rows)}, = rows"] if rows else []
        self.text = "\n    ".join([opening, *unpacked, *self._lines]) + "\n"

    def _counted(self, code: Code) -> Counter[Term]:
        """Return how often each term is read; for a result, once more, so that its row is never freed."""
        uses = Counter(code.results)
        for term in reversed(code.steps):
            if uses[term]:
                uses.update(_reads(term))
        return uses

    def _step(self, term: Term) -> None:
        function = term.function
        if function == "where":
            condition, x, y = term.operands
            operands = [self._condition(condition), self._text(x), self._text(y)]
            # The result may be written over the second branch, and nothing else, before the rest is read.
            early = [] if y in (x, condition) else [y]
            row = self._row(term, early)
        elif function == "pow" and term.operands[1].number == 3.0:
            self._cube(term)
            return
        else:
            operands = [self._text(operand) for operand in term.operands]
            row = self._row(term, term.operands)
        self._lines.append(f"{function}({', '.join(operands)}, {row})")

    def _cube(self, term: Term) -> None:
        """Write a third power as a product: numpy's power takes ten times as long."""
        factor, _ = term.operands
        operand = self._text(factor)
        row = self._row(term, [])
        self._lines.append(f"mul({operand}, {operand}, {row})")
        self._lines.append(f"mul({row}, {operand}, {row})")

    def _row(self, term: Term, early: Iterable[Term]) -> str:
        """Return the row for the result of `term`; that of an operand in `early`, if it is not needed any more."""
        reads = _reads(term)
        self._uses.subtract(reads)
        done = [operand for operand in dict.fromkeys(reads) if operand.operands and not self._uses[operand]]
        now = [operand for operand in done if operand in early]
        self._free.extend(self._written[operand] for operand in now)
        if self._free:
            row = self._free.pop()
        else:
            row = f"w{self.row_count}"
            self.row_count += 1
        self._free.extend(self._written[operand] for operand in done if operand not in now)
        self._written[term] = row
        return row

    def _condition(self, term: Term) -> str:
        if term.function in OPPOSITES:
            return f"{term.function}({', '.join(map(self._text, term.operands))})"
        return self._text(term)

    def _text(self, term: Term) -> str:
        return self._written[term] if term.number is None else repr(term.number)


def _tuple(items: Iterable[str]) -> str:
    return f"({''.join(f'{item}, ' for item in items)})"


class OnArrays:
    """The function of a compiled graph on arrays; `count` is the number of its values and derivatives.

    At a point where something is not finite, `at_point` is called, the same function on floats,
    which gives nan for what is not defined. Without a code it is called at every point.
    """

    def __init__(self, code: Code | None, count: int, at_point: Callable[..., Sequence[float]]) -> None:
        self._count = count
        self._at_point = at_point
        self._result_rows: dict[int, int] = {}
        self._function: Callable[..., Any] = lambda *_: ((nan,) * count, ())
        self._row_count = 0
        self._unseen: list[int] = []
        if code is None:
            return
        writer = _Writer(code)
        self._row_count = writer.row_count
        # Results are computed in the rows in which they are returned.
        results = reversed([*enumerate(writer.results)])
        self._result_rows = {int(name[1:]): index for index, name in results if name.startswith("w")}
        checked = {operand for term in code.checked for operand in (term, *term.operands)}
        self._unseen = [index for index, term in enumerate(code.arguments) if term in checked]
        namespace = {name: _function(name) for name in {"mul", *(term.function for term in code.steps)}}
        exec(compile(writer.text, "<compiled by mgcli for arrays>", "exec"), namespace)
        self._function = namespace["function"]

    def __call__(self, arguments: Sequence[Any]) -> list[Array]:
        """Return the values, then the derivatives, at the points of `arguments`: arrays, or numbers for all points."""
        shape = np.broadcast_shapes(*(np.shape(argument) for argument in arguments))
        size = prod(shape)
        # A number becomes one of numpy's: 1/0.0 must not raise.
        points: list[Any] = [
            np.broadcast_to(np.asarray(argument, dtype=float), shape).reshape(-1)
            if np.ndim(argument)
            else np.float64(argument)
            for argument in arguments
        ]
        results = np.empty((self._count, size))
        workspace = np.empty((self._row_count, min(CHUNK, size)))
        for start in range(0, size, CHUNK):
            part = slice(start, min(start + CHUNK, size))
            numbers = [array[part] if array.ndim else array for array in points]
            self._chunk(numbers, workspace[:, : part.stop - start], results[:, part])
        return [row.reshape(shape) for row in results]

    def _chunk(self, numbers: Sequence[Any], workspace: Array, results: Array) -> None:
        """Compute `results` at one chunk of points; a point where something is not finite is computed separately."""
        rows = [
            results[self._result_rows[index]] if index in self._result_rows else row
            for index, row in enumerate(workspace)
        ]
        try:
            with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
                self._run(numbers, rows, results)
                # A sum is fast, and not finite if one of the numbers is not. A product of two rows would be even faster
                # on an idle machine, but numpy gives it to threads, which wait for each other on a busy one.
                total = sum(row.sum() for row in (*results, *(numbers[index] for index in self._unseen)))
        except FloatingPointError:
            total = nan
        if total - total == 0.0:
            return
        with np.errstate(all="ignore"):
            checked = self._run(numbers, rows, results)
        sound = np.isfinite(results).all(axis=0)
        for row in checked:
            sound &= np.isfinite(row)
        for index in np.flatnonzero(~sound):
            results[:, index] = self._at_point(*(float(array[index] if array.ndim else array) for array in numbers))

    def _run(self, numbers: Sequence[Any], rows: Sequence[Array], results: Array) -> Sequence[Any]:
        """Compute `results`, most of which are in `rows` already; return what else must be finite."""
        computed_rows, checked = self._function(*numbers, rows)
        for row, computed in zip(results, computed_rows, strict=True):
            if computed is not row:
                row[...] = computed
        finite: Sequence[Any] = checked
        return finite
