"""A sum in which functions are replaced by what they are in others: tan(p) by sin(p)/cos(p)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import permutations

from mgcli.simplify.algebra import Algebra
from mgcli.simplify.arithmetic import Factors, join
from mgcli.simplify.calls import Calls, Letter
from mgcli.simplify.kernels import EXP, GROUP, Kernel, Number, Sum, kernels_in_groups, kernels_of
from mgcli.simplify.rules import QUOTIENTS, RECURRENCES, REFLECTIONS

LAMBERTW = "lambertw"

RECURRING = RECURRENCES.keys() | REFLECTIONS.keys()
"""The functions that are written with the same function of another operand."""

MOST_STEPS = 4
"""The maximum number of times that a recurrence is used: gamma(p + 4), but not gamma(p + 5), beside gamma(p)."""

MOST_RECURRING = 6
"""The maximum number of functions with a recurrence that are compared in one sum."""


class NotWholeError(Exception):
    """A power of a function that has no form in the other angle without a root."""


def rewritten(algebra: Algebra, total: Sum, change: Callable[[Factors], Sum]) -> Sum:
    """Return a sum, each of its products changed, and those in its groups."""
    parts = []
    for powers, number in total.terms.items():
        factors: Factors = {}
        groups: list[Sum] = []
        for kernel, exponent in sorted(powers, key=lambda power: power[0].index):
            if kernel.kind == GROUP:
                inner = rewritten(algebra, kernel.operands[0], change)
                unchanged = inner is kernel.operands[0]
                if not unchanged and exponent.denominator > 1:
                    raise NotWholeError
                groups.append(algebra.of(kernel, exponent) if unchanged else algebra.multiply((inner, exponent)))
            else:
                factors[kernel] = exponent
        parts.append((algebra.times(change(factors), *groups), number))
    return algebra.add(parts)


def with_quotients_opened(algebra: Algebra, total: Sum) -> Iterator[Sum]:
    """Yield a sum whose tangents are quotients of a sine and a cosine, each term cancelled, if there is one."""

    def opened(factors: Factors) -> Sum:
        found: Factors = {}
        for kernel, power in factors.items():
            if kernel.kind in QUOTIENTS:
                sine, cosine = (algebra.kernel(name, kernel.operands) for name in QUOTIENTS[kernel.kind])
                join(found, sine, power)
                join(found, cosine, -power)
            else:
                join(found, kernel, power)
        return algebra.product(1, found)

    if not any(kernel.kind in QUOTIENTS for kernel in kernels_of(total)):
        return
    with suppress(NotWholeError):
        yield rewritten(algebra, total, opened)


def with_recurrences(calls: Calls, total: Sum) -> Iterator[Sum]:
    """Yield a sum in which f(p + n), or f(-p), is written with f(p), if there are functions with such a rule."""
    algebra = calls.algebra
    opened: dict[Kernel, Sum] = {}
    kernels = [kernel for kernel in kernels_in_groups(total) if kernel.kind in RECURRING]
    for one, other in permutations(kernels[:MOST_RECURRING], 2):
        if one.kind == other.kind and one not in opened and other not in opened:
            value = _reflected(algebra, one, other) or _recurring(calls, one, other)
            if value is not None:
                opened[other] = value

    def changed(factors: Factors) -> Sum:
        left = {kernel: power for kernel, power in factors.items() if kernel not in opened}
        if any(power.denominator > 1 for kernel, power in factors.items() if kernel in opened):
            raise NotWholeError
        values = [(opened[kernel], power) for kernel, power in factors.items() if kernel in opened]
        return algebra.multiply((algebra.product(1, left), 1), *values)

    with suppress(NotWholeError):
        if opened:
            yield rewritten(algebra, total, changed)


def _reflected(algebra: Algebra, one: Kernel, other: Kernel) -> Sum | None:
    """Return f(-p) with f(p)."""
    if one.kind not in REFLECTIONS or algebra.scaled(one.operands[0], -1) is not other.operands[0]:
        return None
    return algebra.add([(algebra.number(REFLECTIONS[one.kind]), 1), (algebra.of(one), -1)])


def _recurring(calls: Calls, one: Kernel, other: Kernel) -> Sum | None:
    """Return f(p + n) with f(p)."""
    algebra = calls.algebra
    steps = algebra.add([(other.operands[0], 1), (one.operands[0], -1)]).number or 0
    if one.kind not in RECURRENCES or not 0 < steps <= MOST_STEPS or steps.denominator > 1:
        return None
    found, at = Letter(calls, algebra.of(one)), Letter(calls, one.operands[0])
    for step in range(int(steps)):
        found = RECURRENCES[one.kind](found, at + step)
    return found.total


def with_lambertw_only(algebra: Algebra, total: Sum) -> Iterator[Sum]:
    """Yield a sum whose exp(lambertw(p)) are p/lambertw(p), if there is one."""

    def changed(factors: Factors) -> Sum:
        found: list[tuple[Sum, Number]] = [(algebra.one, 1)]
        left = dict(factors)
        for kernel, power in factors.items():
            inner = kernel.operands[0].kernel if kernel.kind == EXP else None
            if inner is not None and inner.kind == LAMBERTW and power.denominator == 1:
                del left[kernel]
                found += [(inner.operands[0], power), (algebra.of(inner), -power)]
        return algebra.multiply((algebra.product(1, left), 1), *found)

    with suppress(NotWholeError):
        found = rewritten(algebra, total, changed)
        if found is not total:
            yield found


def has_more_poles(algebra: Algebra, form: Sum, total: Sum) -> bool:
    """Return whether lambertw(p), or p, is below the line in a form, but not in the sum."""
    inner = [kernel for kernel in kernels_in_groups(form) if kernel.kind == LAMBERTW]
    zeros = {*inner, *(kernel for each in inner for kernel in algebra.grouped(each.operands[0])[1])}
    return bool(zeros & (_below(form) - _below(total)))


def _below(total: Sum) -> set[Kernel]:
    sums = [total, *(kernel.operands[0] for kernel in kernels_in_groups(total) if kernel.kind == GROUP)]
    return {kernel for each in sums for powers in each.terms for kernel, exponent in powers if exponent < 0}
