"""Both passes, step by step."""

import json
import math
import random
from math import isfinite
from typing import Any

import pytest
from running import Run

from mgcli import EvaluationError, Value, parse_program
from mgcli.analysis.explain import Explanation, explain
from mgcli.graph.floats import FLOATS
from mgcli.graph.node import topological
from mgcli.graph.table import FUNCTIONS

NOTEBOOK = ("e = a*b; d = e + c; L = d*f", "-a", "2", "-b", "-3", "-c", "10", "-f", "-2")


def test_the_notebook_is_explained_as_it_explains_itself(mg: Run) -> None:
    assert mg("explain", *NOTEBOOK).stdout == (
        "forward pass\n"
        "   1  e = a*b = 2.0*-3.0 = -6.0\n"
        "   2  d = e + c = -6.0 + 10.0 = 4.0\n"
        "   3  L = d*f = 4.0*-2.0 = -8.0\n"
        "\n"
        "backward pass, from the result down: dL/dL = 1.0\n"
        "  L = d*f\n"
        "    dL/dd = dL/dL * f = 1.0 * -2.0 = -2.0\n"
        "    dL/df = dL/dL * d = 1.0 * 4.0 = 4.0\n"
        "  d = e + c\n"
        "    dL/de = dL/dd * 1 = -2.0 * 1.0 = -2.0\n"
        "    dL/dc = dL/dd * 1 = -2.0 * 1.0 = -2.0\n"
        "  e = a*b\n"
        "    dL/da = dL/de * b = -2.0 * -3.0 = 6.0\n"
        "    dL/db = dL/de * a = -2.0 * 2.0 = -4.0\n"
        "\n"
        "chain rule, along each path\n"
        "  dL/da = dL/dd * dd/de * de/da = -2.0 * 1.0 * -3.0 = 6.0\n"
        "  dL/db = dL/dd * dd/de * de/db = -2.0 * 1.0 * 2.0 = -4.0\n"
        "  dL/dc = dL/dd * dd/dc = -2.0 * 1.0 = -2.0\n"
        "  dL/df = 4.0\n"
    )


def test_contributions_to_a_value_used_twice_add_up_and_wrt_leaves_the_rest_out(mg: Run) -> None:
    assert mg("explain", "e = a*b; L = e*a + c", "-a", "2", "-b", "3", "-c", "1", "--wrt", "a").stdout == (
        "forward pass\n"
        "   1  e = a*b = 2.0*3.0 = 6.0\n"
        "   2  e*a = 6.0*2.0 = 12.0\n"
        "   3  L = e*a + c = 12.0 + 1.0 = 13.0\n"
        "\n"
        "backward pass, from the result down: dL/dL = 1.0\n"
        "  L = e*a + c\n"
        "    dL/d(e*a) = dL/dL * 1 = 1.0 * 1.0 = 1.0\n"
        "  e*a\n"
        "    dL/de = dL/d(e*a) * a = 1.0 * 2.0 = 2.0\n"
        "    a: dL/d(e*a) * e = 1.0 * 6.0 = 6.0\n"
        "  e = a*b\n"
        "    a: dL/de * b = 2.0 * 3.0 = 6.0\n"
        "       6.0 so far, + 6.0 = 12.0\n"
        "\n"
        "chain rule, along each path\n"
        "  dL/da = 12.0, the sum over 2 paths\n"
        "    dL/d(e*a) * d(e*a)/da = 1.0 * 6.0 = 6.0\n"
        "    dL/d(e*a) * d(e*a)/de * de/da = 1.0 * 2.0 * 3.0 = 6.0\n"
    )


def test_long_sub_expressions_are_numbered_and_long_lines_continue_on_the_next(mg: Run) -> None:
    lines = mg("explain", "tanh(3*x + 1)/x + v1", "-x", "2", "-v1", "1").stdout.splitlines()
    assert "   3  v2 = tanh(3*x + 1) = tanh(7.0) = 0.999998" in lines
    assert "    dvalue/d(3*x + 1) = dvalue/dv2 * (1 - v2**2) = 0.5 * 3.32611e-06" in lines
    assert "      = 1.66305e-06" in lines
    assert max(map(len, lines)) <= 80


def test_digits_round_what_is_shown(mg: Run) -> None:
    assert "   1  value = sin(x) = sin(2.0) = 0.91\n" in mg("explain", "sin(x)", "-x", "2", "--digits", "2").stdout


def test_operands_that_differ_have_the_digits_that_show_it(mg: Run) -> None:
    assert "   1  value = x - 0.1 = 0.10000001 - 0.1 = 1e-08\n" in mg("explain", "x - 0.1", "-x", "0.10000001").stdout


def test_a_branch_not_taken_has_no_path(mg: Run) -> None:
    assert mg("explain", "relu(x) + 3", "-x", "-1").stdout.endswith(
        "chain rule, along each path\n  dvalue/dx = 0.0, no open path leads to x\n"
    )


def test_a_closed_branch_is_shown_with_what_closes_it(mg: Run) -> None:
    assert mg("explain", "relu(w*x + b)", "-w", "1", "-x", "2", "-b", "-3.5").stdout == (
        "forward pass\n"
        "   1  w*x = 1.0*2.0 = 2.0\n"
        "   2  w*x + b = 2.0 + -3.5 = -1.5\n"
        "   3  value = relu(w*x + b) = relu(-1.5) = 0.0\n"
        "\n"
        "backward pass, from the result down: dvalue/dvalue = 1.0\n"
        "  value = relu(w*x + b)\n"
        "    dvalue/d(w*x + b) = dvalue/dvalue * where(w*x + b > 0, 1, 0) = 1.0 * 0.0\n"
        "      = 0.0, since relu'(-1.5) = 0\n"
        "\n"
        "chain rule, along each path\n"
        "  dvalue/dw = 0.0, no open path leads to w\n"
        "  dvalue/dx = 0.0, no open path leads to x\n"
        "  dvalue/db = 0.0, no open path leads to b\n"
    )


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("relu(x - 3)", [("x - 3", "relu'(-1.0) = 0")]),
        ("max(x, y)", [("x", "max(2.0, 3.0) takes y")]),
        ("min(x, y, 1)", [("min(x, y)", "min(2.0, 1.0) takes 1")]),
        ("max(x, 2*x)", [("x", "max(2.0, 4.0) takes 2*x")]),
        ("clamp(x, 0, 1)", [("x", "clamp(2.0, 0.0, 1.0) takes 1")]),
        ("clamp(x, 0, y)", [("y", "clamp(2.0, 0.0, 3.0) takes x")]),
        ("where(x > y, log(-x), y)", [("log(-x)", "x > y is false")]),
        ("where(x < y, x, y)", [("y", "x < y is true")]),
        ("where(x, x, y)", [("y", "x is not 0")]),
        ("where(x - 2, x, y)", [("x", "x - 2 is 0")]),
        ("relu(relu(x - 3))", [("relu(x - 3)", "relu'(0.0) = 0")]),
        ("max(x, x)", []),
        ("sign(x)", []),
    ],
)
def test_json_has_each_closed_branch_that_the_pass_reaches(mg: Run, text: str, closed: list[tuple[str, str]]) -> None:
    values = [word for name, value in (("x", "2"), ("y", "3")) if name in text for word in (f"-{name}", value)]
    steps = json.loads(mg("explain", text, *values, "--json").stdout)["backward"]
    assert [(step["operand"], step["closed"]) for step in steps if "closed" in step] == closed
    assert all(step["contribution"] == step["local"]["value"] == 0.0 for step in steps if "closed" in step)


def test_a_closed_branch_is_one_of_several_contributions(mg: Run) -> None:
    assert mg("explain", "max(x, 5) + x", "-x", "2").stdout.endswith(
        "    x: dvalue/dvalue * 1 = 1.0 * 1.0 = 1.0\n"
        "  max(x, 5)\n"
        "    x: dvalue/d(max(x, 5)) * where(x > 5, 1, where(x == 5, 0.5, 0)) = 1.0 * 0.0\n"
        "      = 0.0, since max(2.0, 5.0) takes 5\n"
        "       1.0 so far, + 0.0 = 1.0\n"
        "\n"
        "chain rule, along each path\n"
        "  dvalue/dx = 1.0\n"
    )


def test_latex_says_what_closes_a_branch(mg: Run) -> None:
    def last(*arguments: str) -> str:
        return mg("explain", *arguments, "--latex").stdout.splitlines()[-2].rpartition(r"\quad ")[2]

    assert last("relu(x)", "-x", "-1.5") == r"\text{since } \operatorname{relu}'\left(-1.5\right) = 0"
    assert last("max(3, x_1)", "-x_1", "2") == r"\text{since } \max\left(3, 2\right) \text{ takes } 3"
    assert last("where(a > 0, 1, x)", "-a", "1", "-x", "2") == r"\text{since } a > 0 \text{ is true}"


def test_what_the_result_does_not_use_is_called_by_its_name(mg: Run) -> None:
    unused = ("explain", "u = 2*x; y**2", "-x", "1", "-y", "2")
    assert "  dvalue/dx = 0.0, no open path leads to x\n" in mg(*unused).stdout
    assert mg(*unused, "--wrt", "x").stdout == (
        "forward pass\n"
        "   1  value = y**2 = 2.0**2.0 = 4.0\n"
        "\n"
        "chain rule, along each path\n"
        "  dvalue/dx = 0.0, no open path leads to x\n"
    )


def test_a_lone_variable_has_nothing_to_explain(mg: Run) -> None:
    assert mg("explain", "x", "-x", "2").stdout == "value = 2.0, with nothing to compute\n"


def test_a_number_that_has_a_name_is_explained_as_what_grad_lists(mg: Run) -> None:
    assert mg("explain", "a = 3; a + a").stdout.endswith(
        "chain rule, along each path\n"
        "  dvalue/da = 2.0, the sum over 2 paths\n"
        "    dvalue/da directly = 1.0\n"
        "    dvalue/da directly = 1.0\n"
    )


def test_a_result_next_to_a_name_value_gets_another_title(mg: Run) -> None:
    lines = mg("grad", "value = a*b; value + 1", "-a", "1", "-b", "2").stdout.splitlines()
    assert [line.split()[0] for line in lines if line] == ["result", "value", "a", "b", "value"]


def test_latex_of_nothing_to_compute_is_the_value(mg: Run) -> None:
    assert mg("explain", "x", "-x", "2", "--latex").stdout == ("\\begin{align*}\n  f &= 2\n\\end{align*}\n")


def test_latex_is_one_align_block(mg: Run) -> None:
    assert mg("explain", "e = a*b; L = e*a", "-a", "2", "-b", "-3", "--latex").stdout == (
        r"""\begin{align*}
  e &= ab = 2 \cdot \left(-3\right) = -6 \\
  L &= ea = -6 \cdot 2 = -12 \\
  \frac{\partial L}{\partial e} &= \frac{\partial L}{\partial L} \cdot a = 1 \cdot 2 = 2 \\
  \frac{\partial L}{\partial a} &= \frac{\partial L}{\partial L} \cdot e + \frac{\partial L}{\partial e} \cdot b \\
   &= 1 \cdot \left(-6\right) + 2 \cdot \left(-3\right) \\
   &= -6 + \left(-6\right) \\
   &= -12 \\
  \frac{\partial L}{\partial b} &= \frac{\partial L}{\partial e} \cdot a = 2 \cdot 2 = 4
\end{align*}
"""
    )


def test_json_holds_every_step(mg: Run) -> None:
    document = json.loads(mg("explain", "e = a*b; L = e*e", "-a", "2", "-b", "3", "--json").stdout)
    assert document == {
        "expression": "e = a*b; L = e*e",
        "variables": {"a": 2.0, "b": 3.0},
        "value": 36.0,
        "rounding": 0.0,
        "forward": [
            {
                "node": "e",
                "formula": "a*b",
                "operands": [{"node": "a", "value": 2.0}, {"node": "b", "value": 3.0}],
                "value": 6.0,
            },
            {
                "node": "L",
                "formula": "e*e",
                "operands": [{"node": "e", "value": 6.0}, {"node": "e", "value": 6.0}],
                "value": 36.0,
            },
        ],
        "backward": [
            {
                "node": "L",
                "operand": "e",
                "local": {"formula": "e", "value": 6.0},
                "incoming": 1.0,
                "contribution": 6.0,
                "sum": 6.0,
            },
            {
                "node": "L",
                "operand": "e",
                "local": {"formula": "e", "value": 6.0},
                "incoming": 1.0,
                "contribution": 6.0,
                "sum": 12.0,
            },
            {
                "node": "e",
                "operand": "a",
                "local": {"formula": "b", "value": 3.0},
                "incoming": 12.0,
                "contribution": 36.0,
                "sum": 36.0,
            },
            {
                "node": "e",
                "operand": "b",
                "local": {"formula": "a", "value": 2.0},
                "incoming": 12.0,
                "contribution": 24.0,
                "sum": 24.0,
            },
        ],
        "gradient": {"a": 36.0, "b": 24.0},
    }


def test_a_power_that_is_flat_by_convention_has_the_local_derivative_0(mg: Run) -> None:
    lines = mg("explain y*0**x -x 2 -y 1").stdout.splitlines()
    assert "    dvalue/dx = dvalue/d(0**x) * 0 = 1.0 * 0.0 = 0.0" in lines
    assert "    dvalue/dx = dvalue/dvalue * 0 = 1.0 * 0.0 = 0.0" in mg("explain x**0 -x 0").stdout.splitlines()


@pytest.mark.parametrize("program", ["(-1)**sign(x)", "zetaprime(where(x > 0, 2, 3))*2"])
def test_a_step_without_a_rule_is_explained_where_the_gradient_is_known(mg: Run, program: str) -> None:
    assert mg("grad", program, "-x", "1.5").stdout.split()[-1] == "0.0"
    assert "dvalue/dvalue * undefined = 1.0 * nan = nan" in mg("explain", "(-1)**sign(x)", "-x", "1.5").stdout
    for form in ([], ["--latex"], ["--json"]):
        assert mg("explain", program, "-x", "1.5", *form).exit_code == 0


def test_a_branch_that_is_not_taken_may_have_no_value_in_latex(mg: Run) -> None:
    assert mg("explain 'where(x > 0, log(x), 0)' -x -1 --latex").stdout.splitlines()[2] == (
        r"  f &= \begin{cases} \ln x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases} "
        r"= \begin{cases} \mathrm{undefined} & \text{if } 0 \\ 0 & \text{otherwise} \end{cases} = 0 \\"
    )


def test_a_derivative_that_is_not_defined_is_an_error_that_points(mg: Run) -> None:
    result = mg("explain", "1 + sqrt(x)", "-x", "0")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: the derivative of sqrt is not defined at 0.0\n  1 + sqrt(x)\n      ^^^^^^^\n"


def test_very_many_paths_are_counted_and_the_first_are_written(mg: Run) -> None:
    program = "; ".join(f"a{n + 1} = a{n} + a{n}" for n in range(60))
    lines = mg("explain", program, "-a0", "1").stdout.splitlines()
    assert f"  da60/da0 = 1.15292e+18, the sum over {2**60} paths" in lines
    assert lines[-1] == f"    and {2**60 - 2} more"


def test_paths_without_end_are_not_counted(mg: Run) -> None:
    program = "; ".join(f"a{n + 1} = a{n} + a{n}" for n in range(1000))
    *_, last = mg("explain", program, "-a0", "1").stdout.splitlines()
    assert last == "  da1000/da0 = 1.07151e+301, the sum over more than 1e+20 paths, too long to show"


def test_a_path_too_long_to_show_is_not_shown(mg: Run) -> None:
    lines = mg("explain", " + ".join(["x", *["y"] * 200]), "-x", "1", "-y", "1").stdout.splitlines()
    shown = lines.index("chain rule, along each path")
    assert lines[shown + 1] == "  dvalue/dx = 1.0, along one path, too long to show"
    assert lines[shown + 2] == "  dvalue/dy = 200.0, the sum over 200 paths"


@pytest.mark.parametrize("separator", ["*", "+"])
def test_an_explanation_is_in_proportion_to_the_number_of_variables(mg: Run, separator: Any) -> None:
    lengths = []
    for count in (50, 100):
        names = [f"x{index}" for index in range(count)]
        values = [word for name in names for word in ("--let", f"{name}=1")]
        lengths.append(len(mg("explain", separator.join(names), *values).stdout))
    assert lengths[1] < 2.3 * lengths[0]


def _random_text(random_state: random.Random, depth: int) -> str:
    if depth == 0 or random_state.random() < 0.15:
        return random_state.choice(["x", "y", "z", "2", "0.5", "x", "y"])
    if random_state.random() < 0.5:
        left, right = (_random_text(random_state, depth - 1) for _ in range(2))
        return f"({left} {random_state.choice('+-*/')} {right})"
    name = random_state.choice(sorted(FUNCTIONS))
    return f"{name}({', '.join(_random_text(random_state, depth - 1) for _ in range(FUNCTIONS[name].arity))})"


def _explained(seed: int) -> Explanation | None:
    """Return an explained random program that has a value and gradients, None where the mathematics refuses it."""
    state = random.Random(seed)
    text = f"p = {_random_text(state, 3)}; q = p*{_random_text(state, 2)}; q + p/{_random_text(state, 2)}"
    program = parse_program(text)
    if not program.variables:
        return None
    program.bind({name: state.uniform(0.1, 2.0) for name in program.variables})
    try:
        explanation = None if program.error() else explain(program)
    except EvaluationError:
        return None
    # A derivative may be known where floats give the steps no number.
    sound = explanation and all(math.isfinite(step.slope) for step in explanation.backward)
    return explanation if sound else None


@pytest.mark.parametrize("count", [70, pytest.param(700, marks=pytest.mark.slow)])
def test_every_number_agrees_with_an_independent_walk_over_random_graphs(count: Any) -> None:
    told = [explanation for seed in range(count) if (explanation := _explained(seed))]
    assert len(told) >= count * 2 / 7
    for explanation in told:
        for step in explanation.forward:
            operands = [node.data for node in step.node._prev]
            assert step.node.operation
            assert step.node.data == step.node.operation.forward(FLOATS, *operands)
        sums: dict[Value, float] = {explanation.root: 1.0}
        for product in explanation.backward:
            operands = [node.data for node in product.node._prev]
            assert product.node.operation
            slope = product.node.operation.stable[product.operand_index](FLOATS, product.node.data, *operands)
            assert (product.incoming, product.slope) == (sums[product.node], slope)
            assert product.amount == sums[product.node] * slope
            sums[product.operand] = sums.get(product.operand, 0.0) + product.amount
            assert product.total == sums[product.operand]
        for _, target, paths in explanation.paths():
            total = sums.get(target, 0.0)
            if not explanation.report.notes:
                assert target.grad == pytest.approx(total, rel=1e-9, abs=0.0)
            if explanation.ways(target) == len(paths):
                total = sum(path.product for path in paths)
                size = sum(abs(path.product) for path in paths)
                assert isfinite(total)
                assert total == pytest.approx(target.grad, rel=1e-9, abs=1e-12 * size + 1e-300)


@pytest.mark.parametrize("count", [50, pytest.param(150, marks=pytest.mark.slow)])
def test_the_local_formula_has_the_value_of_the_local_derivative(count: Any) -> None:
    for explanation in filter(None, map(_explained, range(count))):
        values = {name: node.data for node, name in explanation.names.items()}
        for step in explanation.backward:
            formula = parse_program(explanation.local_formula(step.node, step.operand_index))
            formula.bind({name: values[name] for name in formula.variables})
            assert formula.root.data == pytest.approx(step.slope, rel=1e-6, abs=1e-9)


def test_a_notebook_shows_a_node_with_a_number_as_its_drawing() -> None:
    x = Value(2.0, label="x")
    y: Any = (x * x + 1).tanh()
    y.label = "y"
    assert y._repr_svg_().startswith("<?xml")
    assert "tanh" in y._repr_svg_()


def test_a_notebook_is_spared_a_graph_too_large_to_look_at() -> None:
    node: Any = Value(1.0, label="x")
    for _ in range(400):
        node = node + 1
    assert len(topological(node)) > 300
    assert node._repr_svg_() is None
    assert node._repr_latex_() is None


def test_what_is_too_large_for_a_float_is_infinite_in_the_steps(mg: Run) -> None:
    done = mg("explain", "min(x, exp(y))", "-x", "2", "-y", "1000")
    assert "   2  value = min(x, exp(y)) = min(2.0, inf) = 2.0\n" in done.stdout
    assert "= 1.0 * 0.0 = 0.0, since min(2.0, exp(1000.0)) takes x\n" in done.stdout
    assert done.stdout.endswith("  dvalue/dx = 1.0\n  dvalue/dy = 0.0, no open path leads to y\n")
    assert done.stderr.startswith("note: exp overflows at 1000.0 in floats, so more digits are used\n")
    assert "the steps in floats" not in done.stderr
    latex = mg("explain", "min(x, exp(y))", "-x", "2", "-y", "1000", "--latex").stdout
    assert r"  f &= \min\left(x, e^{y}\right) = \min\left(2, e^{1000}\right) = 2 \\" in latex
