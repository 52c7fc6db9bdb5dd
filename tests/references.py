"""Every operation in mpmath, written without a look at the table: what tests hold its values and derivatives to."""

import math
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from mpmath import mp, mpf

from mgcli.graph.operation import Operation

SMALLEST, LARGEST = sys.float_info.min, sys.float_info.max


class Reference(NamedTuple):
    """An operation in mpmath, written without a look at the table: its value, its derivatives, its domain."""

    value: Callable[..., Any]
    derivatives: tuple[Callable[..., Any], ...]
    defined: Callable[..., bool] = lambda *operands: True


def power(x: Any, y: Any) -> Any:
    if x == 0:
        return mpf(y == 0)
    size = mp.exp(y * mp.log(abs(x)))
    return -size if x < 0 and y % 2 == 1 else size


def power_by_base(x: Any, y: Any) -> Any:
    if y == 0:
        return mpf(0)
    if x == 0:
        return mpf(y == 1) if y >= 1 else mp.nan
    return y * power(x, y) / x


def power_by_exponent(x: Any, y: Any) -> Any:
    if x == 0:
        return mpf(0)
    return power(x, y) * mp.log(x) if x > 0 else mp.nan


def sign(x: Any) -> Any:
    return mpf((x > 0) - (x < 0))


def share(here: bool, there: bool) -> Any:
    return mpf(here) if here != there else mpf(0.5)


def logistic_slope(x: Any) -> Any:
    small = mp.exp(-abs(x))
    return small / (1 + small) ** 2


def length(x: Any, y: Any) -> Any:
    return mp.sqrt(x * x + y * y)


def nothing(*operands: Any) -> Any:
    return mpf(0)


def one(*operands: Any) -> Any:
    return mpf(1)


REFERENCES = {
    "add": Reference(lambda x, y: x + y, (one, one)),
    "sub": Reference(lambda x, y: x - y, (one, lambda x, y: mpf(-1))),
    "mul": Reference(lambda x, y: x * y, (lambda x, y: y, lambda x, y: x)),
    "div": Reference(lambda x, y: x / y, (lambda x, y: 1 / y, lambda x, y: -x / (y * y)), lambda x, y: y != 0),
    "neg": Reference(lambda x: -x, (lambda x: mpf(-1),)),
    "pow": Reference(
        power,
        (power_by_base, power_by_exponent),
        lambda x, y: x > 0 or (y >= 0 if x == 0 else y % 1 == 0),
    ),
    "exp": Reference(mp.exp, (mp.exp,)),
    "expm1": Reference(mp.expm1, (mp.exp,)),
    "log": Reference(mp.log, (lambda x: 1 / x,), lambda x: x > 0),
    "log1p": Reference(mp.log1p, (lambda x: 1 / (1 + x),), lambda x: x > -1),
    "log2": Reference(lambda x: mp.log(x, 2), (lambda x: 1 / x / mp.ln2,), lambda x: x > 0),
    "log10": Reference(mp.log10, (lambda x: 1 / x / mp.ln10,), lambda x: x > 0),
    "sqrt": Reference(mp.sqrt, (lambda x: mp.sqrt(x) / x / 2,), lambda x: x >= 0),
    "cbrt": Reference(lambda x: sign(x) * mp.cbrt(abs(x)), (lambda x: mp.cbrt(abs(x)) / abs(x) / 3,)),
    "sin": Reference(mp.sin, (mp.cos,)),
    "cos": Reference(mp.cos, (lambda x: -mp.sin(x),)),
    "tan": Reference(mp.tan, (lambda x: mp.sec(x) ** 2,)),
    "asin": Reference(mp.asin, (lambda x: 1 / mp.sqrt(1 - x * x),), lambda x: -1 <= x <= 1),
    "acos": Reference(mp.acos, (lambda x: -1 / mp.sqrt(1 - x * x),), lambda x: -1 <= x <= 1),
    "atan": Reference(mp.atan, (lambda x: 1 / (1 + x * x),)),
    "sinh": Reference(mp.sinh, (mp.cosh,)),
    "cosh": Reference(mp.cosh, (mp.sinh,)),
    "tanh": Reference(mp.tanh, (lambda x: mp.sech(x) ** 2,)),
    "asinh": Reference(mp.asinh, (lambda x: 1 / mp.sqrt(x * x + 1),)),
    "acosh": Reference(mp.acosh, (lambda x: 1 / mp.sqrt(x * x - 1),), lambda x: x >= 1),
    "atanh": Reference(mp.atanh, (lambda x: 1 / (1 - x * x),), lambda x: -1 < x < 1),
    "sigmoid": Reference(lambda x: 1 / (1 + mp.exp(-x)), (logistic_slope,)),
    "relu": Reference(lambda x: max(x, mpf(0)), (lambda x: mpf(x > 0),)),
    "softplus": Reference(lambda x: mp.log1p(mp.exp(x)), (lambda x: 1 / (1 + mp.exp(-x)),)),
    "erf": Reference(mp.erf, (lambda x: 2 * mp.exp(-x * x) / mp.sqrt(mp.pi),)),
    "abs": Reference(abs, (sign,)),
    "atan2": Reference(mp.atan2, (lambda x, y: y / (x * x + y * y), lambda x, y: -x / (x * x + y * y))),
    "hypot": Reference(
        length,
        (
            lambda x, y: x / length(x, y) if x or y else mpf(0),
            lambda x, y: y / length(x, y) if x or y else mpf(0),
        ),
    ),
    "min": Reference(min, (lambda x, y: share(x < y, y < x), lambda x, y: share(y < x, x < y))),
    "max": Reference(max, (lambda x, y: share(x > y, y > x), lambda x, y: share(y > x, x > y))),
    "where": Reference(
        lambda x, y, z: y if x else z,
        (nothing, lambda x, y, z: mpf(x != 0), lambda x, y, z: mpf(x == 0)),
    ),
    "greater": Reference(lambda x, y: mpf(x > y), (nothing, nothing)),
    "less": Reference(lambda x, y: mpf(x < y), (nothing, nothing)),
    "equal": Reference(lambda x, y: mpf(x == y), (nothing, nothing)),
}


def fraction(x: Any) -> Fraction:
    mantissa, exponent = mpf(abs(x)).man_exp
    number: Fraction = int(sign(x)) * Fraction(mantissa) * Fraction(2) ** exponent
    return number


def quotient(x: Any, y: Any) -> Any:
    return mpf(fraction(x) // fraction(y))


def remainder(x: Any, y: Any) -> Any:
    exactly = fraction(x) % fraction(y)
    return mpf(exactly.numerator) / exactly.denominator


def above_poles(x: Any) -> bool:
    return bool(x > 0 or x % 1 != 0)


def gamma(x: Any) -> Any:
    return mp.gamma(x) if abs(x) < 1000 else mp.inf if x > 0 else mpf(0)


def gamma_slope(x: Any) -> Any:
    return mp.gamma(x) * psi(0, x) if abs(x) < 1000 else gamma(x)


def psi(n: int, x: Any) -> Any:
    # mpmath subtracts x from 1, where a small x is lost.
    order = int(n)
    if abs(x) < 0.5:
        return mp.psi(order, x + 1) - (-1) ** order * mp.factorial(order) / x ** (order + 1)
    if order == 1 and x < 0:
        # Below, mpmath takes a step for each pole.
        return (mp.pi / mp.sinpi(x)) ** 2 - mp.psi(1, 1 - x)
    # Halfway between two poles, terms up to 41**order times as large cancel.
    with mp.workdps(mp.dps + 2 * order):
        return mp.psi(order, x)


def erfc(x: Any) -> Any:
    return mp.erfc(x) if x < 1e5 else mpf(0)


def normal(x: Any) -> Any:
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


REFERENCES |= {
    "erfc": Reference(erfc, (lambda x: -2 * mp.exp(-x * x) / mp.sqrt(mp.pi),)),
    "normpdf": Reference(normal, (lambda x: -x * normal(x),)),
    "normcdf": Reference(lambda x: erfc(-x / mp.sqrt(2)) / 2, (normal,)),
    "gamma": Reference(gamma, (gamma_slope,), above_poles),
    "factorial": Reference(lambda x: gamma(x + 1), (lambda x: gamma_slope(x + 1),), lambda x: above_poles(x + 1)),
    "lgamma": Reference(lambda x: mp.re(mp.loggamma(x)), (lambda x: psi(0, x),), above_poles),
    "digamma": Reference(lambda x: psi(0, x), (lambda x: psi(1, x),), above_poles),
    "polygamma": Reference(
        psi,
        (lambda n, x: mp.nan, lambda n, x: psi(n + 1, x) if n < 170 else mp.nan),
        lambda n, x: 0 <= n <= 170 and n % 1 == 0 and above_poles(x),
    ),
    "sign": Reference(sign, (nothing,)),
    "floor": Reference(mp.floor, (nothing,)),
    "ceil": Reference(mp.ceil, (nothing,)),
    "mod": Reference(remainder, (one, lambda x, y: -quotient(x, y)), lambda x, y: y != 0),
    "clamp": Reference(
        lambda x, low, high: min(max(x, low), high),
        (
            lambda x, low, high: mpf(low <= x <= high),
            lambda x, low, high: mpf(x < low < high),
            lambda x, low, high: mpf(x > high or low > high or x < low == high),
        ),
    ),
    "greater_equal": Reference(lambda x, y: mpf(x >= y), (nothing, nothing)),
    "less_equal": Reference(lambda x, y: mpf(x <= y), (nothing, nothing)),
    "not_equal": Reference(lambda x, y: mpf(x != y), (nothing, nothing)),
}


def side(x: Any) -> Any:
    return mpf(-1 if x < 0 else 1)


def outside_1(x: Any) -> Any:
    return abs(x) >= 1


def inverse_slope(x: Any, of_square: Any) -> Any:
    """1/(|x|*sqrt(...)), where the square of what is under the root may be too large or too small."""
    return 1 / abs(x) / mp.sqrt(of_square)


def sinc_slope(x: Any) -> Any:
    if abs(x) < 1e-10:
        return -x / 3 + x**3 / 30 - x**5 / 840
    return (mp.cos(x) - mp.sinc(x)) / x


def whole_part(x: Any) -> Any:
    return mp.floor(x) if x >= 0 else mp.ceil(x)


def fmod(x: Any, y: Any) -> Any:
    size = abs(x) % abs(y)
    return -size if x < 0 else size


def nthroot(x: Any, n: Any) -> Any:
    if not x:
        return mpf(0)
    exponent = mp.log(abs(x)) / n
    return side(x) * (mp.exp(exponent) if abs(exponent) < 1e5 else mp.inf if exponent > 0 else mpf(0))


def has_root(x: Any, n: Any) -> Any:
    return n != 0 and (x > 0 or (n > 0 if x == 0 else n % 2 == 1))


REFERENCES |= {
    "sec": Reference(mp.sec, (lambda x: mp.sec(x) * mp.tan(x),)),
    "csc": Reference(mp.csc, (lambda x: -mp.csc(x) * mp.cot(x),), lambda x: x != 0),
    "cot": Reference(mp.cot, (lambda x: -(mp.csc(x) ** 2),), lambda x: x != 0),
    "asec": Reference(mp.asec, (lambda x: inverse_slope(x, x * x - 1),), outside_1),
    "acsc": Reference(mp.acsc, (lambda x: -inverse_slope(x, x * x - 1),), outside_1),
    "acot": Reference(mp.acot, (lambda x: -1 / (1 + x * x),)),
    "sech": Reference(mp.sech, (lambda x: -mp.sech(x) * mp.tanh(x),)),
    "csch": Reference(mp.csch, (lambda x: -mp.csch(x) * mp.coth(x),), lambda x: x != 0),
    "coth": Reference(mp.coth, (lambda x: -(mp.csch(x) ** 2),), lambda x: x != 0),
    "asech": Reference(mp.asech, (lambda x: -inverse_slope(x, (1 - x) * (1 + x)),), lambda x: 0 < x <= 1),
    "acsch": Reference(mp.acsch, (lambda x: -inverse_slope(x, 1 + x * x),), lambda x: x != 0),
    "acoth": Reference(
        lambda x: mp.log1p(2 / (abs(x) - 1)) / 2 * side(x), (lambda x: 1 / (1 - x * x),), lambda x: abs(x) > 1
    ),
    "sinc": Reference(mp.sinc, (sinc_slope,)),
    "deg2rad": Reference(mp.radians, (lambda x: mp.pi / 180,)),
    "rad2deg": Reference(mp.degrees, (lambda x: 180 / mp.pi,)),
    "round": Reference(mp.nint, (nothing,)),
    "trunc": Reference(whole_part, (nothing,)),
    "fmod": Reference(fmod, (one, lambda x, y: -whole_part(x / y)), lambda x, y: y != 0),
    "heaviside": Reference(lambda x: (1 + sign(x)) / 2, (nothing,)),
    "log_base": Reference(
        lambda x, y: mp.log(x) / mp.log(y),
        (lambda x, y: 1 / (x * mp.log(y)), lambda x, y: -mp.log(x) / mp.log(y) ** 2 / y),
        lambda x, y: x > 0 and y > 0 and y != 1,
    ),
    "exp2": Reference(lambda x: mpf(2) ** x, (lambda x: mpf(2) ** x * mp.ln2,)),
    "square": Reference(lambda x: x * x, (lambda x: 2 * x,)),
    "rsqrt": Reference(lambda x: 1 / mp.sqrt(x), (lambda x: -1 / mp.sqrt(x) / x / 2,), lambda x: x > 0),
    "nthroot": Reference(
        nthroot,
        (
            lambda x, n: nthroot(x, n) / n / x if x else mpf(n == 1) if n <= 1 else mp.nan,
            lambda x, n: mpf(0) if x == 0 else -nthroot(x, n) * mp.log(x) / n / n if x > 0 else mp.nan,
        ),
        has_root,
    ),
}


def log_of_cdf(x: Any) -> Any:
    if x > 0:
        return mp.log1p(-erfc(x / mp.sqrt(2)) / 2)
    if x > -1e4:
        return mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)
    return -x * x / 2 - mp.log(-x * mp.sqrt(2 * mp.pi)) + mp.log(tail(x))


def log_of_cdf_slope(x: Any) -> Any:
    return normal(x) / (mp.erfc(-x / mp.sqrt(2)) / 2) if x > -1e4 else -x / tail(x)


def tail(x: Any) -> Any:
    return 1 - 1 / x**2 + 3 / x**4 - 15 / x**6 + 105 / x**8


def quantile(p: Any) -> Any:
    with mp.workdps(mp.dps + 20 - int(mp.log10(min(p, 1 - p)))):
        return mp.sqrt(2) * mp.erfinv(2 * p - 1)


def log_of_beta(x: Any, y: Any) -> Any:
    with mp.workdps(mp.dps + 30 + abs(int(mp.log10(max(abs(x), abs(y)))))):
        return mp.re(mp.loggamma(x) + mp.loggamma(y) - mp.loggamma(x + y))


def beta(x: Any, y: Any) -> Any:
    if max(abs(x), abs(y)) < 1e5:
        return mp.beta(x, y)
    return sign(mp.gamma(min(x, y))) * mp.exp(log_of_beta(x, y))


def psi_difference(x: Any, y: Any) -> Any:
    with mp.workdps(mp.dps + 30 + abs(int(mp.log10(abs(x / y)))) if x and y else mp.dps):
        return mp.psi(0, x) - mp.psi(0, x + y) if above_poles(x + y) else mp.nan


def grows(function: Any) -> Any:
    """A function that is about exp(x), where that is of a size to be computed."""
    return lambda x: function(x) if abs(x) < 1e4 else mp.inf if x > 0 else mpf(0)


def odd(function: Any) -> Any:
    return lambda x: side(x) * function(abs(x))


def fresnel(function: Any) -> Any:
    return odd(lambda x: function(x) if x < 1e30 else mpf(0.5))


def quarter_turns(function: Any, x: Any) -> Any:
    with mp.workdps(700):
        return function(x * x / 2)


def zeta(x: Any) -> Any:
    return mp.zeta(x) if x > -400 else mpf(0) if x % 2 == 0 else mp.inf


def zeta_slope(x: Any) -> Any:
    if x < -400:
        return mp.inf
    if x > 1e4:
        return mpf(0)
    return mp.zeta(x, 1, 1) if x > -1 else mp.diff(mp.zeta, x)


def elliptic_slope(of: Any, m: Any) -> Any:
    if m == 0:
        return of(mpf(1) / 10**30)
    with mp.workdps(700):
        return of(m)


def has_order(n: Any, x: Any) -> Any:
    return n % 1 == 0 and abs(n) <= 100


def has_order_above_0(n: Any, x: Any) -> Any:
    return has_order(n, x) and x > 0


def no_derivative(*operands: Any) -> Any:
    return mp.nan


def lambertw_slope(x: Any) -> Any:
    with mp.workdps(150):
        w = mp.lambertw(x)
        return 1 / (mp.exp(w) * (1 + w))


def bessel(function: Any, below: Any, above: Any, defined: Any) -> Any:
    """A Bessel function with its derivative, a sum of those of the orders below and above."""

    @cache
    def computed(n: int, x: Any, precision: int) -> Any:
        return function(n, x)

    def value(n: Any, x: Any) -> Any:
        sign = -1 if n < 0 and n % 2 == 1 and below != above else 1
        return sign * computed(abs(int(n)), x, mp.prec)

    def slope(n: Any, x: Any) -> Any:
        return (below * value(n - 1, x) + above * value(n + 1, x)) / 2

    return Reference(value, (no_derivative, slope), defined)


REFERENCES |= {
    "logit": Reference(lambda x: mp.log(x / (1 - x)), (lambda x: 1 / x / (1 - x),), lambda x: 0 < x < 1),
    "logsigmoid": Reference(lambda x: -mp.log1p(mp.exp(-x)), (lambda x: 1 / (1 + mp.exp(x)),)),
    "logaddexp": Reference(
        lambda x, y: max(x, y) + mp.log1p(mp.exp(-abs(x - y))),
        (lambda x, y: 1 / (1 + mp.exp(y - x)), lambda x, y: 1 / (1 + mp.exp(x - y))),
    ),
    "xlogy": Reference(
        lambda x, y: x * mp.log(y) if x else mpf(0),
        (lambda x, y: mp.log(y) if y > 0 else mp.nan, lambda x, y: x / y if x else mpf(0)),
        lambda x, y: x == 0 or y > 0,
    ),
    "erfinv": Reference(mp.erfinv, (lambda x: mp.sqrt(mp.pi) / 2 * mp.exp(mp.erfinv(x) ** 2),), lambda x: abs(x) < 1),
    "norminv": Reference(quantile, (lambda x: 1 / normal(quantile(x)),), lambda x: 0 < x < 1),
    "lognormcdf": Reference(log_of_cdf, (log_of_cdf_slope,)),
    "beta": Reference(
        beta,
        (lambda x, y: beta(x, y) * psi_difference(x, y), lambda x, y: beta(x, y) * psi_difference(y, x)),
        lambda x, y: above_poles(x) and above_poles(y),
    ),
    "lbeta": Reference(
        log_of_beta,
        (psi_difference, lambda x, y: psi_difference(y, x)),
        lambda x, y: above_poles(x) and above_poles(y) and above_poles(x + y),
    ),
    "gammainc": Reference(
        lambda a, x: mp.gammainc(a, 0, x, regularized=True),
        (
            no_derivative,
            lambda a, x: mp.exp((a - 1) * mp.log(x) - x - mp.loggamma(a)) if x else mpf(a == 1) if a >= 1 else mp.nan,
        ),
        lambda a, x: 0 < a <= 10**5 and x >= 0,
    ),
    "erfi": Reference(odd(grows(mp.erfi)), (lambda x: 2 * mp.exp(x * x) / mp.sqrt(mp.pi),)),
    "Ei": Reference(grows(mp.ei), (lambda x: mp.exp(x) / x,), lambda x: x != 0),
    "Si": Reference(mp.si, (mp.sinc,)),
    "Ci": Reference(mp.ci, (lambda x: mp.cos(x) / x,), lambda x: x > 0),
    "Shi": Reference(odd(grows(mp.shi)), (lambda x: mp.sinh(x) / x if x else mpf(1),)),
    "Chi": Reference(grows(mp.chi), (lambda x: mp.cosh(x) / x,), lambda x: x > 0),
    "fresnels": Reference(fresnel(mp.fresnels), (lambda x: quarter_turns(mp.sinpi, x),)),
    "fresnelc": Reference(fresnel(mp.fresnelc), (lambda x: quarter_turns(mp.cospi, x),)),
    "lambertw": Reference(lambda x: mp.re(mp.lambertw(x)), (lambertw_slope,), lambda x: x >= -mp.exp(-1)),
    "zeta": Reference(zeta, (zeta_slope,), lambda x: x != 1),
    "zetaprime": Reference(zeta_slope, (no_derivative,), lambda x: x != 1),
    "besselj": bessel(mp.besselj, 1, -1, has_order),
    "bessely": bessel(mp.bessely, 1, -1, has_order_above_0),
    "besseli": bessel(mp.besseli, 1, 1, has_order),
    "besselk": bessel(mp.besselk, -1, -1, has_order_above_0),
    "ellipk": Reference(
        mp.ellipk,
        (lambda x: elliptic_slope(lambda m: (mp.ellipe(m) - (1 - m) * mp.ellipk(m)) / (2 * m * (1 - m)), x),),
        lambda x: x < 1,
    ),
    "ellipe": Reference(
        mp.ellipe,
        (lambda x: elliptic_slope(lambda m: (mp.ellipe(m) - mp.ellipk(m)) / (2 * m), x) if x < 1 else mp.nan,),
        lambda x: x <= 1,
    ),
}


WITHOUT_DERIVATIVE = {
    *((name, 0) for name in ("polygamma", "gammainc", "zetaprime", "besselj", "bessely", "besseli", "besselk")),
}
"""The operands with respect to which an operation has no derivative anywhere."""


def exact(function: Callable[..., Any], defined: Callable[..., Any], operands: Sequence[Any]) -> Any:
    """Return what mpmath gives at exactly these operands, nan where there is nothing."""
    numbers = [mpf(operand) for operand in operands]
    try:
        return function(*numbers) if defined(*numbers) else mp.nan
    except ZeroDivisionError:
        return mp.nan


def exact_value(operation: Operation, operands: Sequence[Any]) -> Any:
    reference = REFERENCES[operation.name]
    result = exact(reference.value, reference.defined, operands)
    if operation.name == "atan2" and operands[0] == 0:
        # mpmath has no -0.0, which distinguishes the two sides of the negative axis.
        result = mp.pi * (math.copysign(1.0, operands[1]) < 0) * int(math.copysign(1.0, operands[0]))
    return result


def exact_derivative(operation: Operation, index: int, operands: Sequence[Any]) -> Any:
    reference = REFERENCES[operation.name]
    return exact(reference.derivatives[index], reference.defined, operands)
