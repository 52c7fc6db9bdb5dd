"""A compiled graph on numpy arrays: its source again, now for many points at a time.

Each operation becomes a call of numpy that writes to a place of a small workspace; the points are
taken in chunks so small that the workspace stays in the processor's cache. Loaded only when a
compiled graph is called with arrays: numpy is no requirement of this package.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from math import nan, prod
from typing import Any

import numpy as np

from mgcli.graph.floats import FLOATS
from mgcli.graph.table import OPERATIONS

Array = Any

CHUNK = 16384
"""The points that are computed at a time."""

_OPERATORS: dict[type, str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
    ast.USub: "negative",
}


_COMPARISONS: dict[type, str] = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!="}


def _where(condition: Array, x: Array, y: Array, place: Array) -> None:
    np.copyto(place, y)
    np.copyto(place, x, where=np.asarray(condition, dtype=bool))


def _function(name: str) -> Callable[..., Any]:
    """Return the function `name` of the table on arrays: numpy's, or else that on floats at each point."""
    operation = OPERATIONS.get(name)
    for known in ({"pow": "power", "atan2": "arctan2"}.get(name, name), *(operation.names if operation else ())):
        function = getattr(np, known, None)
        if isinstance(function, np.ufunc):
            return function
    on_floats = getattr(FLOATS, name)

    def at_point(*operands: float) -> float:
        try:
            return float(on_floats(*operands))
        except (ArithmeticError, ValueError):
            return nan

    def at_points(*operands_and_place: Array) -> None:
        *operands, place = operands_and_place
        place[...] = np.vectorize(at_point, otypes=[float])(*operands)
        if not np.isfinite(place).all():
            # Tell it as numpy's own functions do.
            np.subtract(np.inf, np.inf)

    return at_points


def _functions() -> dict[str, Any]:
    """Return what the written lines call; the last argument of each is the place of its result."""
    functions = {name: _function(name) for name in vars(FLOATS) if callable(getattr(FLOATS, name))}
    arithmetic = {name: getattr(np, name) for name in _OPERATORS.values()}
    return {**functions, **arithmetic, "abs": np.abs, "where": _where}


class _Translation:
    """The lines of a function of floats, rewritten for arrays: `v3 = v1*v2` becomes `multiply(w1, w2, w0)`.

    A place is taken for the result of each operation, and given back after the last use of it.
    """

    def __init__(self, source: str) -> None:
        function = ast.parse(source).body[0]
        assert isinstance(function, ast.FunctionDef)
        arguments = [argument.arg for argument in function.args.args]
        names = (node for node in ast.walk(function) if isinstance(node, ast.Name))
        self.uses = Counter(name.id for name in names if isinstance(name.ctx, ast.Load))
        self.written = {argument: f"x{number}" for number, argument in enumerate(arguments)}
        self.lines: list[str] = []
        self.results: list[str] = []
        self.free: list[str] = []
        self.places = 0
        for statement in function.body:
            self._statement(statement)
        places = [f"w{number}" for number in range(self.places)]
        opening = f"def function({', '.join([*self.written.values()][: len(arguments)])}, places):"
        unpacked = [f"{', '.join(places)}, = places"] if places else []
        self.text = "\n    ".join([opening, *unpacked, *self.lines]) + "\n"

    def _statement(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign):
            (target,) = statement.targets
            assert isinstance(target, ast.Name)
            # A second name for one place: it would be given back after the last use of either.
            assert not isinstance(statement.value, ast.Name)
            self.written[target.id] = self._operand(statement.value, [])
        elif isinstance(statement, ast.AugAssign):
            assert isinstance(statement.target, ast.Name)
            total = self.written[statement.target.id]
            done: list[str] = []
            operand = self._operand(statement.value, done)
            place = total if total.startswith("w") else self._place()
            self.lines.append(f"{_OPERATORS[type(statement.op)]}({total}, {operand}, {place})")
            self.written[statement.target.id] = place
            self.free.extend(done)
        else:
            assert isinstance(statement, ast.Return)
            assert isinstance(statement.value, ast.Tuple)
            value, gradient, others = statement.value.elts
            assert isinstance(gradient, ast.Tuple)
            assert isinstance(others, ast.Tuple)
            self.results = [self._returned(value), *map(self._returned, gradient.elts)]
            checked = map(self._returned, others.elts)
            self.lines.append(f"return {_tuple(self.results)}, {_tuple(checked)}")

    def _returned(self, value: ast.expr) -> str:
        if isinstance(value, ast.BinOp):
            # The sum with 0.0 is for the sign of a zero.
            return self._returned(value.left)
        return self._operand(value, [])

    def _operand(self, value: ast.expr, done: list[str]) -> str:
        """Return what `value` is called, its lines written; its place goes to `done` when this is its last use."""
        if isinstance(value, ast.Constant):
            return repr(value.value)
        if isinstance(value, ast.UnaryOp) and isinstance(value.operand, ast.Constant):
            return repr(ast.literal_eval(value))
        if isinstance(value, ast.Name):
            name = self.written[value.id]
            self.uses[value.id] -= 1
            if name.startswith("w") and not self.uses[value.id]:
                done.append(name)
            return name
        place = self._operation(value)
        done.append(place)
        return place

    def _operation(self, value: ast.expr) -> str:
        """Write the line of an operation; return the place of its result."""
        done: list[str] = []
        if isinstance(value, ast.BinOp):
            function, operands = _OPERATORS[type(value.op)], [value.left, value.right]
        elif isinstance(value, ast.UnaryOp):
            function, operands = _OPERATORS[type(value.op)], [value.operand]
        elif isinstance(value, ast.IfExp):
            function, operands = "where", [value.test, value.body, value.orelse]
        else:
            assert isinstance(value, ast.Call)
            assert isinstance(value.func, ast.Name)
            function, operands = value.func.id, value.args
        if function == "pow" and isinstance(operands[1], ast.Constant) and operands[1].value in (2.0, 3.0):
            return self._product(operands[0], 2 if operands[1].value == 2.0 else 3)
        written = self._operands(operands, done)
        place = self._place()
        self.lines.append(f"{function}({', '.join(written)}, {place})")
        self.free.extend(done)
        return place

    def _product(self, factor: ast.expr, power: int) -> str:
        """Write a small whole power as a product: numpy takes ten times as long for it."""
        done: list[str] = []
        operand = self._operand(factor, done)
        place = self._place()
        self.lines.append(f"multiply({operand}, {operand}, {place})")
        self.lines.extend([f"multiply({place}, {operand}, {place})"] * (power - 2))
        self.free.extend(done)
        return place

    def _operands(self, values: Sequence[ast.expr], done: list[str]) -> list[str]:
        """Return what `values` are called, a comparison as it is written."""
        sides = [[value.left, *value.comparators] if isinstance(value, ast.Compare) else [value] for value in values]
        flat = list(chain.from_iterable(sides))
        # Operations first: what only has a name is read after them, and its place is taken until then.
        called: dict[ast.expr, str] = {}
        for side in sorted(flat, key=lambda side: isinstance(side, ast.Name)):
            called[side] = self._operand(side, done)
        written = []
        for value, (first, *others) in zip(values, sides, strict=True):
            compared = [f" {_COMPARISONS[type(value.ops[0])]} {called[other]}" for other in others]  # type: ignore[attr-defined]
            written.append("".join([called[first], *compared]))
        return written

    def _place(self) -> str:
        if self.free:
            return self.free.pop()
        self.places += 1
        return f"w{self.places - 1}"


def _tuple(items: Iterable[str]) -> str:
    return f"({''.join(f'{item}, ' for item in items)})"


class OnArrays:
    """The function of a compiled graph on arrays.

    Where something is not finite at a point, `at_point` is asked, the same function on floats; it gives
    nan for what is not defined there. Without a source it is asked for every point.
    """

    def __init__(self, source: str | None, derivatives: int, at_point: Callable[..., Any]) -> None:
        self._derivatives = derivatives
        self._at_point = at_point
        self._rows: dict[int, int] = {}
        self._function: Callable[..., Any] = lambda *_: ((nan,) * (1 + derivatives), ())
        self._places = 0
        if source is None:
            return
        translation = _Translation(source)
        self._places = translation.places
        # What is returned is computed where it is to stay.
        results = reversed([*enumerate(translation.results)])
        self._rows = {int(name[1:]): row for row, name in results if name.startswith("w")}
        namespace = _functions()
        exec(compile(translation.text, "<compiled by mgcli for arrays>", "exec"), namespace)
        self._function = namespace["function"]

    def __call__(self, arguments: Sequence[Any]) -> tuple[Array, tuple[Array, ...]]:
        """Return the value and the derivatives at the points of `arguments`: arrays, and numbers for all of them."""
        shape = np.broadcast_shapes(*(np.shape(argument) for argument in arguments))
        size = prod(shape)
        # A number stays one, but one of numpy's: 1/0.0 must not raise.
        points: list[Any] = [
            np.broadcast_to(np.asarray(argument, dtype=float), shape).reshape(-1)
            if np.ndim(argument)
            else np.float64(argument)
            for argument in arguments
        ]
        results = np.empty((1 + self._derivatives, size))
        workspace = np.empty((self._places, min(CHUNK, size)))
        for start in range(0, size, CHUNK):
            part = slice(start, min(start + CHUNK, size))
            numbers = [array[part] if array.ndim else array for array in points]
            self._chunk(numbers, workspace[:, : part.stop - start], results[:, part])
        return results[0].reshape(shape), tuple(row.reshape(shape) for row in results[1:])

    def _chunk(self, numbers: Sequence[Any], workspace: Array, results: Array) -> None:
        """Compute `results` at one chunk of points; a point where something is not finite is asked for by itself."""
        places = [results[self._rows[place]] if place in self._rows else row for place, row in enumerate(workspace)]
        try:
            with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
                self._run(numbers, places, results)
                # A sum is quick, and not finite where one of the numbers is not. A product of two rows would be
                # quicker still on an idle machine: numpy hands it to threads, which wait for each other on a busy one.
                total = sum(row.sum() for row in results)
        except FloatingPointError:
            total = nan
        if total - total == 0.0:
            return
        with np.errstate(all="ignore"):
            others = self._run(numbers, places, results)
        sound = np.isfinite(results).all(axis=0)
        for other in others:
            sound &= np.isfinite(other)
        for place in np.flatnonzero(~sound):
            value, gradient = self._at_point(*(float(array[place] if array.ndim else array) for array in numbers))
            results[:, place] = (value, *gradient)

    def _run(self, numbers: Sequence[Any], places: Sequence[Array], results: Array) -> Sequence[Any]:
        """Compute `results`, most of which are places already; return what else has to be finite."""
        computed_rows, others = self._function(*numbers, places)
        for row, computed in zip(results, computed_rows, strict=True):
            if computed is not row:
                row[...] = computed
        checked: Sequence[Any] = others
        return checked
