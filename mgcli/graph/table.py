"""The table of operations: all that is known of each one, once.

A rule is written with ordinary arithmetic and the functions of a namespace `m`, never with `if` or
`<`, so that one line serves floats (`m` is `FLOATS`), arrays, and nodes (`m` is `mgcli.functions`).
A forward rule takes `m` and the operands; a derivative takes `m`, the result and the operands,
since many derivatives are shortest in terms of the result (`tanh`, `exp`).

To add a function, add an entry; nothing else holds a list of functions.
"""

import copyreg
import math
from collections.abc import Callable
from typing import Any

from mgcli.graph.operation import (
    ABOVE_0,
    ANY,
    ATOM,
    BETWEEN_0_AND_1,
    CONDITION,
    FROM_0,
    NOT_BY_0,
    NOT_NEGATIVE,
    POSITIVE,
    POWER,
    PRODUCT,
    SUM,
    UNARY,
    WITHIN_1,
    Form,
    Operation,
    latex_call,
    minus_one,
    one,
    zero,
)


def _none(m: Any, z: Any, *operands: Any) -> float:
    return math.nan


def _part_taken(m: Any, first: Any, tied: Any, index: int) -> Any:
    """Return 1 for the operand `index` (0 or 1) where it is the one taken: the first if the condition `first` holds."""
    return m.where(first, 1 - index, m.where(tied, 0.5, index))


def _power_by_base(m: Any, z: Any, x: Any, y: Any) -> Any:
    """Return y * x**(y - 1); 0 at y = 0, where the power is constant.

    For a huge y, and for one between -1 and 0, x**(y - 1) may overflow or underflow where the
    product does not: there its root is used twice. The sign is that of x times that of x**y,
    because y - 1 may not be a float.
    """
    constant = m.equal(y, 0)
    exponent = m.where(constant, 1, y - 1)
    special = m.where(m.greater(abs(y), 1000), 1, m.where(m.less(y, 0), m.greater(y, -1), 0))
    outside = m.where(m.greater(abs(y), 2.0**52), 1, m.less(m.min(abs(x), abs(z)), 1e-100))
    far = m.where(special, outside, 0)
    plain = m.pow(m.where(far, 1, x), exponent)
    root = m.pow(abs(x), m.where(far, exponent / 2, 0))
    side = m.where(m.less(x, 0), -1, 1)
    halves = y * root * root * side * m.pow(side, y)
    return m.where(constant, 0, m.where(far, halves, y * plain))


def _power_by_exponent(m: Any, z: Any, x: Any, y: Any) -> Any:
    # 0**y is 0 for every y > 0; at 0**0 the convention is 0 too.
    return m.where(m.equal(x, 0), 0, z * m.log(m.where(m.equal(x, 0), 1, x)))


def _sigmoid(m: Any, x: Any) -> Any:
    small = m.exp(-abs(x))
    return m.where(m.less(x, 0), small, 1) / (1 + small)


def _sigmoid_slope(m: Any, z: Any, x: Any) -> Any:
    small = m.exp(-abs(x))
    return small / ((1 + small) * (1 + small))


def _tanh_slope(m: Any, z: Any, x: Any) -> Any:
    small = m.exp(-2 * abs(x))
    return 4 * small / ((1 + small) * (1 + small))


def _gamma_slope(m: Any, z: Any, x: Any) -> Any:
    # Next to the poles far below, gamma has too few digits left, and its derivative is of ordinary size:
    # gamma(x) = gamma(x + 16) / (x*(x + 1)*...*(x + 15)).
    far = m.less(x, -160)
    slope = m.where(far, m.gamma(m.where(far, x + 16, 1)), z) * m.digamma(x)
    for step in range(16):
        slope = slope / m.where(far, x + step, 1)
    return slope


_COMPARED = "1 where it holds, 0 elsewhere; it has no derivative"
_FLAT = "0, also where x is whole"
_POLES = "x not 0, -1, -2, ..."

TABLE: tuple[Operation, ...] = (
    Operation(
        "add",
        lambda m, x, y: x + y,
        (one, one),
        noun="addition",
        symbol="+",
        text=Form(SUM, SUM, " + ", PRODUCT),
        latex=Form(SUM, SUM, " + ", PRODUCT),
        function=False,
        description="sum",
        example=(2.0, 3.0),
    ),
    Operation(
        "sub",
        lambda m, x, y: x - y,
        (one, minus_one),
        noun="subtraction",
        symbol="-",
        text=Form(SUM, SUM, " - ", PRODUCT),
        latex=Form(SUM, SUM, " - ", PRODUCT),
        function=False,
        description="difference",
        example=(2.0, 3.0),
    ),
    Operation(
        "mul",
        lambda m, x, y: x * y,
        (lambda m, z, x, y: y, lambda m, z, x, y: x),
        noun="multiplication",
        symbol="*",
        text=Form(PRODUCT, PRODUCT, "*", UNARY),
        latex=Form(PRODUCT, PRODUCT, r" \cdot ", POWER),
        function=False,
        description="product",
        example=(2.0, 3.0),
    ),
    Operation(
        "div",
        lambda m, x, y: x / y,
        (lambda m, z, x, y: 1 / y, lambda m, z, x, y: -x / y**2),
        stable=(lambda m, z, x, y: 1 / y, lambda m, z, x, y: -z / y),
        noun="division",
        symbol="/",
        text=Form(PRODUCT, PRODUCT, "/", UNARY),
        latex=Form(POWER, r"\frac{", ANY, "}{", ANY, "}"),
        function=False,
        domain=NOT_BY_0,
        description="quotient",
        example=(2.0, 3.0),
    ),
    Operation(
        "neg",
        lambda m, x: -x,
        (minus_one,),
        noun="negation",
        symbol="-",
        text=Form(UNARY, "-", UNARY),
        latex=Form(UNARY, "-", UNARY),
        function=False,
        description="opposite",
        example=(2.0,),
    ),
    Operation(
        "pow",
        lambda m, x, y: m.pow(x, y),
        (lambda m, z, x, y: y * x ** (y - 1), lambda m, z, x, y: z * m.log(x)),
        stable=(_power_by_base, _power_by_exponent),
        noun="power",
        symbol="**",
        text=Form(POWER, ATOM, "**", UNARY),
        latex=Form(POWER, ATOM, "^{", ANY, "}"),
        domain="x > 0; x = 0 with y >= 0; x < 0 with y whole",
        description="x to the power of y, also written x**y and x^y",
        convention="d/dx is 0 at y = 0, d/dy is 0 at x = 0; there is no d/dy at x < 0",
        example=(2.0, 3.0),
        kink=lambda m, x, y: m.where(m.equal(x, 0), m.equal(y, 0), 0),
    ),
    Operation(
        "exp",
        lambda m, x: m.exp(x),
        (lambda m, z, x: z,),
        latex=Form(POWER, "e^{", ANY, "}"),
        range=POSITIVE,
        description="exponential, e to the power of x",
        example=(0.5,),
    ),
    Operation(
        "expm1",
        lambda m, x: m.expm1(x),
        (lambda m, z, x: m.exp(x),),
        latex=Form(SUM, "e^{", ANY, "} - 1"),
        description="exp(x) - 1, exact for small x",
        example=(0.5,),
    ),
    Operation(
        "log",
        lambda m, x: m.log(x),
        (lambda m, z, x: 1 / x,),
        latex=latex_call(r"\ln"),
        aliases=("ln",),
        domain=ABOVE_0,
        description="natural logarithm",
        example=(2.0,),
    ),
    Operation(
        "log1p",
        lambda m, x: m.log1p(x),
        (lambda m, z, x: 1 / (1 + x),),
        latex=Form(ATOM, r"\ln\left(1 + ", PRODUCT, r"\right)"),
        domain="x > -1",
        description="log(1 + x), exact for small x",
        example=(0.5,),
    ),
    Operation(
        "log2",
        lambda m, x: m.log2(x),
        (lambda m, z, x: 1 / (x * m.log(2)),),
        latex=latex_call(r"\log_{2}"),
        domain=ABOVE_0,
        description="logarithm to base 2",
        example=(2.0,),
    ),
    Operation(
        "log10",
        lambda m, x: m.log10(x),
        (lambda m, z, x: 1 / (x * m.log(10)),),
        latex=latex_call(r"\log_{10}"),
        domain=ABOVE_0,
        description="logarithm to base 10",
        example=(2.0,),
    ),
    Operation(
        "sqrt",
        lambda m, x: m.sqrt(x),
        (lambda m, z, x: 1 / (2 * z),),
        latex=Form(ATOM, r"\sqrt{", ANY, "}"),
        domain=FROM_0,
        range=NOT_NEGATIVE,
        description="square root",
        convention="none at x = 0",
        example=(2.0,),
    ),
    Operation(
        "cbrt",
        lambda m, x: m.cbrt(x),
        (lambda m, z, x: 1 / (3 * z**2),),
        latex=Form(ATOM, r"\sqrt[3]{", ANY, "}"),
        description="cube root, also of negative numbers",
        convention="none at x = 0",
        example=(2.0,),
    ),
    Operation(
        "sin",
        lambda m, x: m.sin(x),
        (lambda m, z, x: m.cos(x),),
        latex=latex_call(r"\sin"),
        description="sine, x in radians",
        example=(0.5,),
    ),
    Operation(
        "cos",
        lambda m, x: m.cos(x),
        (lambda m, z, x: -m.sin(x),),
        latex=latex_call(r"\cos"),
        description="cosine, x in radians",
        example=(0.5,),
    ),
    Operation(
        "tan",
        lambda m, x: m.tan(x),
        (lambda m, z, x: 1 + z**2,),
        latex=latex_call(r"\tan"),
        domain="x not an odd multiple of pi/2",
        description="tangent, x in radians",
        example=(0.5,),
    ),
    Operation(
        "asin",
        lambda m, x: m.asin(x),
        (lambda m, z, x: 1 / m.sqrt(1 - x**2),),
        stable=(lambda m, z, x: 1 / m.sqrt((1 - x) * (1 + x)),),
        latex=latex_call(r"\arcsin"),
        aliases=("arcsin",),
        domain="-1 <= x <= 1",
        description="inverse sine, in radians",
        convention="none at x = -1 and x = 1",
        example=(0.5,),
    ),
    Operation(
        "acos",
        lambda m, x: m.acos(x),
        (lambda m, z, x: -1 / m.sqrt(1 - x**2),),
        stable=(lambda m, z, x: -1 / m.sqrt((1 - x) * (1 + x)),),
        latex=latex_call(r"\arccos"),
        aliases=("arccos",),
        domain="-1 <= x <= 1",
        range=NOT_NEGATIVE,
        description="inverse cosine, in radians",
        convention="none at x = -1 and x = 1",
        example=(0.5,),
    ),
    Operation(
        "atan",
        lambda m, x: m.atan(x),
        (lambda m, z, x: 1 / (1 + x**2),),
        stable=(lambda m, z, x: 1 / (1 + x * x),),
        latex=latex_call(r"\arctan"),
        aliases=("arctan",),
        description="inverse tangent, in radians",
        example=(0.5,),
    ),
    Operation(
        "sinh",
        lambda m, x: m.sinh(x),
        (lambda m, z, x: m.cosh(x),),
        latex=latex_call(r"\sinh"),
        description="hyperbolic sine",
        example=(0.5,),
    ),
    Operation(
        "cosh",
        lambda m, x: m.cosh(x),
        (lambda m, z, x: m.sinh(x),),
        latex=latex_call(r"\cosh"),
        range=POSITIVE,
        description="hyperbolic cosine",
        example=(0.5,),
    ),
    Operation(
        "tanh",
        lambda m, x: m.tanh(x),
        (lambda m, z, x: 1 - z**2,),
        stable=(_tanh_slope,),
        latex=latex_call(r"\tanh"),
        range=WITHIN_1,
        description="hyperbolic tangent",
        example=(0.5,),
    ),
    Operation(
        "asinh",
        lambda m, x: m.asinh(x),
        (lambda m, z, x: 1 / m.sqrt(1 + x**2),),
        stable=(lambda m, z, x: 1 / m.hypot(1, x),),
        latex=latex_call(r"\operatorname{arsinh}"),
        aliases=("arcsinh",),
        description="inverse hyperbolic sine",
        example=(0.5,),
    ),
    Operation(
        "acosh",
        lambda m, x: m.acosh(x),
        (lambda m, z, x: 1 / m.sqrt(x**2 - 1),),
        stable=(lambda m, z, x: 1 / (m.sqrt(x - 1) * m.sqrt(x + 1)),),
        latex=latex_call(r"\operatorname{arcosh}"),
        aliases=("arccosh",),
        domain="x >= 1",
        range=NOT_NEGATIVE,
        description="inverse hyperbolic cosine",
        convention="none at x = 1",
        example=(2.0,),
    ),
    Operation(
        "atanh",
        lambda m, x: m.atanh(x),
        (lambda m, z, x: 1 / (1 - x**2),),
        stable=(lambda m, z, x: 1 / ((1 - x) * (1 + x)),),
        latex=latex_call(r"\operatorname{artanh}"),
        aliases=("arctanh",),
        domain="-1 < x < 1",
        description="inverse hyperbolic tangent",
        example=(0.5,),
    ),
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
    Operation(
        "abs",
        lambda m, x: abs(x),
        (lambda m, z, x: m.sign(x),),
        latex=Form(ATOM, r"\left|", ANY, r"\right|"),
        range=NOT_NEGATIVE,
        description="absolute value",
        convention="0 at x = 0",
        example=(-0.5,),
        kink=lambda m, x: m.equal(x, 0),
    ),
    Operation(
        "sign",
        lambda m, x: m.where(m.greater(x, 0), 1.0, m.where(m.less(x, 0), -1.0, 0.0)),
        (zero,),
        latex=latex_call(r"\operatorname{sgn}"),
        description="1 where x > 0, -1 where x < 0, 0 at 0",
        convention="0 at x = 0",
        example=(-0.5,),
        kink=lambda m, x: m.equal(x, 0),
    ),
    Operation(
        "floor",
        lambda m, x: m.floor(x),
        (zero,),
        latex=Form(ATOM, r"\left\lfloor ", ANY, r"\right\rfloor"),
        description="the largest whole number that is at most x",
        convention=_FLAT,
        example=(2.5,),
        kink=lambda m, x: m.equal(x, m.floor(x)),
    ),
    Operation(
        "ceil",
        lambda m, x: m.ceil(x),
        (zero,),
        latex=Form(ATOM, r"\left\lceil ", ANY, r"\right\rceil"),
        description="the smallest whole number that is at least x",
        convention=_FLAT,
        example=(2.5,),
        kink=lambda m, x: m.equal(x, m.floor(x)),
    ),
    Operation(
        "atan2",
        lambda m, x, y: m.atan2(x, y),
        (lambda m, z, x, y: y / (x**2 + y**2), lambda m, z, x, y: -x / (x**2 + y**2)),
        stable=(
            lambda m, z, x, y: y / m.hypot(x, y) / m.hypot(x, y),
            lambda m, z, x, y: -x / m.hypot(x, y) / m.hypot(x, y),
        ),
        description="angle of the point with ordinate x and abscissa y, in radians",
        convention="none at (0, 0)",
        example=(1.0, 2.0),
    ),
    Operation(
        "hypot",
        lambda m, x, y: m.hypot(x, y),
        (lambda m, z, x, y: x / z, lambda m, z, x, y: y / z),
        stable=(
            lambda m, z, x, y: x / m.where(m.equal(z, 0), 1, z),
            lambda m, z, x, y: y / m.where(m.equal(z, 0), 1, z),
        ),
        latex=Form(ATOM, r"\sqrt{", ATOM, "^{2} + ", ATOM, "^{2}}"),
        range=NOT_NEGATIVE,
        description="length of the vector (x, y)",
        convention="0 at (0, 0)",
        example=(3.0, 4.0),
        kink=lambda m, x, y: m.equal(m.hypot(x, y), 0),
    ),
    Operation(
        "mod",
        lambda m, x, y: m.mod(x, y),
        (one, lambda m, z, x, y: -m.floor(x / y)),
        # The quotient is a whole number, however x / y is rounded.
        stable=(one, lambda m, z, x, y: 0.0 - m.floor(x / y - z / y + 0.5)),
        latex=Form(PRODUCT, PRODUCT, r" \bmod ", POWER),
        domain=NOT_BY_0,
        description="remainder of x divided by y, with the sign of y, also written x % y",
        convention="1 by x and -floor(x/y) by y where x is a multiple of y, too",
        example=(7.5, 2.0),
        kink=lambda m, x, y: m.equal(m.mod(x, y), 0),
    ),
    Operation(
        "min",
        lambda m, x, y: m.where(m.less(x, y), x, y),
        (
            lambda m, z, x, y: _part_taken(m, m.less(x, y), m.equal(x, y), 0),
            lambda m, z, x, y: _part_taken(m, m.less(x, y), m.equal(x, y), 1),
        ),
        latex=latex_call(r"\min", 2),
        description="the smaller of two",
        convention="1/2 for each where they are equal",
        example=(2.0, 3.0),
        chooses=True,
        kink=lambda m, x, y: m.equal(x, y),
    ),
    Operation(
        "max",
        lambda m, x, y: m.where(m.greater(x, y), x, y),
        (
            lambda m, z, x, y: _part_taken(m, m.greater(x, y), m.equal(x, y), 0),
            lambda m, z, x, y: _part_taken(m, m.greater(x, y), m.equal(x, y), 1),
        ),
        latex=latex_call(r"\max", 2),
        description="the larger of two",
        convention="1/2 for each where they are equal",
        example=(2.0, 3.0),
        chooses=True,
        kink=lambda m, x, y: m.equal(x, y),
    ),
    Operation(
        "clamp",
        lambda m, x, low, high: m.min(m.max(x, low), high),
        (
            lambda m, z, x, low, high: m.where(m.less(x, low), 0, m.where(m.greater(x, high), 0, 1)),
            lambda m, z, x, low, high: m.where(m.less(x, low), m.where(m.less(low, high), 1, 0), 0),
            lambda m, z, x, low, high: m.where(
                m.greater(x, high), 1, m.where(m.less(x, low), m.where(m.less(low, high), 0, 1), 0)
            ),
        ),
        aliases=("clip",),
        operands=("x", "low", "high"),
        description="x, but at least low and at most high; high where low > high",
        convention="d/dx is 1 at low and at high; d/dhigh is 1 where x < low = high",
        example=(2.0, 1.0, 3.0),
        chooses=True,
        kink=lambda m, x, low, high: m.where(m.equal(x, low), 1, m.equal(x, high)),
    ),
    Operation(
        "where",
        lambda m, x, y, z: m.where(x, y, z),
        (zero, lambda m, w, x, y, z: m.where(x, 1, 0), lambda m, w, x, y, z: m.where(x, 0, 1)),
        text=Form(ATOM, "where(", CONDITION, ", ", ANY, ", ", ANY, ")"),
        latex=Form(
            ATOM,
            r"\begin{cases} ",
            ANY,
            r" & \text{if } ",
            CONDITION,
            r" \\ ",
            ANY,
            r" & \text{otherwise} \end{cases}",
            order=(1, 0, 2),
        ),
        operands=("condition", "p", "q"),
        domain="all numbers; the operand not taken may be undefined",
        description="p where the condition holds (a number: is not 0), else q",
        example=(1.0, 2.0, 3.0),
        chooses=True,
        selects=True,
    ),
    Operation(
        "greater",
        lambda m, x, y: m.greater(x, y),
        (zero, zero),
        symbol=">",
        text=Form(CONDITION, SUM, " > ", SUM),
        latex=Form(CONDITION, SUM, " > ", SUM),
        function=False,
        range=NOT_NEGATIVE,
        description=_COMPARED,
        example=(2.0, 3.0),
        chooses=True,
        kink=lambda m, x, y: m.equal(x, y),
    ),
    Operation(
        "greater_equal",
        lambda m, x, y: 1 - m.less(x, y),
        (zero, zero),
        symbol=">=",
        text=Form(CONDITION, SUM, " >= ", SUM),
        latex=Form(CONDITION, SUM, r" \ge ", SUM),
        function=False,
        range=NOT_NEGATIVE,
        description=_COMPARED,
        example=(2.0, 3.0),
        chooses=True,
        kink=lambda m, x, y: m.equal(x, y),
    ),
    Operation(
        "less",
        lambda m, x, y: m.less(x, y),
        (zero, zero),
        symbol="<",
        text=Form(CONDITION, SUM, " < ", SUM),
        latex=Form(CONDITION, SUM, " < ", SUM),
        function=False,
        range=NOT_NEGATIVE,
        description=_COMPARED,
        example=(2.0, 3.0),
        chooses=True,
        kink=lambda m, x, y: m.equal(x, y),
    ),
    Operation(
        "less_equal",
        lambda m, x, y: 1 - m.greater(x, y),
        (zero, zero),
        symbol="<=",
        text=Form(CONDITION, SUM, " <= ", SUM),
        latex=Form(CONDITION, SUM, r" \le ", SUM),
        function=False,
        range=NOT_NEGATIVE,
        description=_COMPARED,
        example=(2.0, 3.0),
        chooses=True,
        kink=lambda m, x, y: m.equal(x, y),
    ),
    Operation(
        "equal",
        lambda m, x, y: m.equal(x, y),
        (zero, zero),
        symbol="==",
        text=Form(CONDITION, SUM, " == ", SUM),
        latex=Form(CONDITION, SUM, " = ", SUM),
        function=False,
        range=NOT_NEGATIVE,
        description=_COMPARED,
        example=(2.0, 3.0),
        chooses=True,
        kink=lambda m, x, y: m.equal(x, y),
    ),
    Operation(
        "not_equal",
        lambda m, x, y: 1 - m.equal(x, y),
        (zero, zero),
        symbol="!=",
        text=Form(CONDITION, SUM, " != ", SUM),
        latex=Form(CONDITION, SUM, r" \ne ", SUM),
        function=False,
        range=NOT_NEGATIVE,
        description=_COMPARED,
        example=(2.0, 3.0),
        chooses=True,
        kink=lambda m, x, y: m.equal(x, y),
    ),
)

OPERATIONS: dict[str, Operation] = {operation.name: operation for operation in TABLE}
"""Every operation by its key."""


def operation_named(name: str) -> Operation:
    """Return the operation of the table with this key."""
    return OPERATIONS[name]


def _pickled(operation: Operation) -> tuple[Callable[[str], Operation], tuple[str]]:
    return operation_named, (operation.name,)


# Unpickled, an operation is the one of the table.
copyreg.pickle(Operation, _pickled)


FUNCTIONS: dict[str, Operation] = {name: operation for operation in TABLE for name in operation.names}
"""Every operation that an expression can call, by each of its names."""

CONSTANTS: dict[str, float] = {"pi": math.pi, "tau": math.tau}
"""Every constant of the language by its name."""

LETTERS: dict[str, str] = {"π": "pi", "τ": "tau"}
"""The constants that a letter stands for, unless that letter is given a value."""
