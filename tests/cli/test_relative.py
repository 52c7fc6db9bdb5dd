"""`mg grad --relative`: elasticities."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import Run

from mgcli import parse_program
from mgcli.analysis.elasticity import elasticities, elasticity


def test_it_is_next_to_the_gradient(mg: Run) -> None:
    result = mg("grad", "E = m*v**2/2", "-m", "3", "-v", "2", "--relative")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout == (
        """\
E = 6.0

     value  gradient  relative
m      3.0       2.0       1.0
v      2.0       6.0       2.0
"""
    )


POINT = ["-a", "2", "-b", "-3", "-c", "10", "-f", "-2"]


def test_an_intermediate_has_one_too_and_wrt_limits_it(mg: Run) -> None:
    result = mg("grad", "e = a*b; (e + c)*f", *POINT, "--relative", "--wrt", "e")
    assert result.stdout.splitlines()[2:] == ["     value  gradient  relative", "e     -6.0      -2.0      -1.5"]


def test_json_gains_an_entry_like_the_gradient(mg: Run) -> None:
    result = mg("grad", "E = m*v**2/2", "-m", "3", "-v", "2", "--relative", "--json")
    assert json.loads(result.stdout) == {
        "expression": "E = m*v**2/2",
        "variables": {"m": 3.0, "v": 2.0},
        "value": 6.0,
        "rounding": 0.0,
        "gradient": {"m": 2.0, "v": 6.0},
        "named": {"E": {"data": 6.0, "grad": 1.0}},
        "relative": {"m": 1.0, "v": 2.0},
    }


def test_where_the_result_is_0_the_rest_is_shown_and_the_status_is_1(mg: Run) -> None:
    result = mg("grad", "x - y", "-x", "3", "-y", "3", "--relative")
    assert result.exit_code == 1
    assert result.stdout == (
        """\
value = 0.0

     value  gradient  relative
x      3.0       1.0       nan
y      3.0      -1.0       nan
"""
    )
    assert result.stderr == "error: the relative sensitivity to x, y is undefined where the result is 0.0\n"


def test_where_the_result_is_0_json_says_null(mg: Run) -> None:
    result = mg("grad", "x - 3", "-x", "3", "--relative", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["relative"] == {"x": None}
    assert json.loads(result.stdout)["gradient"] == {"x": 1.0}


def test_one_that_is_too_large_is_an_error(mg: Run) -> None:
    result = mg("grad", "1e-300 + 1e10*(x - 1e200)", "-x", "1e200", "--relative")
    assert result.exit_code == 1
    assert result.stderr == "error: the relative sensitivity to x is too large for a float\n"


@pytest.mark.parametrize(
    ("expression", "x", "expected"),
    [("1e160 + 1e300*x", 3e-160, 3e-20), ("1e-300 + 1e-300*(x - 1e200)", 1e200, 1e200), ("x**2", 1e150, 2.0)],
)
def test_nothing_leaves_the_range_of_floats_on_the_way(expression: str, x: float, expected: float) -> None:
    program = parse_program(expression)
    program.bind({"x": x})
    assert program.differentiate() is None
    assert elasticities(program, ["x"]) == {"x": pytest.approx(expected, rel=1e-14)}


def test_a_sweep_gets_a_column_and_counts_each_point_once(mg: Run) -> None:
    result = mg("grad", "(x - 1)*y", "-x", "0:2:0.5", "-y", "1", "--relative")
    assert result.exit_code == 1
    assert result.stdout == (
        """\
  x  value  d/dx  d/dy  relative(x)  relative(y)
0.0   -1.0   1.0  -1.0         -0.0          1.0
0.5   -0.5   1.0  -0.5         -1.0          1.0
1.0    0.0   1.0   0.0          nan          nan
1.5    0.5   1.0   0.5          3.0          1.0
"""
    )
    assert result.stderr == "error: undefined at 1 of 4 points (nan)\n"


def test_a_point_outside_the_domain_is_not_counted_again(mg: Run) -> None:
    result = mg("grad", "log(x)", "-x", "-1:2", "--relative", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["relative"] == {"x": [None, None, None]}
    assert result.stderr.splitlines()[-1] == "error: undefined at 3 of 3 points (nan)"


@pytest.mark.parametrize("text", ["x**3", "2*x**3", "x**3/7"])
def test_a_power_has_its_exponent_at_every_point(mg: Run, text: str) -> None:
    document = json.loads(mg("grad", text, "-x", "1:50:3", "--relative", "--json").stdout)
    assert document["relative"]["x"] == pytest.approx([3.0] * 17, rel=1e-14)


def test_it_works_on_the_last_expression(mg: Run) -> None:
    mg("eval", "x*y", "-x", "3", "-y", "3")
    assert mg("grad", "--relative").stdout.endswith("y      3.0       3.0       1.0\n")


@given(
    st.floats(min_value=1e-3, max_value=1e3),
    st.floats(min_value=1e-3, max_value=1e3),
    st.floats(min_value=-5, max_value=5),
)
def test_the_elasticity_of_a_power_law_is_its_exponent(factor: float, x: float, exponent: float) -> None:
    result = factor * x**exponent
    assert elasticity(result, x, factor * exponent * x ** (exponent - 1)) == pytest.approx(exponent, rel=1e-12)


def test_there_is_none_at_0_and_beyond_the_floats() -> None:
    assert math.isnan(elasticity(0.0, 1.0, 1.0))
    assert math.isnan(elasticity(1e-300, 1e300, 1.0))
    assert elasticity(2.0, 0.0, 5.0) == 0.0
