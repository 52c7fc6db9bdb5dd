"""Statistics and learning."""

from typing import Any

from mgcli.graph.families import computed
from mgcli.graph.operation import (
    ANY,
    ATOM,
    BETWEEN_0_AND_1,
    NOT_NEGATIVE,
    POSITIVE,
    PRODUCT,
    WITHIN_1,
    Form,
    Operation,
    latex_call,
)


def _sigmoid(m: Any, x: Any) -> Any:
    small = m.exp(-abs(x))
    return m.where(m.less(x, 0), small, 1) / (1 + small)


def _sigmoid_slope(m: Any, z: Any, x: Any) -> Any:
    small = m.exp(-abs(x))
    return small / ((1 + small) * (1 + small))


def _logit(m: Any, x: Any) -> Any:
    # Where the quotient is near 1, its logarithm is that of 1 plus what is exact.
    is_middle = m.less(abs(x - 0.5), 0.25)
    middle, other = m.where(is_middle, x, 0.5), m.where(is_middle, 0.5, x)
    return m.where(is_middle, 2 * m.atanh(2 * middle - 1), m.log(other) - m.log1p(-other))


def _xlogy(m: Any, x: Any, y: Any) -> Any:
    at_0 = m.equal(x, 0)
    return m.where(at_0, 0.0, x * m.log(m.where(at_0, 1, y)))


def _xlogy_by_second(m: Any, z: Any, x: Any, y: Any) -> Any:
    at_0 = m.equal(x, 0)
    return m.where(at_0, 0, x / m.where(at_0, 1, y))


_INSIDE_1 = "-1 < x < 1"
_PROBABILITY = "0 < x < 1"

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "sigmoid",
        _sigmoid,
        (lambda m, z, x: z * (1 - z),),
        stable=(_sigmoid_slope,),
        latex=latex_call(r"\sigma"),
        range=BETWEEN_0_AND_1,
        description="logistic function, 1/(1 + exp(-x))",
        example=(0.5,),
    ),
    Operation(
        "relu",
        lambda m, x: m.where(m.greater(x, 0), x, 0.0),
        (lambda m, z, x: m.where(m.greater(x, 0), 1, 0),),
        range=NOT_NEGATIVE,
        description="x where x > 0, 0 elsewhere",
        convention="0 at x = 0",
        example=(0.5,),
        chooses=True,
        kink=lambda m, x: m.equal(x, 0),
    ),
    Operation(
        "softplus",
        lambda m, x: m.where(m.greater(x, 0), x, 0.0) + m.log1p(m.exp(-abs(x))),
        (lambda m, z, x: m.sigmoid(x),),
        range=POSITIVE,
        description="log(1 + exp(x)), a smooth relu",
        example=(0.5,),
    ),
    Operation(
        "erf",
        lambda m, x: m.erf(x),
        (lambda m, z, x: 2 / m.sqrt(m.pi) * m.exp(-(x**2)),),
        stable=(lambda m, z, x: 2 / m.sqrt(m.pi) * m.exp(-(x * x)),),
        range=WITHIN_1,
        description="error function",
        example=(0.5,),
    ),
    Operation(
        "erfc",
        lambda m, x: m.erfc(x),
        (lambda m, z, x: -2 / m.sqrt(m.pi) * m.exp(-(x**2)),),
        stable=(lambda m, z, x: -2 / m.sqrt(m.pi) * m.exp(-(x * x)),),
        range=POSITIVE,
        description="1 - erf(x), exact for large x",
        example=(0.5,),
    ),
    Operation(
        "normpdf",
        lambda m, x: m.exp(-x * x / 2) / m.sqrt(m.tau),
        (lambda m, z, x: -x * z,),
        latex=latex_call(r"\varphi"),
        range=POSITIVE,
        description="density of the standard normal distribution",
        example=(0.5,),
    ),
    Operation(
        "normcdf",
        lambda m, x: m.erfc(-x / m.sqrt(2)) / 2,
        (lambda m, z, x: m.normpdf(x),),
        latex=latex_call(r"\Phi"),
        range=BETWEEN_0_AND_1,
        description="probability that a standard normal variable is at most x",
        example=(0.5,),
    ),
    Operation(
        "logit",
        _logit,
        (lambda m, z, x: 1 / (x * (1 - x)),),
        latex=latex_call(r"\operatorname{logit}"),
        domain=_PROBABILITY,
        description="inverse of sigmoid, log(x/(1 - x))",
        example=(0.3,),
    ),
    Operation(
        "logsigmoid",
        lambda m, x: -m.softplus(-x),
        (lambda m, z, x: m.sigmoid(-x),),
        latex=Form(ATOM, r"\ln\sigma\left(", ANY, r"\right)"),
        description="logarithm of sigmoid(x)",
        example=(0.5,),
    ),
    Operation(
        "logaddexp",
        lambda m, x, y: m.max(x, y) + m.log1p(m.exp(-abs(x - y))),
        (lambda m, z, x, y: m.sigmoid(x - y), lambda m, z, x, y: m.sigmoid(y - x)),
        latex=Form(ATOM, r"\ln\left(e^{", ANY, "} + e^{", ANY, r"}\right)"),
        description="log(exp(x) + exp(y)), without overflow",
        example=(0.5, 1.5),
    ),
    Operation(
        "xlogy",
        _xlogy,
        (lambda m, z, x, y: m.log(y), lambda m, z, x, y: x / y),
        stable=(lambda m, z, x, y: m.log(y), _xlogy_by_second),
        latex=Form(PRODUCT, PRODUCT, r" \cdot \ln\left(", ANY, r"\right)"),
        domain="y > 0; x = 0 with any y",
        description="x*log(y), and 0 where x is 0",
        convention="there is no d/dx at y <= 0; d/dy is 0 at x = 0",
        example=(2.0, 3.0),
    ),
    Operation(
        "erfinv",
        lambda m, x: m.erfinv(x),
        (lambda m, z, x: m.sqrt(m.pi) / 2 * m.exp(z**2),),
        stable=(lambda m, z, x: m.sqrt(m.pi) / 2 * m.exp(z * z),),
        latex=latex_call(r"\operatorname{erf}^{-1}"),
        domain=_INSIDE_1,
        description="inverse of erf",
        example=(0.5,),
        mpmath=lambda c, x: c.erfinv(x) if abs(x) < 1 else c.nan,
    ),
    Operation(
        "norminv",
        lambda m, x: m.norminv(x),
        (lambda m, z, x: 1 / m.normpdf(z),),
        stable=(lambda m, z, x: m.sqrt(m.tau) * m.exp(z * z / 2),),
        latex=latex_call(r"\Phi^{-1}"),
        aliases=("probit", "normppf"),
        domain=_PROBABILITY,
        description="inverse of normcdf, quantile of the standard normal distribution",
        example=(0.3,),
        mpmath=computed.norminv,
    ),
    Operation(
        "lognormcdf",
        lambda m, x: m.lognormcdf(x),
        (lambda m, z, x: m.normpdf(x) / m.normcdf(x),),
        stable=(lambda m, z, x: m.lognormcdf_slope(x),),
        latex=Form(ATOM, r"\ln\Phi\left(", ANY, r"\right)"),
        description="logarithm of normcdf(x), exact far below 0",
        example=(0.5,),
        mpmath=computed.lognormcdf,
    ),
)
