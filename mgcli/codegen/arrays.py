"""Straight-line code written as calls of numpy: the function of a compiled graph for many points at a time.

Each step becomes a call of numpy that writes to a row of a small workspace; the points are taken in
chunks so small that the workspace stays in the processor's cache. The chunks are shared among threads:
numpy computes without Python's lock. Loaded only when a compiled graph is called with arrays: numpy is
not a requirement of this package.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from math import nan, prod
from sys import float_info
from types import CodeType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mgcli.codegen.straight_line import Code
from mgcli.codegen.terms import OPPOSITES, Term
from mgcli.graph.floats import FLOATS
from mgcli.graph.table import ALL_OPERATIONS

Array = NDArray[np.float64]
"""Numbers for many points, one for each."""

Mask = NDArray[np.bool_]
"""A boolean for each of many points."""

CHUNK = 16384
"""The points that are computed at a time."""

SHARED_CHUNK = 65536
"""The same where several threads compute: each call of numpy ends with a wait for Python's lock."""

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
    return ufunc(name) or _at_each_point(getattr(FLOATS, name))


def ufunc(name: str) -> np.ufunc | None:
    """Return numpy's function `name` of the table, None if it has none."""
    operation = ALL_OPERATIONS.get(name)
    for known in (_OF_NUMPY.get(name, name), *(operation.names if operation else ())):
        function = getattr(np, known, None)
        if isinstance(function, np.ufunc):
            return function
    return None


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
        opening = f"def function({', '.join([*(self._written[term] for term in code.arguments), 'rows'])}):"
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


def cores() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


AtPoint = Callable[..., Sequence[float]]
"""The function of a graph on floats, which gives nan for what is not defined."""


class OnArrays:
    """The function of a compiled graph on arrays; `count` is the number of its values and derivatives.

    Without a code it is evaluated point by point.
    """

    def __init__(self, code: Code | None, count: int) -> None:
        self._count = count
        self._result_rows: dict[int, int] = {}
        self._function: Callable[..., Any] = lambda *_: ((nan,) * count, ())
        self._row_count = 0
        self._unseen: list[int] = []
        self._code: CodeType | None = None
        if code is None:
            return
        writer = _Writer(code)
        self._row_count = writer.row_count
        # Results are computed in the rows in which they are returned.
        results = reversed([*enumerate(writer.results)])
        self._result_rows = {int(name[1:]): index for index, name in results if name.startswith("w")}
        checked = {operand for term in code.checked for operand in (term, *term.operands)}
        self._unseen = [index for index, term in enumerate(code.arguments) if term in checked]
        self._namespace = {name: _function(name) for name in {"mul", *(term.function for term in code.steps)}}
        self._code = compile(writer.text, "<compiled by mgcli for arrays>", "exec")
        self._function = _defined_by(self._code, self._namespace)

    def __call__(
        self,
        arguments: Sequence[Any],
        at_point: AtPoint,
        *,
        threads: int = 1,
        chunk: int = CHUNK,
        underflows: Mask | None = None,
    ) -> list[Array]:
        """Return the values, then the derivatives, at the points of `arguments`: arrays, or numbers for all points.

        at_point: what to call at a point where something is not finite; with one thread, the points are in order.
        chunk: the points that one thread computes at a time; with more than one, `SHARED_CHUNK`.
        underflows: filled with the points where a product, quotient or power of numbers that are not 0 becomes so small
        that it loses digits, or 0.
        """
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
        threads = min(threads, size // SHARED_CHUNK)
        if threads > 1:
            chunk = SHARED_CHUNK
        starts = iter(range(0, size, chunk))

        def work() -> None:
            workspace = np.empty((self._row_count, min(chunk, size)))
            for start in starts:
                part = slice(start, min(start + chunk, size))
                numbers = [array[part] if array.ndim else array for array in points]
                lost = None if underflows is None else underflows[part]
                self._chunk(numbers, workspace[:, : part.stop - start], results[:, part], at_point, lost)

        _in_threads(work, threads, starts)
        return [row.reshape(shape) for row in results]

    def _chunk(
        self, numbers: Sequence[Any], workspace: Array, results: Array, at_point: AtPoint, underflows: Mask | None
    ) -> None:
        """Compute `results` at one chunk of points; a point where something is not finite is computed separately."""
        rows = [
            results[self._result_rows[index]] if index in self._result_rows else row
            for index, row in enumerate(workspace)
        ]
        lost: list[str] = []
        under: Any = "ignore" if underflows is None else "call"

        def note(kind: str, flag: int) -> None:
            lost.append(kind)

        try:
            with np.errstate(divide="raise", over="raise", invalid="raise", under=under, call=note):
                self._run(numbers, rows, results)
                # A sum is fast, and not finite if one of the numbers is not. A product of two rows would be even faster
                # on an idle machine, but numpy gives it to threads, which wait for each other on a busy one.
                total = float(sum(row.sum() for row in (*results, *(numbers[index] for index in self._unseen))))
        except FloatingPointError:
            total = nan
        if total - total != 0.0:
            with np.errstate(all="ignore", under=under, call=note):
                checked = self._run(numbers, rows, results)
            sound = np.isfinite(results).all(axis=0)
            for row in checked:
                sound &= np.isfinite(row)
            for index in np.flatnonzero(~sound):
                results[:, index] = at_point(*(float(array[index] if array.ndim else array) for array in numbers))
        if lost and underflows is not None:
            self._find_underflows(numbers, workspace, underflows)

    def _run(self, numbers: Sequence[Any], rows: Sequence[Array], results: Array) -> Sequence[Any]:
        """Compute `results`, most of which are in `rows` already; return what else must be finite."""
        computed_rows, checked = self._function(*numbers, rows)
        for row, computed in zip(results, computed_rows, strict=True):
            if computed is not row:
                row[...] = computed
        finite: Sequence[Any] = checked
        return finite

    def _find_underflows(self, numbers: Sequence[Any], workspace: Array, underflows: Mask) -> None:
        """Run the same code once more, with functions that look at what they multiply and divide."""
        assert self._code
        looking = {
            name: _looking(function, underflows) if name in _UNDERFLOWING else function
            for name, function in self._namespace.items()
        }
        with np.errstate(all="ignore"):
            _defined_by(self._code, looking)(*numbers, list(workspace))


_UNDERFLOWING = ("mul", "div", "pow")


def _looking(function: Callable[..., Any], underflows: Mask) -> Callable[..., Any]:
    """Return a function of two operands that marks in `underflows` where its result is too small for all its digits."""

    def looking(x: Any, y: Any, out: Array) -> None:
        not_zero = np.not_equal(x, 0.0)
        if function is not np.power:
            not_zero = not_zero & np.not_equal(y, 0.0)
        not_zero = not_zero & np.isfinite(x) & np.isfinite(y)
        function(x, y, out)
        np.logical_or(underflows, not_zero & (np.abs(out) < float_info.min), underflows)

    return looking


def _defined_by(code: CodeType, namespace: dict[str, Any]) -> Callable[..., Any]:
    """Return the function that `code` defines, which can use only the names of `namespace`."""
    names = dict(namespace)
    exec(code, names)
    function: Callable[..., Any] = names["function"]
    return function


def _in_threads(work: Callable[[], None], threads: int, shared: Iterator[int]) -> None:
    """Call `work` in so many threads at once, which take their work from `shared`."""
    if threads < 2:
        work()
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        try:
            for done in [pool.submit(work) for _ in range(threads)]:
                done.result()
        finally:
            # After an interrupt, nothing is left to do.
            for _ in shared:
                pass
