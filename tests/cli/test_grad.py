"""`mg grad`: the value of an expression and its gradient."""

import json
from textwrap import dedent

import pytest
from running import Run

NOTEBOOK = "'e = a*b; L = (e + c)*f' -a 2 -b -3 -c 10 -f -2"


def test_the_value_and_the_gradient_of_every_variable_and_intermediate(mg: Run) -> None:
    assert mg(f"grad {NOTEBOOK}") == (
        0,
        dedent("""\
            L = -8.0

                 value  gradient
            a      2.0       6.0
            b     -3.0      -4.0
            c     10.0      -2.0
            f     -2.0       4.0
            e     -6.0      -2.0
            """),
        "",
    )


def test_a_result_without_a_name_is_called_value(mg: Run) -> None:
    assert mg("grad 'tanh(x1*w1 + b)' -x1 2 -w1 -3 -b 6.7 --digits 4") == (
        0,
        dedent("""\
            value = 0.6044

                  value  gradient
            x1      2.0    -1.904
            w1     -3.0     1.269
            b       6.7    0.6347
            """),
        "",
    )


def test_a_value_used_twice_adds_up_its_contributions(mg: Run) -> None:
    assert mg("grad 'a + a*a' -a 3") == (
        0,
        dedent("""\
            value = 12.0

                 value  gradient
            a      3.0       7.0
            """),
        "",
    )


def test_a_number_that_is_given_a_name_has_a_gradient(mg: Run) -> None:
    assert mg("grad 'a = 2; b = -3; L = a*b + 4'") == (
        0,
        dedent("""\
            L = -2.0

                 value  gradient
            a      2.0      -3.0
            b     -3.0       2.0
            """),
        "",
    )


def test_without_variables_there_is_only_the_value(mg: Run) -> None:
    assert mg("grad '2 + 3'") == (0, "value = 5.0\n", "")


def test_an_alias_and_what_it_repeats_are_both_listed(mg: Run) -> None:
    assert mg("grad 'q = p; L = q*2' -p 3") == (
        0,
        dedent("""\
            L = 6.0

                 value  gradient
            p      3.0       2.0
            q      3.0       2.0
            """),
        "",
    )


def test_a_result_that_repeats_a_name_is_called_by_it(mg: Run) -> None:
    assert mg("grad 'p = a*b; p' -a 2 -b 3") == (
        0,
        dedent("""\
            p = 6.0

                 value  gradient
            a      2.0       3.0
            b      3.0       2.0
            """),
        "",
    )


def test_what_the_result_does_not_use_has_the_gradient_zero(mg: Run) -> None:
    assert mg("grad 'u = 3*b; a*2' -a 1 -b 5") == (
        0,
        dedent("""\
            value = 2.0

                 value  gradient
            b      5.0       0.0
            a      1.0       2.0
            u     15.0       0.0
            """),
        "",
    )


def test_an_unused_statement_that_fails_is_only_a_warning(mg: Run) -> None:
    assert mg("grad 'u = log(-x); L = x**2' -x 1") == (
        0,
        dedent("""\
            L = 1.0

                 value  gradient
            x      1.0       2.0
            u      nan       0.0
            """),
        "warning: u, which the result does not use, is undefined: log is not defined at -1.0\n",
    )


@pytest.mark.parametrize("options", ["--wrt e --wrt a", "--wrt a --wrt e", "--wrt=a --wrt=e --wrt=a"])
def test_wrt_limits_the_table_to_those_names_in_the_order_of_the_expression(mg: Run, options: str) -> None:
    assert mg(f"grad {NOTEBOOK} {options}") == (
        0,
        dedent("""\
            L = -8.0

                 value  gradient
            e     -6.0      -2.0
            a      2.0       6.0
            """),
        "",
    )


def test_wrt_the_result_is_one(mg: Run) -> None:
    assert mg(f"grad {NOTEBOOK} --wrt L") == (
        0,
        dedent("""\
            L = -8.0

                 value  gradient
            L     -8.0       1.0
            """),
        "",
    )


@pytest.mark.parametrize(
    ("line", "gradient"),
    [
        ("grad 'x**y' -x -2 -y 3 --wrt x", {"x": 12.0}),
        ("grad 'x + sqrt(y)' -x 1 -y 0 --wrt x", {"x": 1.0}),
        ("grad 'e = cbrt(x); e**2' -x 0 --wrt e", {"e": 0.0}),
        ("grad 'x**2' -x -1", {"x": -2.0}),
        ("grad 'x*sqrt(0)' -x 3", {"x": 0.0}),
    ],
)
def test_a_derivative_that_is_not_wanted_cannot_fail(mg: Run, line: str, gradient: dict[str, float]) -> None:
    status, stdout, stderr = mg(f"{line} --json")
    assert (status, json.loads(stdout)["gradient"], stderr) == (0, gradient, "")


def test_json_holds_the_gradient_of_the_variables_and_of_every_name(mg: Run) -> None:
    assert mg(f"grad {NOTEBOOK} --json") == (
        0,
        '{"expression": "e = a*b; L = (e + c)*f", '
        '"variables": {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}, '
        '"value": -8.0, "rounding": 0.0, '
        '"gradient": {"a": 6.0, "b": -4.0, "c": -2.0, "f": 4.0}, '
        '"named": {"e": {"data": -6.0, "grad": -2.0}, "L": {"data": -8.0, "grad": 1.0}}}\n',
        "",
    )


def test_json_with_wrt_has_the_gradient_of_those_and_of_no_other_name(mg: Run) -> None:
    assert mg(f"grad {NOTEBOOK} --wrt c --wrt e --json") == (
        0,
        '{"expression": "e = a*b; L = (e + c)*f", '
        '"variables": {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}, '
        '"value": -8.0, "rounding": 0.0, '
        '"gradient": {"e": -2.0, "c": -2.0}, '
        '"named": {"e": {"data": -6.0, "grad": -2.0}, "L": {"data": -8.0}}}\n',
        "",
    )


def test_a_sweep_is_a_table_of_the_value_and_each_derivative(mg: Run) -> None:
    assert mg("grad 'L = x**2*y' -x 0:3 -y 2") == (
        0,
        dedent("""\
              x    L  dL/dx  dL/dy
            0.0  0.0    0.0    0.0
            1.0  2.0    4.0    1.0
            2.0  8.0    8.0    4.0
            """),
        "",
    )


def test_the_derivatives_of_a_result_without_a_name_are_headed_by_d(mg: Run) -> None:
    assert mg("grad 'x*sin(x)' -x 0:1:0.5 --digits 3") == (
        0,
        dedent("""\
              x  value   d/dx
            0.0    0.0    0.0
            0.5   0.24  0.918
            """),
        "",
    )


def test_wrt_limits_the_columns_of_a_sweep(mg: Run) -> None:
    assert mg("grad 'e = x*y; L = e*2' -x 0:3 -y 2 --wrt y --wrt e") == (
        0,
        dedent("""\
              x    L    e  dL/de  dL/dy
            0.0  0.0  0.0    2.0    0.0
            1.0  4.0  2.0    2.0    2.0
            2.0  8.0  4.0    2.0    4.0
            """),
        "",
    )


def test_a_point_of_a_sweep_without_a_derivative_does_not_lose_the_others(mg: Run) -> None:
    assert mg("grad 'sqrt(x)' -x 0:3 --digits 3") == (
        1,
        dedent("""\
              x  value   d/dx
            0.0    0.0    nan
            1.0    1.0    0.5
            2.0   1.41  0.354
            """),
        "error: undefined at 1 of 3 points (nan)\n",
    )


def test_json_of_a_sweep_has_lists_in_the_gradient_and_in_every_name(mg: Run) -> None:
    assert mg("grad 'e = x*y; L = sqrt(e)' -x 0:8:4 -y 1 --json") == (
        1,
        '{"expression": "e = x*y; L = sqrt(e)", '
        '"variables": {"x": [0.0, 4.0], "y": 1.0}, '
        '"value": [0.0, 2.0], "rounding": [0.0, 0.0], '
        '"gradient": {"x": [null, 0.25], "y": [0.0, 1.0]}, '
        '"named": {"e": {"data": [0.0, 4.0], "grad": [null, 0.25]}, '
        '"L": {"data": [0.0, 2.0], "grad": [1.0, 1.0]}}}\n',
        "warning: 2 numbers are not finite, written as null\nerror: undefined at 1 of 2 points (nan)\n",
    )


def test_json_of_a_sweep_with_wrt_leaves_the_other_gradients_out(mg: Run) -> None:
    document = json.loads(mg("grad 'e = x*y; L = e*2' -x 0:2 -y 3 --wrt x --json").stdout)
    assert document["gradient"] == {"x": [6.0, 6.0]}
    assert document["named"] == {"e": {"data": [0.0, 3.0]}, "L": {"data": [0.0, 6.0]}}


def test_a_derivative_that_is_not_wanted_makes_no_point_of_a_sweep_undefined(mg: Run) -> None:
    assert mg("grad 'x + sqrt(y)' -x 0:2 -y 0 --wrt x") == (
        0,
        "  x  value  d/dx\n0.0    0.0   1.0\n1.0    1.0   1.0\n",
        "",
    )


def test_values_and_gradients_in_latex(mg: Run) -> None:
    assert mg("grad", "e = a*b; L = e + sin(c)", "-a", "2", "-b", "-3", "-c", "1e-7", "--latex", "--digits", "4") == (
        0,
        r"""\begin{align*}
  e &= ab = -6 \\
  L &= e + \sin c = -6 \\
  \frac{\partial L}{\partial a} &= -3 \\
  \frac{\partial L}{\partial b} &= 2 \\
  \frac{\partial L}{\partial c} &= 1 \\
  \frac{\partial L}{\partial e} &= 1
\end{align*}
""",
        "",
    )
    assert mg("grad", "x**2", "-x", "1e10", "--latex").stdout.splitlines()[1:3] == [
        r"  f &= x^{2} = 10^{20} \\",
        r"  \frac{df}{dx} &= 20000000000",
    ]


@pytest.mark.parametrize("option", ["--json", "--relative", "--exact 20", "--along x=1", "--of y"])
def test_latex_is_of_one_gradient_at_one_point(mg: Run, option: str) -> None:
    status, stdout, stderr = mg(f"grad 'y = x**2' -x 2 --latex {option}")
    name = option.split(maxsplit=1)[0]
    assert (status, stdout) == (2, "")
    assert stderr == f"error: --latex and {name} cannot be combined\nhint: leave out one of them\n"
    assert mg("grad 'x**2' -x 0:3 --latex").exit_code == 2
