"""Arithmetic: the operators, powers and roots."""

from typing import Any

from mgcli.graph.families import computed
from mgcli.graph.operation import (
    ABOVE_0,
    ANY,
    ATOM,
    FROM_0,
    NOT_BY_0,
    NOT_NEGATIVE,
    POSITIVE,
    POWER,
    PRODUCT,
    SUM,
    UNARY,
    Form,
    Operation,
    minus_one,
    one,
)


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


def _root_slope(m: Any, z: Any, x: Any, n: Any) -> Any:
    # A root of a degree below 1 is a power, and may be too small for a float where its slope is not.
    is_power = m.less(abs(n), 1)
    base, exponent = m.where(is_power, abs(x), 1), m.where(is_power, 1 / n - 1, 1)
    is_root = m.where(is_power, 0, m.where(m.equal(n, 1), 0, 1))
    root = z / n / m.where(is_root, x, 1)
    return m.where(is_power, m.pow(base, exponent) / n, m.where(is_root, root, 1))


OPERATIONS: tuple[Operation, ...] = (
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
        latex=Form(UNARY, "-", PRODUCT),
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
        stable=(lambda m, z, x: 1 / (3 * (z * z)),),
        latex=Form(ATOM, r"\sqrt[3]{", ANY, "}"),
        description="cube root, also of negative numbers",
        convention="none at x = 0",
        example=(2.0,),
    ),
    Operation(
        "nthroot",
        lambda m, x, n: m.nthroot(x, n),
        (lambda m, z, x, n: z / (n * x), lambda m, z, x, n: -z * m.log(x) / n**2),
        stable=(
            _root_slope,
            lambda m, z, x, n: m.where(m.equal(x, 0), 0, -z * m.log(m.where(m.equal(x, 0), 1, x)) / n / n),
        ),
        latex=Form(ATOM, r"\sqrt[", ANY, "]{", ANY, "}", order=(1, 0)),
        aliases=("root",),
        operands=("x", "n"),
        domain="n != 0; x > 0; x = 0 with n > 0; x < 0 with n odd",
        description="n-th root of x, also of negative numbers where n is odd",
        convention="no d/dx at x = 0 for n > 1; there is no d/dn at x < 0",
        example=(2.0, 5.0),
        mpmath=computed.nthroot,
    ),
    Operation(
        "square",
        lambda m, x: x * x,
        (lambda m, z, x: 2 * x,),
        latex=Form(POWER, ATOM, "^{2}"),
        range=NOT_NEGATIVE,
        description="x**2",
        example=(3.0,),
    ),
    Operation(
        "rsqrt",
        lambda m, x: 1 / m.sqrt(x),
        (lambda m, z, x: -z / (2 * x),),
        latex=Form(POWER, r"\frac{1}{\sqrt{", ANY, "}}"),
        domain=ABOVE_0,
        range=POSITIVE,
        description="1/sqrt(x)",
        example=(2.0,),
    ),
)
