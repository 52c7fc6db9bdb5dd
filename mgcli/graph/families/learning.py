"""Statistics and learning."""

from typing import Any

from mgcli.graph.operation import BETWEEN_0_AND_1, NOT_NEGATIVE, POSITIVE, WITHIN_1, Operation, latex_call


def _sigmoid(m: Any, x: Any) -> Any:
    small = m.exp(-abs(x))
    return m.where(m.less(x, 0), small, 1) / (1 + small)


def _sigmoid_slope(m: Any, z: Any, x: Any) -> Any:
    small = m.exp(-abs(x))
    return small / ((1 + small) * (1 + small))


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
)
