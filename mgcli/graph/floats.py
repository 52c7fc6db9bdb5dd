"""The functions of the table on floats: the namespace `m` of its rules, and what `math` lacks."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from mgcli.graph.operation import Rule
from mgcli.graph.table import ALL_OPERATIONS, CONSTANTS, is_primitive


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


def _round(x: float) -> float:
    return float(round(x))


def _trunc(x: float) -> float:
    return float(math.trunc(x))


def _mod(x: float, y: float) -> float:
    # There is no -0.0.
    return x % y + 0.0


def _fmod(x: float, y: float) -> float:
    return math.fmod(x, y) + 0.0


def _pow(x: float, y: float) -> float:
    # A product and a quotient have one rounding error less than the power of `math`, and are what a compiler makes
    # of such a power: so the code that a graph is written as gives the same floats in every language.
    if y == 2.0:
        return x * x
    return 1.0 / x if y == -1.0 else math.pow(x, y)


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
        round=_round,
        trunc=_trunc,
        mod=_mod,
        fmod=_fmod,
        cbrt=_cbrt,
        pow=_pow,
        hypot=math.hypot,
        lgamma=_of_gamma_family("lgamma"),
        digamma=_of_gamma_family("digamma"),
        polygamma=_of_gamma_family("polygamma"),
        **CONSTANTS,
    )
    for name, operation in ALL_OPERATIONS.items():
        if operation.mpmath:
            setattr(namespace, name, _by_mpmath(name))
        elif not hasattr(namespace, name):
            known = getattr(math, name, None)
            function = known if known and is_primitive(operation) else _bound(operation.forward, namespace)
            setattr(namespace, name, function)
    return namespace


def _of_gamma_family(name: str) -> Callable[..., float]:
    def function(*operands: float) -> float:
        from mgcli.graph import gamma_functions

        result: float = getattr(gamma_functions, name)(*operands)
        return result

    return function


def _by_mpmath(name: str) -> Callable[..., float]:
    def function(*operands: float) -> float:
        from mgcli.graph.multiprecision import on_floats

        return on_floats(name, operands)

    return function


def _bound(rule: Rule, namespace: Any) -> Rule:
    return lambda *operands: rule(namespace, *operands)


FLOATS: Any = _float_namespace()
"""The namespace `m` of the rules for floats."""
