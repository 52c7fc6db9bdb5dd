"""Exact numbers: read from a float as the decimal of its text, and written as briefly as possible."""

from __future__ import annotations

import sys
from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from math import isqrt

from mgcli.simplify.kernels import Number, reduced

ALL_WHOLE = 2**53
"""Up to this size every whole number is a float."""

LONGEST = 60
"""The maximum length of a decimal; a longer one is written as a fraction."""

MOST_ZEROS = 24
"""The number of digits from which a whole number that is a float is written in the short form, 1e+30."""


LARGEST_PRIME = 1000
"""The limit of the search for prime factors of a number under a root."""

SMALLEST, LARGEST = Fraction(1, 10**300), Fraction(10**308)
"""Numbers out of this range are written as products."""


def decimal(number: float) -> Number:
    """Return the number that the text of a finite float denotes."""
    if number.is_integer() and abs(number) <= ALL_WHOLE:
        return int(number)
    # The smallest floats have so few digits that their text is a different number.
    return reduced(Fraction(repr(number) if abs(number) >= sys.float_info.min else number))


def is_terminating(number: Number) -> bool:
    """Return whether a number has a decimal text."""
    below = number.denominator
    for prime in (2, 5):
        while below % prime == 0:
            below //= prime
    return below == 1


def decimal_text(number: Number) -> str:
    """Return the decimal text of a number that has one, as that of a float where it is one."""
    if number.denominator == 1 and abs(number) < 10**MOST_ZEROS:
        return digits(number)
    as_float = _as_float(number)
    if as_float is not None and decimal(as_float) == number:
        text = repr(as_float)
        return text.removesuffix(".0")
    if number.denominator == 1:
        return digits(number)
    places = _decimal_places(number.denominator)
    text = digits(number * 10**places)
    if places >= LONGEST:
        return f"{text}e-{places}"
    text = text.zfill(places + 1)
    return f"{text[:-places]}.{text[-places:]}"


def _decimal_places(denominator: int) -> int:
    """Return how many decimals 1/denominator has, whose prime factors are 2 and 5."""
    twos = (denominator & -denominator).bit_length() - 1
    fives = 0
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives)


def digits(number: Number) -> str:
    """Return the text of a number, a fraction as a/b; of any size, where `str` refuses more than 4300 digits."""
    above = str(Decimal(number.numerator))
    return above if number.denominator == 1 else f"{above}/{Decimal(number.denominator)}"


def from_text(text: str) -> Number:
    """Return the number that a decimal text says, of any size."""
    return reduced(Fraction(Decimal(text)))


def _as_float(number: Number) -> float | None:
    try:
        return float(number)
    except OverflowError:
        return None


def quotient_text(number: Number, decimals: Collection[str]) -> tuple[str, str]:
    """Return the texts of a positive number above and below a fraction bar; "1" below where there is none.

    decimals: those that are already written; if there are any, this number may have decimals too: 50000/8.314.
    """
    if number.denominator == 1:
        return decimal_text(number), "1"
    if not decimals:
        return digits(number.numerator), digits(number.denominator)
    if is_terminating(number) and len(text := decimal_text(number)) <= LONGEST:
        return text, "1"
    pairs = [
        (decimal_text(number.numerator * scale), decimal_text(number.denominator * scale))
        for scale in (Fraction(factor, 10**place) for place in range(9) for factor in (1, 2, 5))
    ]
    return min(pairs, key=lambda pair: (len(pair[0]) + len(pair[1]), not {*pair} & {*decimals}))


def in_range(text: str) -> list[str]:
    """Return the text of a number, or, of one that is too large or too small for a float, those of factors."""
    number, factors = from_text(text), []
    while number >= LARGEST:
        number /= LARGEST
        factors.append("1e+308")
    while 0 < number < SMALLEST:
        number /= SMALLEST
        factors.append("1e-300")
    return [text] if not factors else [decimal_text(reduced(number)), *factors] if number != 1 else factors


def exact_root(number: Number) -> Fraction | None:
    """Return the square root of a number, None if that is not a fraction."""
    if number < 0:
        return None
    above, below = isqrt(number.numerator), isqrt(number.denominator)
    return Fraction(above, below) if (above * above, below * below) == (number.numerator, number.denominator) else None


def prime_powers(number: int) -> list[tuple[int, int]]:
    """Return small prime factors of a whole number and how often each occurs, and what is left of it."""
    found = []
    prime = 2
    while prime <= LARGEST_PRIME and prime * prime <= number:
        power = 0
        while number % prime == 0:
            number //= prime
            power += 1
        if power:
            found.append((prime, power))
        prime += 1 + (prime > 2)
    return found + [(number, 1)] * (number > 1)
