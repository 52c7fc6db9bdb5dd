"""`mg diff` at the command line."""

import json
import shlex
from collections.abc import Callable

import pytest
from families import FAMILIES, tanh_layers
from running import Run


def printed(mg: Run, *arguments: str) -> str:
    result = mg("diff", *arguments)
    assert (result.stderr, result.exit_code) == ("", 0)
    return result.stdout


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (["3*x**2 - 4*x + 5"], "6*x - 4\n"),
        (["x**2*sin(x)"], "2*x*sin(x) + x**2*cos(x)\n"),
        (["x**2*sin(x)", "-x", "2"], "2*x*sin(x) + x**2*cos(x)  # 1.9726023611141572\n"),
        (["x**2*sin(x)", "-x", "2", "--digits", "4"], "2*x*sin(x) + x**2*cos(x)  # 1.973\n"),
        (["x**2*y"], "d_dx = 2*x*y\nd_dy = x**2\n"),
        (["x**2*y", "--wrt", "x"], "2*x*y\n"),
        (["x**2*y", "--order", "2"], "d2_dx2 = 2*y\nd2_dy2 = 0\n"),
        (["L = x**2*y", "-x", "1", "-y", "2"], "dL_dx = 2*x*y  # 4.0\ndL_dy = x**2  # 1.0\n"),
        (["e = a*b; d = e + c; L = d*f"], "dL_da = b*f\ndL_db = a*f\ndL_dc = f\ndL_df = a*b + c\n"),
        (["e = a*b; L = e**2", "--wrt", "e"], "e = a*b\n2*e\n"),
        (["a = 2; b = -3; L = a*b"], "a = 2\nb = -3\ndL_da = b  # -3.0\ndL_db = a  # 2.0\n"),
        (["log(1 + x)", "--order", "10"], "-362880/(x + 1)**10\n"),
        (["q = x; q**2"], "2*x\n"),
        (["x*d_dx"], "d_dx2 = d_dx\nd_dd_dx = x\n"),
        (["tanh(20 + 0*x) + tanh(x)", "-x", "20"], "1 - tanh(x)**2  # 1.6993417021166355e-17\n"),
        (["x**2*y", "--latex"], "\\begin{align*}\n"
         "  \\frac{\\partial f}{\\partial x} &= 2xy \\\\\n"
         "  \\frac{\\partial f}{\\partial y} &= x^{2}\n"
         "\\end{align*}\n"),
        (["0**x", "-x", "2"], "0  # 0.0\n"),
        (["(2 - 2)**(x + x)", "-x", "2"], "0  # 0.0\n"),
        (["(x + 1)**(2 - 2)"], "0\n"),
        (["polygamma(2, x)"], "polygamma(3, x)\n"),
        (["sqrt(x)", "--latex"], "\\frac{df}{dx} = \\frac{1}{2 \\sqrt{x}}\n"),
        (["sqrt(x)", "--latex", "-x", "4"], "\\frac{df}{dx} = \\frac{1}{2 \\sqrt{x}}  % 0.25\n"),
        (["L = x*y", "--order", "2", "--latex", "--wrt", "x", "--wrt", "y"], "\\begin{align*}\n"
         "  \\frac{\\partial^{2}L}{\\partial x^{2}} &= 0 \\\\\n"
         "  \\frac{\\partial^{2}L}{\\partial y^{2}} &= 0\n"
         "\\end{align*}\n"),
    ],
)  # fmt: skip
def test_mg_diff_prints(mg: Run, arguments: list[str], output: str) -> None:
    assert printed(mg, *arguments) == output


def test_mg_diff_names_what_it_would_repeat(mg: Run) -> None:
    expression = "exp(sin(x*y)*v1)*cos(x*y*v1) + sin(x*y)*exp(sin(x*y)*v1)**2 + sin(x*y*v1)"
    text = printed(mg, expression, "--wrt", "x")
    assert text == (
        "v2 = sin(x*y)\n"
        "v3 = v1*x*y\n"
        "v4 = cos(x*y)\n"
        "v5 = v1*exp(v1*v2)\n"
        "v6 = exp(2*v1*v2)\n"
        "y*(v5*cos(v3)*v4 - v5*sin(v3) + v6*v4 + 2*v1*v6*v2*v4 + v1*cos(v3))\n"
    )
    values = ["-x", "0.3", "-y", "0.7", "--let", "v1=1.5"]
    value = mg("eval", text, *values).stdout
    gradient = json.loads(mg("grad", expression, *values, "--json").stdout)["gradient"]["x"]
    assert float(value) == pytest.approx(gradient)


def test_what_mg_diff_prints_is_an_expression_again(mg: Run) -> None:
    text = printed(mg, "x**2*y + sin(x)", "-x", "1", "-y", "2")
    named = json.loads(mg("eval", text, "-x", "1", "-y", "2", "--json").stdout)["named"]
    assert named == {"d_dx": pytest.approx(4.540302305868139), "d_dy": 1.0}


def test_mg_diff_shows_the_steps(mg: Run) -> None:
    assert printed(mg, "x**2*sin(x)", "--steps") == (
        "with respect to x:\n"
        "  of           rule                       to      contribution\n"
        "  x**2*sin(x)  d(p*q)/dp = q              x**2    1*sin(x) = sin(x)\n"
        "  x**2*sin(x)  d(p*q)/dq = p              sin(x)  1*x**2 = x**2\n"
        "  sin(x)       d sin(p)/dp = cos(p)       x       x**2*cos(x)\n"
        "  x**2         d(p**q)/dp = q*p**(q - 1)  x       sin(x)*(2*x) = 2*x*sin(x)\n"
        "\n"
        "2*x*sin(x) + x**2*cos(x)\n"
    )


def test_mg_diff_shows_the_steps_of_each_order(mg: Run) -> None:
    assert printed(mg, "exp(3*x)", "--steps", "--order", "2").count("with respect to x, ") == 2


def test_steps_that_several_variables_share_are_shown_once(mg: Run) -> None:
    assert printed(mg, "tanh(w*x)", "--steps") == (
        "with respect to w and x:\n"
        "  of         rule                           to   contribution\n"
        "  tanh(w*x)  d tanh(p)/dp = 1 - tanh(p)**2  w*x  1*(1 - tanh(w*x)**2) = 1 - tanh(w*x)**2\n"
        "  w*x        d(p*q)/dp = q                  w    (1 - tanh(w*x)**2)*x = x*(1 - tanh(w*x)**2)\n"
        "  w*x        d(p*q)/dq = p                  x    (1 - tanh(w*x)**2)*w = w*(1 - tanh(w*x)**2)\n"
        "\n"
        "d_dw = x*(1 - tanh(w*x)**2)\n"
        "d_dx = w*(1 - tanh(w*x)**2)\n"
    )


def test_a_derivative_without_steps_says_so(mg: Run) -> None:
    assert printed(mg, "x + y", "--steps", "--order", "2").splitlines()[-6:-3] == [
        "  the result does not depend on it",
        "with respect to y, 2 of 2:",
        "  the result does not depend on it",
    ]


def test_mg_diff_json(mg: Run) -> None:
    assert json.loads(printed(mg, "3*x**2 - 4*x + 5", "--json")) == {
        "expression": "3*x**2 - 4*x + 5",
        "order": 1,
        "derivative": {"x": {"formula": "6*x - 4"}},
    }
    assert json.loads(printed(mg, "3*x**2 - 4*x + 5", "-x", "2", "--json")) == {
        "expression": "3*x**2 - 4*x + 5",
        "order": 1,
        "derivative": {"x": {"formula": "6*x - 4", "value": 8.0}},
        "variables": {"x": 2.0},
        "value": 9.0,
        "rounding": 0.0,
    }
    assert json.loads(printed(mg, "sin(x)", "--json", "--steps"))["derivative"]["x"]["steps"] == [
        {
            "of": "sin(x)",
            "rule": "d sin(p)/dp = cos(p)",
            "to": "x",
            "product": "1*cos(x)",
            "contribution": "cos(x)",
        }
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "output", "message"),
    [
        (
            ["sqrt(x)", "-x", "0"],
            1,
            "1/(2*sqrt(x))\n",
            "error: the derivative of sqrt is not defined at 0.0\n  sqrt(x)\n  ^^^^^^^\n",
        ),
        (["log(x)", "-x", "-1"], 1, "", "error: log is not defined at -1.0\n  log(x)\n  ^^^^^^\n"),
        (
            ["3"],
            2,
            "",
            "error: the expression has no variable to differentiate with respect to\nhint: write one, as in 'x**2'\n",
        ),
        (["x*y", "-x", "1"], 2, "", "error: y has no value\n  x*y\n    ^\nhint: give it a value: -y VALUE\n"),
        (["x*y", "--wrt", "z"], 2, "", "error: the expression has no variable z\nhint: it has x, y\n"),
        (
            ["x + polygamma(x, 2)"],
            1,
            "",
            "error: the derivative of polygamma with respect to its first operand is not defined\n"
            "  x + polygamma(x, 2)\n"
            "      ^^^^^^^^^^^^^^^\n",
        ),
        (
            ["x", "--json", "--latex"],
            2,
            "",
            "error: --json and --latex cannot be combined\nhint: leave out one of them\n",
        ),
    ],
)
def test_mg_diff_reports_an_error(mg: Run, arguments: list[str], status: int, output: str, message: str) -> None:
    result = mg("diff", *arguments)
    assert (result.stdout, result.stderr, result.exit_code) == (output, message, status)


def test_a_value_that_is_missing_is_null_in_json(mg: Run) -> None:
    result = mg("diff", "sqrt(x)", "-x", "0", "--json")
    assert json.loads(result.stdout)["derivative"] == {"x": {"formula": "1/(2*sqrt(x))", "value": None}}
    assert result.exit_code == 1


def test_a_formula_that_is_undefined_where_the_derivative_is_not_is_reported(mg: Run) -> None:
    result = mg("diff", "x**x", "-x", "0")
    assert (result.exit_code, result.stdout) == (0, "x**x*(log(x) + 1)  # 0.0\n")
    assert result.stderr == (
        "note: power has a kink at 0.0**0.0: the value is undefined on the left "
        "and the slope does not settle on the right; 0.0 is the convention\n  x**x\n  ^^^^\n"
        "the formula with respect to x is undefined at this point; the number shown is from 'mg grad'\n"
    )


def test_mg_diff_keeps_a_branch_that_is_not_taken_closed(mg: Run) -> None:
    assert printed(mg, "relu(sqrt(x) - 1)", "-x", "0") == "where(sqrt(x) - 1 > 0, 1/(2*sqrt(x)), 0)  # 0.0\n"


@pytest.mark.parametrize(
    ("expression", "order", "x", "shown"),
    [
        ("tan(x)**3/3 - tan(x) + x", 1, "1e-5", "tan(x)**4  # 1.0000000001333337e-20\n"),
        ("log(cosh(x))", 2, "30", "1/cosh(x)**2  # 3.502604305078608e-26\n"),
        ("1/exp(x)", 1, "400", "-exp(-x)  # -1.9151695967140057e-174\n"),
        ("tanh(x)", 1, "20", "1 - tanh(x)**2  # 1.6993417021166355e-17\n"),
    ],
)
def test_the_number_beside_a_formula_is_right_to_the_last_digit(
    mg: Run, expression: str, order: int, x: str, shown: str
) -> None:
    assert printed(mg, expression, "--order", str(order), "-x", x) == shown


def test_a_number_without_a_correct_digit_in_floats_is_right(mg: Run) -> None:
    result = mg("diff", "sin(x)/x", "--order", "3", "-x", "1e-5")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.rpartition("# ")[2] == "1.9999999999761907e-06\n"


def test_a_comment_in_latex_does_not_swallow_the_end_of_its_line(mg: Run) -> None:
    assert printed(mg, "x*y", "--latex", "-x", "1", "-y", "2") == (
        "\\begin{align*}\n"
        "  \\frac{\\partial f}{\\partial x} &= y \\\\  % 2.0\n"
        "  \\frac{\\partial f}{\\partial y} &= x  % 1.0\n"
        "\\end{align*}\n"
    )


def test_a_number_that_has_a_name_is_a_variable_where_there_is_no_other(mg: Run) -> None:
    assert printed(mg, "a = -2; a**2") == "a = -2\n2*a  # -4.0\n"
    assert mg("slope", "a = -2; a**2").exit_code == 0
    assert mg("check", "a = -2; b = a; a**2", "--claim", "2*a").stdout == "a: 2*a agrees at the given point\n"


def test_the_steps_of_a_document_cover_every_order(mg: Run) -> None:
    entry = json.loads(printed(mg, "x**3", "--order", "3", "--steps", "--json"))["derivative"]["x"]
    assert [step["of"] for step in entry["steps"]] == ["x**3"]
    assert [[step["of"] for step in further["steps"]] for further in entry["further"]] == [["3*x**2", "x**2"], ["6*x"]]


def test_the_result_has_no_name_that_the_steps_have(mg: Run) -> None:
    part = "exp(sin(x*y)*z)"
    lines = printed(mg, f"{part}*cos(x*y*z) + sin(x*y)*{part}**2 + sin(x*y*z)", "--wrt", "x", "--steps")
    given = [line.split(" = ")[0].strip() for line in lines.splitlines() if line.strip().startswith("v")]
    assert len(given) == len(set(given)) > 6


def test_the_steps_of_a_document_come_with_the_names_they_use(mg: Run) -> None:
    entry = json.loads(printed(mg, "sigmoid(x)*tanh(x)/x", "--json", "--steps"))["derivative"]["x"]
    assert entry["names"] == {"v1": "sigmoid(x)*tanh(x)"}
    assert entry["steps"][0]["of"] == "v1/x"


def test_the_derivation_as_latex(mg: Run) -> None:
    assert printed(mg, "x**2*sin(x)", "--steps", "--latex", "-x", "2", "--digits", "3") == (
        r"""% with respect to x
\begin{equation*}
  \begin{array}{llll}
    \text{of} & \text{rule} & \text{to} & \text{contribution} \\ \hline \\[-1.5ex]
    x^{2} \sin x & \frac{\partial}{\partial p} \left(pq\right) = q & x^{2} & 1 \cdot \sin x = \sin x \\[1.5ex]
    x^{2} \sin x & \frac{\partial}{\partial q} \left(pq\right) = p & \sin x & 1 \cdot x^{2} = x^{2} \\[1.5ex]
    \sin x & \frac{d}{dp} \sin p = \cos p & x & x^{2} \cos x \\[1.5ex]
    x^{2} & \frac{\partial}{\partial p} p^{q} = qp^{q - 1} & x & \sin\left(x\right) \left(2x\right) = 2x \sin x
  \end{array}
\end{equation*}
\begin{align*}
  \frac{df}{dx} &= 2x \sin x + x^{2} \cos x  % 1.97
\end{align*}
"""
    )


def test_a_long_derivation_as_latex_names_its_parts(mg: Run) -> None:
    written = printed(mg, "sin(x*y + 1)*exp(x*y + 1)", "--steps", "--latex")
    assert written.startswith(
        "% with respect to x, y\n\\begin{align*}\n  v_{1} &= xy + 1 \\\\\n  v_{2} &= xy + 1\n\\end{align*}\n"
    )
    assert "\n    v_{1} & " in written


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("x**2", r"\frac{df}{dx}"),
        ("L = x**2", r"\frac{dL}{dx}"),
        ("loss = rate**2", r"\frac{d\mathrm{loss}}{d\mathrm{rate}}"),
        ("α**2", r"\frac{df}{d\alpha}"),
        ("f**2", r"\frac{dF}{df}"),
        ("f = x*2; F = f*x; F + 1", r"\frac{dF2}{dx}"),
        ("a = 2; a*x", r"\frac{df}{dx}"),
    ],
)
def test_a_derivative_in_latex_has_a_left_side(mg: Run, text: str, title: str) -> None:
    written = printed(mg, text, "--latex")
    assert f"{title} " in written.replace("F_{2}", "F2")


def test_an_equation_is_differentiated_step_by_step_in_latex(mg: Run) -> None:
    written = printed(mg, "x**2 + y**2 = 25", "--wrt", "x", "--of", "y", "--latex", "--steps", "--order", "2")
    assert written == (
        r"""\begin{align*}
  F &= x^{2} + y^{2} - 25 \\
  \frac{\partial F}{\partial x} &= 2x \\
  \frac{\partial F}{\partial y} &= 2y \\
  \frac{dy}{dx} &= -\frac{\partial F}{\partial x} \Big/ \frac{\partial F}{\partial y} \\
  \frac{d^{2}y}{dx^{2}} &= \frac{\partial}{\partial x} \frac{dy}{dx} + \frac{\partial}{\partial y} \frac{dy}{dx} \cdot \frac{dy}{dx}
\end{align*}
\begin{align*}
  \frac{d^{2}y}{dx^{2}} &= -\frac{x^{2}}{y^{3}} - \frac{1}{y}
\end{align*}
"""  # noqa: E501
    )


def test_a_sum_of_numbers_that_is_no_decimal_is_a_fraction(mg: Run) -> None:
    assert mg("diff", "0.1*x/0.3 + x*1.5") == (0, "11/6\n", "")
    assert mg("diff", "(1 + 0.07/12)*x**2") == (0, "2*(1 + 0.07/12)*x\n", "")


@pytest.mark.parametrize("command", ["diff 'y*zeta(2*x)' --wrt x --order 2", "hessian 'y*zeta(2*x)' --formulas"])
def test_an_error_about_a_second_derivative_points_to_the_function(mg: Run, command: str) -> None:
    message = "error: the derivative of zetaprime is not defined\n  y*zeta(2*x)\n    ^^^^^^^^^\n"
    assert mg(*shlex.split(command)) == (1, "", message)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_steps_are_at_most_50_times_as_long_as_the_program(mg: Run, family: Callable[[int], str]) -> None:
    text = family(20)
    assert len(mg("diff", text, "--steps").stdout) <= 50 * len(text)


def test_a_long_table_of_steps_has_each_rule_once_before_it(mg: Run) -> None:
    steps = mg("diff", tanh_layers(11), "--wrt", "x", "--steps").stdout.splitlines()
    header = next(index for index, line in enumerate(steps) if line.split() == ["of", "rule", "to", "contribution"])
    assert steps[header - 4 : header] == [
        "  d tanh(p)/dp = 1 - tanh(p)**2",
        "  d(p + q)/dp = 1",
        "  d(p + q)/dq = 1",
        "  d(p*q)/dp = q",
    ]
    rows = "\n".join(steps[header + 1 :])
    assert "  d tanh(p)/dp  " in rows
    assert "tanh(p)**2" not in rows
