"""Slopes over a step, and gradients checked against them."""

import json
import signal
from collections.abc import Callable, Sequence
from math import isfinite, isnan
from random import Random
from typing import Any

import pytest
from references import WITHOUT_DERIVATIVE
from running import Run

from mgcli import EvaluationError, parse_program
from mgcli.analysis.differences import AGREES, DISAGREES, KINK, UNCLEAR, Response, check
from mgcli.analysis.slopes import shrinking, slope
from mgcli.analysis.trusted import differentiated
from mgcli.graph.floats import FLOATS
from mgcli.graph.operation import Operation
from mgcli.graph.table import FUNCTIONS, OPERATIONS, TABLE
from mgcli.graph.value import Value, apply
from mgcli.language.program import Program

PLAYGROUND = "e = a*b; d = e + c; L = d*f"
POINT = ("-a", "2", "-b", "-3", "-c", "10", "-f", "-2")


def evaluated(text: str, **values: float) -> Program:
    program = parse_program(text, values)
    program.bind(values)
    return program


def verdicts(text: str, **values: float) -> dict[str, str]:
    program = evaluated(text, **values)
    assert differentiated(program).error is None
    return {each.name: each.verdict for each in check(program, program.known())}


@pytest.mark.parametrize(
    ("x", "printed"),
    [
        ("3", ["20.0", "20.00000014", "1.400000009255109e-07", "14.00000009255109"]),
        ("-3", ["44.0", "43.999999779999996", "-2.200000039920269e-07", "-22.00000039920269"]),
        ("2/3", ["3.666666666666667", "3.666666666666667", "0.0", "0.0"]),
    ],
)
def test_slope_prints_the_notebooks_figures_for_a_parabola(mg: Run, x: str, printed: list[str]) -> None:
    done = mg("slope", "3*x**2 - 4*x + 5", "-x", x, "--step", "0.00000001")
    assert (done.exit_code, done.stderr) == (0, "")
    assert [line.split(" = ")[-1] for line in done.stdout.splitlines()][2:] == printed


@pytest.mark.parametrize(
    ("name", "after", "quotient"),
    [
        ("a", 3.999699999999999, -3.000000000010772),
        ("b", 4.0002, 2.0000000000042206),
        ("c", 4.0001, 0.9999999999976694),
    ],
)
def test_slope_gives_the_notebooks_figures_for_three_variables(name: str, after: float, quotient: float) -> None:
    found = slope(evaluated("a*b + c", a=2, b=-3, c=10), name, 0.0001)
    assert (found.before, found.after, found.quotient) == (4.0, after, quotient)


def playground(name: str, h: float) -> float:
    """The notebook's playground: h added to one value by hand, all below it computed again."""

    def moved(label: Any, number: Any) -> Any:
        return number + h if label == name else number

    a, b, c, f = (moved(label, number) for label, number in (("a", 2.0), ("b", -3.0), ("c", 10.0), ("f", -2.0)))
    d = moved("d", moved("e", a * b) + c)
    result: float = moved("L", d * f)
    return result


@pytest.mark.parametrize("name", ["a", "b", "c", "f", "e", "d", "L"])
def test_slope_moves_a_variable_or_an_intermediate_as_the_notebooks_playground_does(name: str) -> None:
    found = slope(evaluated(PLAYGROUND, a=2, b=-3, c=10, f=-2), name, 0.001)
    assert found.after == playground(name, 0.001)
    assert found.quotient == (playground(name, 0.001) - -8.0) / 0.001


def test_slope_with_respect_to_an_intermediate_leaves_its_operands_and_the_graph_as_they_were() -> None:
    program = evaluated(PLAYGROUND, a=2, b=-3, c=10, f=-2)
    before = [node.data for node in program.nodes]
    slope(program, "e", 0.5)
    assert [node.data for node in program.nodes] == before


def test_slope_shows_each_number_that_leads_to_the_quotient(mg: Run) -> None:
    done = mg("slope", PLAYGROUND, *POINT, "--wrt", "e")
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        "e                   = -6.0\n"
        "h                   = 0.001\n"
        "L(e)                = -8.0\n"
        "L(e + h)            = -8.002\n"
        "L(e + h) - L(e)     = -0.002000000000000668\n"
        "(L(e + h) - L(e))/h = -2.000000000000668\n",
        "",
    )


def test_slope_names_the_step_and_the_result_unlike_what_moves(mg: Run) -> None:
    assert mg("slope", "h**2", "-h", "1").stdout.splitlines()[1:3] == [
        "step                      = 0.001",
        "f(h)                      = 1.0",
    ]
    assert mg("slope", "f*1", "-f", "1").stdout.splitlines()[3] == "F(f + h)            = 1.001"
    assert mg("slope", "g = x*2", "-x", "1", "--wrt", "g").stdout.splitlines()[2] == "f(g)                = 2.0"


def test_slope_writes_one_document(mg: Run) -> None:
    done = mg("slope", "x**2", "-x", "3", "--step", "1/2", "--json")
    assert json.loads(done.stdout) == {
        "expression": "x**2",
        "variables": {"x": 3.0},
        "value": 9.0,
        "rounding": 0.0,
        "wrt": "x",
        "step": 0.5,
        "shifted": 12.25,
        "difference": 3.25,
        "slope": 6.5,
    }


def test_a_shrinking_step_shows_the_error_fall_and_then_rise(mg: Run) -> None:
    done = mg("slope", "1/x", "-x", "3", "--shrink", "12", "--digits", "10")
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        "df/dx = -0.1111111111 at x = 3.0\n"
        "\n"
        "h                 slope     error\n"
        "0.001     -0.1110740864   3.7e-05\n"
        "0.0001    -0.1111074075   3.7e-06\n"
        "1e-05     -0.1111107407   3.7e-07\n"
        "1e-06     -0.1111110741   3.7e-08\n"
        "1e-07      -0.111111107   4.1e-09\n"
        "1e-08     -0.1111111092   1.9e-09\n"
        "1e-09     -0.1111111203  -9.2e-09\n"
        "1e-10     -0.1111111203  -9.2e-09\n"
        "1e-11     -0.1111111203  -9.2e-09\n"
        "1e-12     -0.1110778136   3.3e-05\n"
        "1e-13     -0.1110223025   8.9e-05\n"
        "1e-14     -0.1110223025   8.9e-05\n",
        "",
    )


def test_a_shrinking_step_stays_a_power_of_ten() -> None:
    slopes = shrinking(evaluated("x**2", x=3), "x", 0.001, 12)
    assert [each.step for each in slopes] == [float(f"1e-{exponent}") for exponent in range(3, 15)]


def test_a_shrinking_step_reports_a_kink(mg: Run) -> None:
    assert mg("slope", "abs(x)", "-x", "0", "--shrink", "2") == (
        0,
        "df/dx = 0.0 at x = 0.0\n\nh         slope  error\n0.001       1.0    1.0\n0.0001      1.0    1.0\n",
        "note: not differentiable here, the slope is -1.0 on the left and 1.0 on the right\n",
    )
    jump = mg("slope", "floor(x)", "-x", "2", "--shrink", "2")
    assert (jump.exit_code, jump.stderr) == (0, "note: not differentiable here, a step or a condition jumps\n")


def test_a_shrinking_step_shows_how_the_slope_grows_where_there_is_no_derivative(mg: Run) -> None:
    error = "error: the derivative of sqrt is not defined at 0.0\n  sqrt(x)\n  ^^^^^^^\n"
    assert mg("slope", "sqrt(x)", "-x", "0", "--step", "0.01", "--shrink", "3", "--digits", "4") == (
        1,
        "df/dx = nan at x = 0.0\n"
        "\n"
        "h         slope  error\n"
        "0.01       10.0    nan\n"
        "0.001     31.62    nan\n"
        "0.0001    100.0    nan\n",
        error,
    )
    done = mg("slope", "sqrt(x)", "-x", "0", "--step", "0.01", "--shrink", "1", "--json")
    document = json.loads(done.stdout)
    assert (document["derivative"], document["steps"][0]["slope"], document["steps"][0]["error"]) == (None, 10.0, None)
    assert (done.exit_code, done.stderr) == (1, f"warning: 2 numbers are not finite, written as null\n{error}")


def test_a_shrinking_step_that_leaves_the_domain_does_not_lose_the_others(mg: Run) -> None:
    done = mg("slope", "log(x)", "-x", "0.01", "--step", "-0.05", "--shrink", "3", "--json")
    document = json.loads(done.stdout)
    assert document["derivative"] == 100.0
    assert [row["slope"] for row in document["steps"]] == [None, 138.62943611198907, 102.58658877510207]
    assert done.exit_code == 1
    assert done.stderr == (
        "warning: 4 numbers are not finite, written as null\nerror: undefined after 1 of 3 steps (nan)\n"
    )


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (
            ["log(x)", "-x", "0.01", "--step", "-0.05"],
            1,
            "error: log is not defined at -0.04\n"
            "  log(x)\n"
            "  ^^^^^^\n"
            "hint: here x is -0.04: try a smaller step, or one in the other direction\n",
        ),
        (["log(x)", "-x", "-1"], 1, "error: log is not defined at -1.0\n  log(x)\n  ^^^^^^\n"),
        (
            ["a*b", "-a", "1", "-b", "2"],
            2,
            "error: the expression has 2 variables\nhint: say which: --wrt a, --wrt b\n",
        ),
        (["2*3"], 2, "error: the expression has no variable\nhint: write one, as in x**2 with -x 3\n"),
        (["x", "-x", "1", "--wrt", "y"], 2, "error: the expression has no variable y\nhint: it has x\n"),
        (
            ["x", "-x", "1", "--step", "0"],
            2,
            "error: --step is 0\nhint: write a small number, such as 1e-8\n",
        ),
        (
            ["x", "-x", "1", "--step", "tiny"],
            2,
            "error: --step tiny: tiny has no value\nhint: write a number, such as 1e-8\n",
        ),
    ],
)
def test_slope_reports_an_error_with_a_remedy(mg: Run, arguments: list[str], status: int, message: str) -> None:
    done = mg("slope", *arguments)
    assert (done.exit_code, done.stdout, done.stderr) == (status, "", message)


def test_a_step_that_is_lost_in_rounding_is_reported(mg: Run) -> None:
    done = mg("slope", "x**2", "-x", "3", "--step", "1e-20")
    assert done.stdout.endswith("(f(x + h) - f(x))/h = 0.0\n")
    assert done.stderr == "warning: x + 1e-20 equals x: the step is lost in rounding\n"


def test_the_one_number_with_a_name_needs_no_wrt(mg: Run) -> None:
    assert mg("slope", "a = 3; a*a", "--step", "1").stdout.startswith("a                   = 3.0\n")


def test_slope_raises_if_the_step_leads_out_of_the_domain() -> None:
    with pytest.raises(EvaluationError):
        slope(evaluated("sqrt(x)", x=1), "x", -2.0)


def test_check_sets_each_gradient_beside_its_difference(mg: Run) -> None:
    done = mg("check", PLAYGROUND, *POINT)
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        "L = -8.0\n"
        "\n"
        "     gradient  difference  error  relative\n"
        "a         6.0         6.0    0.0       0.0  agrees\n"
        "b        -4.0        -4.0    0.0       0.0  agrees\n"
        "c        -2.0        -2.0    0.0       0.0  agrees\n"
        "f         4.0         4.0    0.0       0.0  agrees\n"
        "e        -2.0        -2.0    0.0       0.0  agrees\n"
        "d        -2.0        -2.0    0.0       0.0  agrees\n",
        "",
    )


def test_check_takes_only_the_names_given(mg: Run) -> None:
    done = mg("check", "sqrt(x) + L*1; ", "-x", "0", "-L", "1", "--wrt", "L")
    assert done.stdout.splitlines()[3:] == ["L         1.0         1.0    0.0       0.0  agrees"]


def test_check_distinguishes_kinks_and_unclear_cases_from_disagreement(mg: Run) -> None:
    done = mg("check", "abs(x)*3 + y**y - y/2", "-x", "0", "-y", "0")
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        "value = 1.0\n"
        "\n"
        "     gradient  difference  error  relative\n"
        "x         0.0           -      -         -     kink\n"
        "y        -0.5           -      -         -  unclear\n"
        "\n"
        "x: not differentiable here, the slope is -3.0 on the left and 3.0 on the right\n"
        "y: no check possible, rounding or the edge of the domain hides the slope\n",
        "",
    )


def test_check_writes_one_document(mg: Run) -> None:
    done = mg("check", "abs(x)*y", "-x", "0", "-y", "2", "--json")
    assert json.loads(done.stdout) == {
        "expression": "abs(x)*y",
        "variables": {"x": 0.0, "y": 2.0},
        "value": 0.0,
        "rounding": 0.0,
        "checks": {
            "x": {
                "gradient": 0.0,
                "difference": None,
                "error": None,
                "relative": None,
                "left": -2.0,
                "right": 2.0,
                "verdict": "not differentiable here",
            },
            "y": {"gradient": 0.0, "difference": 0.0, "error": 0.0, "relative": 0.0, "verdict": "agrees"},
        },
    }
    assert done.stderr == ""


def test_check_of_a_constant_is_its_value(mg: Run) -> None:
    assert mg("check", "2*3").stdout == "value = 6.0\n"


def test_a_name_that_the_result_does_not_use_has_a_gradient_of_0() -> None:
    assert verdicts("u = x*y; 2*y", x=1, y=2) == {"u": AGREES, "x": AGREES, "y": AGREES}
    assert verdicts("u = log(x); 2*y", x=-1, y=2)["u"] == AGREES


def wrong(rule: Callable[..., Any], way: str) -> Callable[..., Any]:
    ways: dict[str, Callable[[Any], Any]] = {
        "negated": lambda slope: -slope,
        "doubled": lambda slope: 2 * slope,
        "dropped": lambda slope: 0.0,
        "a little more": lambda slope: slope + 0.001,
    }
    return lambda m, z, *operands: ways[way](rule(m, z, *operands))


def program_of(operation: Operation, operands: Sequence[float]) -> Program:
    leaves = {name: Value(number, name) for name, number in zip("xyz", operands, strict=False)}
    root = apply(operation, *leaves.values())
    return Program("", root, leaves, {}, [*leaves.values(), root], dict.fromkeys(leaves, (0, 1)), None)


WAYS = ("negated", "doubled", "dropped", "a little more")
# Bessel functions take milliseconds each, which these tests do not need for every way.
SLOW = ("besselk", "bessely")


@pytest.mark.parametrize(
    ("operation", "index", "ways"),
    [
        pytest.param(operation, index, ways, id=f"{operation.name}-{index}", marks=marks)
        for operation in TABLE
        for index in range(operation.arity)
        if isfinite(operation.derivatives[index](FLOATS, 1.0, *operation.example))
        for ways, marks in (
            [(("dropped",), []), (WAYS, [pytest.mark.slow])] if operation.name in SLOW else [(WAYS, [])]
        )
    ],
)
def test_a_wrong_rule_in_the_table_is_caught(
    operation: Operation, index: int, ways: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Half of the digits are as good at points where nothing special happens.
    monkeypatch.setattr("mgcli.analysis.one_sided.PRECISIONS", (600,))
    for way in ways:
        seen = verdicts_of_a_wrong_rule(operation, index, way, monkeypatch)
        assert DISAGREES in seen or (way != "a little more" and set(seen) == {"nothing to see"}), way
        assert not {AGREES, UNCLEAR} & set(seen), way


def verdicts_of_a_wrong_rule(operation: Operation, index: int, way: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen = []
    rules = operation.stable
    points = [operation.example]
    if (operation.name, 0) not in WITHOUT_DERIVATIVE:
        points.append(operation.example[::-1])
    if operation.selects and index > 0:
        points.append((0.0, *operation.example[1:]))
    for operands in points:
        program = program_of(operation, operands)
        name = "xyz"[index]
        if program.differentiate([name]):
            continue
        right = program.node(name).grad
        with monkeypatch.context() as patch:
            patch.setattr(operation, "stable", (*rules[:index], wrong(rules[index], way), *rules[index + 1 :]))
            program.differentiate([name])
            (found,) = check(program, [name])
        seen.append(found.verdict if found.gradient != right else "nothing to see")
    return seen


def test_a_wrong_rule_deep_in_an_expression_is_an_error_that_names_the_variable(
    mg: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    division = OPERATIONS["div"]
    monkeypatch.setattr(division, "stable", (division.stable[0], lambda m, z, x, y: z / y))
    done = mg("check", "y/(1 + x) + y", "-x", "1", "-y", "3", "--digits", "6")
    assert (done.exit_code, done.stdout, done.stderr) == (
        1,
        "value = 4.5\n"
        "\n"
        "     gradient  difference  error  relative\n"
        "y         1.5         1.5    0.0       0.0     agrees\n"
        "x        0.75       -0.75    1.5       2.0  DISAGREES\n",
        "error: the gradient with respect to x disagrees with the differences\n",
    )


def random_expression(random: Random, depth: int) -> str:
    if depth == 0 or random.random() < 0.1:
        return random.choice(["x", "y", "x", "y", "2", "0.5", "3", "1e8", "1e-8", "pi"])
    if random.random() < 0.45:
        left, right = (random_expression(random, depth - 1) for _ in range(2))
        return f"({left} {random.choice('+-*/*^')} {right})"
    function = random.choice(list(FUNCTIONS.values()))
    operands = ", ".join(random_expression(random, depth - 1) for _ in range(function.arity))
    return f"{function.name}({operands})"


def random_number(random: Random) -> Any:
    return random.choice(
        [
            random.uniform(-3.0, 3.0),
            random.choice([0.0, -0.0, 1.0, -1.0, 2.0, 0.5, -0.5, 3.0, 10.0]),
            random.choice([-1.0, 1.0]) * 10.0 ** random.uniform(-12.0, 12.0),
            random.choice([-1.0, 1.0]) * 10.0 ** random.uniform(-90.0, 90.0),
            random.choice([0.0, 1.0, -1.0, 2.0]) + random.choice([-1.0, 1.0]) * 10.0 ** random.uniform(-16.0, -1.0),
        ]
    )


def is_in_range(program: Program) -> bool:
    """Whether the squares of all numbers are floats: beyond, a gradient itself may be lost to underflow."""
    return all(node.data == 0.0 or 1e-100 < abs(node.data) < 1e100 for node in program.nodes)


@pytest.mark.parametrize("count", [50, pytest.param(2000, marks=pytest.mark.slow)])
def test_no_false_alarm_on_random_expressions(count: int) -> None:
    random = Random(4)
    counts = dict.fromkeys((AGREES, DISAGREES, KINK, UNCLEAR), 0)
    checked = 0
    while checked < count:
        program = parse_program(random_expression(random, random.randint(1, 5)))
        program.bind({name: random_number(random) for name in program.variables})
        if not program.variables or not is_in_range(program) or differentiated(program).error:
            continue
        checked += 1
        for each in check(program, program.known()):
            counts[each.verdict] += 1
            assert each.verdict != DISAGREES, (program.text, program.variables, each)
    assert counts[AGREES] > 0.9 * sum(counts.values())


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("x*1e8", 1e300),
        ("log(x)", 1e-300),
        ("log(x - 1)", 1 + 1e-12),
        ("exp(x)", 700.0),
        ("exp(x)", -1000.0),
        ("x*x", 1e-160),
        ("cos(x)", 1e-200),
        ("sin(x)", 1e10),
        ("sin(1e8*x)", 1.0),
        ("tan(x)", 1.57079632),
        ("asin(x)", 0.9999999),
        ("sqrt(x)", 1e-18),
        ("x**1.5", 0.0),
        ("sqrt(x**2 + 1e-20)", 0.0),
        ("abs(x - 1)", 1 + 1e-13),
        ("x*(1 - x)", 0.5),
        ("x**0", 0.0),
        ("7 + 0*x", 2.0),
        ("relu(x)", -3.0),
    ],
)
def test_a_right_gradient_at_an_unusual_point_agrees(text: str, x: float) -> None:
    assert verdicts(text, x=x) == {"x": AGREES}


@pytest.mark.parametrize(
    ("text", "values", "name"),
    [
        ("abs(x)", {"x": 0}, "x"),
        ("abs(x)", {"x": -0.0}, "x"),
        ("relu(x)", {"x": 0}, "x"),
        ("relu(x - 1)*5 + x**3", {"x": 1}, "x"),
        ("max(x, y)", {"x": 2, "y": 2}, "x"),
        ("min(x, y)", {"x": 2, "y": 2}, "y"),
        ("hypot(x, y)", {"x": 0, "y": 0}, "x"),
        ("e = x - 1; abs(e)", {"x": 1}, "e"),
        ("atan2(y, x)", {"y": 0, "x": -1}, "y"),
        ("1e9*abs(x)", {"x": 0}, "x"),
        ("100*x + abs(x)", {"x": 0}, "x"),
    ],
)
def test_a_kink_or_a_jump_is_not_a_false_alarm(text: str, values: dict[str, float], name: str) -> None:
    assert verdicts(text, **values)[name] == KINK


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("(x + 1e16) - 1e16", 1.0),
        ("sin(x)", 1e20),
        ("x - tan(x - 2)", 1e200),
        ("cosh(x) - sinh(x)", 20.0),
        ("asin(x)", 0.9999999999999999),
        ("tan(x)", 1.5707963267948966),
        ("1e16*x - 1e16*x + x", 0.0),
        ("(exp(x) - 1)/x", 1e-9),
        ("sqrt(x**4)", 0.0),
        ("sqrt(relu(x))", -2.0),
        ("log(1 + exp(x))", 1e5),
    ],
)
def test_what_differences_in_floats_do_not_show_is_judged_in_more_digits(text: Any, x: Any) -> None:
    assert verdicts(text, x=x) == {"x": AGREES}


@pytest.mark.parametrize(("text", "verdict"), [("1 + 1e-30*sin(x)", AGREES), ("1 + 1e-30*max(x, 2*x)", KINK)])
def test_a_slope_too_small_for_floats_is_seen_in_more_digits(text: str, verdict: str) -> None:
    assert verdicts(text, x=0.0) == {"x": verdict}


def test_a_slope_that_is_almost_0_is_seen_in_more_digits() -> None:
    assert verdicts("erfc(1e-300)**(x**2)", x=3.0) == {"x": AGREES}


def test_what_the_edge_of_the_domain_hides_is_unclear() -> None:
    assert verdicts("x**x - x/2", x=0.0) == {"x": UNCLEAR}


def test_a_gradient_that_is_not_defined_is_an_error_as_in_grad(mg: Run) -> None:
    done = mg("check", "sqrt(x)", "-x", "0")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "error: the derivative of sqrt is not defined at 0.0\n  sqrt(x)\n  ^^^^^^^\n"


def test_a_check_leaves_the_graph_with_its_numbers() -> None:
    program = evaluated(PLAYGROUND, a=2, b=-3, c=10, f=-2)
    program.differentiate()
    before = [node.data for node in program.nodes]
    checks = list(check(program, ["a", "e"]))
    assert [node.data for node in program.nodes] == before
    assert not any(isnan(each.difference) for each in checks)


@pytest.mark.parametrize(
    ("text", "x", "verdict"),
    [
        ("floor(x)", 3.0, KINK),
        ("floor(x)", 2.5, AGREES),
        ("sign(x) + x", 0.0, KINK),
        ("ceil(x/3)", 1e60, AGREES),
        ("where(x > 0, 1, 2)*x", 0.0, KINK),
        ("where(x > 1, x, 3*x)", 1.0, KINK),
        ("where(x > 1, x**2, 2*x - 1)", 1.0, AGREES),
        ("clamp(x, 0, 1)", 1.0, KINK),
        ("lgamma(x) + digamma(x)*gamma(x)", 2.0, AGREES),
        ("fresnelc(x)", 1e200, AGREES),
        ("fresnelc(x)", 1e300, AGREES),
        ("besselj(2, -x)", 1e200, AGREES),
        ("fmod(x, 1.5)", -1e200, AGREES),
        ("sinc(x)*x", 1e200, AGREES),
        # Flat over 1e-600, beside steps for which digits do not suffice.
        ("1/trunc(1e-300 - 1e308*0.5**x)", 0.0, UNCLEAR),
    ],
)
def test_a_jump_is_not_a_disagreement(text: str, x: float, verdict: str) -> None:
    assert verdicts(text, x=x) == {"x": verdict}


def test_a_jump_is_reported_without_slopes(mg: Run) -> None:
    done = mg("check", "where(x > 1, x, 3*x)", "-x", "1")
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        "value = 3.0\n"
        "\n"
        "     gradient  difference  error  relative\n"
        "x         3.0           -      -         -  kink\n"
        "\n"
        "x: not differentiable here, a step or a condition jumps\n",
        "",
    )
    (each,) = json.loads(mg("check", "floor(x)", "-x", "3", "--json").stdout)["checks"].values()
    assert each == {
        "gradient": 0.0,
        "difference": None,
        "error": None,
        "relative": None,
        "verdict": "not differentiable here",
    }


def test_an_interrupt_shows_what_is_checked(mg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    leave = Response.__exit__
    left: list[None] = []

    def interrupted(self: Response, *exception: object) -> None:
        left.append(None)
        if len(left) == 2:
            signal.raise_signal(signal.SIGINT)
        leave(self, *exception)

    monkeypatch.setattr(Response, "__exit__", interrupted)
    result = mg("check", "a*b*c*d", "-a", "1", "-b", "2", "-c", "3", "-d", "4", "--json")
    assert (result.exit_code, list(json.loads(result.stdout)["checks"])) == (130, ["a", "b"])
    assert result.stderr == "interrupted: 2 of 4 gradients are checked\n"


def test_a_branch_where_the_condition_does_not_hold_can_be_checked(mg: Run) -> None:
    document = json.loads(mg("check", "where(x > 3, x, x**2)", "-x", "2", "--json").stdout)
    assert document["checks"]["x"]["verdict"] == "agrees"
