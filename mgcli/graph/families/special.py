"""Special functions."""

import math
from typing import Any

from mgcli.graph.operation import ANY, ATOM, POWER, Form, Operation, latex_call


def _none(m: Any, z: Any, *operands: Any) -> float:
    return math.nan


def _gamma_slope(m: Any, z: Any, x: Any) -> Any:
    # Next to the poles far below, gamma has too few digits left, and its derivative is of ordinary size:
    # gamma(x) = gamma(x + 16) / (x*(x + 1)*...*(x + 15)).
    far = m.less(x, -160)
    slope = m.where(far, m.gamma(m.where(far, x + 16, 1)), z) * m.digamma(x)
    for step in range(16):
        slope = slope / m.where(far, x + step, 1)
    return slope


_POLES = "x not 0, -1, -2, ..."

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
        (_none, lambda m, z, n, x: m.polygamma(n + 1, x)),
        latex=Form(ATOM, r"\psi^{\left(", ANY, r"\right)}\left(", ANY, r"\right)"),
        operands=("n", "x"),
        domain=f"n whole, from 0 to 170; {_POLES}",
        description="derivative of order n of digamma",
        convention="there is no d/dn, and no d/dx at n = 170",
        example=(1.0, 2.5),
    ),
)
