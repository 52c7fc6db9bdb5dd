"""Special functions."""

from typing import Any

from mgcli.graph.families import computed
from mgcli.graph.operation import (
    ABOVE_0,
    ANY,
    ATOM,
    FURTHEST_EXPONENT,
    NOT_NEGATIVE,
    POSITIVE,
    POWER,
    Form,
    Operation,
    latex_call,
    none,
)


def _gamma_slope(m: Any, z: Any, x: Any) -> Any:
    # Next to the poles far below, gamma has too few digits left, and its derivative is of ordinary size:
    # gamma(x) = gamma(x + 16) / (x*(x + 1)*...*(x + 15)).
    far = m.less(x, -160)
    slope = m.where(far, m.gamma(m.where(far, x + 16, 1)), z) * m.digamma(x)
    for step in range(16):
        slope = slope / m.where(far, x + step, 1)
    return slope


_POLES = "x not 0, -1, -2, ..."


def _halved(m: Any, x: Any, power: Any) -> Any:
    """Return power*exp(|x|), which may be in the range of floats where exp(|x|) is not."""
    return m.exp(abs(x) / 2) * power * m.exp(abs(x) / 2)


def _hyperbolic_slope(m: Any, x: Any, function: Any) -> Any:
    """Return sinh(x)/x or cosh(x)/x."""
    is_large = m.greater(abs(x), 700)
    small, large = m.where(is_large, 1, x), m.where(is_large, x, 1)
    return m.where(is_large, _halved(m, large, 0.5 / abs(large)), function(small) / small)


def _shi_slope(m: Any, z: Any, x: Any) -> Any:
    at_0 = m.equal(x, 0)
    return m.where(at_0, 1, _hyperbolic_slope(m, m.where(at_0, 1, x), m.sinh))


_NOT_1 = "x != 1"
_ORDER = "n whole, from -100 to 100"
_NO_DN = "there is no d/dn"

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "gamma",
        lambda m, x: m.gamma(x),
        (lambda m, z, x: z * m.digamma(x),),
        stable=(_gamma_slope,),
        latex=latex_call(r"\Gamma"),
        domain=_POLES,
        description="gamma function",
        example=(2.5,),
    ),
    Operation(
        "factorial",
        lambda m, x: m.gamma(x + 1),
        (lambda m, z, x: z * m.digamma(x + 1),),
        stable=(lambda m, z, x: _gamma_slope(m, z, x + 1),),
        latex=Form(POWER, ATOM, "!"),
        domain="x not -1, -2, -3, ...",
        description="factorial of x, gamma(x + 1), also written x!",
        example=(2.5,),
    ),
    Operation(
        "lgamma",
        lambda m, x: m.lgamma(x),
        (lambda m, z, x: m.digamma(x),),
        latex=Form(ATOM, r"\ln\left|\Gamma\left(", ANY, r"\right)\right|"),
        domain=_POLES,
        description="logarithm of the absolute value of gamma(x)",
        example=(2.5,),
    ),
    Operation(
        "digamma",
        lambda m, x: m.digamma(x),
        (lambda m, z, x: m.polygamma(1, x),),
        latex=latex_call(r"\psi"),
        domain=_POLES,
        description="derivative of lgamma",
        example=(2.5,),
    ),
    Operation(
        "polygamma",
        lambda m, n, x: m.polygamma(n, x),
        (none, lambda m, z, n, x: m.polygamma(n + 1, x)),
        latex=Form(ATOM, r"\psi^{\left(", ANY, r"\right)}\left(", ANY, r"\right)"),
        operands=("n", "x"),
        domain=f"n whole, from 0 to 170; {_POLES}",
        description="derivative of order n of digamma",
        convention="there is no d/dn, and no d/dx at n = 170",
        example=(1.0, 2.5),
    ),
    Operation(
        "beta",
        lambda m, x, y: m.beta(x, y),
        (
            lambda m, z, x, y: z * (m.digamma(x) - m.digamma(x + y)),
            lambda m, z, x, y: z * (m.digamma(y) - m.digamma(x + y)),
        ),
        stable=(
            lambda m, z, x, y: m.beta_slope(x, y),
            lambda m, z, x, y: m.beta_slope(y, x),
        ),
        latex=latex_call(r"\mathrm{B}", 2),
        domain="x and y not 0, -1, -2, ...",
        description="beta function, gamma(x)*gamma(y)/gamma(x + y)",
        example=(2.5, 1.5),
        mpmath=computed.beta,
    ),
    Operation(
        "lbeta",
        lambda m, x, y: m.lbeta(x, y),
        (
            lambda m, z, x, y: m.digamma(x) - m.digamma(x + y),
            lambda m, z, x, y: m.digamma(y) - m.digamma(x + y),
        ),
        stable=(
            lambda m, z, x, y: m.digamma_difference(x, y),
            lambda m, z, x, y: m.digamma_difference(y, x),
        ),
        latex=Form(ATOM, r"\ln\left|\mathrm{B}\left(", ANY, ", ", ANY, r"\right)\right|"),
        aliases=("betaln",),
        domain="x, y and x + y not 0, -1, -2, ...",
        description="logarithm of the absolute value of beta(x, y)",
        example=(2.5, 1.5),
        mpmath=computed.lbeta,
    ),
    Operation(
        "gammainc",
        lambda m, a, x: m.gammainc(a, x),
        (none, lambda m, z, a, x: x ** (a - 1) * m.exp(-x) / m.gamma(a)),
        stable=(none, lambda m, z, a, x: m.gammainc_slope(a, x)),
        latex=latex_call("P", 2),
        operands=("a", "x"),
        domain="0 < a <= 100000, x >= 0",
        range=NOT_NEGATIVE,
        description="lower incomplete gamma function, regularized",
        convention="there is no d/da, and no d/dx at x = 0 for a < 1",
        example=(2.5, 1.5),
        mpmath=computed.gammainc,
    ),
    Operation(
        "erfi",
        lambda m, x: m.erfi(x),
        (lambda m, z, x: 2 / m.sqrt(m.pi) * m.exp(x**2),),
        stable=(lambda m, z, x: 2 / m.sqrt(m.pi) * m.exp(x * x),),
        description="imaginary error function, integral of 2/sqrt(pi)*exp(t**2) from 0",
        example=(0.5,),
        mpmath=lambda c, x: c.erfi(computed.limited(x, 2**20)),
    ),
    Operation(
        "Ei",
        lambda m, x: m.Ei(x),
        (lambda m, z, x: m.exp(x) / x,),
        stable=(lambda m, z, x: m.exp(x / 2) / x * m.exp(x / 2),),
        latex=latex_call(r"\operatorname{Ei}"),
        aliases=("expi",),
        domain="x != 0",
        description="exponential integral, of exp(t)/t from -infinity to x",
        example=(0.5,),
        mpmath=lambda c, x: c.ei(computed.limited(x)) if x > -FURTHEST_EXPONENT else c.zero,
    ),
    Operation(
        "Si",
        lambda m, x: m.Si(x),
        (lambda m, z, x: m.sin(x) / x,),
        stable=(lambda m, z, x: m.sinc(x),),
        latex=latex_call(r"\operatorname{Si}"),
        description="sine integral, of sin(t)/t from 0 to x",
        convention="1 at x = 0",
        example=(0.5,),
        mpmath=computed.si,
    ),
    Operation(
        "Ci",
        lambda m, x: m.Ci(x),
        (lambda m, z, x: m.cos(x) / x,),
        latex=latex_call(r"\operatorname{Ci}"),
        domain=ABOVE_0,
        description="cosine integral, of cos(t)/t from infinity to x",
        example=(0.5,),
        mpmath=computed.ci,
    ),
    Operation(
        "Shi",
        lambda m, x: m.Shi(x),
        (lambda m, z, x: m.sinh(x) / x,),
        stable=(_shi_slope,),
        latex=latex_call(r"\operatorname{Shi}"),
        description="hyperbolic sine integral, of sinh(t)/t from 0 to x",
        convention="1 at x = 0",
        example=(0.5,),
        mpmath=lambda c, x: c.shi(computed.limited(x)),
    ),
    Operation(
        "Chi",
        lambda m, x: m.Chi(x),
        (lambda m, z, x: m.cosh(x) / x,),
        stable=(lambda m, z, x: _hyperbolic_slope(m, x, m.cosh),),
        latex=latex_call(r"\operatorname{Chi}"),
        domain=ABOVE_0,
        description="hyperbolic cosine integral, of (cosh(t) - 1)/t, + log(x) + gamma",
        example=(0.5,),
        mpmath=lambda c, x: c.chi(computed.limited(x)),
    ),
    Operation(
        "fresnels",
        lambda m, x: m.fresnels(x),
        (lambda m, z, x: m.sin(m.pi * x**2 / 2),),
        stable=(lambda m, z, x: m.fresnels_slope(x),),
        latex=latex_call("S"),
        description="Fresnel integral, of sin(pi*t**2/2) from 0 to x",
        example=(0.5,),
        mpmath=computed.fresnels,
    ),
    Operation(
        "fresnelc",
        lambda m, x: m.fresnelc(x),
        (lambda m, z, x: m.cos(m.pi * x**2 / 2),),
        stable=(lambda m, z, x: m.fresnelc_slope(x),),
        latex=latex_call("C"),
        description="Fresnel integral, of cos(pi*t**2/2) from 0 to x",
        example=(0.5,),
        mpmath=computed.fresnelc,
    ),
    Operation(
        "lambertw",
        lambda m, x: m.lambertw(x),
        (lambda m, z, x: 1 / (x + m.exp(z)),),
        stable=(lambda m, z, x: m.lambertw_slope(x),),
        latex=latex_call("W"),
        domain="x >= -exp(-1)",
        description="the w with w*exp(w) = x, the larger one (main branch)",
        convention="none at x = -exp(-1)",
        example=(0.5,),
        mpmath=lambda c, x: c.lambertw(x),
    ),
    Operation(
        "zeta",
        lambda m, x: m.zeta(x),
        (lambda m, z, x: m.zetaprime(x),),
        latex=latex_call(r"\zeta"),
        domain=_NOT_1,
        description="Riemann zeta function, the sum of 1/n**x where x > 1",
        example=(2.5,),
        mpmath=computed.zeta,
    ),
    Operation(
        "zetaprime",
        lambda m, x: m.zetaprime(x),
        (none,),
        latex=latex_call(r"\zeta'"),
        domain=_NOT_1,
        description="derivative of zeta",
        convention="there is no d/dx",
        example=(2.5,),
        mpmath=computed.zeta_slope,
    ),
    Operation(
        "besselj",
        lambda m, n, x: m.besselj(n, x),
        (none, lambda m, z, n, x: (m.besselj(n - 1, x) - m.besselj(n + 1, x)) / 2),
        latex=Form(ATOM, "J_{", ANY, r"}\left(", ANY, r"\right)"),
        operands=("n", "x"),
        domain=_ORDER,
        description="Bessel function of the first kind of order n",
        convention=_NO_DN,
        example=(1.0, 2.5),
        mpmath=computed.besselj,
    ),
    Operation(
        "bessely",
        lambda m, n, x: m.bessely(n, x),
        (none, lambda m, z, n, x: (m.bessely(n - 1, x) - m.bessely(n + 1, x)) / 2),
        latex=Form(ATOM, "Y_{", ANY, r"}\left(", ANY, r"\right)"),
        operands=("n", "x"),
        domain=f"x > 0; {_ORDER}",
        description="Bessel function of the second kind of order n",
        convention=_NO_DN,
        example=(1.0, 2.5),
        mpmath=computed.bessely,
    ),
    Operation(
        "besseli",
        lambda m, n, x: m.besseli(n, x),
        (none, lambda m, z, n, x: (m.besseli(n - 1, x) + m.besseli(n + 1, x)) / 2),
        latex=Form(ATOM, "I_{", ANY, r"}\left(", ANY, r"\right)"),
        operands=("n", "x"),
        domain=_ORDER,
        description="modified Bessel function of the first kind of order n",
        convention=_NO_DN,
        example=(1.0, 2.5),
        mpmath=lambda c, n, x: computed.modified_bessel(c.besseli, n, computed.limited(x)),
    ),
    Operation(
        "besselk",
        lambda m, n, x: m.besselk(n, x),
        (none, lambda m, z, n, x: -(m.besselk(n - 1, x) + m.besselk(n + 1, x)) / 2),
        latex=Form(ATOM, "K_{", ANY, r"}\left(", ANY, r"\right)"),
        operands=("n", "x"),
        domain=f"x > 0; {_ORDER}",
        range=POSITIVE,
        description="modified Bessel function of the second kind of order n",
        convention=_NO_DN,
        example=(1.0, 2.5),
        mpmath=computed.besselk,
    ),
    Operation(
        "ellipk",
        lambda m, x: m.ellipk(x),
        (lambda m, z, x: (m.ellipe(x) - (1 - x) * z) / (2 * x * (1 - x)),),
        stable=(lambda m, z, x: m.ellipk_slope(x),),
        latex=latex_call("K"),
        operands=("m",),
        domain="m < 1",
        range=POSITIVE,
        description="complete elliptic integral of the first kind, m = k**2",
        convention="pi/8 at m = 0",
        example=(0.5,),
        mpmath=lambda c, x: c.ellipk(x) if x < 1 else c.nan,
    ),
    Operation(
        "ellipe",
        lambda m, x: m.ellipe(x),
        (lambda m, z, x: (z - m.ellipk(x)) / (2 * x),),
        stable=(lambda m, z, x: m.ellipe_slope(x),),
        latex=latex_call("E"),
        operands=("m",),
        domain="m <= 1",
        range=POSITIVE,
        description="complete elliptic integral of the second kind, m = k**2",
        convention="-pi/8 at m = 0; none at m = 1",
        example=(0.5,),
        mpmath=lambda c, x: computed.ellipe(c, x) if x <= 1 else c.nan,
    ),
)
