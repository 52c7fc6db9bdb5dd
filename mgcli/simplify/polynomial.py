"""Polynomials in several variables with whole coefficients: products, exact quotients, common divisors.

A polynomial is a dict from monomials to coefficients. A monomial is one whole number: the exponent of variable
`i` is in the bits from `i * WIDTH` on, so that monomials are multiplied by adding and ordered by comparing.
"""

from __future__ import annotations

from functools import cache, lru_cache, reduce
from heapq import heapify, heappop, heappush
from math import gcd as gcd_of_numbers
from math import isqrt

Polynomial = dict[int, int]

Terms = tuple[tuple[int, int], ...]
"""The terms of a polynomial, by which results are remembered: they depend on the order of the terms, too."""

WIDTH = 20
"""The bits of one exponent; the highest stays free, so that a difference shows whether it is below 0."""

MASK = (1 << WIDTH) - 1
HIGHEST = (1 << (WIDTH - 1)) - 1
"""The largest exponent."""

PRIME = 2_147_483_647
"""The prime by which images of polynomials are compared."""

HIGHEST_DIVIDED = 500
"""The highest degree of a polynomial that is divided with all of its coefficients; `x**0.001` makes it large."""

MOST_SPLIT = 64
"""The number of terms up to which a polynomial is split into factors in fewer variables."""

LARGEST_EVALUATION = 60_000
"""The bits up to which the numbers of a heuristic common divisor may grow."""


REMEMBERED = 1000
"""How many common divisors and factors are kept: the forms that are compared of one formula share them."""


def monomial(exponents: dict[int, int]) -> int:
    """Return the monomial of these exponents, by variable."""
    return sum(exponent << (variable * WIDTH) for variable, exponent in exponents.items())


def degree_in(variable: int, power: int) -> int:
    """Return the exponent of `variable` in a monomial."""
    return power >> (variable * WIDTH) & MASK


def exponents_of(power: int) -> dict[int, int]:
    """Return the exponents of a monomial, by variable."""
    exponents = {}
    variable = 0
    while power:
        if power & MASK:
            exponents[variable] = power & MASK
        power >>= WIDTH
        variable += 1
    return exponents


def variables_of(p: Polynomial) -> list[int]:
    """Return the variables that occur in `p`."""
    union = reduce(lambda found, power: found | power, p, 0)
    return list(exponents_of(union))


def degree(p: Polynomial, variable: int) -> int:
    """Return the degree of `p` in one variable; 0 for a constant and for 0."""
    return max((degree_in(variable, power) for power in p), default=0)


def plus(p: Polynomial, q: Polynomial, factor: int = 1) -> Polynomial:
    """Return `p + factor*q`."""
    total = dict(p)
    for power, coefficient in q.items():
        found = total.get(power, 0) + factor * coefficient
        if found:
            total[power] = found
        else:
            total.pop(power, None)
    return total


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    """Return `p*q`."""
    if len(p) > len(q):
        p, q = q, p
    product: Polynomial = {}
    find = product.get
    for left, factor in p.items():
        for right, coefficient in q.items():
            product[left + right] = find(left + right, 0) + factor * coefficient
    return {power: coefficient for power, coefficient in product.items() if coefficient}


def to_power(p: Polynomial, exponent: int) -> Polynomial:
    """Return `p**exponent`, the exponent being 0 or more."""
    product: Polynomial = {0: 1}
    for bit in bin(exponent)[2:]:
        product = times(product, product)
        if bit == "1":
            product = times(product, p)
    return product


def scaled(p: Polynomial, factor: int) -> Polynomial:
    """Return `factor*p`."""
    return {power: factor * coefficient for power, coefficient in p.items()}


def shifted(p: Polynomial, power: int) -> Polynomial:
    """Return `p` times a monomial, which may divide it: then `power` is below 0."""
    return {other + power: coefficient for other, coefficient in p.items()}


def content(p: Polynomial) -> int:
    """Return the greatest common divisor of the coefficients, with the sign of the leading one; 0 for 0."""
    divisor = gcd_of_numbers(*p.values())
    return -divisor if p and p[max(p)] < 0 else divisor


def primitive(p: Polynomial) -> Polynomial:
    """Return `p` without its content."""
    divisor = content(p)
    return p if divisor == 1 else {power: coefficient // divisor for power, coefficient in p.items()}


def common_monomial(p: Polynomial) -> int:
    """Return the largest monomial that divides every term."""
    return monomial({variable: min(degree_in(variable, power) for power in p) for variable in variables_of(p)})


def quotient(p: Polynomial, q: Polynomial) -> Polynomial | None:
    """Return `p/q` where `q` divides `p`, else None."""
    guard = sum(1 << (variable * WIDTH + WIDTH - 1) for variable in variables_of({**p, **q}))
    leading = max(q)
    divisor = q[leading]
    rest = dict(p)
    result: Polynomial = {}
    order = [-power for power in rest]
    heapify(order)
    while order:
        power = -heappop(order)
        coefficient = rest.get(power, 0)
        if not coefficient:
            continue
        if coefficient % divisor or ((power | guard) - leading) & guard != guard:
            return None
        factor, shift = coefficient // divisor, power - leading
        result[shift] = factor
        for other, part in q.items():
            place = other + shift
            if place not in rest:
                heappush(order, -place)
            rest[place] = rest.get(place, 0) - factor * part
    return result


# Images: a polynomial in one variable modulo a prime, the other variables being numbers.


def _image(p: Polynomial, variable: int, point: dict[int, int]) -> list[int]:
    """Return the coefficients of the image, the constant first."""
    coefficients = [0] * (degree(p, variable) + 1)
    # One variable after the other: most terms are then seen to have the same rest.
    left = p
    for other in variables_of(p):
        if other == variable:
            continue
        shift, base = other * WIDTH, point[other]
        mask = MASK << shift
        powers: dict[int, int] = {0: 1}
        reduced: Polynomial = {}
        for power, coefficient in left.items():
            part = power & mask
            if part not in powers:
                powers[part] = pow(base, part >> shift, PRIME)
            rest = power - part
            reduced[rest] = (reduced.get(rest, 0) + coefficient * powers[part]) % PRIME
        left = reduced
    for power, coefficient in left.items():
        coefficients[degree_in(variable, power)] += coefficient
    return _trimmed([coefficient % PRIME for coefficient in coefficients])


def _trimmed(coefficients: list[int]) -> list[int]:
    while coefficients and not coefficients[-1]:
        coefficients.pop()
    return coefficients


def _remainder(p: list[int], q: list[int]) -> list[int]:
    p = list(p)
    inverse = pow(q[-1], -1, PRIME)
    while len(p) >= len(q):
        factor = p[-1] * inverse % PRIME
        shift = len(p) - len(q)
        for place, coefficient in enumerate(q):
            p[place + shift] = (p[place + shift] - factor * coefficient) % PRIME
        _trimmed(p)
    return p


def _degree_of_image(p: Polynomial, q: Polynomial, variable: int, point: dict[int, int]) -> int:
    """Return a bound for the degree of the common divisor in `variable`."""
    left, right = _image(p, variable, point), _image(q, variable, point)
    if not left or not right:
        return min(degree(p, variable), degree(q, variable))
    while right:
        left, right = right, _remainder(left, right)
    return len(left) - 1


def _point(variables: list[int]) -> dict[int, int]:
    return dict(zip(variables, _numbers(len(variables)), strict=True))


@cache
def _numbers(count: int) -> list[int]:
    from random import Random

    choose = Random(count)
    return [choose.randrange(2, PRIME) for _ in range(count)]


def may_divide(q: Polynomial, p: Polynomial) -> bool:
    """Return False if an image shows that `q` does not divide `p`, or if its degree is too high to see."""
    variables = variables_of({**p, **q})
    for variable in variables_of(q)[:1]:
        if degree(p, variable) > HIGHEST_DIVIDED:
            return False
        point = _point(variables)
        divisor = _image(q, variable, point)
        return not divisor or not _remainder(_image(p, variable, point), divisor)
    return True


def divided(p: Polynomial, q: Polynomial) -> Polynomial | None:
    """Return `p/q` if `q` divides `p`, else None, which an image usually shows at once."""
    return quotient(p, q) if may_divide(q, p) else None


# The greatest common divisor.


def common_divisor(p: Polynomial, q: Polynomial) -> Polynomial:
    """Return the greatest common divisor of two polynomials that are not 0, primitive, with a positive leading term.

    If it would take too long, it is 1: then something does not cancel, but no value changes.
    """
    return _common_divisor(tuple(p.items()), tuple(q.items()))


@lru_cache(REMEMBERED)
def _common_divisor(p_terms: Terms, q_terms: Terms) -> Polynomial:
    p, q = dict(p_terms), dict(q_terms)
    shift = _common_power(common_monomial(p), common_monomial(q))
    p = primitive(shifted(p, -common_monomial(p)))
    q = primitive(shifted(q, -common_monomial(q)))
    return shifted(_divisor(p, q), shift)


def _common_power(left: int, right: int) -> int:
    others = exponents_of(right)
    return monomial(
        {variable: min(exponent, others.get(variable, 0)) for variable, exponent in exponents_of(left).items()}
    )


def _divisor(p: Polynomial, q: Polynomial) -> Polynomial:
    """Return the common divisor of primitive polynomials that no variable divides."""
    if len(p) == 1 or len(q) == 1:
        return {0: 1}
    variables = variables_of({**p, **q})
    if any(degree(each, variable) > HIGHEST_DIVIDED for each in (p, q) for variable in variables):
        return {0: 1}
    point = _point(variables)
    shared = [variable for variable in variables if degree(p, variable) and degree(q, variable)]
    shared = [variable for variable in shared if _degree_of_image(p, q, variable, point)]
    if not shared:
        return {0: 1}
    for small, large in ((p, q), (q, p)):
        if len(small) <= len(large) and divided(large, small) is not None:
            return small
    coefficients = [part for each in (p, q) for part in parts(each, shared)]
    coefficients.sort(key=len)
    found = coefficients[0]
    for part in coefficients[1:]:
        if len(found) == 1 and 0 in found:
            break
        found = _heuristic(found, part, shared) if part != found else found
    return primitive(found)


def parts(p: Polynomial, variables: list[int]) -> list[Polynomial]:
    """Return the coefficients of `p` as a polynomial in all but `variables`, primitive.

    A divisor that has none but these variables divides each of them.
    """
    mask = sum(MASK << (variable * WIDTH) for variable in variables)
    found: dict[int, Polynomial] = {}
    for power, coefficient in p.items():
        found.setdefault(power & ~mask, {})[power & mask] = coefficient
    return [primitive(part) for part in found.values()]


def _heuristic(p: Polynomial, q: Polynomial, variables: list[int]) -> Polynomial:
    """Return the common divisor from that of two numbers, the values at large numbers; 1 where these get too large.

    Char, Geddes and Gonnet, "GCDHEU: Heuristic polynomial GCD algorithm" (1989).
    """
    used = [variable for variable in variables if degree(p, variable) or degree(q, variable)]
    if not used:
        return {0: gcd_of_numbers(p.get(0, 0), q.get(0, 0)) or 1}
    *others, variable = used
    bound = 2 * min(max(map(abs, p.values())), max(map(abs, q.values()))) + 29
    for _ in range(4):
        size = bound.bit_length() * max(degree(p, variable), degree(q, variable))
        for other in others:
            size *= max(degree(p, other), degree(q, other)) + 1
        if size > LARGEST_EVALUATION:
            break
        left, right = _at(p, variable, bound), _at(q, variable, bound)
        if left and right:
            found = primitive(_interpolated(_scaled_heuristic(left, right, others), variable, bound))
            if found and divided(p, found) is not None and divided(q, found) is not None:
                return found
        bound = 73_794 * bound * isqrt(isqrt(bound)) // 27_011
    return {0: 1}


def _scaled_heuristic(p: Polynomial, q: Polynomial, variables: list[int]) -> Polynomial:
    number = gcd_of_numbers(content(p), content(q))
    return scaled(_heuristic(primitive(p), primitive(q), variables), number)


def _at(p: Polynomial, variable: int, number: int) -> Polynomial:
    """Return `p` with a number for a variable."""
    values: Polynomial = {}
    shift = variable * WIDTH
    for power, coefficient in p.items():
        exponent = power >> shift & MASK
        rest = power - (exponent << shift)
        values[rest] = values.get(rest, 0) + coefficient * number**exponent
    return {power: coefficient for power, coefficient in values.items() if coefficient}


def _interpolated(p: Polynomial, variable: int, number: int) -> Polynomial:
    """Return the polynomial whose value at `number` is `p`, its coefficients being as near to 0 as can be."""
    result: Polynomial = {}
    exponent = 0
    half = number // 2
    while p:
        rest: Polynomial = {}
        for power, coefficient in p.items():
            digit = coefficient % number
            if digit > half:
                digit -= number
            if digit:
                result[power + (exponent << (variable * WIDTH))] = digit
            if left := (coefficient - digit) // number:
                rest[power] = left
        p = rest
        exponent += 1
    return result


def slope(p: Polynomial, variable: int) -> Polynomial:
    """Return the derivative of `p` with respect to a variable."""
    shift = variable * WIDTH
    return {
        power - (1 << shift): coefficient * (power >> shift & MASK)
        for power, coefficient in p.items()
        if power >> shift & MASK
    }


def factors(p: Polynomial) -> list[tuple[Polynomial, int]]:
    """Return factors of a primitive polynomial that no variable divides, and how often each occurs.

    They are square-free; a factor that lacks one of the variables is split off: a*c + a*d + b*c + b*d.
    """
    return _factors(tuple(p.items()))


@lru_cache(REMEMBERED)
def _factors(terms: Terms) -> list[tuple[Polynomial, int]]:
    found = []
    pending = [dict(terms)]
    while pending:
        p = pending.pop()
        variables = variables_of(p) if 4 <= len(p) <= MOST_SPLIT else []
        divisor = next(filter(None, (_content_in(p, variable) for variable in variables)), None)
        rest = divided(p, divisor) if divisor else None
        if divisor is None or rest is None:
            found += square_free(p)
        else:
            pending += [divisor, rest]
    return found


def _content_in(p: Polynomial, variable: int) -> Polynomial | None:
    """Return the common divisor of the coefficients of `p` as a polynomial in `variable`, None if that is 1."""
    coefficients = sorted(parts(p, [other for other in variables_of(p) if other != variable]), key=len)
    if len(coefficients) < 2 or len(coefficients[0]) == 1:
        return None
    found = coefficients[0]
    for coefficient in coefficients[1:]:
        found = common_divisor(found, coefficient)
        if len(found) == 1:
            return None
    return found


def square_free(p: Polynomial) -> list[tuple[Polynomial, int]]:
    """Return factors of a primitive polynomial and how often each occurs (Yun, 1976)."""
    tall = [variable for variable in variables_of(p) if degree(p, variable) > 1]
    for variable in tall:
        found = _square_free_in(p, variable)
        if len(found) > 1 or found[0][1] > 1:
            return (
                [(part, inner * outer) for factor, outer in found for part, inner in square_free(factor)]
                if len(found) > 1
                else found
            )
    return [(p, 1)]


def _square_free_in(p: Polynomial, variable: int) -> list[tuple[Polynomial, int]]:
    derivative = slope(p, variable)
    if not _degree_of_image(p, derivative, variable, _point(variables_of(p))):
        return [(p, 1)]
    divisor = common_divisor(p, derivative)
    if len(divisor) == 1:
        return [(p, 1)]
    rest, other = quotient(p, divisor), quotient(derivative, divisor)
    factors: list[tuple[Polynomial, int]] = []
    exponent = 1
    outside = divisor if not degree(divisor, variable) else None
    if outside or rest is None or other is None:
        return [(p, 1)]
    while degree(rest, variable):
        left = plus(other, slope(rest, variable), -1)
        factor = common_divisor(rest, left) if left else primitive(rest)
        if degree(factor, variable):
            factors.append((factor, exponent))
        rest, other = quotient(rest, factor) or {0: 1}, quotient(left, factor) or {} if left else {}
        exponent += 1
        if exponent > HIGHEST:
            break
    product = reduce(times, (to_power(factor, exponent) for factor, exponent in factors), {0: 1})
    remaining = divided(p, product)
    if remaining is None:
        return [(p, 1)]
    return [*factors, *([(remaining, 1)] if len(remaining) > 1 or 0 not in remaining else [])]
