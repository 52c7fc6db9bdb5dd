"""The operations of the table as functions of `Value` and numbers: `from mgcli.functions import hypot`.

This is the namespace `m` of the rules for nodes.
"""

import sys
from collections.abc import Callable, Sequence
from functools import cache
from math import isnan
from typing import Any

from mgcli.errors import EvaluationError
from mgcli.operations import CONSTANTS, FUNCTIONS, OPERATIONS, Operation
from mgcli.value import Value, apply, constant


def __getattr__(name: str) -> Any:
    if name in CONSTANTS:
        return constant(CONSTANTS[name], label=name)
    operation = FUNCTIONS.get(name) or OPERATIONS.get(name)
    if operation is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _function(operation)


@cache
def _function(operation: Operation) -> Callable[..., Value]:
    def function(*operands: Value | float) -> Value:
        return apply(operation, *operands)

    function.__name__ = function.__qualname__ = operation.name
    function.__doc__ = f"Return {operation.name}({', '.join(operation.operands)}): {operation.description}."
    return function


def book_derivative(operation: Operation, place: int, result: Value, operands: Sequence[Value]) -> Value:
    """Return the derivative of `operation` by its operand at `place` as a node, in the form of a book.

    `result` is the node of the operation on `operands`. Raises EvaluationError where there is none.
    """
    slope: Value | float = operation.derivatives[place](sys.modules[__name__], result, *operands)
    if isinstance(slope, float) and isnan(slope):
        message = f"the derivative of {operation.noun}{operation.by(place)} is not defined"
        raise EvaluationError(message, span=result.span)
    return slope if isinstance(slope, Value) else constant(slope)


def __dir__() -> list[str]:
    return sorted(FUNCTIONS)
