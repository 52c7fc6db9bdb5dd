"""The functions of the table on mpmath's numbers."""

import random
from collections.abc import Sequence
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from mpmath import mp, mpf
from references import REFERENCES

from mgcli.graph.floats import FLOATS
from mgcli.graph.multiprecision import multiprecision
from mgcli.graph.operation import Operation
from mgcli.graph.table import OPERATIONS, TABLE

PRECISION = 160

POINTS = [-150.5, -4.0, -3.0, -2.5, -1.0, -0.75, -1e-9, 0.0, 1e-9, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 6.5, 40.0, 1e5]


def outcome(namespace: SimpleNamespace, operation: Operation, operands: Sequence[Any]) -> Any:
    try:
        return operation.forward(namespace, *operands)
    except (ValueError, ZeroDivisionError):
        return "undefined"
    except OverflowError:
        return "overflow"


@pytest.mark.parametrize("operation", TABLE, ids=lambda operation: operation.name)
def test_an_operation_agrees_with_floats_and_with_mpmath(operation: Operation) -> None:
    m = multiprecision(PRECISION)
    state = random.Random(0)
    points = [operation.example]
    points += [
        tuple(state.choice(POINTS) for _ in range(operation.arity))
        for _ in range(8 if operation.name == "besselk" else 25)
    ]
    for point in points:
        in_floats = outcome(FLOATS, operation, point)
        found = outcome(m, operation, [m.context.mpf(number) for number in point])
        if in_floats == "overflow":
            continue
        if isinstance(found, str):
            assert found == in_floats, point
            continue
        assert float(found) == pytest.approx(in_floats, rel=1e-12, abs=1e-300), point
        reference = REFERENCES.get(operation.name)
        if reference is not None and operation.name != "pow" and reference.defined(*map(mpf, point)):
            with mp.workdps(80):
                exact = mpf(reference.value(*map(mpf, point)))
                assert abs(mpf(found) - exact) <= abs(exact) * mpf(10) ** -40 + mpf(10) ** -1000, point


@pytest.mark.parametrize(("x", "y"), [(1.0, 2.0), (2.0, 1.0), (2.0, 2.0)])
@pytest.mark.parametrize("name", ["greater", "less", "equal"])
def test_a_comparison_is_1_or_0_as_with_floats(name: str, x: float, y: float) -> None:
    m = multiprecision(PRECISION)
    assert getattr(m, name)(m.context.mpf(x), m.context.mpf(y)) == getattr(FLOATS, name)(x, y)


@pytest.mark.parametrize(
    ("name", "near", "zero"),
    [("digamma", "1.4616321449683623412626595423257213284681962040064463512959884086", 0), ("lgamma", "2", 0)],
)
def test_next_to_a_zero_all_digits_are_right(name: str, near: str, zero: int) -> None:
    few, many = multiprecision(106), multiprecision(600)
    x = few.context.mpf(near) + few.context.ldexp(1, -100)
    found, exact = getattr(few, name)(x), getattr(many, name)(many.context.mpf(x))
    assert found != zero
    assert abs(many.context.mpf(found) - exact) <= abs(exact) * many.context.ldexp(1, -102)


@pytest.mark.parametrize("name", ["exp", "sinh", "gamma"])
def test_what_is_too_large_for_any_precision_overflows_at_once(name: str) -> None:
    m = multiprecision(106)
    with pytest.raises(OverflowError):
        OPERATIONS[name].forward(m, m.exp(m.context.mpf(1e6)))


@pytest.mark.parametrize(("name", "inverse"), [("exp", "log"), ("gamma", "lgamma")])
def test_a_function_of_any_float_has_a_value(name: Any, inverse: Any) -> None:
    m = multiprecision(106)
    x = m.context.mpf(1e300)
    value = OPERATIONS[name].forward(m, x)
    exact = x if name == "exp" else m.lgamma(x)
    assert abs(m.log(value) - exact) <= exact * m.context.ldexp(1, -100)


@pytest.mark.parametrize("order", [0, 1, 2, 5, 20])
@pytest.mark.parametrize("x", [-0.5, -2.5, -3.999999, -1e-9, -150.25])
def test_polygamma_left_of_0_has_all_digits(order: Any, x: Any) -> None:
    m = multiprecision(212)
    with mp.workprec(2000):
        exact = mp.psi(order, mpf(x))
        assert abs(mpf(m.polygamma(order, m.context.mpf(x))) - exact) <= abs(exact) * mpf(2) ** -205


def test_polygamma_far_left_of_0_takes_no_longer() -> None:
    m = multiprecision(106)
    x = m.context.mpf(-7041512048343.25)
    assert abs(m.digamma(x) - (m.log(-x) + m.context.pi / m.context.tan(m.context.pi / 4))) < 1e-12


@pytest.mark.parametrize(
    "name", ["atanh", "asinh", "asin", "atan", "sinh", "tanh", "expm1", "log1p", "erf", "sqrt", "cbrt"]
)
def test_a_tiny_operand_leaves_the_precision_as_it_is(name: str) -> None:
    m = multiprecision(106)
    for x in (m.exp(m.context.mpf(-1e300)), m.context.zero):
        assert OPERATIONS[name].forward(m, x) >= x
    assert m.context.prec == 106


@pytest.mark.parametrize(
    ("order", "x", "expected"),
    [(2, "1e300000", "-1e-600000"), (3, "-1000000000000000.5", "194.81818206800487447288066537741"), (1, "-2.5", None)],
)
def test_polygamma_far_from_zero_has_all_digits_at_once(order: Any, x: Any, expected: Any) -> None:
    m, more = multiprecision(100), multiprecision(200)
    found = m.polygamma(order, m.context.mpf(x))
    exact = more.context.mpf(expected) if expected else more.context.psi(order, more.context.mpf(x))
    assert abs(more.context.mpf(found) / exact - 1) < 2.0**-95


MANY = multiprecision(1200)


def is_close(found: Any, expected: Any) -> bool:
    return bool(abs(found - expected) < abs(expected) * MANY.context.ldexp(1, -1180))


# At 2,500 they come from the expansions far from 0, whose least terms are little below the last digit.
@pytest.mark.parametrize("x", [1e-8, 0.75, 40.25, 2500.0, 1e5])
@pytest.mark.parametrize("n", [0, 1, 17])
def test_bessel_functions_of_many_digits_have_their_wronskians(n: int, x: float) -> None:
    # Abramowitz and Stegun 9.1.16 and 9.6.15.
    c = MANY.context
    operand = c.mpf(x)
    j, y, i, k = ([getattr(MANY, f"bessel{kind}")(order, operand) for order in (n, n + 1)] for kind in "jyik")
    assert is_close(j[1] * y[0] - j[0] * y[1], 2 / (c.pi * operand))
    assert is_close(i[0] * k[1] + i[1] * k[0], 1 / operand)


@pytest.mark.parametrize("x", ["0.3", "1.2", "70.1", "1e3", "-0.3", "-12.7", "1e-20"])
def test_the_gamma_function_of_many_digits_doubles(x: str) -> None:
    # Abramowitz and Stegun 6.1.18.
    c = MANY.context
    operand = c.mpf(x)
    doubled = MANY.gamma(2 * operand) * MANY.sqrt(c.pi) * MANY.pow(c.mpf(2), 1 - 2 * operand)
    assert is_close(MANY.gamma(operand) * MANY.gamma(operand + 0.5), doubled)
    if operand > 0:
        assert is_close(MANY.exp(MANY.lgamma(operand)), MANY.gamma(operand))


@pytest.mark.parametrize("x", ["0.5", "2.5", "30.25"])
def test_the_incomplete_gamma_function_of_many_digits_has_its_recurrence(x: str) -> None:
    # Abramowitz and Stegun 6.5.21.
    c = MANY.context
    operand = c.mpf(x)
    step = operand ** c.mpf("1.3") * MANY.exp(-operand) / MANY.gamma(c.mpf("2.3"))
    assert is_close(MANY.gammainc(c.mpf("1.3"), operand) - step, MANY.gammainc(c.mpf("1.3") + 1, operand))


@pytest.mark.parametrize("x", ["-0.99", "0", "0.5", "0.9999999", "1.0000001", "2", "7.5", "100", "-3.5"])
def test_the_derivative_of_zeta_has_all_digits(x: str) -> None:
    m = multiprecision(PRECISION)
    found = m.zetaprime(m.context.mpf(x))
    with mp.workprec(PRECISION + 40):
        expected = mp.zeta(mpf(m.context.mpf(x)), 1, 1)
        assert abs(found - expected) < abs(expected) * mpf(2) ** (8 - PRECISION)


@pytest.mark.parametrize("exponent", [2.0**10, 1e4, 1e12, 1e20])
@pytest.mark.parametrize("operation", TABLE, ids=lambda operation: operation.name)
def test_operands_of_any_size_end_with_a_value_or_an_error(operation: Operation, exponent: float) -> None:
    m = multiprecision(106)
    large = m.context.exp(m.context.mpf(exponent))
    numbers = [large, -large, 1 / large, -1 / large, m.context.mpf(2), m.context.mpf("2.5")]
    found = set()
    for operands in product(numbers, repeat=operation.arity):
        result = outcome(m, operation, operands)
        found.add(result if isinstance(result, str) else "value")
    assert found <= {"value", "overflow", "undefined"}


@pytest.mark.parametrize("precision", [64, 1000])
@pytest.mark.parametrize("x", ["0.3", "-0.5", "-2.0001", "1e-30", "1e30", "-7.3", "1234.5"])
@pytest.mark.parametrize("y", ["1e-4", "1e-200", "-1e-200", "2"])
def test_differences_of_digamma_have_all_digits(precision: int, x: Any, y: Any) -> None:
    m = multiprecision(precision)
    x, y = m.context.mpf(x), m.context.mpf(y)
    with mp.workprec(precision + 1100):
        exact = mp.digamma(mpf(x)) - mp.digamma(mpf(x) + mpf(y))
        if abs(exact) < mpf(2) ** -1000:
            # They are equal at -1/2 and 3/2.
            assert m.digamma_difference(x, y) == 0
        else:
            assert abs(mpf(m.digamma_difference(x, y)) / exact - 1) < mpf(2) ** (2 - precision)


@pytest.mark.parametrize("precision", [106, 1000])
@pytest.mark.parametrize("name", ["besselj", "zeta", "Si", "Ci", "digamma"])
def test_functions_have_all_digits_where_they_are_computed_otherwise(name: str, precision: int) -> None:
    m = multiprecision(precision)
    exact = {
        "besselj": lambda x: mp.besselj(3, x),
        "zeta": mp.zeta,
        "Si": mp.si,
        "Ci": mp.ci,
        "digamma": mp.digamma,
    }[name]
    for text in ("0.3", "1.0000001", "101.5", "2345.5", "1e30", "1e150"):
        x = m.context.mpf(text)
        found = m.besselj(3, x) if name == "besselj" else getattr(m, name)(x)
        with mp.workprec(precision + 600):
            assert abs(mpf(found) / exact(mpf(x)) - 1) < mpf(2) ** (2 - precision), text


def test_next_to_its_pole_zeta_is_the_start_of_its_series() -> None:
    for precision in (106, 2000):
        m = multiprecision(precision)
        with m.context.workprec(3000):
            x = 1 + m.context.mpf(10) ** -400
        with mp.workprec(3000):
            assert abs(mpf(m.zeta(x)) * mpf(10) ** -400 - 1) < mpf(10) ** -30
            assert abs(mpf(m.zetaprime(x)) * mpf(10) ** -800 + 1) < mpf(10) ** -30


def test_the_gamma_function_of_many_digits_is_found_far_left_of_0() -> None:
    m = multiprecision(1000)
    x = m.context.mpf("-127323954.03125")
    with mp.workprec(1100):
        assert abs(mpf(m.gamma(x)) * mp.gamma(1 - mpf(x)) * mp.sinpi(mpf(x)) / mp.pi - 1) < mpf(2) ** -990
