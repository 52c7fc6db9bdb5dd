"""The mistake that explains a wrong derivative."""

import pytest

from mgcli import parse_program
from mgcli.analysis.claims import Claim, judge

SLIPS = [
    # A sign.
    ("cos(x)", "sin(x)", "wrong sign"),
    ("1/x", "1/x**2", "wrong sign"),
    ("acos(x)", "1/sqrt(1 - x**2)", "wrong sign"),
    ("cosh(x)", "-sinh(x)", "wrong sign"),
    ("x*cos(x)", "cos(x) + x*sin(x)", "wrong sign of the term with d(cos(x))/dx"),
    ("x**2 - sin(x)", "2*x + cos(x)", "wrong sign of the term with d(sin(x))/dx"),
    ("3*x**2 - 4*x + 5", "6*x + 4", "wrong sign of the term with d(4*x)/dx"),
    ("y*exp(cos(x))", "y*exp(cos(x))*sin(x)", "wrong sign"),
    # The chain rule.
    ("sin(x**2)", "cos(x**2)", "the factor d(x**2)/dx of the chain rule is missing"),
    ("exp(3*x)", "exp(3*x)", "the factor d(3*x)/dx of the chain rule is missing"),
    ("exp(-x)", "exp(-x)", "the factor d(-x)/dx of the chain rule is missing"),
    ("(2*x + 1)**3", "3*(2*x + 1)**2", "the factor d(2*x + 1)/dx of the chain rule is missing"),
    ("log(x**2 + 1)", "1/(x**2 + 1)", "the factor d(x**2 + 1)/dx of the chain rule is missing"),
    ("sqrt(1 - x)", "1/(2*sqrt(1 - x))", "the factor d(1 - x)/dx of the chain rule is missing"),
    ("1/(x**2 + 1)", "-1/(x**2 + 1)**2", "the factor d(x**2 + 1)/dx of the chain rule is missing"),
    ("sin(cos(x**2))", "-cos(cos(x**2))*sin(x**2)", "the factor d(x**2)/dx of the chain rule is missing"),
    ("u = x**2; tanh(u)", "1 - tanh(x**2)**2", "the factor du/dx of the chain rule is missing"),
    (
        "sin(2*x)*cos(3*x)",
        "cos(2*x)*cos(3*x) - sin(2*x)*sin(3*x)",
        "the factor d(3*x)/dx of the chain rule is missing; the same elsewhere",
    ),
    ("sin(x**2)", "2*x", "the derivative of sin is missing next to d(x**2)/dx"),
    ("sin(x**2)", "cos(2*x)", "the derivative of sin is taken at d(x**2)/dx, not at x**2"),
    ("sin(x**2)", "cos(2*x)*2*x", "the derivative of sin is taken at d(x**2)/dx, not at x**2"),
    # The product rule.
    ("x**2*sin(x)", "2*x*sin(x)", "a term of the product rule is missing, the one with d(sin(x))/dx"),
    ("x**2*sin(x)", "x**2*cos(x)", "a term of the product rule is missing, the one with d(x**2)/dx"),
    ("x*exp(x)", "exp(x)", "a term of the product rule is missing, the one with d(exp(x))/dx"),
    ("x*log(x)", "1", "a term of the product rule is missing, the one with dx/dx"),
    ("x**2*sin(x)", "2*x*cos(x)", "(u*v)' is not u'*v', at x**2*sin(x)"),
    ("3*sin(x)", "cos(x)", "the constant factor 3 is missing"),
    ("x**2/7", "2*x", "the division by 7 is missing"),
    # The quotient rule.
    ("x/(x + 1)", "1/(x + 1)", "a term of the quotient rule is missing, the one with d(x + 1)/dx"),
    ("sin(x)/x", "-sin(x)/x**2", "a term of the quotient rule is missing, the one with d(sin(x))/dx"),
    (
        "x/(x**2 + 1)",
        "(x**2 + 1 + 2*x**2)/(x**2 + 1)**2",
        "wrong sign in the quotient rule, (u'*v - u*v')/v**2, at x/(x**2 + 1)",
    ),
    ("x/(x**2 + 1)", "1/(2*x)", "(u/v)' is not u'/v', at x/(x**2 + 1)"),
    ("sin(x)/x", "x*cos(x) - sin(x)", "the quotient rule divides by the square of the denominator, x"),
    ("sin(x)/x", "(x*cos(x) - sin(x))/x", "the quotient rule divides by the square of the denominator, x"),
    # The power rule.
    ("x**2", "2*x**2", "the power of x**2 is not lowered"),
    ("x**3", "3*x**3", "the power of x**3 is not lowered"),
    ("5*x**4 + x", "20*x**4 + 1", "the power of x**4 is not lowered"),
    ("x**3 + x**2", "3*x**3 + 2*x**2", "the power of x**2 is not lowered; the same elsewhere"),
    ("(x + 1)**5", "5*(x + 1)**5", "the power of (x + 1)**5 is not lowered"),
    ("x**-2", "-2*x**-1", "the power of x**-2 is raised, not lowered"),
    ("x**3", "x**2", "the exponent of x**3 is missing as a factor"),
    ("x**3", "2*x**2", "the exponent of x**3 is lowered too early"),
    ("2**x", "x*2**(x - 1)", "the power rule does not apply to a variable exponent, at 2**x"),
    ("exp(x)", "x*exp(x - 1)", "the power rule does not apply to a variable exponent, at exp(x)"),
    ("2**x", "2**x", "the factor log(2) is missing"),
    # Sine for cosine.
    ("sin(x)", "sin(x)", "sin for cos in the derivative of sin(x)"),
    ("cos(x)", "cos(x)", "cos for -sin in the derivative of cos(x)"),
    ("cos(x)", "-cos(x)", "-cos for -sin in the derivative of cos(x)"),
    ("sin(x**2)", "2*x*sin(x**2)", "sin for cos in the derivative of sin(x**2)"),
    ("x*cos(x)", "cos(x) - x*cos(x)", "-cos for -sin in the derivative of cos(x)"),
    ("sinh(x)", "cos(x)", "cos for cosh in the derivative of sinh(x)"),
    ("log(x)", "log(x)", "log(x) is not differentiated"),
    # The rest.
    ("x**2 + sin(x)", "2*x", "a term of the sum is missing: d(sin(x))/dx"),
    ("x**2 + 5", "2*x + 5", "an extra constant: the claim is the derivative + 5"),
    ("sqrt(x)", "1/sqrt(x)", "wrong constant factor: the claim is 2 times the derivative"),
    ("x*y", "x", "this is the derivative with respect to y"),
    ("x/y + y", "x/y + y", "this is the expression itself, not its derivative"),
    ("atan(x)", "1/(1 + x)", None),
    ("tan(x)", "1/cos(x)", None),
]


def mistake(text: str, formula: str, name: str = "x", **values: float) -> str | None:
    program = parse_program(text, values)
    judgement = judge(program, Claim(program, name, formula), values)
    assert judgement.differing > 0
    return judgement.mistake


@pytest.mark.parametrize(("text", "formula", "words"), SLIPS)
def test_a_typical_mistake_is_named(text: str, formula: str, words: str | None) -> None:
    assert mistake(text, formula) == words


@pytest.mark.parametrize("x", [1.0, 2.0, 0.3])
def test_a_mistake_is_identified_by_the_formula_and_not_by_its_number_at_one_point(x: float) -> None:
    # At 2, x**2 and 2*x are the same number.
    assert mistake("x**3", "2*x**2", x=x) == "the exponent of x**3 is lowered too early"


def test_a_claim_that_is_a_number_is_judged_by_its_number() -> None:
    assert mistake("sin(3*x)", "-0.9899924966004454", x=1) == "the factor d(3*x)/dx of the chain rule is missing"
    assert mistake("sin(3*x)", "12.3", x=1) is None


@pytest.mark.parametrize(
    ("text", "formula"),
    [("log(x - 1000)", "1"), ("acosh(x) + x", "exp(x)"), ("sqrt(1e-8 - x**2)", "2*x"), ("sin(3*x)", "0.25")],
)
def test_a_function_that_is_not_in_the_claim_is_not_a_mistake(text: str, formula: str) -> None:
    found = mistake(text, formula)
    assert found is None or " is not " not in found


def test_a_mistake_in_the_derivative_with_respect_to_an_intermediate() -> None:
    assert mistake("e = a*b; L = sin(e)*f", "f*sin(e)", "e") == "sin for cos in the derivative of sin(e)"
    assert mistake("e = a*b; L = e**2*a", "2*e*b*a", "a") == "a term of the product rule is missing, the one with da/da"


def test_a_branch_that_is_not_taken_has_no_mistake() -> None:
    assert mistake("max(x, 0) + x**2", "relu(x)/abs(x) + 2*x**2") == "the power of x**2 is not lowered"
    assert mistake("where_ = min(x, log(x)); where_*3", "1/x") == "the constant factor 3 is missing"


def test_a_habit_where_no_branch_is_taken_changes_nothing() -> None:
    words = mistake("relu(sin(sin(x)))", "relu(sin(sin(x)))/abs(sin(sin(x)))*sin(sin(x))*sin(x)")
    assert words == "sin for cos in the derivative of sin(sin(x)); the same elsewhere"


def test_a_long_formula_is_cut() -> None:
    long = "*".join(["(x + 1)"] * 20)
    words = mistake(f"sin({long})", f"cos({long})")
    assert words == "the factor d((x + 1)*(x + 1)*(x + 1)*(x + 1)*(x + ...)/dx of the chain rule is missing"
