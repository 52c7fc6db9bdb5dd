"""What mpmath computes where one call of it would not do: each a function of mpmath's context `c` and the operands.

A result that is not real or not finite says that the function is not defined.
"""

from functools import cache
from math import ceil, factorial, isqrt, log2, nan
from operator import mul
from typing import Any

from mgcli.graph.operation import FURTHEST_EXPONENT, LARGEST_ANGLE

HIGHEST_ORDER = 100
"""The highest order of a Bessel function: beyond, a call may take seconds."""

LARGEST_GAMMAINC = 10**5
"""The largest first operand of `gammainc`: beyond, series need not converge."""

_MANY_DIGITS = 800
"""The bits from which mpmath's gamma function is slow near 0."""

_LARGEST_OF_BETA = 2**12
"""An operand of the beta functions whose size is 2 to a larger power overflows: as many digits would be needed."""

_MANY_TERMS = 1000
"""The number of terms from which a finite sum takes longer than a difference of digamma functions."""

_ASYMPTOTIC = 2**20
"""The size of an argument from which an expansion at infinity is used."""


def limited(x: Any, largest: int = FURTHEST_EXPONENT) -> Any:
    """Return `x`. Raises OverflowError where it is so large that its exponential overflows at any precision."""
    if abs(x) > largest:
        raise OverflowError
    return x


def _limit_size(c: Any, largest: int, *operands: Any) -> None:
    """Raise OverflowError where an operand is larger than 2 to a power."""
    if any(c.mag(operand) > largest for operand in operands):
        raise OverflowError


def bessel(function: Any, n: Any, x: Any) -> Any:
    """Return a Bessel function of the first or second kind: that of the order -n is (-1)**n times that of n."""
    value = modified_bessel(function, n, x)
    return -value if value == value and n < 0 and n % 2 == 1 else value


def modified_bessel(function: Any, n: Any, x: Any) -> Any:
    """Return a modified Bessel function, which is the same for n and -n; nan for an order that is not computed."""
    return function(int(abs(n)), x) if abs(n) <= HIGHEST_ORDER and n == int(n) else nan


def besselj(c: Any, n: Any, x: Any) -> Any:
    """Return the Bessel function of the first kind."""

    def function(n: int, x: Any) -> Any:
        distance = absolute(c, x)
        if not (_is_distant(c, distance) and distance > HIGHEST_ORDER):
            return c.besselj(n, x)
        value = _distant(c, n, distance, "j")
        return -value if x < 0 and n % 2 == 1 else value

    return bessel(function, n, x)


def besselk(c: Any, n: Any, x: Any) -> Any:
    """Return the modified Bessel function of the second kind."""

    def function(n: int, x: Any) -> Any:
        return _distant(c, n, x, "k") if _is_distant(c, x) else (-1) ** n / 2 * _second_kind(c, n, x, 1)

    if x <= 0:
        return c.nan
    return modified_bessel(function, n, x) if x < FURTHEST_EXPONENT else c.zero


def bessely(c: Any, n: Any, x: Any) -> Any:
    """Return the Bessel function of the second kind."""

    def function(n: int, x: Any) -> Any:
        return _distant(c, n, x, "y") if _is_distant(c, x) else -_second_kind(c, n, x, -1) / c.pi

    return bessel(function, n, x) if x > 0 else c.nan


def _is_distant(c: Any, x: Any) -> bool:
    """Return whether the least term of Hankel's expansions, which is about exp(-2*x), is below the precision."""
    return bool(2 * x > c.prec + 80)


def _distant(c: Any, n: int, x: Any, kind: str) -> Any:
    """Return the functions far from 0: orders 0 and 1 by expansion, the others by recurrence, stable upwards."""
    _limit_size(c, LARGEST_ANGLE, x)
    with c.extraprec(max(0, c.mag(x)) + 20):
        before, value = _expanded(c, 0, x, kind), _expanded(c, 1, x, kind)
        for order in range(1, n):
            before, value = value, 2 * order * value / x + (before if kind == "k" else -before)
        return value if n else before


def _expanded(c: Any, n: int, x: Any, kind: str) -> Any:
    """Return Hankel's expansions (Abramowitz and Stegun 9.2.5, 9.2.6 and 9.7.2)."""
    terms = [c.one]
    while c.mag(terms[-1]) > -c.prec:
        k = len(terms)
        terms.append(terms[-1] * (4 * n * n - (2 * k - 1) ** 2) / (8 * k * x))
    if kind == "k":
        return c.sqrt(c.pi / (2 * x)) * c.exp(-x) * c.fsum(terms)
    angle = x - (2 * n + 1) * c.pi / 4
    even, odd = (c.fsum(terms[first::4]) - c.fsum(terms[first + 2 :: 4]) for first in (0, 1))
    cosine, sine = c.cos_sin(angle)
    return c.sqrt(2 / (c.pi * x)) * (even * cosine - odd * sine if kind == "j" else even * sine + odd * cosine)


def _second_kind(c: Any, n: int, x: Any, sign: int) -> Any:
    """Return the series of the functions of the second kind (Abramowitz and Stegun 9.1.11 and 9.6.11).

    mpmath takes the limit of the functions whose order is not whole, which takes 1,000 times as long at 1,000 bits.
    """
    # The terms grow to exp(x), and cancel to about 1, or to exp(-x).
    extra = 20 + int((3 if sign == 1 else 1.5) * x)
    while True:
        with c.extraprec(extra):
            total, largest = _terms(c, n, x, sign)
        lost = c.mag(largest) - c.mag(total) + 20 if total else 0
        if lost <= extra:
            return total
        extra = lost + 20


def _terms(c: Any, n: int, x: Any, sign: int) -> tuple[Any, Any]:
    """Return the sum of the series, and its largest term."""
    quarter = sign * x * x / 4
    term = (-sign) ** n * (x / 2) ** -n * factorial(max(n - 1, 0))
    total = largest = c.zero
    for k in range(n):
        total += term
        largest = max(largest, abs(term))
        if k < n - 1:
            term *= -quarter / ((k + 1) * (n - 1 - k))
    power = (x / 2) ** n / factorial(n)
    weight = c.fsum(c.one / j for j in range(1, n + 1)) - 2 * c.euler - 2 * c.log(x / 2)
    k = 0
    while True:
        term = weight * power
        total += term
        largest = max(largest, abs(term))
        k += 1
        if k * (n + k) > 2 * abs(quarter) and c.mag(power) + 20 < c.mag(total) - c.prec:
            return total, largest
        weight += c.one / k + c.one / (n + k)
        power *= quarter / (k * (n + k))


def gamma(c: Any, x: Any) -> Any:
    """Return the gamma function."""
    if c.prec < _MANY_DIGITS:
        return c.gamma(x)
    with c.extraprec(40):
        if x < 0:
            # Euler's reflection.
            return c.pi / (c.sinpi(x) * gamma(c, _total(c, 1, _negated(c, x))))
        count = _far(c, x)
        return c.gamma(_total(c, x, count)) / _rising(c, x, count)


def lgamma(c: Any, x: Any) -> Any:
    """Return the logarithm of the gamma function, for x > 0, with a small error relative to 1."""
    if c.prec < _MANY_DIGITS:
        return c.re(c.loggamma(x))
    with c.extraprec(40 + max(0, c.mag(x))):
        count = _far(c, x)
        return c.re(c.loggamma(_total(c, x, count))) - c.log(_rising(c, x, count))


def _far(c: Any, x: Any) -> int:
    """Return how far up from `x` mpmath uses Stirling's series: the coefficients of the other take seconds."""
    return max(0, int(100 + c.prec // 4 - c.floor(x)))


def _rising(c: Any, x: Any, count: int) -> Any:
    """Return x*(x + 1)*...*(x + count - 1)."""
    return c.fprod(_total(c, x, k) for k in range(count))


def polygamma(c: Any, n: int, x: Any) -> Any:
    """Return the polygamma function; below 0, by its reflection formula (Abramowitz and Stegun 6.4.7)."""
    if n == 0:
        return _digamma(c, x)
    if x > 0 and c.mag(x) > c.prec:
        # The next term of its expansion at infinity is smaller by a factor of about n/x.
        return (-1) ** (n + 1) * factorial(n - 1) / x**n
    if x > 0:
        return c.psi(n, x)
    with c.extraprec(n * (max(0, c.mag(x)) + 2) + factorial(n).bit_length()):
        reflected = c.psi(n, 1 - x)
        cotangent = c.cospi(x) / c.sinpi(x)
        slope = c.pi ** (n + 1) * c.polyval(_slopes_of_cotangent(n)[::-1], cotangent)
        return (-reflected if n % 2 else reflected) - slope


def _digamma(c: Any, x: Any) -> Any:
    """Return the digamma function, far up from 0 and at few precisions: so mpmath needs few Bernoulli numbers."""
    if c.prec < _MANY_DIGITS:
        return c.digamma(x)
    with c.workprec(c.prec + 40 + -c.prec % 256):
        if x < 0:
            return _digamma(c, _total(c, 1, _negated(c, x))) - c.pi * c.cospi(x) / c.sinpi(x)
        count, one = _far(c, x), 1 << c.prec
        start = int(c.ldexp(x, c.prec))
        terms = sum(one * one // (start + k * one) for k in range(1, count))
        return c.digamma(_total(c, x, count)) - c.ldexp(terms, -c.prec) - (1 / x if count else 0)


@cache
def _slopes_of_cotangent(n: int) -> list[int]:
    """Return the coefficients of the polynomial, in the cotangent, that is its derivative of order `n`."""
    polynomial = [0, 1]
    for _ in range(n):
        slope = [k * coefficient for k, coefficient in enumerate(polynomial)][1:]
        # The derivative of the cotangent is -1 - cot**2.
        polynomial = [-a - b for a, b in zip([*slope, 0, 0], [0, 0, *slope], strict=True)]
    return polynomial


def nthroot(c: Any, x: Any, n: Any) -> Any:
    """Return the real root."""
    if x < 0:
        return -nthroot(c, -x, n) if c.isint(n) and not c.isint(n / 2) else c.nan
    if not x or not n:
        return c.zero if n > 0 else c.nan
    exponent = c.log(x) / n
    if exponent > FURTHEST_EXPONENT:
        raise OverflowError
    return c.exp(exponent) if exponent > -FURTHEST_EXPONENT else c.zero


def norminv(c: Any, p: Any) -> Any:
    """Return the quantile, by Newton's method on the logarithm of the distribution."""
    if not 0 < p < 1:
        return c.nan
    if p > 0.5:
        with c.extraprec(max(0, c.prec - c.mag(1 - p))):
            return -norminv(c, 1 - p)
    logarithm = c.log(p)
    x = _norminv_guess(c, p)
    for _ in range(2 + max(0, ceil(log2(c.prec / 40)))):
        x -= (lognormcdf(c, x) - logarithm) / lognormcdf_slope(c, x)
    return x


def _norminv_guess(c: Any, p: Any) -> Any:
    from statistics import NormalDist

    number = float(p)
    if number > 0:
        return c.mpf(NormalDist().inv_cdf(number))
    squared = -2 * c.log(p)
    x = -c.sqrt(squared)
    for _ in range(60):
        x = -c.sqrt(squared - c.log(2 * c.pi) - 2 * c.log(-x))
    return x


def lognormcdf(c: Any, x: Any) -> Any:
    """Return the logarithm of the normal distribution function."""
    if x > _ASYMPTOTIC:
        return c.zero
    if x > 0:
        return c.log1p(-c.erfc(x / c.sqrt(2)) / 2)
    if x > -_ASYMPTOTIC:
        return c.log(c.erfc(-x / c.sqrt(2)) / 2)
    return c.log(_tail(c, x)) - x * x / 2 - c.log(-x * c.sqrt(2 * c.pi))


def lognormcdf_slope(c: Any, x: Any) -> Any:
    """Return the density divided by the distribution function."""
    if x > _ASYMPTOTIC:
        return c.zero
    if x < -_ASYMPTOTIC:
        return -x / _tail(c, x)
    return c.exp(-x * x / 2) / c.sqrt(2 * c.pi) / (c.erfc(-x / c.sqrt(2)) / 2)


def _tail(c: Any, x: Any) -> Any:
    """Return 1 - 1/x**2 + 1*3/x**4 - ... (Abramowitz and Stegun 26.2.12)."""
    total = term = c.one
    k = 1
    while c.mag(term) > -c.prec - 4:
        term *= -k / (x * x)
        total += term
        k += 2
    return total


def beta(c: Any, x: Any, y: Any) -> Any:
    """Return the beta function."""
    if any(number <= 0 and c.isint(number) for number in (x, y)):
        return c.nan
    if max(abs(x), abs(y)) < _ASYMPTOTIC:
        return c.beta(x, y)
    smaller = min(x, y)
    if smaller <= -_ASYMPTOTIC or x + y <= 0:
        return c.nan
    value = c.exp(lbeta(c, x, y))
    return value if smaller > 0 else value * c.sign(c.gamma(smaller))


def beta_slope(c: Any, x: Any, y: Any) -> Any:
    """Return its derivative with respect to `x`."""
    return beta(c, x, y) * digamma_difference(c, x, y)


def lbeta(c: Any, x: Any, y: Any) -> Any:
    """Return the logarithm of its absolute value."""
    _limit_size(c, _LARGEST_OF_BETA, x, y)
    total = _total(c, x, y)
    if any(number <= 0 and c.isint(number) for number in (x, y, total)):
        return c.nan
    with c.extraprec(max(0, c.mag(x), c.mag(y)) + 20):
        return c.re(c.loggamma(x)) + c.re(c.loggamma(y)) - c.re(c.loggamma(total))


def _total(c: Any, x: Any, y: Any) -> Any:
    """Return x + y, exact unless one of them is lost beside the other at any precision."""
    return c.fadd(x, y, exact=x and y and abs(c.mag(x) - c.mag(y)) < _ASYMPTOTIC)


def _negated(c: Any, x: Any) -> Any:
    """Return -x with all its digits: the operator rounds."""
    return c.fneg(x, exact=True)


def absolute(c: Any, x: Any) -> Any:
    """Return the absolute value with all its digits, that of a large number beside a small step."""
    return _negated(c, x) if x < 0 else x


def _mag_from_pole(c: Any, x: Any) -> Any:
    """Return the power of 2 that is the size of the distance from `x` to the nearest pole of the gamma function."""
    return c.mag(x) if x > 0 else c.mag(x - c.nint(x))


def digamma_difference(c: Any, x: Any, y: Any) -> Any:
    """Return digamma(x) - digamma(x + y)."""
    _limit_size(c, _LARGEST_OF_BETA, x)
    if x <= 0 and c.isint(x):
        return c.nan
    if c.isint(y) and 0 < y < _MANY_TERMS:
        # By recurrence, which is exactly 0 where the two are equal: at x = -1/2 for y = 2.
        with c.extraprec(40 + max(0, c.mag(x))):
            return -c.fsum(1 / _total(c, x, k) for k in range(int(y)))
    gap = _mag_from_pole(c, x) - c.mag(y) - 1 if y else 0
    if 2 * gap > c.prec:
        # Taylor's series; each term is smaller than the one before by the gap.
        with c.extraprec(20):
            orders = range(1, c.prec // gap + 2)
            return -c.fsum(polygamma(c, order, x) * y**order / factorial(order) for order in orders)
    extra = 40 + max(0, c.mag(x) - c.mag(y))
    while True:
        with c.extraprec(extra):
            first, second = _digamma(c, x), _digamma(c, _total(c, x, y))
            difference = first - second
        lost = max(c.mag(first), c.mag(second)) - c.mag(difference) if difference else extra
        if lost + 20 <= extra or extra > c.prec:
            return difference
        extra = min(lost, c.prec) + 40


def gammainc(c: Any, a: Any, x: Any) -> Any:
    """Return the lower incomplete gamma function, regularized."""
    if not 0 < a <= LARGEST_GAMMAINC or x < 0:
        return c.nan
    if x > FURTHEST_EXPONENT or (x and c.mag(a) + c.mag(1 + abs(c.mag(x))) < -c.prec - 4):
        # Far up, or x**a for a small exponent.
        return c.one
    if c.prec < _MANY_DIGITS:
        return c.gammainc(a, 0, x, regularized=True)
    return c.gammainc(a, 0, x) / gamma(c, a)


def gammainc_slope(c: Any, a: Any, x: Any) -> Any:
    """Return its derivative with respect to `x`, x**(a - 1)*exp(-x)/gamma(a)."""
    if not 0 < a <= LARGEST_GAMMAINC or x < 0:
        return c.nan
    if not x:
        return c.nan if a < 1 else c.mpf(a == 1)
    if x > FURTHEST_EXPONENT:
        return c.zero
    with c.extraprec(max(0, c.mag(a)) + max(0, c.mag(x)) + 10):
        return c.exp((a - 1) * c.log(x) - x - lgamma(c, a))


def sinc_slope(c: Any, x: Any) -> Any:
    """Return the derivative of sin(x)/x: the spherical Bessel function of order 1, with the opposite sign."""
    _limit_size(c, LARGEST_ANGLE, x)
    return -c.sign(x) * c.sqrt(c.pi / 2 / abs(x)) * c.besselj(1.5, absolute(c, x)) if x else x


def si(c: Any, x: Any) -> Any:
    """Return the sine integral."""
    return c.si(x) if c.mag(x) < c.prec + 10 else c.sign(x) * c.pi / 2


def ci(c: Any, x: Any) -> Any:
    """Return the cosine integral."""
    _limit_size(c, LARGEST_ANGLE, x)
    return c.ci(x)


def fresnels(c: Any, x: Any) -> Any:
    """Return the Fresnel integral of the sine."""
    if 5 * c.mag(x) < c.prec:
        return c.fresnels(x)
    return c.sign(x) / 2 - fresnelc_slope(c, x) / (c.pi * x) - fresnels_slope(c, x) / (c.pi**2 * x**3)


def fresnelc(c: Any, x: Any) -> Any:
    """Return the Fresnel integral of the cosine."""
    if 5 * c.mag(x) < c.prec:
        return c.fresnelc(x)
    return c.sign(x) / 2 + fresnels_slope(c, x) / (c.pi * x) - fresnelc_slope(c, x) / (c.pi**2 * x**3)


def fresnels_slope(c: Any, x: Any) -> Any:
    """Return sin(pi*x**2/2)."""
    return c.sinpi(c.ldexp(c.fmul(x, x, exact=True), -1))


def fresnelc_slope(c: Any, x: Any) -> Any:
    """Return cos(pi*x**2/2)."""
    return c.cospi(c.ldexp(c.fmul(x, x, exact=True), -1))


def zeta(c: Any, x: Any) -> Any:
    """Return the zeta function, which is 0 at -2, -4, ..."""
    if x <= -_ASYMPTOTIC and c.isint(x / 2):
        return c.zero
    if x != 1 and c.mag(x - 1) < -c.prec // 2 - 5:
        # The next term of its series at the pole is smaller than (x - 1)/2.
        with c.extraprec(20):
            return 1 / (x - 1) + c.euler
    if c.prec < _MANY_DIGITS or not -1 < x < c.prec or x == 1:
        return c.zeta(_limited_below(x))
    with c.extraprec(30):
        return _alternating(c, x)[0] / -c.expm1(_total(c, 1, _negated(c, x)) * c.log(2))


def zeta_slope(c: Any, x: Any) -> Any:
    """Return its derivative; below 0, from that of the functional equation."""
    if x > 4 * c.prec:
        return -c.log(2) * c.exp(-x * c.log(2)) if x < FURTHEST_EXPONENT else c.zero
    if x == 1:
        return c.nan
    if _limited_below(x) > -1:
        return _alternating_slope(c, x)
    y = 1 - x
    cosine, sine = c.cospi(y / 2), c.sinpi(y / 2)
    regular = c.zeta(y) * (c.digamma(y) - c.log(2 * c.pi)) + _alternating_slope(c, y)
    return -2 * c.gamma(y) / (2 * c.pi) ** y * (cosine * regular - c.pi / 2 * sine * c.zeta(y))


def _alternating_slope(c: Any, x: Any) -> Any:
    """Return the derivative of zeta above -1; mpmath's, that of Hurwitz' function, takes several times as long."""
    with c.extraprec(30):
        value, slope = _alternating(c, x)
        # The alternating series is 1 - 2**(1 - x) times zeta.
        doubled = c.expm1(_total(c, 1, _negated(c, x)) * c.log(2))
        return -(slope + c.log(2) * (1 + doubled) * value / doubled) / doubled


def _alternating(c: Any, x: Any) -> tuple[Any, Any]:
    """Return the alternating series 1 - 1/2**x + 1/3**x - ..., and its derivative.

    Borwein, An efficient algorithm for the Riemann zeta function, 2000, algorithm 2; each term makes the error 5.8
    times smaller.
    """
    count = c.prec * 2 // 5 + 10
    weights = _alternating_weights(count)
    logarithms, powers = [c.zero], [c.one]
    for number, factor in enumerate(_least_factors(count)[2:], 2):
        if factor == number:
            logarithms.append(c.log(number))
            powers.append(c.exp(-x * logarithms[-1]))
        else:
            logarithms.append(logarithms[factor - 1] + logarithms[number // factor - 1])
            powers.append(powers[factor - 1] * powers[number // factor - 1])
    terms = [weight * power for weight, power in zip(weights, powers, strict=False)]
    return c.fsum(terms) / weights[-1], -c.fsum(map(mul, logarithms, terms)) / weights[-1]


@cache
def _alternating_weights(count: int) -> list[int]:
    """Return the weights of the terms, with their signs, and the number that they are divided by."""
    term = total = 1
    sums = [1]
    for i in range(count):
        term = term * 2 * (count + i) * (count - i) // ((i + 1) * (2 * i + 1))
        total += term
        sums.append(total)
    return [(-1) ** k * (sums[-1] - sums[k]) for k in range(count)] + [sums[-1]]


@cache
def _least_factors(count: int) -> list[int]:
    """Return the least prime factor of each number up to `count`."""
    factors = list(range(count + 1))
    for number in range(2, isqrt(count) + 1):
        if factors[number] == number:
            for multiple in range(number * number, count + 1, number):
                factors[multiple] = min(factors[multiple], number)
    return factors


def _limited_below(x: Any) -> Any:
    if x < -_ASYMPTOTIC:
        raise OverflowError
    return x


def ellipe(c: Any, m: Any) -> Any:
    """Return the complete elliptic integral of the second kind."""
    _limit_size(c, _ASYMPTOTIC, m)
    return c.ellipe(m)


def ellipk_slope(c: Any, m: Any) -> Any:
    """Return the derivative of the complete elliptic integral of the first kind with respect to the parameter."""
    if c.mag(m) < -c.prec - 4:
        return c.pi / 8
    with c.extraprec(max(0, -2 * c.mag(m))):
        return (ellipe(c, m) - (1 - m) * c.ellipk(m)) / (2 * m * (1 - m))


def ellipe_slope(c: Any, m: Any) -> Any:
    """Return the same for the second kind."""
    if c.mag(m) < -c.prec - 4:
        return -c.pi / 8
    with c.extraprec(max(0, -2 * c.mag(m))):
        return (ellipe(c, m) - c.ellipk(m)) / (2 * m)


def lambertw_slope(c: Any, x: Any) -> Any:
    """Return the derivative of the main branch."""
    with c.extraprec(c.prec):
        w = c.lambertw(x)
        return 1 / (c.exp(w) * (1 + w)) if w != -1 else c.nan
