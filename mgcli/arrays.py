"""The functions of the table on numpy arrays, and a compiled graph run over them.

Loaded only when a compiled graph is called with arrays: numpy is no requirement of this package.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import nan
from typing import Any

import numpy as np

from mgcli.errors import EvaluationError
from mgcli.operations import FLOATS, OPERATIONS

Array = Any

CHUNK = 4096
"""The points that are computed at a time: few enough for everything between to stay in the processor's cache."""


def _on_arrays(name: str) -> Callable[..., Array]:
    """Return the function `name` of the table on arrays: numpy's, or else that on floats at each point."""
    operation = OPERATIONS.get(name)
    for known in (*(operation.names if operation else ()), name):
        function = getattr(np, {"pow": "power", "atan2": "arctan2"}.get(known, known), None)
        if isinstance(function, np.ufunc):
            return function

    on_floats = getattr(FLOATS, name)

    def at_point(*operands: float) -> float:
        try:
            return float(on_floats(*operands))
        except (ArithmeticError, ValueError):
            return nan

    arity = operation.arity if operation else 1
    at_points = np.frompyfunc(at_point, arity, 1)
    return lambda *operands: np.asarray(at_points(*operands), dtype=float)


FUNCTIONS: dict[str, Any] = {name: _on_arrays(name) for name in vars(FLOATS) if callable(getattr(FLOATS, name))}
FUNCTIONS["where"] = np.where
"""What a compiled graph calls, by name."""


def evaluate(
    function: Callable[..., Any], arguments: Sequence[Any], derivatives: int, at_point: Callable[..., Any]
) -> tuple[Array, tuple[Array, ...]]:
    """Return the value and the derivatives that `function` gives at the points of `arguments`.

    Where something is not finite there, `at_point` is asked; a point that it refuses is nan.
    """
    arrays = np.broadcast_arrays(*(np.asarray(argument, dtype=float) for argument in arguments))
    shape = arrays[0].shape
    # A number stays one, but one of numpy's: 1/0.0 must not raise.
    flat = [
        array.reshape(-1) if np.ndim(argument) else np.float64(argument)
        for array, argument in zip(arrays, arguments, strict=True)
    ]
    size = arrays[0].size
    results = np.empty((1 + derivatives, size))
    with np.errstate(all="ignore"):
        for start in range(0, size, CHUNK):
            part = slice(start, start + CHUNK)
            numbers = [array[part] if array.ndim else array for array in flat]
            value, gradient, others = function(*numbers)
            for row, result in zip(results, (value, *gradient), strict=True):
                row[part] = result
            total = sum(np.add.reduce(row[part]) for row in results) + sum(np.sum(other) for other in others)
            if total - total != 0.0:
                _mend(results[:, part], others, flat, start, at_point)
    return results[0].reshape(shape), tuple(row.reshape(shape) for row in results[1:])


def _mend(
    results: Array, others: Sequence[Array], flat: Sequence[Any], start: int, at_point: Callable[..., Any]
) -> None:
    """Ask for each point of a chunk whose numbers are not all finite."""
    sound = np.isfinite(results).all(axis=0)
    for other in others:
        sound &= np.isfinite(other)
    for place in np.flatnonzero(~sound):
        point = [float(array[start + place] if array.ndim else array) for array in flat]
        try:
            value, gradient = at_point(*point)
        except EvaluationError:
            results[:, place] = nan
        else:
            results[:, place] = (value, *gradient)
