"""What is known of the values of a node without knowing its variables: where it has one, and of what sign.

Facts are bits. They are told of real numbers: the exponential is never 0, though as a float it may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mgcli.graph import operation
from mgcli.graph.operation import Operation

NONZERO = 1
"""Wherever it has a value, that is not 0."""
NONNEGATIVE = 2
"""Wherever it has a value, that is not below 0."""
TOTAL = 4
"""It has a value wherever its variables are numbers."""

BELOW_ONE = 8
"""Wherever it has a value, that lies between -1 and 1."""

POSITIVE = NONZERO | NONNEGATIVE

_RANGES = {
    operation.POSITIVE: POSITIVE,
    operation.NOT_NEGATIVE: NONNEGATIVE,
    operation.BETWEEN_0_AND_1: POSITIVE | BELOW_ONE,
    operation.WITHIN_1: BELOW_ONE,
}
_DOMAINS = {
    operation.ALL_NUMBERS: 0,
    operation.ABOVE_0: POSITIVE,
    operation.FROM_0: NONNEGATIVE,
    operation.NOT_BY_0: NONZERO,
}
"""For domains that the last operand decides, what has to be known of it."""


def of_number(number: float) -> int:
    """Return the facts about a constant."""
    if number != number:
        return 0
    return TOTAL | NONZERO * (number != 0.0) | NONNEGATIVE * (number >= 0.0)


def demands(exponent: float) -> int:
    """Return what has to be known of a base for it to have this power."""
    return NONZERO * (exponent < 0) | NONNEGATIVE * (not exponent.is_integer())


def of_operation(operation: Operation, operands: Sequence[int], exponent: Fraction | None = None) -> int:
    """Return the facts about `operation` from those about its operands; of a power to a constant, the `exponent`."""
    total = TOTAL * (all(facts & TOTAL for facts in operands) and _is_total(operation, operands, exponent))
    return total | _sign(operation, operands, exponent)


def _is_total(operation: Operation, operands: Sequence[int], exponent: Fraction | None) -> bool:
    if operation.name == "pow":
        asked = POSITIVE if exponent is None else demands(float(exponent))
        return not asked & ~operands[0]
    asked = _DOMAINS.get(operation.domain, ~0)
    return not asked & ~operands[-1] or operation.selects


def _sign(operation: Operation, operands: Sequence[int], exponent: Fraction | None) -> int:
    first, last = operands[0] & POSITIVE, operands[-1] & POSITIVE
    match operation.name:
        case "add":
            return first | last if first & last & NONNEGATIVE else 0
        case "mul" | "min":
            return first & last
        case "div":
            return first & (last | NONZERO)
        case "max":
            return first & last | max((sign for sign in (first, last) if sign & NONNEGATIVE), default=0)
        case "where":
            return operands[1] & last
        case "neg":
            return first & NONZERO
        case "pow":
            return first | _sign_of_power(exponent)
        case "sqrt" | "abs":
            return first & NONZERO | NONNEGATIVE
    return _RANGES.get(operation.range, 0)


def _sign_of_power(exponent: Fraction | None) -> int:
    """Return the facts about a power whatever its base; where the exponent varies, its base may be negative."""
    if exponent is None:
        return 0
    even = exponent.denominator > 1 or exponent.numerator % 2 == 0
    return NONNEGATIVE * even | NONZERO * (exponent <= 0)
