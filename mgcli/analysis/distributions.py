"""Distributions of measured quantities: their moments, the Gauss rules for these, and samples.

The names and the formulas are those of JCGM 101:2008, table 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import acos, cos, exp, expm1, fsum, inf, isinf, nan, pi, sin, sqrt
from typing import TYPE_CHECKING, NamedTuple

from mgcli.errors import ExpressionError

if TYPE_CHECKING:
    from random import Random


class Distribution(NamedTuple):
    """What is known about one quantity.

    name: as it is written. parameters: in the order in which they are written. value: its expectation. u: its standard
    uncertainty. nu: the degrees of freedom of u, infinite where u is exact. kurtosis: the fourth central moment in
    units of u**4. skewness: the third in units of u**3.
    """

    name: str
    parameters: tuple[float, ...]
    value: float
    u: float
    nu: float = inf
    kurtosis: float = 3.0
    skewness: float = 0.0

    @property
    def is_normal(self) -> bool:
        """Whether it is normal, or treated as normal where quantities are correlated."""
        return self.name in ("normal", "readings")

    def draw(self, random: Random) -> float:
        """Return a sample."""
        return _DRAWN[self.name](self, random)

    def rule(self) -> list[tuple[float, float]]:
        """Return the three-point Gauss rule of its moments: offsets from the value in units of u, and weights."""
        if self.skewness:
            return _gauss_rule(_lognormal_moments(self.parameters[1]))
        offset = sqrt(self.kurtosis)
        weight = 1 / (2 * self.kurtosis)
        return [(0.0, 1 - 1 / self.kurtosis), (-offset, weight), (offset, weight)]


def normal(m: float, u: float, nu: float = inf) -> Distribution:
    """Return the normal distribution of a value and its standard uncertainty."""
    return Distribution("normal", (m, u), m, _not_negative(u), nu)


def uniform(a: float, b: float, nu: float = inf) -> Distribution:
    """Return the uniform distribution from a to b."""
    return Distribution("uniform", (a, b), _middle(a, b), _width(a, b) / sqrt(12), nu, 9 / 5)


def triangle(a: float, b: float, nu: float = inf) -> Distribution:
    """Return the symmetric triangular distribution from a to b."""
    return Distribution("triangle", (a, b), _middle(a, b), _width(a, b) / sqrt(24), nu, 12 / 5)


def arcsine(a: float, b: float, nu: float = inf) -> Distribution:
    """Return the arcsine distribution, that of a sine of unknown phase between a and b."""
    return Distribution("arcsine", (a, b), _middle(a, b), _width(a, b) / sqrt(8), nu, 3 / 2)


def student(m: float, u: float, nu: float) -> Distribution:
    """Return Student's t-distribution with scale u, which is the standard uncertainty as the GUM has it."""
    return Distribution("t", (m, u, nu), m, _not_negative(u), _degrees(nu))


def lognormal(m: float, s: float) -> Distribution:
    """Return the distribution of a quantity whose logarithm is normal, with mean m and standard deviation s."""
    s = _not_negative(s, "s")
    try:
        value = exp(m + s * s / 2)
        spread = expm1(s * s)
        moments = _lognormal_moments(s)
        u = value * sqrt(spread)
    except OverflowError:
        raise ExpressionError("lognormal overflows", hint="m and s are those of the logarithm") from None
    skewness, kurtosis = moments[3:5] if s else (0.0, 3.0)
    return Distribution("lognormal", (m, s), value, u, inf, kurtosis, skewness)


def readings(*values: float) -> Distribution:
    """Return the result of repeated readings: their mean, s/sqrt(n), and n - 1 degrees of freedom."""
    count = len(values)
    if count < 2:
        raise ExpressionError("readings takes two readings or more", hint="for one reading write value+-uncertainty")
    mean = fsum(values) / count
    u = sqrt(fsum((value - mean) ** 2 for value in values) / (count - 1) / count)
    return Distribution("readings", values, mean, u, count - 1.0)


Maker = Callable[..., Distribution]

MAKERS: dict[str, tuple[Maker, str]] = {
    "normal": (normal, "normal(m, u)"),
    "uniform": (uniform, "uniform(a, b)"),
    "triangle": (triangle, "triangle(a, b)"),
    "arcsine": (arcsine, "arcsine(a, b)"),
    "t": (student, "t(m, u, nu)"),
    "lognormal": (lognormal, "lognormal(m, s)"),
    "readings": (readings, "readings(9.98, 10.01, 10.02)"),
}
"""The distributions by name, each with how it is written."""


def make(name: str, parameters: Sequence[float], nu: float | None = None) -> Distribution:
    """Return the distribution called `name`. Raises ExpressionError for invalid parameters."""
    maker, form = MAKERS[name]
    count = form.count(",") + 1
    if name != "readings" and len(parameters) != count:
        plural = "" if len(parameters) == 1 else "s"
        raise ExpressionError(
            f"{name} takes {count} numbers, not {len(parameters)} number{plural}", hint=f"write {form}"
        )
    if nu is None:
        return maker(*parameters)
    if name in ("t", "readings", "lognormal"):
        why = "its degrees of freedom are its third number" if name == "t" else "it takes no degrees of freedom"
        raise ExpressionError(f"{name} takes no nu=", hint=f"leave it out: {why}")
    return maker(*parameters, nu=_degrees(nu))


def _not_negative(u: float, called: str = "the uncertainty") -> float:
    if u < 0.0:
        raise ExpressionError(f"{called} is negative: {u!r}", hint=f"write {-u!r}")
    return u


def _degrees(nu: float) -> float:
    if nu < 1.0:
        raise ExpressionError(f"nu is less than 1: {nu!r}", hint="n readings have n - 1 degrees of freedom")
    return nu


def _width(a: float, b: float) -> float:
    if not a < b:
        raise ExpressionError(f"{a!r} is not below {b!r}", hint="write the lower bound first, then the upper one")
    if isinf(b - a):
        raise ExpressionError("the width is larger than the largest float", hint="use narrower bounds")
    return b - a


def _middle(a: float, b: float) -> float:
    return a / 2 + b / 2


def _student_sample(of: Distribution, random: Random) -> float:
    chi_squared = 2 * random.gammavariate(of.nu / 2, 1.0)
    return of.value + of.u * random.gauss(0.0, 1.0) * sqrt(of.nu / chi_squared) if chi_squared else nan


def _between(of: Distribution, fraction: float) -> float:
    a, b = of.parameters
    return a + (b - a) * fraction


_DRAWN: dict[str, Callable[[Distribution, Random], float]] = {
    "normal": lambda of, random: random.gauss(of.value, of.u),
    "uniform": lambda of, random: _between(of, random.random()),
    "triangle": lambda of, random: _between(of, (random.random() + random.random()) / 2),
    "arcsine": lambda of, random: _between(of, (1 + sin(2 * pi * random.random())) / 2),
    "t": _student_sample,
    "lognormal": lambda of, random: random.lognormvariate(*of.parameters),
    "readings": _student_sample,
}
"""How to draw from each distribution, as in JCGM 101, table 1."""


def _lognormal_moments(s: float) -> list[float]:
    """Return the central moments 0 to 5 of a lognormal quantity, in units of its standard uncertainty."""
    w = exp(s * s)
    root = sqrt(expm1(s * s))
    third = (w + 2) * root
    fourth = w**4 + 2 * w**3 + 3 * w**2 - 3
    # The raw moment n over the mean to the n is w**(n*(n - 1)/2); this is the fifth central one, divided by root**5.
    fifth = root * (w**7 + 3 * w**6 + 6 * w**5 + 10 * w**4 + 10 * w**3 + 6 * w**2 - 2 * w - 4)
    return [1.0, 0.0, 1.0, third, fourth, fifth]


def _gauss_rule(moments: Sequence[float]) -> list[tuple[float, float]]:
    """Return the nodes and weights of the three-point Gauss rule for central moments 0 to 5 in units of u.

    The nodes are the zeros of x**3 + a*x**2 + b*x + c, which is orthogonal to 1, x and x**2.
    """
    third, fourth, fifth = moments[3:]
    a = (third * fourth + third - fifth) / (fourth - third**2 - 1)
    b = -fourth - a * third
    c = -third - a
    # Three real zeros, by Viete's formula.
    p, q = b - a * a / 3, 2 * a**3 / 27 - a * b / 3 + c
    angle = acos(max(-1.0, min(1.0, 3 * q / (2 * p) * sqrt(-3 / p)))) / 3
    x, y, z = (2 * sqrt(-p / 3) * cos(angle - 2 * pi * k / 3) - a / 3 for k in range(3))
    return [(i, (1 + j * k) / ((i - j) * (i - k))) for i, j, k in ((x, y, z), (y, z, x), (z, x, y))]
