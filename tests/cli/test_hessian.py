"""The matrix of second derivatives, as numbers and as formulas."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from graphs import exact_value, random_graph
from mpmath import mp, mpf
from running import Run

from mgcli import hessian, parse_program
from mgcli.analysis.higher_orders import second_derivatives
from mgcli.calculus.differentiation import derivative
from mgcli.calculus.hessian import formulas
from mgcli.errors import EvaluationError
from mgcli.graph.table import TABLE
from mgcli.language.program import Program
from mgcli.notation import statements

FUNCTIONS = [
    ("x**2*y + exp(y)", lambda x, y: x**2 * y + mp.exp(y)),
    ("sin(x*y)/(1 + x**2)", lambda x, y: mp.sin(x * y) / (1 + x**2)),
    ("log(x + y**2)*tanh(y)", lambda x, y: mp.log(x + y**2) * mp.tanh(y)),
    ("x**y", lambda x, y: x**y),
    ("hypot(x, y)", lambda x, y: mp.sqrt(x * x + y * y)),
    ("atan2(x, y)", mp.atan2),
    ("erf(x)*sqrt(y)", lambda x, y: mp.erf(x) * mp.sqrt(y)),
    ("sigmoid(x - y)", lambda x, y: 1 / (1 + mp.exp(y - x))),
]


def hessian_of(program: Program, names: list[str]) -> dict[str, dict[str, float]]:
    """Return the matrix of second derivatives with respect to `names`. Raises EvaluationError."""
    if error := program.error() or program.differentiate():
        raise error
    found = second_derivatives(program, {name: program.node(name) for name in names})
    if found.report.error:
        raise found.report.error
    return found.matrix


@pytest.mark.parametrize(("text", "function"), FUNCTIONS)
def test_the_hessian_the_second_derivative_and_mpmath_agree(text: str, function: Callable[..., Any]) -> None:
    point = {"x": 0.75, "y": 1.25}
    program = parse_program(text)
    program.bind(point)
    root, by_name = program.root, program.variables
    found = hessian_of(program, ["x", "y"])
    written = formulas(root, by_name)
    with mp.workdps(50):
        x, y = mpf(0.75), mpf(1.25)
        orders = {("x", "x"): (2, 0), ("x", "y"): (1, 1), ("y", "y"): (0, 2)}
        expected = {pair: mp.diff(function, (x, y), order) for pair, order in orders.items()}
        for (first, second), exact in expected.items():
            assert found[first][second] == pytest.approx(float(exact), rel=1e-9)
            formula = written.get((first, second)) or written[second, first]
            assert abs(exact_value(formula, point) - exact) < 1e-20 * (1 + abs(exact))
    for name, node in by_name.items():
        assert derivative(root, node, 2).data == pytest.approx(found[name][name], rel=1e-12)


def test_a_hessian_is_the_same_whichever_variable_comes_first() -> None:
    choose = random.Random(3)
    checked = 0
    while checked < 60:
        program = parse_program(statements(random_graph(choose, list(TABLE), most=10)))
        point = {"x": choose.uniform(0.1, 2), "y": choose.uniform(0.1, 2)}
        program.bind({name: point[name] for name in program.variables})
        try:
            matrix = hessian_of(program, list(program.variables))
            other = hessian_of(program, list(reversed(program.variables)))
        except EvaluationError:
            continue
        for row in matrix:
            # The two orders may share other parts of the formulas, so the last digit may differ.
            assert other[row] == pytest.approx(matrix[row], rel=1e-14)
        checked += 1


def test_a_variable_that_the_result_does_not_use_has_zeros() -> None:
    program = parse_program("t = u; y = x**2; x*y")
    program.bind({"x": 3, "u": 1})
    assert hessian_of(program, ["x", "u"]) == {
        "x": {"x": 18.0, "u": 0.0},
        "u": {"x": 0.0, "u": 0.0},
    }


def test_mg_hessian_prints_a_table(mg: Run) -> None:
    result = mg("hessian", "x**2*y + exp(y)", "-x", "1", "-y", "0")
    assert result.stdout == (
        "       x    y\n"
        "x    0.0  2.0\n"
        "y    2.0  1.0\n"
        "\n"
        "indefinite: a saddle shape (eigenvalues -1.56155 and 2.56155)\n"
    )  # fmt: skip
    assert result.exit_code == 0


def test_mg_hessian_rounds_what_is_shown(mg: Run) -> None:
    assert mg("hessian", "sin(x)", "-x", "1", "--digits", "3").stdout == "          x\nx    -0.841\n"


def test_mg_hessian_with_respect_to_some_variables(mg: Run) -> None:
    result = mg("hessian", "a*x**2 + b*x", "-a", "1", "-b", "2", "-x", "3", "--wrt", "x", "--wrt", "a")
    assert result.stdout == (
        "       a    x\n"
        "a    0.0  6.0\n"
        "x    6.0  2.0\n"
        "\n"
        "indefinite: a saddle shape (eigenvalues -5.08276 and 7.08276)\n"
    )  # fmt: skip


def test_mg_hessian_prints_formulas(mg: Run) -> None:
    assert mg("hessian", "x**2*y + exp(y)", "--formulas").stdout == "d2_dx2 = 2*y\nd2_dx_dy = 2*x\nd2_dy2 = exp(y)\n"
    assert mg("hessian", "L = x**3", "--formulas").stdout == "d2L_dx2 = 6*x\n"


def test_mg_hessian_formulas_are_an_expression_again(mg: Run) -> None:
    formulas = mg("hessian", "sin(x*y)*exp(x)", "--formulas").stdout
    named = json.loads(mg("eval", formulas, "-x", "1", "-y", "2", "--json").stdout)["named"]
    matrix = json.loads(mg("hessian", "sin(x*y)*exp(x)", "-x", "1", "-y", "2", "--json").stdout)["hessian"]
    assert named["d2_dx2"] == pytest.approx(matrix["x"]["x"])
    assert named["d2_dx_dy"] == pytest.approx(matrix["x"]["y"])
    assert named["d2_dy2"] == pytest.approx(matrix["y"]["y"])


def test_mg_hessian_json(mg: Run) -> None:
    assert json.loads(mg("hessian", "x**2*y + exp(y)", "-x", "1", "-y", "0", "--json").stdout) == {
        "expression": "x**2*y + exp(y)",
        "variables": {"x": 1.0, "y": 0.0},
        "value": 1.0,
        "rounding": 0.0,
        "gradient": {"x": 0.0, "y": 2.0},
        "hessian": {"x": {"x": 0.0, "y": 2.0}, "y": {"x": 2.0, "y": 1.0}},
        "eigenvalues": [pytest.approx((1 - 17**0.5) / 2), pytest.approx((1 + 17**0.5) / 2)],
        "definiteness": "indefinite",
    }
    assert json.loads(mg("hessian", "x**2*y", "--formulas", "--json").stdout) == {
        "expression": "x**2*y",
        "formulas": {"x": {"x": "2*y", "y": "2*x"}, "y": {"x": "2*x", "y": "0"}},
    }


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (
            ["e = x*y; e*z", "--wrt", "e"],
            2,
            "error: e depends on other variables\n  e = x*y; e*z\n  ^\nhint: make it a variable: leave 'e = ...' out\n",
        ),
        (
            ["x*y"],
            2,
            "error: x and y have no value\n  x*y\n  ^\n"
            "hint: give them values: -x VALUE -y VALUE; or add --formulas, which needs none\n",
        ),
        (["sqrt(x)", "-x", "0"], 1, "error: the derivative of sqrt is not defined at 0.0\n  sqrt(x)\n  ^^^^^^^\n"),
        (
            ["x**1.5", "-x", "0"],
            1,
            "error: the derivative with respect to x is not differentiable itself: "
            "the derivative of power with respect to its first operand is not defined at 0.0**0.5\n",
        ),
        (["log(x)", "-x", "-1"], 1, "error: log is not defined at -1.0\n  log(x)\n  ^^^^^^\n"),
        (
            ["atan2(x, y)", "-x", "1e-200", "-y", "1e-200"],
            1,
            "error: the second derivative with respect to x overflows\n",
        ),
        (["x**2", "--wrt", "z"], 2, "error: the expression has no variable z\nhint: it has x\n"),
    ],
)
def test_mg_hessian_reports_an_error(mg: Run, arguments: list[str], status: int, message: str) -> None:
    result = mg("hessian", *arguments)
    assert (result.stdout, result.stderr, result.exit_code) == ("", message, status)


def test_the_formulas_name_what_several_of_them_have(mg: Run) -> None:
    assert mg("hessian", "x*exp(-x**2 - y**2)", "--formulas").stdout == (
        "v1 = 2*x**2\n"
        "v2 = exp(-x**2 - y**2)\n"
        "v3 = 2*x*v2\n"
        "d2_dx2 = v3*(v1 - 3)\n"
        "d2_dx_dy = 2*y*v2*(v1 - 1)\n"
        "d2_dy2 = v3*(2*y**2 - 1)\n"
    )


@pytest.mark.parametrize(
    ("expression", "point", "gradient", "second"),
    [
        ("where(0.1*3*x > 0.3*x, x**2, x**3)", 1.0, 2.0, 2.0),
        ("where(x + 1e16 - 1e16 > 0, x**2, x**3)", 0.5, 1.0, 2.0),
        ("ceil(x*0.1*3*10)*x**2", 1.0, 8.0, 8.0),
    ],
)
def test_value_gradient_and_second_derivative_take_the_same_branch(
    mg: Run, expression: str, point: float, gradient: float, second: float
) -> None:
    document = json.loads(mg("hessian", expression, "-x", str(point), "--json").stdout)
    assert document["gradient"] == {"x": gradient}
    assert document["hessian"] == {"x": {"x": second}}


def test_where_the_gradient_is_0_the_last_line_says_what_the_point_is(mg: Run) -> None:
    last = [mg(f"hessian {text} -x 0 -y 0").stdout.splitlines()[-1] for text in ("x**2+y**2", "x*y", "-x**2-y**2")]
    assert last == [
        "positive definite: a minimum (eigenvalues 2.0 and 2.0)",
        "indefinite: a saddle (eigenvalues -1.0 and 1.0)",
        "negative definite: a maximum (eigenvalues -2.0 and -2.0)",
    ]


def test_exact_digits_have_the_line_and_the_entries_too(mg: Run) -> None:
    assert mg("hessian x*y -x 1 -y 2 --exact 3").stdout == (
        "        x     y\nx     0.0  1.00\ny    1.00   0.0\n\nindefinite: a saddle shape (eigenvalues -1.0 and 1.0)\n"
    )
    document = json.loads(mg("hessian x**2 -x 0.1 --exact 3 --json").stdout)
    assert (document["eigenvalues"], document["definiteness"]) == ([2.0], "positive definite")


def test_the_gradient_beside_the_matrix_is_that_of_the_result(mg: Run) -> None:
    assert json.loads(mg("hessian x**3*y -x 2 -y 3 --json").stdout)["gradient"] == {"x": 36.0, "y": 8.0}
    found = hessian("e = x*y; e**2", x=1, y=2)
    assert (found.gradient, found.grads, found.definiteness) == ({"x": 8.0, "y": 4.0}, {"e": 4.0}, "indefinite")


@pytest.mark.parametrize(
    ("line", "latex"),
    [
        ("-x 1 -y 0 --latex", r"\mathbf{H}_{f} = \left(\begin{array}{cc} 0 & 2 \\ 2 & 1 \end{array}\right)"),
        ("--formulas --latex", r"\mathbf{H}_{f} = \left(\begin{array}{cc} 2y & 2x \\ 2x & e^{y} \end{array}\right)"),
        ("--formulas --latex --wrt y", r"\mathbf{H}_{f} = \left(\begin{array}{c} e^{y} \end{array}\right)"),
    ],
)
def test_the_matrix_in_latex(mg: Run, line: str, latex: str) -> None:
    assert mg(f"hessian 'x**2*y + exp(y)' {line}") == (0, f"{latex}\n", "")


def test_parts_of_the_matrix_that_are_used_again_have_names_in_latex(mg: Run) -> None:
    lines = mg("hessian 'exp(x*y)*sin(x + y)' --formulas --latex").stdout.splitlines()
    assert lines[0] == r"\begin{align*}"
    assert lines[1].startswith("  v_{1} &= ")
    assert lines[-2].startswith(r"  \mathbf{H}_{f} &= ")


def test_json_and_latex_are_not_combined(mg: Run) -> None:
    result = mg("hessian 'x**2' -x 1 --json --latex")
    assert result == (2, "", "error: --latex and --json cannot be combined\nhint: leave out one of them\n")
