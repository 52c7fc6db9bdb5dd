"""The gamma family, the normal distribution, and the functions that are flat between jumps."""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from mpmath import mp, mpf
from rows import rows

from mgcli import functions, parse, parse_program
from mgcli.errors import EvaluationError
from mgcli.graph import gamma_functions
from mgcli.graph.floats import FLOATS
from mgcli.graph.table import FUNCTIONS, OPERATIONS
from mgcli.graph.value import Value

EULER = 0.5772156649015329


@pytest.fixture(autouse=True)
def _sixty_digits() -> Iterator[Any]:
    with mp.workdps(60):
        yield


def gradient(text: str, **values: float) -> tuple[float, ...]:
    program = parse_program(text)
    program.bind(values)
    error = program.error() or program.differentiate()
    if error:
        raise error
    return program.root.data, *[program.node(name).grad for name in values]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("gamma(5)", 24.0),
        ("gamma(1/2)", math.sqrt(math.pi)),
        ("gamma(-1/2)", -2 * math.sqrt(math.pi)),
        ("gamma(170 + 1)", float(math.factorial(170))),
        ("lgamma(1)", 0.0),
        ("lgamma(2)", 0.0),
        ("lgamma(100)", math.log(math.factorial(99))),
        ("lgamma(-0.5)", math.log(2 * math.sqrt(math.pi))),
        ("digamma(1)", -EULER),
        ("digamma(1/2)", -EULER - 2 * math.log(2)),
        ("polygamma(0, 1)", -EULER),
        ("polygamma(1, 1)", math.pi**2 / 6),
        ("polygamma(1, 1/2)", math.pi**2 / 2),
        ("polygamma(3, 1)", math.pi**4 / 15),
        ("erfc(0)", 1.0),
        ("normpdf(0)", 1 / math.sqrt(math.tau)),
        ("normcdf(0)", 0.5),
        ("normcdf(1.959963984540054)", 0.975),
        ("normcdf(-40)", 0.0),
        ("normcdf(40)", 1.0),
        ("normpdf(1e200)", 0.0),
        ("sign(-3)", -1.0),
        ("sign(0)", 0.0),
        ("sign(1e-300)", 1.0),
        ("floor(-0.5)", -1.0),
        ("floor(2)", 2.0),
        ("ceil(2.1)", 3.0),
        ("ceil(-1e300)", -1e300),
        ("clamp(5, 0, 1)", 1.0),
        ("clamp(-5, 0, 1)", 0.0),
        ("clamp(0.5, 0, 1)", 0.5),
        ("clamp(0.5, 1, 0)", 0.0),
        ("clip(5, 0, 1)", 1.0),
    ],
)
def test_a_published_value(text: str, value: float) -> None:
    assert parse(text).data == pytest.approx(value, rel=1e-15, abs=0)


ZEROS: dict[str, tuple[Callable[[Any], Any], list[tuple[float, float]]]] = {
    "digamma": (lambda x: mp.psi(0, x), [(1.0, 2.0), (-0.9, -0.1), (-1.9, -1.1), (-9.9, -9.1), (-19.9, -19.1)]),
    "lgamma": (
        lambda x: mp.re(mp.loggamma(x)),
        [(0.9, 1.1), (1.9, 2.1), (-2.5, -2.3), (-2.9, -2.6), (-3.3, -3.05), (-3.99, -3.8)],
    ),
    "polygamma2": (lambda x: mp.psi(2, x), [(-0.9, -0.1), (-1.9, -1.1), (-4.9, -4.1)]),
    "polygamma4": (lambda x: mp.psi(4, x), [(-0.9, -0.1), (-1.9, -1.1)]),
}
OWN: dict[str, Callable[[float], float]] = {
    "digamma": gamma_functions.digamma,
    "lgamma": gamma_functions.lgamma,
    "polygamma2": lambda x: gamma_functions.polygamma(2.0, x),
    "polygamma4": lambda x: gamma_functions.polygamma(4.0, x),
}


def zero_between(function: Callable[..., Any], low: float, high: float) -> float:
    rises = function(mpf(high)) > 0
    while math.nextafter(low, high) < high:
        middle = (low + high) / 2
        low, high = (low, middle) if (function(mpf(middle)) > 0) == rises else (middle, high)
    return low


@pytest.mark.parametrize("name", ZEROS)
def test_the_digits_are_kept_next_to_every_zero(name: str) -> None:
    exact, brackets = ZEROS[name]
    for low, high in brackets:
        zero = zero_between(exact, low, high)
        assert abs(exact(mpf(zero))) < 1e-11
        for steps in range(-3, 4):
            x = zero
            for _ in range(abs(steps)):
                x = math.nextafter(x, math.copysign(math.inf, steps))
            wanted = exact(mpf(x))
            assert abs(OWN[name](x) - wanted) <= 1e-12 * abs(wanted), x
        for power in range(1, 52, 3):
            x = zero + 2.0**-power * 0.1
            wanted = exact(mpf(x))
            assert abs(OWN[name](x) - wanted) <= 1e-12 * abs(wanted), x


@rows("order", [*range(12), 50, 169, 170])
@rows("x", [1e-3, 0.7, 1.0, 3.5, 12.0, 200.0, -0.3, -0.5, -7.5, -7.4, -12.0000001])
def test_every_order_of_polygamma(order: int, x: float) -> None:
    with mp.workdps(60 + 2 * order):
        wanted = mp.psi(order, mpf(x))
    if abs(wanted) < 1.7e308:
        assert abs(gamma_functions.polygamma(float(order), x) - wanted) <= 1e-12 * abs(wanted)
    else:
        assert math.isinf(gamma_functions.polygamma(float(order), x))


between = st.floats(-30, 30, allow_subnormal=False).filter(lambda x: abs(x - round(x)) > 1e-3)


@given(between)
def test_a_step_of_one_is_the_recurrence(x: float) -> None:
    assert FLOATS.gamma(x + 1) == pytest.approx(x * FLOATS.gamma(x), rel=1e-10)
    assert FLOATS.digamma(x + 1) == pytest.approx(FLOATS.digamma(x) + 1 / x, rel=1e-10, abs=1e-10)
    assert FLOATS.polygamma(1.0, x + 1) == pytest.approx(FLOATS.polygamma(1.0, x) - 1 / x**2, rel=1e-7)


@pytest.mark.parametrize("name", ["gamma", "lgamma", "digamma"])
@pytest.mark.parametrize("x", [0.0, -0.0, -1.0, -2.0, -1e300])
def test_a_pole_is_refused(name: str, x: float) -> None:
    with pytest.raises(EvaluationError) as refused:
        getattr(Value(x), name)()
    assert str(refused.value) == f"{name} is not defined at {x}"


@pytest.mark.parametrize("operands", [(1.0, 0.0), (1.0, -3.0), (0.5, 2.0), (-1.0, 2.0), (171.0, 2.0), (0.0, 0.0)])
def test_polygamma_is_refused_outside_its_domain(operands: tuple[float, float]) -> None:
    with pytest.raises(EvaluationError) as refused:
        functions.polygamma(*operands)
    assert str(refused.value) == f"polygamma is not defined at polygamma({operands[0]}, {operands[1]})"


@pytest.mark.parametrize(
    "text", ["gamma(172)", "gamma(1e-309)", "lgamma(1e306)", "digamma(5e-324)", "polygamma(1, 1e-200)"]
)
def test_what_is_too_large_for_a_float_overflows(text: str) -> None:
    program = parse_program(text)
    program.bind({})
    error = program.error()
    assert error
    assert "overflows at" in error.message


@given(st.integers(161, 182), st.integers(1, 40), st.sampled_from([-1, 1]))
def test_the_slope_of_gamma_keeps_its_digits_where_gamma_has_none(pole: int, steps: int, side: int) -> None:
    x = -float(pole)
    for _ in range(steps):
        x = math.nextafter(x, side * math.inf)
    wanted = mp.gamma(mpf(x)) * mp.psi(0, mpf(x))
    assume(2.3e-308 < abs(wanted) < 1.7e308)
    _, slope = gradient("gamma(x)", x=x)
    assert abs(slope - wanted) <= 1e-12 * abs(wanted)


@pytest.mark.parametrize("x", [0.3, 2.5, -1.3])
def test_the_derivatives_of_lgamma_are_polygammas(x: float) -> None:
    """lgamma, digamma, polygamma(1), polygamma(2), ...: each is the slope of the one before."""
    texts = ["lgamma(x)", "digamma(x)", *(f"polygamma({order}, x)" for order in range(1, 6))]
    for text, slope in pairwise(texts):
        assert gradient(text, x=x)[1] == pytest.approx(parse(slope, x=x).data, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "values", "message"),
    [
        (
            "polygamma(n, x)",
            {"n": 1.0, "x": 2.0},
            "the derivative of polygamma with respect to its first operand is not defined at polygamma(1.0, 2.0)",
        ),
        (
            "polygamma(170, x)",
            {"x": 2.0},
            "the derivative of polygamma with respect to its second operand is not defined at polygamma(170.0, 2.0)",
        ),
    ],
)
def test_the_end_of_the_derivatives_is_an_error(text: str, values: dict[str, float], message: str) -> None:
    with pytest.raises(EvaluationError) as refused:
        gradient(text, **values)
    assert refused.value.message == message


def test_the_order_of_a_polygamma_has_no_derivative_but_its_argument_has() -> None:
    assert gradient("polygamma(2, x)", x=2.0)[1] == FLOATS.polygamma(3.0, 2.0)


@pytest.mark.parametrize("name", ["sign", "floor", "ceil"])
@given(st.floats(-100, 100) | st.integers(-3, 3).map(float))
def test_a_function_that_is_flat_between_jumps_has_the_gradient_0_everywhere(name: str, x: float) -> None:
    assert gradient(f"{name}(x)", x=x)[1] == 0.0


@pytest.mark.parametrize(
    ("x", "low", "high", "gradients"),
    [
        (0.5, 0.0, 1.0, (1.0, 0.0, 0.0)),
        (0.0, 0.0, 1.0, (1.0, 0.0, 0.0)),
        (1.0, 0.0, 1.0, (1.0, 0.0, 0.0)),
        (-1.0, 0.0, 1.0, (0.0, 1.0, 0.0)),
        (2.0, 0.0, 1.0, (0.0, 0.0, 1.0)),
        (0.5, 1.0, 0.0, (0.0, 0.0, 1.0)),
        (1.0, 1.0, 1.0, (1.0, 0.0, 0.0)),
    ],
)
def test_clamp_has_the_gradients_of_pytorch(
    x: float, low: float, high: float, gradients: tuple[float, float, float]
) -> None:
    assert gradient("clamp(x, low, high)", x=x, low=low, high=high)[1:] == gradients


def test_clamp_with_equal_bounds_is_that_bound() -> None:
    for x in (0.0, 2.0, 5.0):
        assert sum(gradient("clamp(x, a, a)", x=x, a=2.0)[1:]) == 1.0
    assert gradient("clamp(0, a, a)", a=2.0) == (2.0, 1.0)


@given(st.lists(st.integers(-2, 2).map(float), min_size=3, max_size=3))
def test_what_moves_with_all_its_operands_has_derivatives_that_add_up_to_1(operands: list[float]) -> None:
    for name in ("min", "max", "clamp"):
        operation = OPERATIONS[name]
        point = operands[: operation.arity]
        result = operation.forward(FLOATS, *point)
        assert sum(rule(FLOATS, result, *point) for rule in operation.derivatives) == 1.0


def test_clamp_does_not_enter_what_it_does_not_take() -> None:
    assert gradient("clamp(sqrt(x), 1, 2)", x=0.0) == (1.0, 0.0)
    assert gradient("clamp(x, sqrt(y), 2)", x=1.0, y=0.0) == (1.0, 1.0, 0.0)


def test_the_slope_of_abs_is_sign() -> None:
    absolute = OPERATIONS["abs"]
    assert absolute.derivatives[0](functions, None, Value(-2.0)).operation is OPERATIONS["sign"]
    assert gradient("abs(x)", x=-2.0) == (2.0, -1.0)
    assert gradient("abs(x)", x=0.0) == (0.0, 0.0)


@given(st.floats(-37, 37))
def test_the_normal_distribution_and_its_density(x: float) -> None:
    wanted = mp.ncdf(mpf(x))
    assert FLOATS.normcdf(x) == pytest.approx(float(wanted), rel=1e-12)
    assert gradient("normcdf(x)", x=x)[1] == FLOATS.normpdf(x)


def test_erfc_is_1_minus_erf() -> None:
    assert parse("erf(x) + erfc(x)", x=0.3).data == 1.0
    assert parse("erfc(10)").data == pytest.approx(2.088487583762545e-45, rel=1e-14)


def test_every_function_is_a_method_or_a_function_of_values() -> None:
    assert Value(5.0).gamma().data == 24.0
    assert functions.clip(Value(5.0), 0, 1).data == 1.0
    assert functions.where(functions.less(Value(1.0), 2), 3, 4).data == 3.0
    assert {"sign", "floor", "ceil", "lgamma", "digamma", "erfc", "normpdf", "normcdf"} <= FUNCTIONS.keys()
