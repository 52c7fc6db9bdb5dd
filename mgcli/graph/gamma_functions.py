"""The functions of the gamma family that `math` lacks, on floats, to full precision.

Every one is a sum over the poles 0, -1, -2, ... : the terms next to the argument are added as they
are, the rest by the formula of Euler and Maclaurin (Abramowitz and Stegun 23.1.30). Where terms
cancel (next to a zero), the result is computed again in decimals.
"""

from __future__ import annotations

import math
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decimal import Decimal

_BERNOULLI = ((1, 6), (-1, 30), (1, 42), (-1, 30), (5, 66), (-691, 2730), (7, 6), (-3617, 510), (43867, 798))
"""B2, B4, ..., B18, as fractions."""

_ZERO_OF_DIGAMMA = 1.4616321449683622, 9.549995429965697e-17
"""The positive zero of digamma: a float, and the rest of it."""

HIGHEST_ORDER = 170
"""The largest n for which n! is a float."""

# From here on, the rest of the formula is below the last digit of a float, or of `_decimals`.
_FAR, _FAR_IN_DECIMALS = 12, 400

_PI = "3.14159265358979323846264338327950288419716939937510582097494"


def lgamma(x: float) -> float:
    """Return the logarithm of the absolute value of gamma at `x`, accurate even next to its zeros at 1 and 2.

    Raises ValueError at 0, -1, -2, ..., OverflowError where it is too large for a float.
    """
    if 0.5 <= x < 1.5:
        return _lgamma_beside_1(x - 1.0)
    if 1.5 <= x <= 2.5:
        return math.log1p(x - 2.0) + _lgamma_beside_1(x - 2.0)
    result = math.lgamma(x)
    if x < 0.0 and abs(result) < 0.01 * math.lgamma(1.0 - x):
        return _lgamma_in_decimals(x)
    return result


def _lgamma_beside_1(d: float) -> float:
    """Return lgamma(1 + d) for a small `d`, with a relative error as small as the absolute one.

    lgamma(1 + d) = lgamma(M + d) - lgamma(M) - sum of log(1 + d/j) for j < M, where the difference
    of Stirling's series is written with the factor d.
    """
    near = sum(math.log1p(d / j) for j in range(_FAR - 1, 0, -1))
    u, v = 1.0 / (_FAR + d), 1.0 / _FAR
    series = 0.0
    between = 1.0  # u**m + u**(m - 1)*v + ... + v**m
    power = 1.0
    for k, (numerator, denominator) in enumerate(_BERNOULLI, start=1):
        series += numerator / denominator / (2 * k * (2 * k - 1)) * between
        for _ in range(2):
            power *= v
            between = between * u + power
    stirling = (_FAR + d - 0.5) * math.log1p(d / _FAR) - d
    return d * math.log(_FAR) + stirling - d * u * v * series - near


def digamma(x: float) -> float:
    """Return the derivative of lgamma at `x`. Raises ValueError at 0, -1, -2, ..."""
    if x >= _FAR:
        square = 1.0 / x / x
        series = 0.0
        for k, (numerator, denominator) in reversed(list(enumerate(_BERNOULLI, start=1))):
            series = (series + numerator / denominator / (2 * k)) * square
        return math.log(x) - 0.5 / x - series
    if x > 0.0:
        return _digamma_from_its_zero(x)
    beside = _beside_pole(x)
    mirrored, rotated = digamma(1.0 - x), math.pi / math.tan(math.pi * beside)
    result = mirrored - rotated
    return result if abs(result) > 0.01 * abs(mirrored) else _digamma_in_decimals(x, beside)


def _digamma_from_its_zero(x: float) -> float:
    """Return digamma at `x` > 0 as (x - c) * sum of 1/((x + j)*(c + j)), c its zero: no terms cancel."""
    zero, rest = _ZERO_OF_DIGAMMA
    d = (x - zero) - rest
    near = sum(1.0 / ((x + j) * (zero + j)) for j in range(_FAR - 1, -1, -1))
    u, v = 1.0 / (x + _FAR), 1.0 / (zero + _FAR)
    series = 0.5 * u * v
    between, power = 1.0, 1.0
    for k, (numerator, denominator) in enumerate(_BERNOULLI, start=1):
        power *= v
        between = between * u + power
        series += numerator / denominator / (2 * k) * u * v * between
        power *= v
        between = between * u + power
    # log((x + M)/(c + M)) is what the integral gives; its quotient by d is v at d = 0.
    return d * (near + series) + math.log1p(d * v)


def polygamma(n: float, x: float) -> float:
    """Return the derivative of digamma at `x` of the order `n`: (-1)**(n + 1) * n! * sum of 1/(x + j)**(n + 1).

    Raises ValueError where `n` is not whole or not in 0..170, and at x = 0, -1, -2, ...
    """
    if not 0 <= n <= HIGHEST_ORDER or n != int(n):
        raise ValueError("the order is a whole number from 0 to 170")
    if n == 0:
        return digamma(x)
    order = int(n)
    scale = x if x > 0.0 else _beside_pole(x)
    if x < 0.0 and order % 2 == 0 and abs(scale) == 0.5:
        # Halfway between two poles the terms on their two sides cancel in pairs, those below x excepted.
        x = scale = 1.0 - x
    terms = _reciprocal_powers(order + 1, x, scale, _FAR)
    total: float = sum(terms)
    if abs(total) < 0.1 * max(map(abs, terms)):
        with _decimals():
            total = float(sum(_reciprocal_powers(order + 1, _decimal(x), _decimal(scale), _FAR_IN_DECIMALS)))
    factor = -1.0 if order % 2 == 0 else 1.0
    # n!/scale**(n + 1), each partial product between 1 and the whole where that is out of range.
    for k in range(1, order + 1):
        factor *= k / scale
    return factor * total / scale


def _beside_pole(x: float) -> float:
    """Return how far `x` < 0 is from the nearest whole number, which is exact. Raises ValueError for 0."""
    beside = x - round(x)
    if beside == 0.0:
        raise ValueError("a pole")
    return beside


def _reciprocal_powers(s: int, x: Any, scale: Any, far: int) -> list[Any]:
    """Return terms whose sum is that of ((x + j)/scale)**-s for j = 0, 1, 2, ...

    For x > 0 `scale` is x itself; below, it is what `x` is beside the nearest whole number -N. There
    the sum is taken to the right and to the left of the pole -N.
    """
    if x > 0:
        return [_zeta(s, x, scale, far)]
    left = _zeta(s, 1 - scale, scale, far) - _zeta(s, 1 - x, scale, far)
    return [1, _zeta(s, 1 + scale, scale, far), left if s % 2 == 0 else -left]


def _zeta(s: int, x: Any, scale: Any, far: int) -> Any:
    """Return the sum of ((x + j)/|scale|)**-s with the sign of scale**s, for j = 0, 1, 2, ... and x > 0."""
    steps = max(0, s + far - math.floor(x))
    near = sum((scale / (x + j)) ** s for j in range(steps - 1, -1, -1))
    end = x + steps
    series = end / (s - 1) + end / end / 2
    term = end / end
    for k, (numerator, denominator) in enumerate(_BERNOULLI, start=1):
        # B(2k)/(2k)! * s*(s + 1)*...*(s + 2k - 2) / end**(2k - 1)
        term = term * (s + 2 * k - 2) / end / (2 * k) / (2 * k - 1)
        series += term * numerator / denominator
        term = term * (s + 2 * k - 1) / end
    return near + (scale / end) ** s * series


def _decimals() -> AbstractContextManager[Any]:
    """Return the context in which decimals have enough digits that what cancels does not matter."""
    from decimal import Context, localcontext

    return localcontext(Context(prec=60))


def _decimal(number: float | str) -> Decimal:
    from decimal import Decimal

    return Decimal(number)


def _lgamma_in_decimals(x: float) -> float:
    """Return lgamma at `x` < 0: log(pi) - log|sin(pi*x)| - lgamma(1 - x)."""
    with _decimals():
        beside = _decimal(_PI) * _decimal(_beside_pole(x))
        end = 1 - _decimal(x)
        shift = _decimal(1)
        while end < _FAR_IN_DECIMALS:
            shift *= end
            end += 1
        stirling = (end - _decimal("0.5")) * end.ln() - end + (2 * _decimal(_PI)).ln() / 2
        for k, (numerator, denominator) in enumerate(_BERNOULLI, start=1):
            stirling += numerator / (denominator * 2 * k * (2 * k - 1) * end ** (2 * k - 1))
        return float((_decimal(_PI) * shift / abs(_sine(beside))).ln() - stirling)


def _digamma_in_decimals(x: float, beside: float) -> float:
    """Return digamma at `x` < 0: digamma(1 - x) - pi/tan(pi*x)."""
    with _decimals():
        angle = _decimal(_PI) * _decimal(beside)
        end = 1 - _decimal(x)
        mirrored = _decimal(0)
        while end < _FAR_IN_DECIMALS:
            mirrored -= 1 / end
            end += 1
        mirrored += end.ln() - 1 / (2 * end)
        for k, (numerator, denominator) in enumerate(_BERNOULLI, start=1):
            mirrored -= numerator / (denominator * 2 * k * end ** (2 * k))
        cosine = _sine(_decimal(_PI) / 2 - abs(angle))
        return float(mirrored - _decimal(_PI) * cosine / _sine(angle))


def _sine(angle: Decimal) -> Decimal:
    """Return the sine of an `angle` of at most pi/2."""
    total = term = angle
    for k in range(2, 60, 2):
        term = -term * angle * angle / (k * (k + 1))
        total += term
    return total
