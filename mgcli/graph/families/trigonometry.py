"""Trigonometry: circular and hyperbolic functions, and their inverses."""

from typing import Any

from mgcli.graph.operation import NOT_NEGATIVE, POSITIVE, WITHIN_1, Operation, latex_call, latex_operator


def _side(m: Any, x: Any) -> Any:
    return m.where(m.less(x, 0), -1, 1)


def _sinc(m: Any, x: Any) -> Any:
    at_0 = m.equal(x, 0)
    other = m.where(at_0, 1, x)
    return m.where(at_0, 1.0, m.sin(other) / other)


def _acot(m: Any, x: Any) -> Any:
    at_0 = m.equal(x, 0)
    return m.where(at_0, m.pi / 2, m.atan(1 / m.where(at_0, 1, x)))


def _asec(m: Any, x: Any) -> Any:
    return m.atan2(m.sqrt(abs(x) - 1) * m.sqrt(abs(x) + 1), _side(m, x))


def _acsc(m: Any, x: Any) -> Any:
    return m.atan2(1, m.sqrt(abs(x) - 1) * m.sqrt(abs(x) + 1)) * _side(m, x)


def _sech(m: Any, x: Any) -> Any:
    small = m.exp(-abs(x))
    return 2 * small / (1 + small * small)


def _csch(m: Any, x: Any) -> Any:
    return -2 * m.exp(-abs(x)) / m.expm1(-2 * abs(x)) * _side(m, x)


def _acsch(m: Any, x: Any) -> Any:
    is_near = m.less(abs(x), 1)
    near, far = m.where(is_near, abs(x), 1), m.where(is_near, 1, abs(x))
    return m.where(is_near, m.log1p(m.hypot(1, near)) - m.log(near), m.asinh(1 / far)) * _side(m, x)


def _tanh_slope(m: Any, z: Any, x: Any) -> Any:
    small = m.exp(-2 * abs(x))
    return 4 * small / ((1 + small) * (1 + small))


_NOT_0 = "x != 0"
_OUTSIDE_1 = "x <= -1 or x >= 1"
_NONE_AT_1 = "none at x = -1 and x = 1"

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "sin",
        lambda m, x: m.sin(x),
        (lambda m, z, x: m.cos(x),),
        latex=latex_operator(r"\sin"),
        description="sine, x in radians",
        example=(0.5,),
    ),
    Operation(
        "cos",
        lambda m, x: m.cos(x),
        (lambda m, z, x: -m.sin(x),),
        latex=latex_operator(r"\cos"),
        description="cosine, x in radians",
        example=(0.5,),
    ),
    Operation(
        "tan",
        lambda m, x: m.tan(x),
        (lambda m, z, x: 1 + z**2,),
        stable=(lambda m, z, x: 1 + z * z,),
        latex=latex_operator(r"\tan"),
        aliases=("tg",),
        domain="x not an odd multiple of pi/2",
        description="tangent, x in radians",
        example=(0.5,),
    ),
    Operation(
        "asin",
        lambda m, x: m.asin(x),
        (lambda m, z, x: 1 / m.sqrt(1 - x**2),),
        stable=(lambda m, z, x: 1 / m.sqrt((1 - x) * (1 + x)),),
        latex=latex_operator(r"\arcsin"),
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
        latex=latex_operator(r"\arccos"),
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
        latex=latex_operator(r"\arctan"),
        aliases=("arctan", "arctg"),
        description="inverse tangent, in radians",
        example=(0.5,),
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
        convention="none at (0, 0); 1/y at x = 0 with y < 0, where it jumps",
        example=(1.0, 2.0),
        kink=lambda m, x, y: m.where(m.equal(x, 0), m.less(y, 0), 0),
        discontinuous=True,
    ),
    Operation(
        "sec",
        lambda m, x: 1 / m.cos(x),
        (lambda m, z, x: z * m.tan(x),),
        latex=latex_operator(r"\sec"),
        domain="x not an odd multiple of pi/2",
        description="secant, 1/cos(x)",
        example=(0.5,),
    ),
    Operation(
        "csc",
        lambda m, x: 1 / m.sin(x),
        (lambda m, z, x: -z * m.cot(x),),
        latex=latex_operator(r"\csc"),
        aliases=("cosec",),
        domain="x not a multiple of pi",
        description="cosecant, 1/sin(x)",
        example=(0.5,),
    ),
    Operation(
        "cot",
        lambda m, x: 1 / m.tan(x),
        (lambda m, z, x: -(m.csc(x) ** 2),),
        stable=(lambda m, z, x: -1 - z * z,),
        latex=latex_operator(r"\cot"),
        aliases=("cotan", "ctg", "cotg"),
        domain="x not a multiple of pi",
        description="cotangent, 1/tan(x)",
        example=(0.5,),
    ),
    Operation(
        "asec",
        _asec,
        (lambda m, z, x: 1 / (abs(x) * m.sqrt(x**2 - 1)),),
        stable=(lambda m, z, x: 1 / abs(x) / (m.sqrt(abs(x) - 1) * m.sqrt(abs(x) + 1)),),
        latex=latex_call(r"\operatorname{arcsec}"),
        aliases=("arcsec",),
        domain=_OUTSIDE_1,
        range=NOT_NEGATIVE,
        description="inverse secant, acos(1/x)",
        convention=_NONE_AT_1,
        example=(2.0,),
    ),
    Operation(
        "acsc",
        _acsc,
        (lambda m, z, x: -1 / (abs(x) * m.sqrt(x**2 - 1)),),
        stable=(lambda m, z, x: -1 / abs(x) / (m.sqrt(abs(x) - 1) * m.sqrt(abs(x) + 1)),),
        latex=latex_call(r"\operatorname{arccsc}"),
        aliases=("arccsc", "acosec", "arccosec"),
        domain=_OUTSIDE_1,
        description="inverse cosecant, asin(1/x)",
        convention=_NONE_AT_1,
        example=(2.0,),
    ),
    Operation(
        "acot",
        _acot,
        (lambda m, z, x: -1 / (x**2 + 1),),
        stable=(lambda m, z, x: -1 / (x * x + 1),),
        latex=latex_call(r"\operatorname{arccot}"),
        aliases=("arccot", "actg", "arcctg"),
        description="inverse cotangent, atan(1/x); pi/2 at 0",
        convention="-1 at x = 0, where it jumps",
        example=(0.5,),
        kink=lambda m, x: m.equal(x, 0),
        discontinuous=True,
    ),
    Operation(
        "sinc",
        _sinc,
        (lambda m, z, x: (m.cos(x) - z) / x,),
        stable=(lambda m, z, x: m.sinc_slope(x),),
        description="sin(x)/x, and 1 at 0",
        convention="0 at x = 0",
        example=(0.5,),
    ),
    Operation(
        "deg2rad",
        lambda m, x: x * (m.pi / 180),
        (lambda m, z, x: m.pi / 180,),
        aliases=("radians",),
        description="degrees as radians",
        example=(90.0,),
    ),
    Operation(
        "rad2deg",
        lambda m, x: x * (180 / m.pi),
        (lambda m, z, x: 180 / m.pi,),
        aliases=("degrees",),
        description="radians as degrees",
        example=(0.5,),
    ),
    Operation(
        "sinh",
        lambda m, x: m.sinh(x),
        (lambda m, z, x: m.cosh(x),),
        latex=latex_operator(r"\sinh"),
        aliases=("sh",),
        description="hyperbolic sine",
        example=(0.5,),
    ),
    Operation(
        "cosh",
        lambda m, x: m.cosh(x),
        (lambda m, z, x: m.sinh(x),),
        latex=latex_operator(r"\cosh"),
        aliases=("ch",),
        range=POSITIVE,
        description="hyperbolic cosine",
        example=(0.5,),
    ),
    Operation(
        "tanh",
        lambda m, x: m.tanh(x),
        (lambda m, z, x: 1 - z**2,),
        stable=(_tanh_slope,),
        latex=latex_operator(r"\tanh"),
        aliases=("th",),
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
        aliases=("arsinh", "arcsinh"),
        description="inverse hyperbolic sine",
        example=(0.5,),
    ),
    Operation(
        "acosh",
        lambda m, x: m.acosh(x),
        (lambda m, z, x: 1 / m.sqrt(x**2 - 1),),
        stable=(lambda m, z, x: 1 / (m.sqrt(x - 1) * m.sqrt(x + 1)),),
        latex=latex_call(r"\operatorname{arcosh}"),
        aliases=("arcosh", "arccosh"),
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
        aliases=("artanh", "arctanh"),
        domain="-1 < x < 1",
        description="inverse hyperbolic tangent",
        example=(0.5,),
    ),
    Operation(
        "sech",
        _sech,
        (lambda m, z, x: -z * m.tanh(x),),
        latex=latex_call(r"\operatorname{sech}"),
        range=POSITIVE,
        description="hyperbolic secant, 1/cosh(x)",
        example=(0.5,),
    ),
    Operation(
        "csch",
        _csch,
        (lambda m, z, x: -z * m.coth(x),),
        latex=latex_call(r"\operatorname{csch}"),
        aliases=("cosech",),
        domain=_NOT_0,
        description="hyperbolic cosecant, 1/sinh(x)",
        example=(0.5,),
    ),
    Operation(
        "coth",
        lambda m, x: 1 / m.tanh(x),
        (lambda m, z, x: -(m.csch(x) ** 2),),
        stable=(lambda m, z, x: -m.csch(x) * m.csch(x),),
        latex=latex_operator(r"\coth"),
        aliases=("cth",),
        domain=_NOT_0,
        description="hyperbolic cotangent, 1/tanh(x)",
        example=(0.5,),
    ),
    Operation(
        "asech",
        lambda m, x: m.log1p(m.sqrt((1 - x) * (1 + x))) - m.log(x),
        (lambda m, z, x: -1 / (x * m.sqrt(1 - x**2)),),
        stable=(lambda m, z, x: -1 / x / m.sqrt((1 - x) * (1 + x)),),
        latex=latex_call(r"\operatorname{arsech}"),
        aliases=("arsech", "arcsech"),
        domain="0 < x <= 1",
        range=NOT_NEGATIVE,
        description="inverse hyperbolic secant, acosh(1/x)",
        convention="none at x = 1",
        example=(0.5,),
    ),
    Operation(
        "acsch",
        _acsch,
        (lambda m, z, x: -1 / (abs(x) * m.sqrt(x**2 + 1)),),
        stable=(lambda m, z, x: -1 / abs(x) / m.hypot(1, x),),
        latex=latex_call(r"\operatorname{arcsch}"),
        aliases=("arcsch", "arccsch"),
        domain=_NOT_0,
        description="inverse hyperbolic cosecant, asinh(1/x)",
        example=(0.5,),
    ),
    Operation(
        "acoth",
        lambda m, x: m.log1p(2 / (abs(x) - 1)) / 2 * _side(m, x),
        (lambda m, z, x: 1 / (1 - x**2),),
        stable=(lambda m, z, x: 1 / (1 - abs(x)) / (1 + abs(x)),),
        latex=latex_call(r"\operatorname{arcoth}"),
        aliases=("arcoth", "arccoth"),
        domain="x < -1 or x > 1",
        description="inverse hyperbolic cotangent, atanh(1/x)",
        example=(2.0,),
    ),
)
