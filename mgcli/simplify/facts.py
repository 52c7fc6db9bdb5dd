"""What is known about the values of a kernel or a sum without knowing its variables: their sign.

Facts are bits, and true of real numbers: the exponential is never 0, though as a float it may be.
"""

from __future__ import annotations

from mgcli.graph import operation as operations
from mgcli.graph.table import OPERATIONS
from mgcli.simplify.kernels import POW, Kernel, Number, Powers, Sum

NONZERO = 1
"""Wherever it has a value, that is not 0."""
NONNEGATIVE = 2
"""Wherever it has a value, that is not below 0."""

POSITIVE = NONZERO | NONNEGATIVE

_RANGES = {
    operations.POSITIVE: POSITIVE,
    operations.NOT_NEGATIVE: NONNEGATIVE,
    operations.BETWEEN_0_AND_1: POSITIVE,
}


def of_kernel(kernel: Kernel) -> int:
    """Return the facts about a kernel, given those about its operands."""
    match kernel.kind:
        case "exp" | "prime":
            return POSITIVE
        case "leaf":
            leaf = kernel.leaf
            return POSITIVE if leaf is not None and not leaf.varies and leaf.data > 0 else 0
        case "pow":
            return of_sum(kernel.operands[0]) & POSITIVE if of_sum(kernel.operands[0]) & NONNEGATIVE else 0
        case "group" | "sealed":
            return of_sum(kernel.operands[0])
        case "abs":
            return NONNEGATIVE
        case "where":
            return of_sum(kernel.operands[1]) & of_sum(kernel.operands[2])
        case "max":
            return max(of_sum(operand) * bool(of_sum(operand) & NONNEGATIVE) for operand in kernel.operands)
        case "min":
            return of_sum(kernel.operands[0]) & of_sum(kernel.operands[1])
    operation = OPERATIONS.get(kernel.kind)
    return _RANGES.get(operation.range, 0) if operation else 0


def of_sum(total: Sum) -> int:
    """Return the facts about a sum: those that all its terms share, and that it is positive where one of them is."""
    if total.facts is None:
        signs = [of_product(powers, number) for powers, number in total.terms.items()]
        if len(signs) == 1:
            total.facts = signs[0]
        else:
            positive = any(sign & NONZERO for sign in signs)
            total.facts = (NONNEGATIVE | NONZERO * positive) * all(sign & NONNEGATIVE for sign in signs)
    return total.facts


def of_product(powers: Powers, number: Number = 1) -> int:
    """Return the facts about a product."""
    facts = NONZERO | NONNEGATIVE * (number > 0)
    for kernel, exponent in powers:
        facts &= of_power(kernel, exponent)
    return facts


def of_power(kernel: Kernel, exponent: Number) -> int:
    """Return the facts about a kernel to a power.

    Nothing is known about x**y at x < 0, or about its square: that is x**(2*y), which may be below
    0.
    """
    if kernel.kind == POW:
        return kernel.facts
    is_even = exponent % 2 == 0 or exponent.denominator % 2 == 0
    return kernel.facts & POSITIVE | NONNEGATIVE * is_even | NONZERO * (exponent < 0)
