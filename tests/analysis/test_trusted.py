"""Numbers that can be trusted: each printed derivative is right to the last digit, or a note says what is not."""

import json
import random
import re
import shlex

import pytest
from mpmath import mp, mpf
from rows import rows
from running import Run

from mgcli import parse_program
from mgcli.analysis.bounds import error_bounds
from mgcli.analysis.higher_orders import second_derivatives
from mgcli.analysis.trusted import CONVENTION, KEPT, UNDEFINED, differentiated, evaluated
from mgcli.codegen.function import Repeated
from mgcli.graph.balls import multiprecision_balls

# One row for each kind of place where floats are wrong: what they do is in the last column.
GRADIENTS = [
    ("log(1/(1 + exp(-z)))", {"z": -400}, {"z": 1.0}, "underflows on the way"),
    ("1/(1 + exp(-z))", {"z": -400}, {"z": 1.9151695967140057e-174}, "underflows on the way"),
    ("x/exp(x)", {"x": 400}, {"x": -7.641526690888882e-172}, "has the wrong sign"),
    ("log(1/cosh(t))", {"t": 400}, {"t": -1.0}, "underflows on the way"),
    ("log(1/t**2)", {"t": 1e100}, {"t": -2e-100}, "underflows on the way"),
    ("1/(1 + (t/u)**20)", {"t": 1e10, "u": 1}, {"t": -2e-209, "u": 2e-199}, "underflows on the way"),
    ("(exp(w) - 1)/w", {"w": 1e-9}, {"w": 0.5000000003333334}, "terms cancel"),
    ("(1 - cos(w))/w**2", {"w": 1e-5}, {"w": -8.333333333277779e-07}, "terms cancel"),
    ("sinh(t) - t", {"t": 1.01e-09}, {"t": 5.1005e-19}, "terms cancel"),
    ("log(t + sqrt(t**2 + 1))", {"t": -1e7}, {"t": 9.99999999999995e-08}, "terms cancel"),
    ("log(t + sqrt(t**2 + 1))", {"t": -1e10}, {"t": 1e-10}, "no value"),
    ("log(exp(x)) - x", {"x": 0.3}, {"x": 0.0}, "noise"),
    ("(1 + t) - 1", {"t": 1e-200}, {"t": 1.0}, "right"),
    ("where(t == 4, 16, t**2)", {"t": 4}, {"t": 8.0}, "a filled hole"),
    ("where(t == 0, 0, t*log(u))", {"t": 0, "u": 7}, {"t": 1.9459101490553132, "u": 0.0}, "a filled hole"),
    ("where(w == 0, 1, sin(w)/w)", {"w": 0}, {"w": 0.0}, "a filled hole"),
    ("relu(t) - relu(-t)", {"t": 0}, {"t": 1.0}, "kinks that cancel"),
    ("relu(u - 1) - relu(1 - u)", {"u": 1}, {"u": 1.0}, "kinks that cancel"),
    ("abs(t)*sign(t)", {"t": 0}, {"t": 1.0}, "kinks that cancel"),
    ("max(t, t) - max(t, t)", {"t": 1e300}, {"t": 0.0}, "at a kink"),
    ("max(t, u) + min(t, u)", {"t": 1, "u": 1}, {"t": 1.0, "u": 1.0}, "kinks that cancel"),
    ("sqrt(relu(p))", {"p": -2}, {"p": 0.0}, "a closed branch"),
    ("cbrt(relu(p))", {"p": -2}, {"p": 0.0}, "a closed branch"),
    ("asin(1 - relu(p))", {"p": -2}, {"p": 0.0}, "a closed branch"),
    ("acosh(1 + relu(p))", {"p": -2}, {"p": 0.0}, "a closed branch"),
    ("relu(p)**0.5", {"p": -2}, {"p": 0.0}, "a closed branch"),
    ("sqrt(t**4)", {"t": 0}, {"t": 0.0}, "0 times an infinite slope"),
    ("cbrt(t**3)", {"t": 0}, {"t": 1.0}, "0 times an infinite slope"),
    ("sqrt(t**2 + u**2)**2", {"t": 0, "u": 0}, {"t": 0.0, "u": 0.0}, "0 times an infinite slope"),
    ("hypot(t, u)**2", {"t": 0, "u": 0}, {"t": 0.0, "u": 0.0}, "0 times an infinite slope"),
    ("cos(sqrt(t*t + u*u))", {"t": 0, "u": 0}, {"t": 0.0, "u": 0.0}, "0 times an infinite slope"),
    ("log(1 + exp(z))", {"z": 1e5}, {"z": 1.0}, "overflows on the way"),
    ("log(cosh(z))", {"z": 900}, {"z": 1.0}, "overflows on the way"),
    ("exp(z)/(1 + exp(z))", {"z": 900}, {"z": 0.0}, "overflows on the way"),
    ("log(1 + exp(z))", {"z": 1e300}, {"z": 1.0}, "overflows on the way"),
    ("log(cosh(z))", {"z": -1e300}, {"z": -1.0}, "overflows on the way"),
    ("1/(1 + exp(-z))", {"z": -1e300}, {"z": 0.0}, "overflows on the way"),
    ("log(gamma(z))", {"z": 1e300}, {"z": 690.7755278982137}, "overflows on the way"),
    ("log(normcdf(z))", {"z": -1e150}, {"z": 1e150}, "no value"),
    ("log(normcdf(z))", {"z": -40}, {"z": 40.02496884720726}, "no value"),
    ("log(exp(z) + exp(y))", {"z": -2000, "y": 1000}, {"z": 0.0, "y": 1.0}, "overflows on the way"),
]


@rows(("text", "values", "gradient", "in_floats"), GRADIENTS)
def test_a_gradient_is_that_of_the_function(
    text: str, values: dict[str, float], gradient: dict[str, float], in_floats: str
) -> None:
    program = parse_program(text)
    program.bind(values)
    report = differentiated(program)
    assert (report.error, report.notes) == (None, [])
    assert {name: program.node(name).grad for name in values} == gradient


@pytest.mark.parametrize(
    ("text", "values", "matrix"),
    [
        ("sin(w)/w", {"w": 1e-9}, {"w": {"w": -1 / 3}}),
        ("asin(w)/w", {"w": 1e-12}, {"w": {"w": 1 / 3}}),
        ("1/(1 + exp(-z))", {"z": -400}, {"z": {"z": 1.9151695967140057e-174}}),
        ("normpdf(z)/normcdf(z)", {"z": -30}, {"z": {"z": 7.309993015784438e-05}}),
        ("abs(-3*t**2)", {"t": 0}, {"t": {"t": 6.0}}),
        ("max(t**2, 3*t**2)", {"t": 0}, {"t": {"t": 6.0}}),
        ("min(t**2, t**6)", {"t": 0}, {"t": {"t": 0.0}}),
        ("relu(t**2)", {"t": 0}, {"t": {"t": 2.0}}),
        ("hypot(t, u)**2", {"t": 0, "u": 0}, {"t": {"t": 2.0, "u": 0.0}, "u": {"t": 0.0, "u": 2.0}}),
        ("g**h", {"g": 0, "h": 3}, {"g": {"g": 0.0, "h": 0.0}, "h": {"g": 0.0, "h": 0.0}}),
        ("tanh(x)", {"x": 400}, {"x": {"x": -2.93580309e-347}}),
        ("where(t == 0, 0, t*u)", {"t": 0, "u": 3}, {"t": {"t": 0.0, "u": 1.0}, "u": {"t": 1.0, "u": 0.0}}),
        ("where(t*u == 0, 0, sin(t*u))", {"t": 0, "u": 2}, {"t": {"t": 0.0, "u": 1.0}, "u": {"t": 1.0, "u": 0.0}}),
        ("where(t == 0, 1, sin(t)/t)*u", {"t": 0, "u": 2}, {"t": {"t": -2 / 3, "u": 0.0}, "u": {"t": 0.0, "u": 0.0}}),
        ("x/erf(x)", {"x": 1e-5}, {"x": {"x": 0.590817950313655}}),
        ("csc(x/1e-9)", {"x": 0.5}, {"x": {"x": -8.315364805716073e19}}),
        ("sin(pi*x)", {"x": 1}, {"x": {"x": -1.2086779438644711e-15}}),
        ("tan(fmod(x, x) - x/3)", {"x": 1e-160}, {"x": {"x": -7.407407407407407e-162}}),
    ],
)
def test_second_derivatives_are_those_of_the_function(
    mg: Run, text: str, values: dict[str, float], matrix: dict[str, dict[str, float]]
) -> None:
    given = [part for name, value in values.items() for part in (f"-{name}", str(value))]
    done = mg("hessian", text, *given, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout)["hessian"] == matrix


def test_a_kink_is_reported_with_the_slopes_on_both_sides(mg: Run) -> None:
    done = mg("grad", "relu(t)", "-t", "0")
    assert (done.exit_code, done.stdout) == (0, "value = 0.0\n\n     value  gradient\nt      0.0       0.0\n")
    assert done.stderr == (
        "note: relu has a kink at 0.0: the slope is 0 on the left and 1 on the right; 0.0 is the convention\n"
        "  relu(t)\n  ^^^^^^^\n"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("floor(t + 1)", "floor jumps at 1.0: the value jumps on the left and the slope is 0 on the right"),
        ("sign(t)", "sign jumps at 0.0: the value jumps on both sides"),
        (
            "atan2(t, t - 1)",
            "atan2 jumps at atan2(0.0, -1.0): the value jumps on the left and the slope is -1 on the right",
        ),
        ("clamp(-1, t, 0)", "clamp has a kink at clamp(-1.0, 0.0, 0.0)"),
        ("where(t >= 0, t, -t)", "the condition is at its boundary, 0.0 >= 0.0: the slope is -1 on the left and 1"),
    ],
)
def test_a_jump_and_a_condition_are_reported(text: str, told: str) -> None:
    program = parse_program(text)
    program.bind({"t": 0.0})
    report = differentiated(program)
    assert [derivative.kind for derivative in report.derivatives.values()] == [CONVENTION]
    assert report.notes[0].message.startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("abs(t)*u", "sign jumps at 0.0: the derivative jumps on both sides"),
        ("abs(t)*abs(u - 2)", "the slope of the derivative with respect to u is 1 on the left and -1 on the right"),
    ],
)
def test_a_mixed_derivative_at_a_kink_of_the_other_variable_is_reported(text: str, told: str) -> None:
    program = parse_program(text)
    program.bind({"t": 0.0, "u": 2.0})
    differentiated(program)
    curvature = second_derivatives(program, {"t": program.node("t"), "u": program.node("u")})
    assert any(told in note.message for note in curvature.report.notes)


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("max(t, t/2)*t*u", 4e-100),  # No kink: the condition in the formula is itself a choice of numbers.
        ("where(where(t > 0, 1, 0), t, -t)*t*u", 2e-100 * 2),
        ("abs(t - 2e-100)*(t - 2e-100)*u + t**2*u", 4e-100),
        ("abs(t - 2e-100)*(t - 2e-100)*u", 0.0),
        ("where(t <= t, t, 0)*(t + u/1e200)", 1e-200),
        ("abs(t - 2e-100)*(u - 3) + t*u/1e200", 1e-200),
    ],
)
def test_a_tiny_mixed_derivative_is_not_lost(text: str, mixed: float) -> None:
    program = parse_program(text)
    program.bind({"t": 2e-100, "u": 3.0})
    differentiated(program)
    curvature = second_derivatives(program, {"t": program.node("t"), "u": program.node("u")})
    assert curvature.matrix["t"]["u"] == pytest.approx(mixed, rel=1e-15, abs=0.0)
    assert not curvature.report.error


@pytest.mark.parametrize("x", [1e8, 1e20, 1e200])
def test_a_slope_that_oscillates_between_two_floats_is_computed_with_more_digits(x: float) -> None:
    # All floats from 2**54 on are whole and even: there the cosine is 1.
    program = parse_program("fresnelc(x + 1.3)")
    program.bind({"x": x})
    differentiated(program, ["x"])
    with mp.workprec(2000):
        assert program.node("x").grad == pytest.approx(float(mp.cospi((mpf(x) + mpf(1.3)) ** 2 / 2)), rel=1e-9)


def test_what_is_compared_to_itself_is_at_no_boundary() -> None:
    program = parse_program("where(t <= t, t, 0)")
    program.bind({"t": 2.0})
    report = differentiated(program)
    assert [derivative.kind for derivative in report.derivatives.values()] == [KEPT]


@pytest.mark.parametrize("order", [3, 4])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "abs(t)",
            "note: abs has a kink at 0.0: the slope is -1 on the left and 1 on the right; 0.0 is the convention",
        ),
        ("abs(t)*t", "note: abs has a kink at 0.0: the slope of the derivative is -2 on the left and 2 on the right"),
        (
            "relu(t)**3",
            "note: the condition is at its boundary, 0.0 > 0.0: the slope of the derivative of order 2 is 0",
        ),
        ("sign(t)", "note: sign jumps at 0.0: the value jumps on both sides; 0.0 is the convention"),
        (
            "sqrt(t**6)",
            "note: abs has a kink at 0.0: the slope of the derivative of order 2 is -6 on the left and 6 on",
        ),
        ("abs(t)**6", ""),
        ("sqrt(t**12)", ""),
    ],
)
def test_above_an_order_that_does_not_exist_there_is_only_a_convention(
    mg: Run, text: str, told: str, order: int
) -> None:
    done = mg("diff", text, "-t", "0", "--order", str(order))
    assert done.stdout.endswith("  # 0.0\n")
    assert done.stderr.startswith(told)
    assert bool(done.stderr) == bool(told)


@pytest.mark.parametrize("text", ["(t**2)**1.5", "nthroot(t**6, 2)"])
def test_above_an_order_that_is_undefined_there_is_no_derivative(mg: Run, text: str) -> None:
    done = mg("diff", text, "-t", "0", "--order", "4")
    assert done.exit_code == 1
    assert done.stderr.startswith("error: the second derivative is not differentiable itself")


def test_the_number_of_a_convention_has_its_digits(mg: Run) -> None:
    """In floats terms cancel in the branch that is taken."""
    done = mg("grad", "where(abs(t) < 1e-8, 1 - t**2/6, sin(t)/t)", "-t", "1e-8")
    assert "t    1e-08  -3.3333333333333334e-09" in done.stdout
    assert "-3.3333333333333334e-09 is the convention" in done.stderr


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('descend "abs(t)" -t 0', "note: abs has a kink at 0.0: the slope is -1 on the left and 1 on the right"),
        ('descend "(exp(t) - 1 - t)/t**2" -t 1e-7 --steps 0', "note: almost no digit is correct"),
        ('slope "(exp(t) - 1 - t)/t**2" -t 1e-6', "note: about 4 digits are correct, since terms cancel"),
        ('slope "where(abs(t) < 1e-8, 1 - t**2/6, sin(t)/t)" -t 1e-8 --shrink 1', "note: the condition is at its"),
        ('check "where(abs(t) < 1e-8, 1 - t**2/6, sin(t)/t)" -t 1e-8', "note: the condition is at its boundary"),
    ],
)
def test_every_command_reports_few_digits_and_conventions(mg: Run, line: str, told: str) -> None:
    done = mg(line)
    assert (done.exit_code, done.stderr[: len(told)]) == (0, told)


@pytest.mark.parametrize("text", ["sqrt(t)", "sqrt(relu(t))", "cbrt(t)", "sqrt(abs(t))"])
def test_an_infinite_slope_is_not_a_derivative(text: str) -> None:
    program = parse_program(text)
    program.bind({"t": 0.0})
    report = differentiated(program)
    assert [derivative.kind for derivative in report.derivatives.values()] == [UNDEFINED]
    assert report.error is not None


def test_a_value_with_few_correct_digits_gets_a_note(mg: Run) -> None:
    done = mg("eval", "(1 - cos(x))/x**2", "-x", "1e-5")
    assert (done.exit_code, done.stdout) == (0, "0.5000000413701854\n")
    assert done.stderr == (
        "note: about 7 digits are correct, since terms cancel; the value is 0.49999999999583\n"
        "  (1 - cos(x))/x**2\n"
        "   ^^^^^^^^^^\n"
    )
    assert mg("eval", "x*sin(x)", "-x", "2").stderr == ""
    underflow = mg("eval", "x*y*z", "-x", "1e-200", "-y", "1e-200", "-z", "1e200")
    assert underflow.stderr.startswith(
        "note: almost no digit is correct, since multiplication underflows; the value is"
    )


@pytest.mark.parametrize(
    ("text", "values", "hint"),
    [
        ("log(1 + exp(z))", {"z": 1e5}, "write softplus(z)"),
        ("log(exp(z) + 1)", {"z": 1e5}, "write softplus(z)"),
        ("log(cosh(2*z))", {"z": 900}, "write abs(2*z) + softplus(-2*abs(2*z)) - log(2)"),
        ("exp(z)/(1 + exp(z))", {"z": 900}, "write sigmoid(z)"),
        ("log(gamma(z) + 0)", {"z": 900}, None),
        ("log(gamma(z))", {"z": 900}, "write lgamma(z)"),
        ("log(exp(z) + exp(y))", {"z": 1, "y": 1000}, "write z + softplus(y - z)"),
        ("log(t + sqrt(t**2 + 1))", {"t": -1e10}, None),
    ],
)
def test_a_needless_overflow_names_the_stable_function(text: str, values: dict[str, float], hint: str | None) -> None:
    program = parse_program(text)
    program.bind(values)
    report = evaluated(program)
    assert report.error is None
    assert [note.hint for note in report.value_notes] == [hint]


def test_a_named_number_beyond_what_floats_compute_is_the_float_that_it_is_shown_as(mg: Run) -> None:
    program = "n = asinh(1000**1000); cos(1e9*n)"
    shown = json.loads(mg("grad", program, "--json").stdout)
    with mp.workprec(200):
        number = mpf(shown["named"]["n"]["data"])
        assert shown["value"] == pytest.approx(float(mp.cos(10**9 * number)), rel=1e-12)
        assert shown["named"]["n"]["grad"] == pytest.approx(float(-(10**9) * mp.sin(10**9 * number)), rel=1e-12)
    assert mg("check", program).exit_code == 0


@pytest.mark.parametrize(
    ("text", "x", "message"),
    [
        ("exp(x)", 1000, "exp overflows at 1000.0"),
        ("exp(x) - exp(x)", 1000, "exp overflows at 1000.0"),
        ("log(x)", -1, "log is not defined at -1.0"),
        ("exp(exp(x))", 1e6, "exp overflows at 1000000.0"),
    ],
)
def test_an_undefined_value_stays_an_error(text: str, x: float, message: str) -> None:
    program = parse_program(text)
    program.bind({"x": x})
    error = evaluated(program).error
    assert error
    assert error.message == message


def test_a_sweep_and_a_descent_use_the_derivative_of_the_function(mg: Run) -> None:
    swept = mg("grad", "sqrt(relu(p))", "-p", "-2:1:1")
    assert (swept.exit_code, swept.stdout.split()[-6:]) == (1, ["-1.0", "0.0", "0.0", "0.0", "0.0", "nan"])
    assert swept.stderr == "error: undefined at 1 of 3 points (nan)\n"
    descended = mg("descend", "relu(t) - relu(-t)", "-t", "0", "--steps", "1", "--json")
    assert json.loads(descended.stdout)["variables"] == {"t": -0.01}


@rows(("text", "values", "gradient", "in_floats"), GRADIENTS)
def test_the_compiled_bounds_let_no_wrong_number_pass(
    text: str, values: dict[str, float], gradient: dict[str, float], in_floats: str
) -> None:
    program = parse_program(text)
    leaves = [program.node(name) for name in values]
    bounds = error_bounds(program.root, leaves)
    compiled = Repeated(program.root, leaves, leaves, bounds.gradient, times=1000)
    answer = compiled([float(value) for value in values.values()])
    if answer is None:
        return
    for found, exact, bound in zip(answer[1], gradient.values(), answer[2], strict=False):
        assert bound > 1e-9 * abs(found) or found == pytest.approx(exact, rel=1e-9, abs=0.0)


def test_ordinary_points_of_a_sweep_are_not_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    program = parse_program("x*sin(x) + exp(-x**2)/(1 + x**2)")
    leaves = list(program.variables.values())
    bounds = error_bounds(program.root, leaves)
    compiled = Repeated(program.root, leaves, leaves, bounds.gradient, times=1000)
    state = random.Random(0)
    for _ in range(200):
        answer = compiled([state.uniform(-3.0, 3.0)])
        assert answer
        assert answer[2][0] <= 1e-9 * abs(answer[1][0])


@pytest.mark.parametrize(("text", "x"), [("exp(-x**2)", 8.0), ("exp(-x**2)", 20.0), ("exp2(-x*x)", 15.0)])
def test_small_numbers_that_are_precise_are_not_computed_again(text: str, x: float) -> None:
    program = parse_program(text)
    leaves = list(program.variables.values())
    bounds = error_bounds(program.root, leaves)
    answer = Repeated(program.root, leaves, leaves, bounds.gradient, times=1000)([x])
    assert answer
    assert answer[2][0] <= 1e-12 * abs(answer[1][0])


@pytest.mark.parametrize(
    ("text", "is_exact"),
    [
        ("0.1*(relu(x - 5)*x + 3)/7", True),
        ("where(x > 5, 0.1*x, 0.3)*0.7", True),
        ("0.1*max(0.3*x, 2)*0.7", True),
        ("1e-200*(relu(x)*1e-200)", False),
        ("relu(x - 1.5)*1e-200*(1e-200*x)", True),
    ],
)
def test_a_closed_branch_leaves_exactly_0_and_a_product_that_underflows_does_not(text: str, is_exact: bool) -> None:
    program = parse_program(text)
    leaves = list(program.variables.values())
    bounds = error_bounds(program.root, leaves)
    answer = Repeated(program.root, leaves, leaves, bounds.gradient, times=1000)([1.3])
    assert answer
    assert answer[1] == (0.0,)
    assert (answer[2][0] == 0.0) is is_exact


def test_multiprecision_is_not_loaded_for_ordinary_numbers(mg_process: Run) -> None:
    code = (
        "import sys; from mgcli.cli.group import cli\n"
        "try: cli(['grad', 'a*b + c', '-a', '2', '-b', '-3', '-c', '10'])\n"
        "except SystemExit: print('mpmath' in sys.modules)\n"
    )
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False\n")


EXACT = [
    ('grad "(exp(x) - 1 - x)/x**2" -x 1e-9 --exact 17', ["0.50000000016666667", "0.16666666675000000"]),
    ('eval "0.1*3" --exact 20', ["0.30000000000000000000"]),
    ('eval "3*x" -x 1/3 --exact 20', ["1.0000000000000000000"]),
    ('eval "a = 1/3; a*3" --exact 20', ["1.0000000000000000000"]),
    ('eval "sin(x)" -x pi/6 --exact 30', ["0.500000000000000000000000000000"]),
    ('eval "exp(1000)" --exact 10', ["1.970071114e+434"]),
    ('hessian "0.1*x**3*y" -x 0.1 -y 2 --exact 10', ["0.1200000000", "0.003000000000"]),
    ('grad "relu(x) - relu(-x)" -x 0 --exact 10', ["1.000000000"]),
    ('hessian "where(x == 0, 0, x*y)" -x 0 -y 3 --exact 10', ["1.000000000"]),
    ('eval "relu(x)**(1/3)" -x -1 --exact 10', ["0.0"]),
    ('diff "sin(w)/w" --order 3 -w 0.1 --exact 20', ["0.019976199733646195609"]),
]


@pytest.mark.parametrize(("line", "numbers"), EXACT)
def test_exact_digits_come_from_numbers_as_they_are_typed(mg: Run, line: str, numbers: list[str]) -> None:
    done = mg(*shlex.split(line))
    assert (done.exit_code, done.stderr) == (0, "")
    for number in numbers:
        assert number in done.stdout.split()


def test_a_thousand_digits(mg: Run) -> None:
    done = mg("eval", "pi", "--exact", "1000")
    with mp.workdps(1010):
        assert abs(mpf(done.stdout) - mp.pi) < mpf(10) ** -998


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('eval "where(1/3*3 == 1, 1, 2)" --exact 20', "error: the value cannot be determined to 20 digits"),
        ('eval "sin(x)**2 + cos(x)**2 - 1" -x 1 --exact 10', "error: the value cannot be determined to 10 digits"),
        ('grad "abs(x)" -x 0 --exact 20', "error: the derivative with respect to x does not exist"),
        ('eval "log(-1)" --exact 5', "error: log is not defined at -1.0"),
    ],
)
def test_a_value_that_is_not_known_exactly_is_an_error(mg: Run, line: str, message: str) -> None:
    done = mg(*shlex.split(line))
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(message)


def test_a_literal_of_many_digits_is_taken_as_it_is(mg: Run) -> None:
    assert mg("eval", "0.12345678901234567890123*2", "--exact", "23").stdout == "0.24691357802469135780246\n"


CLAIMS = [
    ("-1/2/exp(t**2) - 1/2*t**2/exp(t**2)", "t**3/exp(t**2)"),
    ("-exp(-t)", "cosh(t) - sinh(t)"),
    ("exp(t)", "1/(cosh(t) - sinh(t))"),
    ("1/cosh(t)**4", "-4*tanh(t)/cosh(t)**4"),
    ("atan(sinh(t))", "1/cosh(t)"),
    ("k**t/w**t", "k**t/w**t*(log(k) - log(w))"),
]


@pytest.mark.parametrize(("text", "claim"), CLAIMS)
def test_a_right_claim_agrees_where_floats_cannot_decide(mg: Run, text: str, claim: str) -> None:
    done = mg("check", text, "--claim", f"t: {claim}")
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        f"t: {claim} agrees at 100 points (evidence, not proof)\n",
        "",
    )


@pytest.mark.parametrize(("text", "claim"), [("1/(t - log(exp(t)))", "t"), ("t/(t - log(exp(t)))", "5")])
def test_nothing_agrees_where_nothing_could_be_checked(mg: Run, text: str, claim: str) -> None:
    done = mg("check", text, "--claim", f"t: {claim}")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("error: no point could be checked")


def test_a_root_without_its_parentheses_is_named(mg: Run) -> None:
    assert "likely mistake: 1/2*sqrt(x) is not 1/(2*sqrt(x))" in mg("check", "sqrt(x)", "--claim", "1/2*sqrt(x)").stdout


def test_a_factor_has_the_digits_that_show_it(mg: Run) -> None:
    assert "1.0000001 times the derivative" in mg("check", "x**2", "--claim", "2.0000002*x").stdout


def test_the_first_bits_are_those_of_floats() -> None:
    assert multiprecision_balls(106) is multiprecision_balls(106)


def test_a_product_of_whole_numbers_that_is_rounded_to_the_last_exact_one_gets_the_note(mg: Run) -> None:
    assert mg("eval", "a*b - 9007199254740992", "-a", "3", "-b", "3002399751580331") == (
        0,
        "0.0\n",
        "note: almost no digit is correct, since terms cancel; the value is 1.0\n"
        "  a*b - 9007199254740992\n"
        "  ^^^^^^^^^^^^^^^^^^^^^^\n",
    )


@pytest.mark.parametrize(
    ("text", "point", "order", "digits"),
    [
        ("(1 - cos(0.1*w))/w**2", "1e-4", 2, None),
        ("(1 - cos(0.7*w))/w**2", "1e-4", 2, 30),
        ("sin(0.3*w)/w", "1e-3", 4, None),
        ("sin(0.1*w)/w", "0.01", 6, 30),
        ("sin(w/2)/w", "0.1", 9, None),
        pytest.param("sin(w/2)/w", "0.1", 19, None, marks=pytest.mark.slow),
    ],
)
def test_numbers_of_a_formula_that_are_not_floats_do_not_spoil_its_value(
    mg: Run, text: str, point: str, order: int, digits: int | None
) -> None:
    exact = ["--exact", str(digits)] if digits else []
    status, stdout, _ = mg("diff", text, "--order", str(order), "-w", point, *exact)
    assert status == 0
    exactly = re.sub(r"\d+\.?\d*", lambda number: f"mpf('{number[0]}')", text)
    names = {"mpf": mpf, "sin": mp.sin, "cos": mp.cos}
    with mp.workdps(120):
        coefficients = mp.taylor(lambda w: eval(exactly, {**names, "w": w}), mpf(point), order)
        expected = coefficients[order] * mp.factorial(order)
        number = mpf(stdout.rsplit("# ", 1)[1])
        assert abs(number - expected) < abs(expected) * mpf(10) ** (3 - (digits or 16))
