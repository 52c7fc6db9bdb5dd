"""Fractions without roots in their denominators: multiplied by the conjugates of these.

1/((x + sqrt(2))*(x - sqrt(2))) is 1/(x**2 - 2), and (sqrt(3)*x + 3)/(x + sqrt(3)) is sqrt(3).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from math import gcd

from mgcli.simplify import polynomial
from mgcli.simplify.polynomial import Polynomial, common_divisor, divided, plus, times
from mgcli.simplify.ring import Quotient, Ring, Scaled, TooLargeError

Denominator = list[tuple[Polynomial, int]]
"""Polynomials, and how often each is in a denominator."""


def has_roots_below(ring: Ring, quotient: Quotient) -> bool:
    """Return whether there are roots in the denominator."""
    return any(_step(ring, factor, root) for factor, _ in _denominator(quotient) for root in _roots(ring))


def rationalized(ring: Ring, quotient: Quotient) -> Quotient | None:
    """Return a fraction without roots in its denominator, None if it may be undefined where `quotient` is not.

    1/(sqrt(x) + 2) stays: (sqrt(x) - 2)/(x - 4) has no value at x = 4. Raises TooLargeError.
    """
    below = _denominator(quotient)
    found = Quotient(Scaled(quotient.number, quotient.shift, quotient.above), [], [])
    for factor, exponent in zip(quotient.factors, quotient.exponents, strict=True):
        if exponent > 0:
            found.above = ring.product(found.above, ring.power(factor, exponent))
    multiplied = []
    for root in _roots(ring):
        below, is_multiplied = _without(ring, root, found, below)
        multiplied += [root] * is_multiplied
    below = _cancelled(found, below)
    poles = {index for index, power in found.shift.items() if power < min(quotient.shift.get(index, 0), 0)}
    poles.update(*(polynomial.variables_of(factor) for factor, _ in below))
    if _vary(ring, poles) and _vary(ring, polynomial.variables_of(_irrational(found.above, multiplied))):
        return None
    for factor, count in below:
        found.include(Scaled(Fraction(1), {}, factor), -count)
    return found


def _denominator(quotient: Quotient) -> Denominator:
    return [(factor, -e) for factor, e in zip(quotient.factors, quotient.exponents, strict=True) if e < 0]


def _roots(ring: Ring) -> list[int]:
    """Return the variables that are roots, outer ones first."""
    roots = [index for index, kernel in enumerate(ring.variables) if ring.orders[kernel] > 1]
    return sorted(roots, key=lambda index: -ring.variables[index].index)


def _without(ring: Ring, root: int, found: Quotient, below: Denominator) -> tuple[Denominator, bool]:
    """Return the denominator without a root, and whether `found` was multiplied by a conjugate for this."""
    pending = list(below)
    done: Denominator = []
    is_multiplied = False
    while pending:
        factor, count = pending.pop()
        if not _step(ring, factor, root):
            done.append((factor, count))
            continue
        if not count:
            continue
        conjugate = _conjugate(ring, factor, root)
        for place, (other, times_) in enumerate(pending):
            if other == conjugate:
                pending[place] = (other, max(times_ - count, 0))
                left = max(count - times_, 0)
                break
        else:
            left = count
        if left:
            is_multiplied = True
            above = ring.reduced(Scaled(Fraction(1), {}, ring.product(found.above, ring.power(conjugate, left))))
            found.multiply(above, 1)
            found.above = above.polynomial
        norm = ring.reduced(Scaled(Fraction(1), {}, ring.product(factor, conjugate)))
        if not norm.polynomial or not found.above:
            raise TooLargeError
        found.multiply(norm, -count)
        pending.append((norm.polynomial, count))
    return [(factor, count) for factor, count in done if count and len(factor) > 1], is_multiplied


def _step(ring: Ring, p: Polynomial, root: int) -> int:
    """Return the largest number that divides all exponents of a root, 0 if only its whole powers occur: p**(2/2)."""
    order = ring.orders[ring.variables[root]]
    step = gcd(order, *(polynomial.degree_in(root, power) for power in p))
    return step % order


def _conjugate(ring: Ring, p: Polynomial, root: int) -> Polynomial:
    """Return what a polynomial in a root is multiplied by, to have only a higher power of the root.

    With w**2 = q, that of p0 + p1*w is p0 - p1*w. With w**3 = q it is the product of those for both other cube roots.
    """
    step = _step(ring, p, root)
    order = ring.orders[ring.variables[root]] // step
    degree = next((degree for degree in (2, 3) if order % degree == 0), None)
    if degree is None:
        raise TooLargeError
    parts: list[Polynomial] = [{} for _ in range(degree)]
    for power, number in p.items():
        parts[polynomial.degree_in(root, power) // step % degree][power] = number
    if degree == 2:
        return polynomial.primitive(plus(parts[0], parts[1], -1))
    total: Polynomial = {}
    for place, part in enumerate(parts):
        total = plus(total, times(part, part))
        total = plus(total, times(part, parts[place - 1]), -1)
    return polynomial.primitive(total)


def _cancelled(found: Quotient, below: Denominator) -> Denominator:
    """Divide what is above and below the line by what both have in common; return the denominator that is left."""
    pending = list(below)
    done: Denominator = []
    while pending:
        factor, count = pending.pop()
        divisor = common_divisor(found.above, factor)
        smaller, rest = divided(found.above, divisor), divided(factor, divisor)
        if len(divisor) == 1 or smaller is None or rest is None:
            done.append((factor, count))
            continue
        found.above = smaller
        pending += [(part, left) for part, left in ((divisor, count - 1), (rest, count)) if left and len(part) > 1]
    return done


def _irrational(p: Polynomial, roots: list[int]) -> Polynomial:
    """Return a polynomial without its largest divisor that has none of these roots."""
    others = [variable for variable in polynomial.variables_of(p) if variable not in roots]
    divisor = reduce(common_divisor, polynomial.parts(p, others))
    return divided(p, divisor) or p


def _vary(ring: Ring, variables: Iterable[int]) -> bool:
    """Return whether one of these is more than a root of a number."""
    return any(ring.variables[variable].varies for variable in variables)
