"""Logarithms joined where that leaves one of a number: log(2) + log(3) is log(6), log(2*x) - log(x) is log(2)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import gcd, lcm

from mgcli.simplify.algebra import Algebra
from mgcli.simplify.arithmetic import Factors, join
from mgcli.simplify.kernels import Kernel, Number, Powers, Sum, reduced
from mgcli.simplify.numbers import prime_powers
from mgcli.simplify.rules import EXACT

KINDS = ("log", "log2", "log10")

LARGEST = 10**6
"""The largest number that a joined logarithm is taken of."""

MOST = 8
"""The maximum number of logarithms beside the same factors."""

Term = tuple[Sum, Number]
"""What a logarithm is taken of, and the number in front of it."""


def joined(algebra: Algebra, total: Sum) -> Iterator[Sum]:
    """Yield a sum with fewer logarithms, if there is one."""
    places: dict[tuple[Powers, str], list[Term]] = {}
    for powers, number in total.terms.items():
        factors, coefficient = _divided(algebra, powers, number)
        logarithm = _only_logarithm(factors)
        if logarithm is None:
            places.setdefault((factors, ""), []).append((algebra.one, coefficient))
        else:
            rest = factors - {(logarithm, 1)}
            places.setdefault((rest, logarithm.kind), []).append((logarithm.operands[0], coefficient))
    parts: list[Term] = []
    for (rest, kind), terms in places.items():
        front = algebra.sum({rest: 1})
        for operand, number in _without_quotients(algebra, _without_numbers(algebra, terms)) if kind else terms:
            part = algebra.times(front, _logarithm(algebra, kind, operand)) if kind else front
            parts.append((part, number))
    found = algebra.add(parts)
    if found is not total:
        yield found


def _only_logarithm(powers: Powers) -> Kernel | None:
    found = [kernel for kernel, exponent in powers if kernel.kind in KINDS and exponent == 1]
    return found[0] if len(found) == 1 else None


def _logarithm(algebra: Algebra, kind: str, operand: Sum) -> Sum:
    exact = None if operand.number is None else EXACT[kind](operand.number)
    return algebra.of(algebra.kernel(kind, (operand,))) if exact is None else algebra.number(exact)


def _divided(algebra: Algebra, powers: Powers, number: Number) -> tuple[Powers, Number]:
    """log(8)/log(2) -> 3."""
    factors: Factors = dict(powers)
    logarithms = [kernel for kernel, _ in powers if kernel.kind in KINDS and kernel.operands[0].number is not None]
    for below in logarithms:
        for above in logarithms:
            if above.kind == below.kind and factors.get(above, 0) >= 1 and factors.get(below, 0) <= -1:
                ratio = _ratio(above.operands[0].number, below.operands[0].number)
                if ratio is not None:
                    join(factors, above, -1)
                    join(factors, below, 1)
                    number = reduced(number * ratio)
    return frozenset(factors.items()), number


def _ratio(above: Number | None, below: Number | None) -> Number | None:
    """Return log(above)/log(below) where it is a fraction."""
    if (
        not isinstance(above, int)
        or not isinstance(below, int)
        or not 1 < min(above, below) <= max(above, below) < LARGEST
    ):
        return None
    left, right = dict(prime_powers(above)), dict(prime_powers(below))
    ratios = {Fraction(left[prime], right[prime]) for prime in left if prime in right}
    return ratios.pop() if left.keys() == right.keys() and len(ratios) == 1 else None


def _without_numbers(algebra: Algebra, terms: list[Term]) -> list[Term]:
    """2*log(2) + log(3) -> log(12)."""
    numbers = [(operand.number, number) for operand, number in terms if operand.number is not None]
    if len(numbers) < 2 or len(terms) > MOST:
        return terms
    fronts = [Fraction(number) for _, number in numbers]
    unit = Fraction(gcd(*(front.numerator for front in fronts)), lcm(*(front.denominator for front in fronts)))
    product = Fraction(1)
    for base, number in numbers:
        exponent = number / unit
        if abs(exponent) > MOST or Fraction(base) <= 0:
            return terms
        product *= Fraction(base) ** int(exponent)
    if product < 1:
        product, unit = 1 / product, -unit
    if product.numerator > LARGEST:
        return terms
    others = [(operand, number) for operand, number in terms if operand.number is None]
    return [*others, (algebra.number(product), reduced(unit))]


def _without_quotients(algebra: Algebra, terms: list[Term]) -> list[Term]:
    """log(2*x) - log(x) -> log(2)."""
    found: list[Term] = []
    for operand, number in terms if len(terms) <= MOST else ():
        for index, (other, opposite) in enumerate(found):
            if opposite == -number:
                ratio = algebra.multiply((other, 1), (operand, -1)).number
                if ratio is not None and ratio > 0:
                    sign = 1 if ratio >= 1 else -1
                    found[index] = (algebra.number(Fraction(ratio) ** sign), sign * opposite)
                    break
        else:
            found.append((operand, number))
    return found if len(terms) <= MOST else terms
