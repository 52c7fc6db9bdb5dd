"""Derivatives that a user worked out, checked."""

import json
from typing import Any

import pytest
from rows import rows
from running import Run

from mgcli import EvaluationError, ExpressionError, parse_program
from mgcli.analysis.claims import Claim, Judgement, judge

RIGHT_ANSWERS = [
    ("x**2*sin(x)", "2*x*sin(x) + x**2*cos(x)"),
    ("x**2*sin(x)", "x*(2*sin(x) + x*cos(x))"),
    ("3*x**2 - 4*x + 5", "2*(3*x - 2)"),
    ("(x**2 - 1)/(x - 1)", "1"),
    ("x", "1"),
    ("7", "0*x"),
    ("tanh(x)", "1 - tanh(x)**2"),
    ("tanh(x)", "1/cosh(x)^2"),
    ("tanh(x)", "4/(exp(x) + exp(-x))**2"),
    ("sin(x)*cos(x)", "cos(2*x)"),
    ("sin(x)**2", "sin(2*x)"),
    ("-cos(x)", "sin(pi - x)"),
    ("-cos(x)", "cos(x - pi/2)"),
    ("tan(x)", "1 + tan(x)**2"),
    ("tan(x)", "2/(1 + cos(2*x))"),
    ("log(x)", "x**-1"),
    ("log(x**2)", "2/x"),
    ("log(sqrt(x))", "1/(2*x)"),
    ("log(x - 1000)", "1/(x - 1000)"),
    ("exp(x)**2", "2*exp(2*x)"),
    ("exp(log(x))", "1"),
    ("2**x", "log(2)*2**x"),
    ("x**x", "x**x*(ln(x) + 1)"),
    ("x**x", "exp(x*log(x))*(1 + log(x))"),
    ("sqrt(x)", "1/2*x**(-1/2)"),
    ("sqrt(x)", "sqrt(x)/(2*x)"),
    ("cbrt(x)", "1/(3*cbrt(x)**2)"),
    ("1/x", "-1/x**2"),
    ("x/(x + 1)", "((x + 1) - x)/(x + 1)**2"),
    ("sin(x)/x", "cos(x)/x - sin(x)/x^2"),
    ("asin(x)", "(1 - x**2)**-0.5"),
    ("acosh(x)", "1/sqrt(x**2 - 1)"),
    ("atan(x)", "1/(x*x + 1)"),
    ("cosh(x)", "(exp(x) - exp(-x))/2"),
    ("sigmoid(x)", "sigmoid(x)*sigmoid(-x)"),
    ("sigmoid(x)", "exp(-x)/(1 + exp(-x))**2"),
    ("softplus(x)", "1/(1 + exp(-x))"),
    ("erf(x)", "2/sqrt(pi)*exp(-x**2)"),
    ("abs(x)", "x/abs(x)"),
    ("relu(x)", "(x + abs(x))/(2*x)"),
    ("relu(x)", "sigmoid(1e9*x)"),
    ("u = x**2; sin(u)", "2*x*cos(u)"),
    ("sin(x**2)", "u = x**2; 2*x*cos(u)"),
]


def judged(text: str, formula: str, name: str = "x", **values: Any) -> Judgement:
    program = parse_program(text, values)
    return judge(program, Claim(program, name, formula), values)


@rows(("text", "formula"), RIGHT_ANSWERS)
def test_a_right_answer_in_an_odd_form_agrees_at_many_points(text: str, formula: str) -> None:
    if "x" not in parse_program(text).variables:
        text = f"{text} + 0*x"
    judgement = judged(text, formula)
    assert (judgement.differing, judgement.worst, judgement.mistake) == (0, None, None)
    assert judgement.points == 100


def test_the_points_are_special_ones_and_others_and_always_the_same() -> None:
    program = parse_program("x*y")
    judgements = [judge(program, Claim(program, "x", "2*y + 1"), {}) for _ in range(2)]
    assert judgements[0].worst == judgements[1].worst


@pytest.mark.parametrize("special", [0.0, 1.0, -1.0])
def test_a_difference_at_a_special_point_alone_is_found(special: float) -> None:
    judgement = judged("x**3", f"3*x**2 + exp(-(1e6*(x - {special}))**2)")
    assert judgement.differing == 1
    assert judgement.worst
    assert judgement.worst.values == {"x": special}


@pytest.mark.parametrize(
    ("text", "formula", "values"),
    [
        ("x**-2", "7", {"x": -2.0}),
        ("1/x", "x**-2", {"x": -2.0}),
        ("x*(-1)**(1 + 1)", "5", {"x": 2.0}),
        ("n = 2; x**(n + 1)", "5", {"x": -2.0}),
        ("x**-n", "7", {"x": -2.0, "n": 3.0}),
        ("x**floor(n)", "7", {"x": -2.0, "n": 3.5}),
        ("(x**2 - 1)**-1", "9", {"x": 0.5}),
        ("x**3", "(-1)**(2*x)*7", {"x": -2.0}),
    ],
)
def test_a_whole_exponent_that_is_computed_hides_no_difference(text: str, formula: str, values: dict[str, Any]) -> None:
    assert judged(text, formula, **values).differing == 1


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("where(x > 0, x**2, x**3)", "where(x > 0, 2*x, 7*x**2)"),
        ("relu(x)*x", "where(x > 0, 2*x, 100)"),
        ("max(x, 3)*x", "where(x > 3, 2*x, 17)"),
    ],
)
def test_a_branch_where_the_condition_does_not_hold_is_checked_like_any_other(text: str, formula: str) -> None:
    assert judged(text, formula).differing > 20
    assert judged(text, formula, x=-2.0).differing == 1


def test_a_negative_base_is_checked_like_any_other() -> None:
    assert judged("x**-3", "where(x < 0, 7, -3*x**-4)").differing > 30
    assert judged("x**-3", "-3*x**-2").differing == judged("1/x**3", "-3*x**-2").differing


def test_a_number_that_rounding_may_put_anywhere_does_not_agree(mg: Run) -> None:
    done = mg("check", "x**(n*3)", "-x", "-2", "-n", "2/3", "--claim", "x: 7")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "error: the claim for x cannot be checked here: rounding may move it and the derivative by any amount\n"
        "hint: give fewer values, so that many points are checked\n"
    )


def test_a_claim_of_0_is_not_a_particular_mistake() -> None:
    assert [judged(text, "0").mistake for text in ("exp(-x**2)", "1e-12*x", "x*sin(x)")] == [None] * 3


def test_a_claim_that_agrees_says_at_how_many_points(mg: Run) -> None:
    done = mg("check", "x**2*sin(x)", "--claim", "2*x*sin(x) + x**2*cos(x)")
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        "x: 2*x*sin(x) + x**2*cos(x) agrees at 100 points (evidence, not proof)\n",
        "",
    )


def test_a_wrong_claim_shows_where_by_how_much_and_the_likely_mistake(mg: Run) -> None:
    done = mg("check", "sin(x**2)", "--claim", "cos(x**2)")
    assert (done.exit_code, done.stdout, done.stderr) == (
        1,
        "x: cos(x**2) differs at 99 of 100 points\n"
        "   largest relative difference at x = -0.5\n"
        "   claimed     0.968912\n"
        "   derivative  -0.968912\n"
        "   largest absolute difference 1205.06 at x = -607.0\n"
        "   likely mistake: the factor d(x**2)/dx of the chain rule is missing\n",
        "error: not the derivative with respect to x\n",
    )


def test_the_only_point_that_was_found_is_not_reported_as_given(mg: Run) -> None:
    narrow = "asin(1e7*(x - 0.5))"
    assert mg("check", narrow, "--claim", "1e7").stdout == "x: 1e7 agrees at 1 point (evidence, not proof)\n"
    differs = "x: 1 differs at 1 of 1 point\n   largest relative difference at x = 0.5\n"
    assert mg("check", narrow, "--claim", "1").stdout.startswith(differs)


def test_a_claim_is_compared_at_the_point_that_is_given(mg: Run) -> None:
    assert mg("check", "x**2", "-x", "3", "--claim", "6").stdout == "x: 6 agrees at the given point\n"
    done = mg("check", "x**2", "-x", "3", "--claim", "x", "--digits", "3")
    assert (done.exit_code, done.stdout, done.stderr) == (
        1,
        "x: x differs at the given point\n"
        "   claimed     3.0\n"
        "   derivative  6.0\n"
        "   likely mistake: the exponent of x**2 is missing as a factor\n",
        "error: not the derivative with respect to x\n",
    )


def test_variables_with_a_value_are_held_while_the_others_vary() -> None:
    assert judged("a*x**2", "6*x", a=3).differing == 0
    assert judged("a*x**2", "6*x").differing > 0


def test_several_claims_are_checked_each_by_its_name(mg: Run) -> None:
    done = mg("check", "e = a*b; L = (e + c)*f", "--claim", "e: f", "--claim", "f: e + c", "--claim", "a: f")
    assert (done.exit_code, done.stderr) == (1, "error: not the derivative with respect to a\n")
    assert done.stdout.splitlines()[:2] == [
        "e: f agrees at 100 points (evidence, not proof)",
        "f: e + c agrees at 100 points (evidence, not proof)",
    ]
    assert done.stdout.splitlines()[-1] == "   likely mistake: the constant factor b is missing"


def test_wrt_names_the_variable_of_a_single_claim(mg: Run) -> None:
    assert mg("check", "a*b", "--claim", "b", "--wrt", "a").exit_code == 0


def test_claims_are_written_as_one_document(mg: Run) -> None:
    done = mg("check", "a*b", "-b", "3", "--claim", "a: b", "--claim", "b: 2*a", "-a", "2", "--json")
    assert json.loads(done.stdout) == {
        "expression": "a*b",
        "variables": {"a": 2.0, "b": 3.0},
        "claims": {
            "a": {"claim": "b", "agrees": True, "points": 1, "differing": 0, "worst": None, "slip": None},
            "b": {
                "claim": "2*a",
                "agrees": False,
                "points": 1,
                "differing": 1,
                "worst": {"variables": {"a": 2.0, "b": 3.0}, "derivative": 2.0, "claimed": 4.0},
                "slip": "wrong constant factor: the claim is 2 times the derivative",
            },
        },
    }
    assert (done.exit_code, done.stderr) == (1, "error: not the derivative with respect to b\n")


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (
            ["a*b", "--claim", "b"],
            2,
            "error: the expression has 2 variables\nhint: say which: --claim 'a: b', --claim 'b: b'\n",
        ),
        (
            ["a*b", "--claim", "b", "--wrt", "a", "--wrt", "b"],
            2,
            "error: the claim 'b' does not say which of a, b it is for\nhint: write --claim 'NAME: b'\n",
        ),
        (
            ["a*b", "--claim", "b: a", "--wrt", "a"],
            2,
            "error: the claim 'b: a' is not with respect to a\nhint: leave out --wrt\n",
        ),
        (["2*3", "--claim", "1"], 2, "error: the expression has no variable\nhint: write one, as in x**2 with -x 3\n"),
        (["a*b", "--claim", "q: b"], 2, "error: the expression has no variable q\nhint: it has a, b\n"),
        (
            ["a*b", "--claim", "a: b + q"],
            2,
            "error: the expression has no q\n  b + q\n      ^\nhint: it has a, b\n",
        ),
        (
            ["alpha*b", "--claim", "b: alfa"],
            2,
            "error: the expression has no alfa\n  alfa\n  ^^^^\nhint: did you mean alpha?\n",
        ),
        (
            ["a*b", "--claim", "a: 2b"],
            2,
            "error: expected an operator, not b\n  2b\n  ^^\nhint: to multiply, write 2*b\n",
        ),
        (["a*b", "--claim", "a: b", "--claim", "a: a"], 2, "error: two claims for a: b and a\nhint: give only one\n"),
        (
            ["log(x)", "--claim", "1/log(-abs(x))"],
            1,
            "error: found no point where both the derivative with respect to x and the claim are defined\n"
            "hint: give x a value\n",
        ),
        (["log(x)", "-x", "-1", "--claim", "1/x"], 1, "error: log is not defined at -1.0\n  log(x)\n  ^^^^^^\n"),
        (
            ["x**2", "-x", "0", "--claim", "2*x**2/x"],
            1,
            "error: division is not defined at 0.0/0.0\n  2*x**2/x\n  ^^^^^^^^\n",
        ),
        (
            ["sqrt(x)", "-x", "0", "--claim", "1/(2*sqrt(x))"],
            1,
            "error: the derivative of sqrt is not defined at 0.0\n  sqrt(x)\n  ^^^^^^^\n",
        ),
    ],
)
def test_a_claim_that_cannot_be_checked_is_an_error_with_a_remedy(
    mg: Run, arguments: list[str], status: int, message: str
) -> None:
    done = mg("check", *arguments)
    assert (done.exit_code, done.stdout, done.stderr) == (status, "", message)


def test_the_library_raises_what_the_command_says() -> None:
    with pytest.raises(ExpressionError):
        judged("x**2", "2*y")
    with pytest.raises(EvaluationError):
        judged("log(-abs(x))", "1")


def test_a_claim_is_not_checked_at_a_kink() -> None:
    # At 0 the gradient of relu is a convention.
    assert judged("relu(x)", "sigmoid(1e9*x)").differing == 0
