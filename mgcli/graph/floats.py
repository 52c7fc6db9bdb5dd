"""The functions of the table on floats: the namespace `m` of its rules, and what `math` lacks."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from mgcli.graph.operation import Rule
from mgcli.graph.table import CONSTANTS, TABLE


def _greater(x: float, y: float) -> float:
    return 1.0 if x > y else 0.0


def _less(x: float, y: float) -> float:
    return 1.0 if x < y else 0.0


def _equal(x: float, y: float) -> float:
    return 1.0 if x == y else 0.0


def _where(condition: float, x: float, y: float) -> float:
    return x if condition else y


def _floor(x: float) -> float:
    return float(math.floor(x))


def _ceil(x: float) -> float:
    return float(math.ceil(x))


def _mod(x: float, y: float) -> float:
    # There is no -0.0.
    return x % y + 0.0


def _factorial(x: float) -> float:
    return math.gamma(x + 1.0)


def _cbrt(x: float) -> float:
    if x == 0.0 or x - x != 0.0:
        return x
    root = math.copysign(math.pow(abs(x), 1.0 / 3.0), x)
    # One step of Newton's method: 1/3 is not a float, so the power is wrong in its last digits.
    return root - (root - x / root / root) / 3.0


def _float_namespace() -> Any:
    """Return the functions of the table on floats: those of `math`, and the rest by their own rules."""
    namespace = SimpleNamespace(
        where=_where,
        greater=_greater,
        less=_less,
        equal=_equal,
        floor=_floor,
        ceil=_ceil,
        cbrt=_cbrt,
        mod=_mod,
        factorial=_factorial,
        pow=math.pow,
        hypot=math.hypot,
        lgamma=_special("lgamma"),
        digamma=_special("digamma"),
        polygamma=_special("polygamma"),
        **CONSTANTS,
    )
    for operation in TABLE:
        if not hasattr(namespace, operation.name):
            primitive = getattr(math, operation.name, None) or _bound(operation.forward, namespace)
            setattr(namespace, operation.name, primitive)
    return namespace


def _special(name: str) -> Callable[..., float]:
    def function(*operands: float) -> float:
        from mgcli.graph import special

        result: float = getattr(special, name)(*operands)
        return result

    return function


def _bound(rule: Rule, namespace: Any) -> Rule:
    return lambda *operands: rule(namespace, *operands)


FLOATS: Any = _float_namespace()
"""The namespace `m` of the rules for floats."""
