"""What mpmath computes where one call of it would not do: each a function of mpmath's context `c` and the operands.

A result that is not real or not finite says that the function is not defined.
"""

from math import ceil, log2, nan
from typing import Any

from mgcli.graph.operation import FURTHEST_EXPONENT

HIGHEST_ORDER = 100
"""The highest order of a Bessel function: beyond, a call may take seconds."""

LARGEST_GAMMAINC = 10**5
"""The largest first operand of `gammainc`: beyond, series need not converge."""

_ASYMPTOTIC = 2**20
"""The size of an argument from which an expansion at infinity is used."""


def limited(x: Any, largest: int = FURTHEST_EXPONENT) -> Any:
    """Return `x`. Raises OverflowError where it is so large that its exponential overflows at any precision."""
    if abs(x) > largest:
        raise OverflowError
    return x


def bessel(function: Any, n: Any, x: Any) -> Any:
    """Return a Bessel function of the first or second kind: that of the order -n is (-1)**n times that of n."""
    value = modified_bessel(function, n, x)
    return -value if n < 0 and n % 2 == 1 else value


def modified_bessel(function: Any, n: Any, x: Any) -> Any:
    """Return a modified Bessel function, which is the same for n and -n; nan for an order that is not computed."""
    return function(int(abs(n)), x) if abs(n) <= HIGHEST_ORDER and n == int(n) else nan


def besselk(c: Any, n: Any, x: Any) -> Any:
    """Return the modified Bessel function of the second kind."""
    if x <= 0:
        return c.nan
    return modified_bessel(c.besselk, n, x) if x < FURTHEST_EXPONENT else c.zero


def nthroot(c: Any, x: Any, n: Any) -> Any:
    """Return the real root."""
    if x < 0:
        return -nthroot(c, -x, n) if n % 2 == 1 else c.nan
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
    total = c.fadd(x, y, exact=True)
    if any(number <= 0 and c.isint(number) for number in (x, y, total)):
        return c.nan
    with c.extraprec(max(0, c.mag(x), c.mag(y)) + 20):
        return c.re(c.loggamma(x)) + c.re(c.loggamma(y)) - c.re(c.loggamma(total))


def digamma_difference(c: Any, x: Any, y: Any) -> Any:
    """Return digamma(x) - digamma(x + y)."""
    with c.extraprec(max(0, c.mag(x) - c.mag(y)) + c.prec):
        return c.digamma(x) - c.digamma(c.fadd(x, y, exact=True))


def gammainc(c: Any, a: Any, x: Any) -> Any:
    """Return the lower incomplete gamma function, regularized."""
    if not 0 < a <= LARGEST_GAMMAINC or x < 0:
        return c.nan
    return c.gammainc(a, 0, x, regularized=True) if x < FURTHEST_EXPONENT else c.one


def gammainc_slope(c: Any, a: Any, x: Any) -> Any:
    """Return its derivative with respect to `x`, x**(a - 1)*exp(-x)/gamma(a)."""
    if not x:
        return c.nan if a < 1 else c.mpf(a == 1)
    if x > FURTHEST_EXPONENT:
        return c.zero
    with c.extraprec(max(0, c.mag(a)) + max(0, c.mag(x)) + 10):
        return c.exp((a - 1) * c.log(x) - x - c.loggamma(a))


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
    return c.zeta(_limited_below(x)) if x > -_ASYMPTOTIC or x % 2 else c.zero


def zeta_slope(c: Any, x: Any) -> Any:
    """Return its derivative; below 0, from that of the functional equation."""
    if x > 4 * c.prec:
        return -c.log(2) * c.exp(-x * c.log(2)) if x < FURTHEST_EXPONENT else c.zero
    if _limited_below(x) > -1:
        return c.zeta(x, 1, 1)
    y = 1 - x
    cosine, sine = c.cospi(y / 2), c.sinpi(y / 2)
    regular = c.zeta(y) * (c.digamma(y) - c.log(2 * c.pi)) + c.zeta(y, 1, 1)
    return -2 * c.gamma(y) / (2 * c.pi) ** y * (cosine * regular - c.pi / 2 * sine * c.zeta(y))


def _limited_below(x: Any) -> Any:
    if x < -_ASYMPTOTIC:
        raise OverflowError
    return x


def ellipk_slope(c: Any, m: Any) -> Any:
    """Return the derivative of the complete elliptic integral of the first kind with respect to the parameter."""
    if not m:
        return c.pi / 8
    with c.extraprec(max(0, -2 * c.mag(m))):
        return (c.ellipe(m) - (1 - m) * c.ellipk(m)) / (2 * m * (1 - m))


def ellipe_slope(c: Any, m: Any) -> Any:
    """Return the same for the second kind."""
    if not m:
        return -c.pi / 8
    with c.extraprec(max(0, -2 * c.mag(m))):
        return (c.ellipe(m) - c.ellipk(m)) / (2 * m)


def lambertw_slope(c: Any, x: Any) -> Any:
    """Return the derivative of the main branch."""
    with c.extraprec(c.prec):
        w = c.lambertw(x)
        return 1 / (c.exp(w) * (1 + w)) if w != -1 else c.nan
