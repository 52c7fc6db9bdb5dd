"""The table of operations against mpmath, entry by entry."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from references import LARGEST, REFERENCES, SMALLEST, WITHOUT_DERIVATIVE, exact_derivative, exact_value
from rows import rows

from mgcli import functions
from mgcli.errors import EvaluationError
from mgcli.graph.chain_rule import backward_pass
from mgcli.graph.families.slopes import OPERATIONS as SLOPES
from mgcli.graph.floats import FLOATS
from mgcli.graph.multiprecision import multiprecision
from mgcli.graph.operation import Form, Operation
from mgcli.graph.table import CONSTANTS, FUNCTIONS, OPERATIONS, TABLE
from mgcli.graph.value import Value

TOLERANCE = 1e-12

EDGES = [
    *(0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 20.0, 355.0, 708.0, 709.78, 710.4, 745.0, 1000.0),
    *(SMALLEST, 1e-300, 1e-160, 1e-150, 1e-20, 1e-8, 1e8, 2.0**53, 1e150, 1e160, 1e300, LARGEST),
    *(math.nextafter(1.0, 0.0), math.nextafter(1.0, 2.0), 0.999999, 1.000001, math.pi / 2, math.pi, 8 / 3),
]
EDGES += [-edge for edge in EDGES]

MODERATE = (-2.5, -0.7, 0.3, 0.5, 0.75, 1.5, 2.0, 3.5)


def sized(sign: Any, exponent: Any, mantissa: Any) -> Any:
    return sign * math.ldexp(mantissa, exponent)


def beside(edge: Any, sign: Any, distance: Any, mantissa: Any) -> Any:
    step = math.ldexp(mantissa, -distance)
    moved = edge + sign * step * (edge or 1.0)
    return moved if abs(moved) <= LARGEST and (moved == 0 or abs(moved) >= SMALLEST) else edge


SIGNS = st.sampled_from([1.0, -1.0])
MANTISSAS = st.floats(1.0, 2.0, exclude_max=True)
NUMBERS = st.one_of(
    st.builds(sized, SIGNS, st.integers(-1022, 1023), MANTISSAS),
    st.builds(sized, SIGNS, st.integers(-60, 10), MANTISSAS),
    st.builds(beside, st.sampled_from(EDGES), SIGNS, st.integers(1, 52), MANTISSAS),
    st.sampled_from(EDGES),
    st.integers(-40, 40).map(float),
    st.floats(-1.0, 1.0, allow_subnormal=False),
    st.floats(-750.0, 750.0, allow_subnormal=False),
    st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False),
)


def near(x: Any, ratio: Any) -> Any:
    y = x * ratio
    return (x, y) if SMALLEST <= abs(y) <= LARGEST else (x, x)


def power_of_size(x: Any, logarithm: Any) -> Any:
    return (x, logarithm / math.log(x)) if x > 0 and x != 1 else (x, float(round(logarithm)))


TUPLES = {
    1: st.tuples(NUMBERS),
    2: st.one_of(st.tuples(NUMBERS, NUMBERS), st.builds(near, NUMBERS, st.floats(-4.0, 4.0, allow_subnormal=False))),
    3: st.tuples(NUMBERS, NUMBERS, NUMBERS),
}
OPERANDS = {operation.name: TUPLES[operation.arity] for operation in TABLE}
OPERANDS["pow"] = st.one_of(
    TUPLES[2], st.builds(power_of_size, NUMBERS.map(abs), st.floats(-745.0, 710.0, allow_subnormal=False))
)
ORDERS, BESSEL = (0.0, 1.0, -1.0, 2.0, -3.0, 7.0, 20.0, 0.5), (1e-300, 1e-20, 0.25, 1.0, 2.5, 20.0, 600.0, -3.0)
SIZES = (1e-20, 0.25, 0.5, 1.0, 2.5, 20.0, 1e8, -0.25, -2.5, 0.0, -1.0)
POINTS_OF = {
    "beta": list(product(SIZES, SIZES)),
    "lbeta": list(product(SIZES, SIZES)),
    "gammainc": list(
        product((1e-20, 0.5, 1.0, 2.5, 20.0, 1e4), (0.0, 1e-300, 0.25, 1.0, 3.0, 20.0, 700.0, 1.01e4, 1e300))
    ),
    **{f"bessel{kind}": list(product(ORDERS, BESSEL)) for kind in "jyik"},
}
"""The edges of functions of two operands whose values mpmath takes long for, or of which it has few."""

for _name, _points in POINTS_OF.items():
    OPERANDS[_name] = st.sampled_from(_points)
OPERANDS["polygamma"] = st.tuples(st.integers(0, 170).map(float), NUMBERS.filter(lambda x: x > -20))

DERIVATIVES = [(operation, index) for operation in TABLE for index in range(operation.arity)]
EVERY_OPERATION = pytest.mark.parametrize("operation", TABLE, ids=lambda operation: operation.name)
EVERY_DERIVATIVE = pytest.mark.parametrize(
    ("operation", "index"), DERIVATIVES, ids=[f"{operation.name}-{index}" for operation, index in DERIVATIVES]
)

SOME_AND_ALL_EDGES = pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.slow)])


@pytest.fixture(autouse=True)
def _sixty_digits() -> Iterator[Any]:
    with mp.workdps(60):
        yield


def on_floats(rule: Callable[..., Any], *operands: float) -> float:
    """Return what the rule gives on floats, nan where it refuses."""
    try:
        return float(rule(FLOATS, *operands))
    except (ArithmeticError, ValueError):
        return math.nan


def agrees(got: float, expected: Any) -> bool:
    """Whether `got` is `expected` to 12 digits, with no requirement below the normal floats, and no value above."""
    if mp.isnan(expected):
        return math.isnan(got) or math.isinf(got)
    size = abs(expected)
    if size > LARGEST * (1 + TOLERANCE):
        return not math.isfinite(got)
    if not math.isfinite(got):
        return bool(size > LARGEST * (1 - TOLERANCE))
    if size == 0:
        return got == 0
    if size < SMALLEST:
        return abs(got) <= SMALLEST * (1 + TOLERANCE)
    return bool(abs(got - expected) <= TOLERANCE * size)


def value_agrees(operation: Operation, operands: Sequence[float]) -> bool:
    return agrees(on_floats(operation.forward, *operands), exact_value(operation, operands))


def derivative_agrees(operation: Operation, index: int, operands: Sequence[float]) -> bool:
    result = on_floats(operation.forward, *operands)
    slope = on_floats(operation.stable[index], result, *operands)
    return agrees(slope, exact_derivative(operation, index, operands))


def has_value(operation: Operation, operands: Sequence[float]) -> bool:
    return math.isfinite(on_floats(operation.forward, *operands))


def test_every_operation_has_a_reference_and_every_reference_an_operation() -> None:
    assert REFERENCES.keys() == OPERATIONS.keys()
    for name, reference in REFERENCES.items():
        assert len(reference.derivatives) == OPERATIONS[name].arity


@rows(("operation", "index"), DERIVATIVES)
def test_the_reference_derivative_is_what_mpmath_finds_itself(operation: Operation, index: int) -> None:
    reference = REFERENCES[operation.name]
    order = tuple(int(other == index) for other in range(operation.arity))
    point = tuple(mpf(operand) for operand in operation.example)
    if (operation.name, index) in WITHOUT_DERIVATIVE:
        assert mp.isnan(reference.derivatives[index](*point))
        return
    found = mp.diff(reference.value, point, order) if operation.arity > 1 else mp.diff(reference.value, point[0])
    assert mp.almosteq(found, reference.derivatives[index](*point), 1e-20, 1e-20)


@rows(("operation", "index"), [(operation, index) for operation in SLOPES for index in range(operation.arity)])
def test_a_derivative_that_only_stable_forms_call_has_a_derivative_itself(operation: Operation, index: int) -> None:
    m = multiprecision(200)
    step = m.context.ldexp(1, -50)
    with m.context.workprec(200):
        point = [m.context.mpf(operand) for operand in operation.example]
        low, high = ([x + way * step * (other == index) for other, x in enumerate(point)] for way in (-1, 1))
        found = (operation.forward(m, *high) - operation.forward(m, *low)) / (2 * step)
        expected = operation.derivatives[index](m, operation.forward(m, *point), *point)
        assert m.context.almosteq(found, expected, 1e-25)


@EVERY_OPERATION
@settings(max_examples=settings().max_examples // 8)
@given(data=st.data())
def test_a_value_has_twelve_digits_wherever_there_is_one(operation: Operation, data: Any) -> None:
    operands = data.draw(OPERANDS[operation.name])
    assert value_agrees(operation, operands), operands


@EVERY_DERIVATIVE
@settings(max_examples=settings().max_examples // 8)
@given(data=st.data())
def test_a_stable_derivative_has_twelve_digits_wherever_there_is_a_value(
    operation: Operation, index: int, data: Any
) -> None:
    operands = data.draw(OPERANDS[operation.name])
    if has_value(operation, operands):
        assert derivative_agrees(operation, index, operands), operands


def edges(operation: Any, every: Any) -> Any:
    """Return points at which something may happen: each edge of one operand, and of several `every`-th edge."""
    if operation.name in POINTS_OF:
        return POINTS_OF[operation.name][::every]
    return list(product(EDGES[:: (1, every, 4)[operation.arity - 1]], repeat=operation.arity))


@EVERY_OPERATION
@SOME_AND_ALL_EDGES
def test_a_value_has_twelve_digits_at_the_edges(operation: Operation, every: Any) -> None:
    points = edges(operation, every)
    assert [operands for operands in points if not value_agrees(operation, operands)] == []
    assert sum(has_value(operation, operands) for operands in points) > 5


@EVERY_DERIVATIVE
@SOME_AND_ALL_EDGES
def test_a_stable_derivative_has_twelve_digits_at_the_edges(operation: Operation, index: int, every: Any) -> None:
    points = edges(operation, every)
    inside = [operands for operands in points if has_value(operation, operands)]
    assert [operands for operands in inside if not derivative_agrees(operation, index, operands)] == []


@pytest.mark.parametrize(
    ("base", "exponent"),
    [
        (2.3e-308, -0.005),
        (0.9999993877969843, 1184247316.0),
        (1.0000000000238525, -30395137872998.0),
        (-0.9999788944617507, 34350811.0),
        (-2.9373768041721153e-39, 9.0),
        (-1.0, 2.0**53),
        (-1.0, -1e150),
    ],
)
def test_the_slope_of_a_power_keeps_its_digits_where_one_power_less_has_none(base: float, exponent: float) -> None:
    assert derivative_agrees(OPERATIONS["pow"], 0, (base, exponent))


@rows(("operation", "index"), DERIVATIVES)
def test_the_textbook_form_of_a_derivative_agrees_with_the_stable_form(operation: Operation, index: int) -> None:
    points = list(product(MODERATE, repeat=operation.arity))
    inside = [operands for operands in points if has_value(operation, operands)]
    assert len(inside) >= 3
    for operands in inside:
        if operation.name == "mod" and (operands[0] / operands[1]).is_integer():
            # Its textbook form jumps where the quotient is rounded to a whole number.
            continue
        result = operation.forward(FLOATS, *operands)
        textbook = on_floats(operation.derivatives[index], result, *operands)
        stable = on_floats(operation.stable[index], result, *operands)
        assert textbook == pytest.approx(stable, rel=1e-12, abs=1e-15, nan_ok=True), operands


def on_nodes(rule: Callable[..., Any], *operands: float) -> float:
    """Return the number that the rule gives on nodes, nan where it refuses."""
    try:
        result = rule(functions, *[Value(operand) for operand in operands])
    except EvaluationError:
        return math.nan
    return result.data if isinstance(result, Value) else result


@rows("operation", TABLE)
def test_a_rule_gives_on_nodes_what_it_gives_on_floats(operation: Operation) -> None:
    for operands in product((*MODERATE, 0.0), repeat=operation.arity):
        result = on_floats(operation.forward, *operands)
        assert on_nodes(operation.forward, *operands) == pytest.approx(result, rel=0, abs=0, nan_ok=True), operands
        if math.isfinite(result):
            for rule in (*operation.derivatives, *operation.stable):
                slope = on_floats(rule, result, *operands)
                assert on_nodes(rule, result, *operands) == pytest.approx(slope, rel=0, abs=0, nan_ok=True), operands


@rows("operation", TABLE)
def test_a_value_is_a_float(operation: Operation) -> None:
    points = [operation.example, *((number,) * operation.arity for number in (0.0, -1.0, 2.0))]
    values = [operation.forward(FLOATS, *operands) for operands in points if has_value(operation, operands)]
    assert [type(value) for value in values] == [float] * len(values)


@rows("operation", TABLE)
def test_an_entry_describes_itself(operation: Operation) -> None:
    assert operation.description
    assert "\n" not in operation.description
    assert operation.domain
    assert operation.noun
    assert operation.symbol
    assert len(operation.derivatives) == len(operation.stable) == operation.arity == len(operation.example)
    assert operation is OPERATIONS[operation.name]
    assert repr(operation) == f"<Operation {operation.name}>"


@rows("operation", TABLE)
def test_an_entry_works_at_its_example(operation: Operation) -> None:
    assert has_value(operation, operation.example)
    assert value_agrees(operation, operation.example)
    result = operation.forward(FLOATS, *operation.example)
    for index, rule in enumerate((*operation.derivatives, *operation.stable)):
        none = (operation.name, index % operation.arity) in WITHOUT_DERIVATIVE
        assert math.isfinite(rule(FLOATS, result, *operation.example)) is not none


@rows("operation", TABLE)
def test_an_entry_can_be_written_with_its_operands(operation: Operation) -> None:
    for form in (operation.text, operation.latex):
        assert sum(isinstance(piece, int) for piece in form.pieces) == operation.arity
        written = form.fill(operation.example)
        assert all(str(number) in written for number in operation.example)


def test_no_two_entries_share_a_name() -> None:
    assert len(OPERATIONS) == len(TABLE)
    names = [name for operation in TABLE for name in operation.names]
    assert len(set(names)) == len(names)
    assert FUNCTIONS.keys() == set(names)
    assert not FUNCTIONS.keys() & CONSTANTS.keys()


def test_the_language_keeps_its_functions_and_constants() -> None:
    names = """
        exp expm1 log log1p log2 log10 sqrt cbrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sigmoid
        relu softplus erf abs atan2 hypot pow min max ln arcsin arccos arctan arcsinh arccosh arctanh
        sign floor ceil clamp clip where erfc normpdf normcdf gamma lgamma digamma polygamma mod factorial
        logit logsigmoid logaddexp xlogy erfinv norminv probit normppf lognormcdf beta lbeta betaln gammainc
        erfi Ei expi Si Ci Shi Chi fresnels fresnelc lambertw zeta zetaprime besselj bessely besseli besselk
        ellipk ellipe
        sec csc cot asec acsc acot sech csch coth asech acsch acoth sinc deg2rad rad2deg radians degrees
        fmod round trunc fix heaviside exp2 square rsqrt nthroot root sgn signum
        cosec cotan ctg cotg tg sh ch th cth cosech arcsec arccsc acosec arccosec arccot actg arcctg arctg
        arsinh arcosh artanh arsech arcsech arcsch arccsch arcoth arccoth
    """
    assert set(names.split()) == set(FUNCTIONS)
    assert {"pi": math.pi, "tau": math.tau} == CONSTANTS


def test_an_alias_is_the_same_operation() -> None:
    assert FUNCTIONS["ln"] is FUNCTIONS["log"]
    assert FUNCTIONS["arcsin"] is FUNCTIONS["asin"]
    assert OPERATIONS["log"].names == ("log", "ln")


def test_an_entry_without_choices_gets_the_usual_form() -> None:
    operation = Operation("twice", lambda m, x: 2 * x, (lambda m, z, x: 2.0,), description="x + x", example=(1.0,))
    assert operation.text.fill([3.0]) == "twice(3.0)"
    assert operation.latex.fill([3.0]) == r"\operatorname{twice}\left(3.0\right)"
    assert (operation.noun, operation.symbol, operation.names) == ("twice", "twice", ("twice",))
    assert operation.stable == operation.derivatives
    assert operation.domain == "all numbers"


@pytest.mark.parametrize(
    ("name", "operands", "written"),
    [
        ("log", (-6.0,), "-6.0"),
        ("add", (1.0, -2.0), "1.0 + -2.0"),
        ("div", (-1.0, 0.0), "-1.0/0.0"),
        ("pow", (-1.0, -2.0), "(-1.0)**-2.0"),
        ("pow", (-0.0, 2.0), "(-0.0)**2.0"),
        ("atan2", (0.0, -0.0), "atan2(0.0, -0.0)"),
        ("greater", (1.0, -2.0), "1.0 > -2.0"),
    ],
)
def test_a_point_is_written_as_it_would_be_typed(name: str, operands: tuple[float, ...], written: str) -> None:
    assert OPERATIONS[name].at(operands) == written


def test_a_form_puts_a_sign_in_parentheses_only_where_it_would_be_read_otherwise() -> None:
    assert Form(4, 5, "^{", 0, "}").fill([-2.0, -3.0]) == "(-2.0)^{-3.0}"


@pytest.mark.parametrize(
    ("function", "operands", "value"),
    [
        ("sigmoid", (-1000.0,), 0.0),
        ("sigmoid", (1000.0,), 1.0),
        ("sigmoid", (0.0,), 0.5),
        ("softplus", (1000.0,), 1000.0),
        ("softplus", (-1000.0,), 0.0),
        ("tanh", (1000.0,), 1.0),
        ("tanh", (-1e300,), -1.0),
        ("tanh", (355.0,), 1.0),
        ("cbrt", (-8.0,), -2.0),
        ("cbrt", (27.0,), 3.0),
        ("cbrt", (1e300,), 1e100),
        ("relu", (-3.0,), 0.0),
        ("pow", (0.0, 0.0), 1.0),
        ("pow", (-2.0, 3.0), -8.0),
        ("pow", (-2.0, -2.0), 0.25),
        ("atan2", (0.0, -1.0), math.pi),
        ("atan2", (-0.0, -1.0), -math.pi),
        ("hypot", (1e200, 1e200), 1.414213562373095e200),
        ("hypot", (3.0, 4.0), 5.0),
        ("log1p", (1e-20,), 1e-20),
        ("log10", (1000.0,), 3.0),
        ("log2", (8.0,), 3.0),
        ("where", (0.0, 2.0, 3.0), 3.0),
        ("where", (-1.0, 2.0, 3.0), 2.0),
        ("equal", (0.0, -0.0), 1.0),
    ],
)
def test_a_special_value(function: str, operands: tuple[float, ...], value: float) -> None:
    assert OPERATIONS[function].forward(FLOATS, *operands) == value


@pytest.mark.parametrize(
    ("function", "operands", "gradients"),
    [
        ("pow", (0.0, 2.0), (0.0, 0.0)),
        ("pow", (0.0, 3.0), (0.0, 0.0)),
        ("pow", (0.0, 1.0), (1.0, 0.0)),
        ("pow", (0.0, 0.0), (0.0, 0.0)),
        ("pow", (-0.0, 0.0), (0.0, 0.0)),
        ("pow", (5.0, 0.0), (0.0, math.log(5.0))),
        ("relu", (0.0,), (0.0,)),
        ("relu", (-0.0,), (0.0,)),
        ("relu", (1e-300,), (1.0,)),
        ("abs", (0.0,), (0.0,)),
        ("abs", (-0.0,), (0.0,)),
        ("abs", (-2.0,), (-1.0,)),
        ("min", (2.0, 2.0), (0.5, 0.5)),
        ("max", (2.0, 2.0), (0.5, 0.5)),
        ("max", (0.0, -0.0), (0.5, 0.5)),
        ("min", (2.0, 3.0), (1.0, 0.0)),
        ("max", (2.0, 3.0), (0.0, 1.0)),
        ("hypot", (0.0, 0.0), (0.0, 0.0)),
        ("hypot", (-2.0, 0.0), (-1.0, 0.0)),
        ("where", (0.0, 2.0, 3.0), (0.0, 0.0, 1.0)),
        ("where", (2.0, 2.0, 3.0), (0.0, 1.0, 0.0)),
        ("equal", (2.0, 2.0), (0.0, 0.0)),
        ("sigmoid", (-1000.0,), (0.0,)),
        ("softplus", (1000.0,), (1.0,)),
        ("softplus", (-1000.0,), (0.0,)),
        ("tanh", (1e300,), (0.0,)),
        ("erf", (1e200,), (0.0,)),
        ("atan", (1e200,), (0.0,)),
        ("log2", (1e308,), (1.4426950408889634e-308,)),
    ],
)
def test_a_special_gradient(function: str, operands: tuple[float, ...], gradients: tuple[float, ...]) -> None:
    leaves = [Value(operand) for operand in operands]
    getattr(functions, function)(*leaves).backward()
    assert tuple(leaf.grad for leaf in leaves) == gradients


@pytest.mark.parametrize("exponent", [2.0, 3.0, 4.0, -1.0, -2.0])
@pytest.mark.parametrize("base", [-1.0, -2.5, -1e-3])
def test_a_negative_number_to_a_constant_power_has_a_gradient(base: float, exponent: float) -> None:
    x = Value(base)
    (x**exponent).backward()
    assert x.grad == pytest.approx(exponent * base ** (exponent - 1), rel=1e-15)


def test_the_slope_of_tanh_keeps_its_digits_at_20() -> None:
    x = Value(20.0)
    x.tanh().backward()
    assert x.grad == pytest.approx(1.6993417021166355e-17, rel=1e-15)


@pytest.mark.parametrize(
    ("function", "operands", "message"),
    [
        ("sqrt", (0.0,), "the derivative of sqrt is not defined at 0.0"),
        ("sqrt", (-0.0,), "the derivative of sqrt is not defined at -0.0"),
        ("cbrt", (0.0,), "the derivative of cbrt is not defined at 0.0"),
        ("asin", (1.0,), "the derivative of asin is not defined at 1.0"),
        ("asin", (-1.0,), "the derivative of asin is not defined at -1.0"),
        ("acos", (1.0,), "the derivative of acos is not defined at 1.0"),
        ("acosh", (1.0,), "the derivative of acosh is not defined at 1.0"),
        (
            "pow",
            (-1.0, 2.0),
            "the derivative of power with respect to its second operand is not defined at (-1.0)**2.0",
        ),
        ("pow", (0.0, 0.5), "the derivative of power with respect to its first operand is not defined at 0.0**0.5"),
        (
            "atan2",
            (0.0, 0.0),
            "the derivative of atan2 with respect to its first operand is not defined at atan2(0.0, 0.0)",
        ),
    ],
)
def test_a_derivative_that_does_not_exist_is_refused(function: str, operands: tuple[float, ...], message: str) -> None:
    with pytest.raises(EvaluationError) as refused:
        getattr(functions, function)(*map(Value, operands)).backward()
    assert str(refused.value) == message


def test_atan2_has_no_derivative_at_the_origin_with_respect_to_its_second_operand_either() -> None:
    x = Value(0.0)
    angle = functions.atan2(0.0, x)
    assert str(backward_pass(angle)) == (
        "the derivative of atan2 with respect to its second operand is not defined at atan2(0.0, 0.0)"
    )
    assert math.isnan(x.grad)
