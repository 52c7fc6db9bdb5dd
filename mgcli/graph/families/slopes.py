"""Derivatives that no formula of other functions gives to full precision; only stable forms call them."""

from collections.abc import Callable
from typing import Any

from mgcli.graph.families import computed
from mgcli.graph.operation import Operation, Rule


def _slope(function: str, slope: Rule, mpmath: Callable[..., Any], example: tuple[float, ...] = (0.5,)) -> Operation:
    """Return the entry of the derivative of `function`, whose own derivative is `slope`."""
    name = f"{function}_slope"
    rule = lambda m, x: getattr(m, name)(x)  # noqa: E731
    return Operation(
        name, rule, (slope,), function=False, description=f"derivative of {function}", example=example, mpmath=mpmath
    )


def _slope_of_lambertw(m: Any, z: Any, x: Any) -> Any:
    w = m.lambertw(x)
    return -z * (w + 2) * m.exp(-w) / ((1 + w) * (1 + w))


OPERATIONS: tuple[Operation, ...] = (
    _slope(
        "sinc",
        lambda m, z, x: -m.sinc(x) - 2 * z / x,
        computed.sinc_slope,
    ),
    _slope("lognormcdf", lambda m, z, x: -z * (x + z), computed.lognormcdf_slope),
    _slope("fresnels", lambda m, z, x: m.pi * x * m.fresnelc_slope(x), computed.fresnels_slope),
    _slope("fresnelc", lambda m, z, x: -m.pi * x * m.fresnels_slope(x), computed.fresnelc_slope),
    _slope("lambertw", _slope_of_lambertw, computed.lambertw_slope),
    _slope(
        "ellipk",
        lambda m, z, x: (m.ellipk(x) / 4 - (1 - 2 * x) * z) / (x * (1 - x)),
        computed.ellipk_slope,
    ),
    _slope("ellipe", lambda m, z, x: (z - m.ellipk_slope(x)) / (2 * x) - z / x, computed.ellipe_slope),
    Operation(
        "gammainc_slope",
        lambda m, a, x: m.gammainc_slope(a, x),
        (
            lambda m, z, a, x: z * (m.log(x) - m.digamma(a)),
            lambda m, z, a, x: z * ((a - 1) / x - 1),
        ),
        function=False,
        description="derivative of gammainc with respect to its second operand",
        example=(2.5, 1.5),
        mpmath=computed.gammainc_slope,
    ),
    Operation(
        "beta_slope",
        lambda m, x, y: m.beta_slope(x, y),
        (
            lambda m, z, x, y: (
                z * m.digamma_difference(x, y) + m.beta(x, y) * (m.polygamma(1, x) - m.polygamma(1, x + y))
            ),
            lambda m, z, x, y: z * m.digamma_difference(y, x) - m.beta(x, y) * m.polygamma(1, x + y),
        ),
        function=False,
        description="derivative of beta with respect to its first operand",
        example=(2.5, 1.5),
        mpmath=computed.beta_slope,
    ),
    Operation(
        "digamma_difference",
        lambda m, x, y: m.digamma_difference(x, y),
        (
            lambda m, z, x, y: m.polygamma(1, x) - m.polygamma(1, x + y),
            lambda m, z, x, y: -m.polygamma(1, x + y),
        ),
        function=False,
        description="digamma(x) - digamma(x + y)",
        example=(2.5, 1.5),
        mpmath=computed.digamma_difference,
    ),
)
