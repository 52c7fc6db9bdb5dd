"""The operations of the table as functions of `Value` and numbers: `from mgcli.functions import hypot`.

This is the namespace `m` of the rules for nodes.
"""

from collections.abc import Callable
from functools import partial

from mgcli.operations import CONSTANTS, FUNCTIONS, OPERATIONS
from mgcli.value import Value, apply, constant


def __getattr__(name: str) -> Callable[..., Value] | Value:
    if name in CONSTANTS:
        return constant(CONSTANTS[name], label=name)
    operation = FUNCTIONS.get(name) or OPERATIONS.get(name)
    if operation is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return partial(apply, operation)


def __dir__() -> list[str]:
    return sorted(FUNCTIONS)
