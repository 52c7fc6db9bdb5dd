"""`mg diff` of an equation, with its whole output."""

import json
from typing import Any

import pytest
from running import Run

CIRCLE = "'x**2 + y**2 = 25'"


@pytest.mark.parametrize(
    ("line", "output"),
    [
        (f"diff {CIRCLE} --wrt x --of y", "-x/y\n"),
        (f"diff {CIRCLE} --of y", "-x/y\n"),
        (f"diff {CIRCLE} --wrt x", "-x/y\n"),
        (f"diff {CIRCLE} --wrt y --of x", "-y/x\n"),
        (f"diff {CIRCLE} --wrt x --of y -x 3 -y 4", "-x/y  # -0.75\n"),
        (f"diff {CIRCLE} --wrt x --of y -x 3 -y 4 --order 2", "-x**2/y**3 - 1/y  # -0.390625\n"),
        (f"diff {CIRCLE} --of y --latex -x 3 -y 4", "\\frac{dy}{dx} = -\\frac{x}{y}  % -0.75\n"),
        ("diff 'x*y = 1' --of y -x 3 -y 1/3 --exact 30", "-y/x  # -0.111111111111111111111111111111\n"),
        ("diff '0.1*x*y = 0.3' --of y -x 3 -y 1 --exact 20 --order 3", "-6*y/x**3  # -0.22222222222222222222\n"),
        ("diff 'x**2 + y**2 + z**2 = 1' --of z", "dz_dx = -x/z\ndz_dy = -y/z\n"),
        ("diff 'r = 5; x² + y² = r²' --wrt x --of y", "-x/y\n"),
        (
            f"diff {CIRCLE} --of y --steps --order 2",
            "F = x**2 + y**2 - 25\nF_x = 2*x\nF_y = 2*y\ndy/dx = -F_x/F_y\n"
            "d2y/dx2 = d(dy/dx)/dx + d(dy/dx)/dy * dy/dx\n\n-x**2/y**3 - 1/y\n",
        ),
    ],
)
def test_the_derivative_of_an_equation(mg: Run, line: Any, output: Any) -> None:
    assert mg(line) == (0, output, "")


def test_the_json_document(mg: Run) -> None:
    found = json.loads(mg(f"diff {CIRCLE} --of y -x 3 -y 4 --steps --json").stdout)
    assert found == {
        "expression": "x**2 + y**2 = 25",
        "order": 1,
        "of": "y",
        "derivative": {
            "x": {"formula": "-x/y", "value": -0.75, "steps": {"F": "x**2 + y**2 - 25", "F_x": "2*x", "F_y": "2*y"}}
        },
        "variables": {"x": 3.0, "y": 4.0},
    }
    exact = json.loads(mg("diff 'x*y = 1' --of y -x 3 -y 1/3 --exact 20 --json").stdout)
    assert exact["derivative"]["x"]["exact"] == "-0.11111111111111111111"
    assert json.loads(mg(f"diff {CIRCLE} --of y --json").stdout) == {
        "expression": "x**2 + y**2 = 25",
        "order": 1,
        "of": "y",
        "derivative": {"x": {"formula": "-x/y"}},
    }


@pytest.mark.parametrize(
    ("line", "status", "stderr"),
    [
        (
            f"diff {CIRCLE} --of y -x 3 -y 4.1",
            1,
            "error: the point is not on the curve: its sides are 25.81 and 25.0, 0.8099999999999987 apart\n"
            "  x**2 + y**2 = 25\n  ^^^^^^^^^^^^^^^^\nhint: near it is -y 4.0\n",
        ),
        (
            f"diff {CIRCLE}",
            2,
            "error: it is not clear which variable is a function of the others\nhint: say which: --wrt x --of y\n",
        ),
        (
            "diff 'x = cos(y)' --wrt x --of y",
            2,
            "error: x = ... defines a name, so it is not an equation\nhint: write x - cos(y) = 0\n",
        ),
        (
            "diff 'x*y' --of y",
            2,
            "error: the expression is not an equation\nhint: leave out --of, or write EXPRESSION = 0\n",
        ),
        ("diff 'x + z = 3' --of y", 2, "error: the expression has no variable y\nhint: it has x, z\n"),
        (
            "diff 'x + y = 3' --of y --wrt y",
            2,
            "error: y cannot be a function of itself\nhint: say which: --wrt x --of y\n",
        ),
        ("diff 'x + 2 = 3'", 2, "error: the equation has only one variable\n  x + 2 = 3\n  ^\n"),
        (
            "diff 'abs(x) = y' --of y -x 0 -y 0 --exact 20",
            1,
            "error: the derivative of y with respect to x cannot be determined: the point is at a kink\n"
            "  abs(x) = y\n  ^^^^^^\n",
        ),
    ],
)
def test_what_is_wrong(mg: Run, line: Any, status: Any, stderr: Any) -> None:
    done = mg(line)
    assert (done.exit_code, done.stderr) == (status, stderr)


def test_a_vertical_tangent_is_an_error(mg: Run) -> None:
    assert mg(f"diff {CIRCLE} --of y -x 5 -y 0") == (
        1,
        "-x/y\n",
        "error: the tangent is vertical at x = 5.0, y = 0.0: the derivative with respect to y is 0 there\n",
    )
