"""The operations of the table as functions of `Value` and numbers: `from mgcli.functions import hypot`.

This is the namespace `m` of the rules for nodes.
"""

import builtins
import sys
from collections.abc import Callable
from functools import cache
from inspect import Parameter, Signature
from typing import Any

from mgcli.graph.operation import Operation
from mgcli.graph.table import ALL_OPERATIONS, CONSTANTS, FUNCTIONS, OVERLOADS, count_of_operands, nested
from mgcli.graph.value import Value, apply, constant

# `max`, `min` and the like are public too; `from mgcli.functions import *` leaves Python's own alone.
__all__ = [name for name in sorted(FUNCTIONS) if not hasattr(builtins, name)]


def __getattr__(name: str) -> Any:
    if name in CONSTANTS:
        return constant(CONSTANTS[name], label=name)
    operation = FUNCTIONS.get(name) or ALL_OPERATIONS.get(name)
    if operation is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__])
    return _function(operation)


@cache
def _function(operation: Operation) -> Callable[..., Value]:
    def function(*operands: Value | float) -> Value:
        if len(operands) == operation.arity or not operation.names:
            return apply(operation, *operands)
        called = nested(operation.name, operands, lambda operation, some: apply(operation, *some))
        if not isinstance(called, Value):
            raise TypeError(f"{operation.name} takes {count_of_operands(operation.name)}, not {len(operands)}")
        return called

    function.__name__ = function.__qualname__ = operation.name
    function.__signature__ = _signature(operation)  # type: ignore[attr-defined]
    function.__doc__ = f"Return {operation.name}({', '.join(operation.operands)}): {operation.description}."
    return function


def _signature(operation: Operation) -> Signature:
    """Return the signature that `help` and a notebook show."""
    parameters = [Parameter(name, Parameter.POSITIONAL_ONLY) for name in operation.operands]
    if longer := OVERLOADS.get((operation.name, operation.arity + 1)):
        parameters.append(Parameter(longer.operands[-1], Parameter.POSITIONAL_ONLY, default=None))
    if operation.is_variadic:
        parameters.append(Parameter("others", Parameter.VAR_POSITIONAL))
    return Signature(parameters)


def __dir__() -> list[str]:
    return sorted(FUNCTIONS)
