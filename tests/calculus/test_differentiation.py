"""Derivatives as formulas: what a book prints, sympy, mpmath, and the numbers of the backward pass."""

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from graphs import bind, exact_value, random_graph, same, variables
from mpmath import mp, mpf
from references import WITHOUT_DERIVATIVE
from rows import rows
from symbolic import IN_SYMPY, derivative_by_sympy, has_slopes, is_clear, number_at

from mgcli import Value, derivative, functions, parse, parse_program
from mgcli.analysis import derivatives as at_a_point
from mgcli.calculus.differentiation import derivatives, numbers
from mgcli.errors import EvaluationError
from mgcli.graph.chain_rule import backward_pass
from mgcli.graph.node import leading_to, topological
from mgcli.graph.table import OPERATIONS, TABLE
from mgcli.language.program import Program
from mgcli.notation import equations, names_of_shared, program, statements

NAN = float("nan")


def written(root: Value, taken: Sequence[str] = ()) -> str:
    """Return the text of a formula, parts that are used more than once named where that is shorter."""
    return program(equations({"": root}, names_of_shared([root], taken)), "; ")


def derivative_at(text: str, point: float, order: int) -> float:
    """Return the derivative of that order of `text` at x = `point`. Raises EvaluationError."""
    source = parse_program(text)
    source.bind({"x": point})
    found = at_a_point.derivatives(source, source.variables, order, at_a_point=True)
    if found.failure:
        raise found.failure
    return found.values["x"]


def differentiated(text: str, order: int = 1, wrt: str = "x") -> str:
    source = parse_program(text)
    return written(derivative(source.root, source.node(wrt), order), source.known())


BOOK = [
    ("x", "1"),
    ("7*x", "7"),
    ("x**2", "2*x"),
    ("x**3", "3*x**2"),
    ("x**0", "0"),
    ("x**-2", "-2/x**3"),
    ("x**0.5", "0.5/x**0.5"),
    ("x**n", "n*x**(n - 1)"),
    ("1/x", "-1/x**2"),
    ("1/x**2", "-2/x**3"),
    ("sqrt(x)", "1/(2*sqrt(x))"),
    ("cbrt(x)", "1/(3*cbrt(x)**2)"),
    ("1/sqrt(x)", "-1/(2*sqrt(x)**3)"),
    ("3*x**2 - 4*x + 5", "6*x - 4"),
    ("a*x**2 + b*x + c", "2*a*x + b"),
    ("(x**2 + 1)**3", "6*x*(x**2 + 1)**2"),
    ("(2*x + 1)**5", "10*(2*x + 1)**4"),
    ("exp(x)", "exp(x)"),
    ("exp(3*x)", "3*exp(3*x)"),
    ("exp(-x)", "-exp(-x)"),
    ("exp(x**2)", "2*x*exp(x**2)"),
    ("exp(-x**2/2)", "-x*exp(-x**2/2)"),
    ("expm1(x)", "exp(x)"),
    ("2**x", "2**x*log(2)"),
    ("a**x", "a**x*log(a)"),
    ("x**x", "x**x*(log(x) + 1)"),
    ("exp(1)**x", "exp(x)"),
    ("exp(3*x)/exp(x)", "2*exp(2*x)"),
    # decimals
    ("x**1.3*abs(x)", "2.3*x**1.3"),
    ("x**1.4", "1.4*x**0.4"),
    ("0.3*x**3", "0.9*x**2"),
    ("k*x**0.3*y**0.7", "0.3*k*y**0.7/x**0.7"),
    ("100*exp(-0.05*x)", "-5*exp(-0.05*x)"),
    ("x**2.2/2.2", "x**1.2"),
    ("k*exp(-50000/(8.314*x))", "50000*k*exp(-50000/(8.314*x))/(8.314*x**2)"),
    ("n*(1 + x/12)**0.5", "n/(12*(x/3 + 4)**0.5)"),
    ("x**sin(x)", "x**sin(x)*(sin(x) + x*log(x)*cos(x))/x"),
    ("log(x)", "1/x"),
    ("log(3*x)", "1/x"),
    ("log(x**2)", "2/x"),
    ("log2(x)", "1/(x*log(2))"),
    ("log10(x)", "1/(x*log(10))"),
    ("log1p(x)", "1/(x + 1)"),
    ("x*log(x)", "log(x) + 1"),
    ("x*log(x) - x", "log(x)"),
    ("log(log(x))", "1/(x*log(x))"),
    ("log(x)/x", "(1 - log(x))/x**2"),
    ("1/log(x)", "-1/(x*log(x)**2)"),
    ("x**3*log(x)", "3*x**2*log(x) + x**2"),
    ("sin(x)", "cos(x)"),
    ("cos(x)", "-sin(x)"),
    ("tan(x)", "tan(x)**2 + 1"),
    ("sin(3*x)", "3*cos(3*x)"),
    ("sin(x)**2", "2*sin(x)*cos(x)"),
    ("cos(x**2)", "-2*x*sin(x**2)"),
    ("sin(x)*cos(x)", "1 - 2*sin(x)**2"),
    ("x**2*sin(x)", "2*x*sin(x) + x**2*cos(x)"),
    ("sin(x)/x", "(x*cos(x) - sin(x))/x**2"),
    ("sqrt(sin(x))", "cos(x)/(2*sqrt(sin(x)))"),
    ("log(sin(x))", "cos(x)/sin(x)"),
    ("log(cos(x))", "-tan(x)"),
    ("exp(sin(x))", "exp(sin(x))*cos(x)"),
    ("sin(cos(x))", "-cos(cos(x))*sin(x)"),
    ("x*exp(x)", "exp(x)*(x + 1)"),
    ("x**2*exp(-x)", "x*exp(-x)*(2 - x)"),
    ("exp(x)*sin(x)", "exp(x)*(sin(x) + cos(x))"),
    ("exp(a*x)*cos(b*x)", "exp(a*x)*(a*cos(b*x) - b*sin(b*x))"),
    ("exp(1/x)", "-exp(1/x)/x**2"),
    ("x**n*exp(-a*x)", "x**(n - 1)*exp(-a*x)*(n - a*x)"),
    ("asin(x)", "1/sqrt(1 - x**2)"),
    ("acos(x)", "-1/sqrt(1 - x**2)"),
    ("atan(x)", "1/(x**2 + 1)"),
    ("atan(x/a)", "a/(a**2 + x**2)"),
    ("sinh(x)", "cosh(x)"),
    ("cosh(x)", "sinh(x)"),
    ("tanh(x)", "1 - tanh(x)**2"),
    ("tanh(x)**2", "2*tanh(x)*(1 - tanh(x)**2)"),
    ("asinh(x)", "1/sqrt(x**2 + 1)"),
    ("acosh(x)", "1/sqrt(x**2 - 1)"),
    ("atanh(x)", "1/(1 - x**2)"),
    ("sigmoid(x)", "sigmoid(x)*(1 - sigmoid(x))"),
    ("log(1 - sigmoid(x))", "-sigmoid(x)"),
    ("-log(sigmoid(x))", "sigmoid(x) - 1"),
    ("-y*log(sigmoid(x)) - (1 - y)*log(1 - sigmoid(x))", "sigmoid(x) - y"),
    ("x*asin(x)", "asin(x) + x/sqrt(1 - x**2)"),
    ("x*sqrt(a**2 - x**2)", "(a**2 - 2*x**2)/sqrt(a**2 - x**2)"),
    ("cos(x)/(1 + sin(x))", "-1/(sin(x) + 1)"),
    ("sin(x)/(1 - cos(x))", "1/(cos(x) - 1)"),
    ("atan(x/2)", "2/(x**2 + 4)"),
    ("atan(x/3)/3", "1/(x**2 + 9)"),
    ("asin(x/2)", "1/sqrt(4 - x**2)"),
    ("acos(x/3)", "-1/sqrt(9 - x**2)"),
    ("(1 - sqrt(x))/(1 + sqrt(x))", "-1/(sqrt(x)*(sqrt(x) + 1)**2)"),
    ("(log(x) + 1)/(log(x) - 1)", "-2/(x*(log(x) - 1)**2)"),
    ("log(x + sqrt(x**2 - 1))", "1/sqrt(x**2 - 1)"),
    ("asinh(sqrt(x))", "1/(2*sqrt(x)*sqrt(x + 1))"),
    ("log(abs(x))", "1/x"),
    ("x*abs(x)", "2*abs(x)"),
    ("abs(x)**2", "2*x"),
    ("x**sqrt(x)", "x**sqrt(x)*(log(x) + 2)/(2*sqrt(x))"),
    ("(exp(x) - exp(-x))/(exp(x) + exp(-x))", "4/(exp(x) + exp(-x))**2"),
    ("softplus(x)", "sigmoid(x)"),
    ("1/(1 + exp(-x))", "exp(x)/(exp(x) + 1)**2"),
    ("erf(x)", "2*exp(-x**2)/sqrt(pi)"),
    ("hypot(x, y)", "x/hypot(x, y)"),
    ("atan2(x, y)", "y/(x**2 + y**2)"),
    ("sqrt(1 - x**2)", "-x/sqrt(1 - x**2)"),
    ("sqrt(x**2 + a**2)", "x/sqrt(a**2 + x**2)"),
    ("x*sqrt(1 - x)", "(2 - 3*x)/(2*sqrt(1 - x))"),
    ("x*sqrt(x**2 + 1)", "(2*x**2 + 1)/sqrt(x**2 + 1)"),
    ("x/sqrt(x**2 + 1)", "1/sqrt(x**2 + 1)**3"),
    ("sqrt(x)*log(x)", "(log(x) + 2)/(2*sqrt(x))"),
    ("sqrt(x)/(1 + x)", "(1 - x)/(2*sqrt(x)*(x + 1)**2)"),
    ("sqrt(x**2 + x)", "(2*x + 1)/(2*sqrt(x**2 + x))"),
    ("log(x + sqrt(x**2 + 1))", "1/sqrt(x**2 + 1)"),
    ("log(1/x)", "-1/x"),
    ("asin(sqrt(x))", "1/(2*sqrt(x)*sqrt(1 - x))"),
    ("atan(sqrt(x))", "1/(2*sqrt(x)*(x + 1))"),
    ("x**2*sin(1/x)", "2*x*sin(1/x) - cos(1/x)"),
    ("sin(x)/(1 + cos(x))", "1/(cos(x) + 1)"),
    ("cos(x)/sin(x)", "-1/sin(x)**2"),
    ("sinh(x)/cosh(x)", "1/cosh(x)**2"),
    ("x*cbrt(x)", "4*cbrt(x)/3"),
    ("1/(1 + x**2)", "-2*x/(x**2 + 1)**2"),
    ("x/(1 + x)", "1/(x + 1)**2"),
    ("x/(x**2 + 1)", "(1 - x**2)/(x**2 + 1)**2"),
    ("(x - 1)/(x + 1)", "2/(x + 1)**2"),
    ("(a*x + b)/(c*x + d)", "(a*d - b*c)/(c*x + d)**2"),
]


@rows(("text", "expected"), BOOK)
def test_a_derivative_is_printed_as_in_a_textbook(text: str, expected: str) -> None:
    assert differentiated(text) == expected


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("log(1 + x)", 10, "-362880/(x + 1)**10"),
        ("exp(x)*sin(x)", 10, "32*exp(x)*cos(x)"),
        ("x**10", 10, "3628800"),
        ("x**10", 11, "0"),
        ("1/x", 5, "-120/x**6"),
        ("sqrt(x)", 2, "-1/(4*sqrt(x)**3)"),
        ("tanh(x)", 2, "2*tanh(x)*(tanh(x)**2 - 1)"),
        ("sigmoid(x)", 3, "sigmoid(x)*(1 - sigmoid(x))*(6*sigmoid(x)**2 - 6*sigmoid(x) + 1)"),
        ("x*exp(x)", 3, "exp(x)*(x + 3)"),
        ("exp(-x**2)", 2, "2*exp(-x**2)*(2*x**2 - 1)"),
        ("log(x + sqrt(x**2 + 1))", 2, "-x/sqrt(x**2 + 1)**3"),
        ("x**x", 2, "x**(x - 1)*(x*log(x)**2 + 2*x*log(x) + x + 1)"),
        ("1/(1 + x**2)", 3, "24*x*(1 - x**2)/(x**2 + 1)**4"),
        ("asin(sqrt(x))", 2, "(2*x - 1)/(4*sqrt(x)**3*sqrt(1 - x)**3)"),
        ("x**2*sin(x)", 2, "2*sin(x) + 4*x*cos(x) - x**2*sin(x)"),
        ("log(log(x))", 2, "-(log(x) + 1)/(x**2*log(x)**2)"),
    ],
)
def test_a_higher_derivative_is_as_short_as_in_a_textbook(text: str, order: int, expected: str) -> None:
    assert differentiated(text, order) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("relu(x)", "where(x > 0, 1, 0)"),
        ("relu(sqrt(x) - 1)", "where(sqrt(x) - 1 > 0, 1/(2*sqrt(x)), 0)"),
        (
            "relu(relu(sqrt(x) - 1) - 2)",
            "where(relu(sqrt(x) - 1) - 2 > 0, where(sqrt(x) - 1 > 0, 1/(2*sqrt(x)), 0), 0)",
        ),
        ("x*relu(x)", "relu(x) + where(x > 0, x, 0)"),
        ("abs(x)", "sign(x)"),
        ("max(x, 2)", "where(x > 2, 1, where(x == 2, 0.5, 0))"),
        ("max(x**2, x)", "where(x**2 > x, 2*x, where(x**2 == x, x + 0.5, 1))"),
        ("where(x > 0, 2*x, 0) + where(x > 0, 0, -x)", "where(x > 0, 2, -1)"),
    ],
)
def test_a_condition_encloses_the_whole_contribution(text: str, expected: str) -> None:
    assert differentiated(text) == expected


def test_a_branch_that_is_not_taken_stays_closed_in_the_formula() -> None:
    x = Value(0.0, "x")
    slope = derivative(functions.relu(x.sqrt() - 1), x)
    assert slope.data == 0.0


def test_an_operation_is_not_entered_if_every_path_to_it_is_closed() -> None:
    x = Value(0.0, "x")
    root = x.sqrt()
    u = functions.relu(root - 1) + functions.max(root - 2, 0.0)
    assert derivative(u, x).data == 0.0
    open_way = functions.relu(root - 1) + root
    assert math.isnan(derivative(open_way, x).data)


def test_a_ladder_of_choices_grows_in_proportion() -> None:
    x = Value(0.5, "x")
    sizes = []
    for steps in (20, 40, 80):
        y = x
        for _ in range(steps):
            y = functions.max(y.sin() * 1.1, y * 0.9)
        sizes.append(len(topological(derivative(y, x))))
    assert sizes[2] - sizes[1] < 2.2 * (sizes[1] - sizes[0])


# sympy


def defined(root: Value, point: dict[str, float]) -> bool:
    """Whether `root` has a value at `point`, and no number on the way to it is huge."""
    bind(root, point)
    return root.data == root.data and not any(abs(node.data) > 1e6 for node in topological(root))


def read_back(text: str, point: dict[str, float]) -> Program:
    again = parse_program(text)
    again.bind({name: value for name, value in point.items() if name in again.variables})
    return again


# A comparison is drawn as the condition of a choice alone: that is where the language has it.
DRAWN = [OPERATIONS["where"] if operation.compares else operation for operation in TABLE]
# Every operand of every operation, but those with respect to which there is no derivative.
OPERANDS = {(operation.name, index) for operation in TABLE for index in range(operation.arity)} - WITHOUT_DERIVATIVE


def test_every_operation_has_a_form_in_sympy() -> None:
    assert IN_SYMPY.keys() == OPERATIONS.keys()


@pytest.mark.parametrize(
    ("count", "each"), [(25, 0), pytest.param(300, 1, marks=pytest.mark.slow)], ids=["some", "every operation"]
)
def test_random_expressions_over_the_whole_table_agree_with_sympy(count: int, each: int) -> None:
    choose = random.Random(7)
    reached: Counter[tuple[str, int]] = Counter()
    agreed = []
    for _ in range(4_000):
        root = random_graph(choose, DRAWN)
        points = [{"x": choose.uniform(-2, 3), "y": choose.uniform(-2, 3)} for _ in range(4)]
        x = variables(root).get("x")
        points = [point for point in points if x and defined(root, point) and is_clear(root, point)]
        compared = compared_with_sympy(root, x, points) if x and points else []
        if x and compared:
            reached.update(operands_above(root, x))
            agreed.append(all(compared))
        if len(agreed) >= count and min(reached[operand] for operand in OPERANDS) >= each:
            break
    assert len(agreed) >= count
    assert [operand for operand in sorted(OPERANDS) if reached[operand] < each] == []
    # A few expressions magnify the rounding of their operands: sin(exp(x)) at 20.
    assert sum(agreed) >= 0.98 * len(agreed)


def compared_with_sympy(root: Value, x: Value, points: list[dict[str, float]]) -> list[bool]:
    """Check the derivative with respect to `x` at `points`, with many digits; return for each whether floats agree too.

    A point where sympy has no number is left out, and one where an operation has no derivative. The
    formula is read back from its text.
    """
    found = derivative(root, x)
    expected_at = derivative_by_sympy(root)
    compared = []
    for point in points:
        bind(root, point)
        expected = number_at(expected_at, point)
        if mp.isnan(expected) or mp.isnan(exact_value(root, point)):
            continue
        if backward_pass(root, [x]):
            assert not has_slopes(root, point), (statements(root), point)
            continue
        tolerance = 1e-9 * max(1, abs(expected))
        assert abs(exact_value(found, point) - expected) <= tolerance, (statements(root), point)
        bind(found, point)
        compared.append(abs(found.data - expected) <= tolerance)
    if compared:
        text = written(found)
        again = read_back(text, points[-1])
        assert same(again.root, found), text
        assert program(equations({"": again.root}, again.names), "; ") == text
    return compared


def operands_above(root: Value, x: Value) -> set[tuple[str, int]]:
    """Return the operands, each as its operation and its index there, that depend on `x`."""
    nodes = topological(root)
    active = leading_to({x}, nodes)
    return {
        (node.operation.name, index)
        for node in nodes
        for index, below in enumerate(node._prev)
        if node.operation and below in active
    }


def test_random_derivatives_are_the_numbers_of_the_backward_pass() -> None:
    choose = random.Random(11)
    compared = 0
    while compared < 300:
        root = random_graph(choose, list(TABLE), most=12)
        point = {"x": choose.uniform(-2, 3), "y": choose.uniform(-2, 3)}
        if not defined(root, point) or backward_pass(root):
            continue
        by_name = variables(root)
        expected = {name: node.grad for name, node in by_name.items()}
        found = derivatives(root, list(by_name.values()))
        if any(node._op == "**" and node._prev[0].data == 0 for node in topological(root)):
            # By its exponent the textbook form has no value at 0**y, where the convention has one.
            continue
        for name, formula in zip(by_name, found, strict=True):
            assert formula.data == pytest.approx(expected[name], rel=1e-7, abs=1e-9), statements(root)
        compared += 1


SMOOTH = [
    ("log(1 + x)", lambda x: mp.log(1 + x)),
    ("exp(x)*sin(x)", lambda x: mp.exp(x) * mp.sin(x)),
    ("tanh(x)", mp.tanh),
    ("sigmoid(x)", lambda x: 1 / (1 + mp.exp(-x))),
    ("sin(x)/x", lambda x: mp.sin(x) / x),
    ("1/(1 + x**2)", lambda x: 1 / (1 + x * x)),
    ("sqrt(x)", mp.sqrt),
    ("x**2.5", lambda x: x ** mpf(2.5)),
    ("erf(x)", mp.erf),
    ("atan(x**2)", lambda x: mp.atan(x * x)),
    ("log(log(x + 2))", lambda x: mp.log(mp.log(x + 2))),
    ("x**3*exp(-x)", lambda x: x**3 * mp.exp(-x)),
    ("tan(x/4)", lambda x: mp.tan(x / 4)),
    ("cbrt(x)", mp.cbrt),
]


@pytest.mark.parametrize(
    "at_a_point", [(1, 2, 3, 10), pytest.param(range(1, 11), marks=pytest.mark.slow)], ids=["some", "every order"]
)
@pytest.mark.parametrize(("text", "function"), SMOOTH)
def test_orders_1_to_10_agree_with_mpmath(text: str, function: Callable[..., Any], at_a_point: Sequence[int]) -> None:
    root = parse(text, x=0.75)
    x = variables(root)["x"]
    with mp.workdps(50):
        coefficients = mp.taylor(function, mpf(0.75), 10, singular=False)
    formula = root
    for order in range(1, 11):
        expected = coefficients[order] * mp.factorial(order)
        if order in at_a_point:
            assert derivative_at(text, 0.75, order) == pytest.approx(float(expected), rel=1e-9)
        formula = derivative(formula, x)
        with mp.workdps(60):
            assert abs(exact_value(formula, {"x": 0.75}) / expected - 1) < 1e-15


def test_the_derivative_of_lines_that_each_use_the_line_before_twice_stays_short() -> None:
    lines = ["y0 = x", *(f"y{n} = sin(y{n - 1})*y{n - 1}" for n in range(1, 61))]
    text = differentiated("; ".join(lines))
    assert len(text) < 10_000
    again = read_back(text, {"x": 0.5})
    root = parse("; ".join(lines), x=0.5)
    assert again.root.data == pytest.approx(numbers(root, variables(root))["x"])


def test_what_a_choice_gives_reads_back() -> None:
    for text in ("relu(sqrt(x) - 1)", "max(x**2, x)*abs(x)", "min(sin(x), cos(x))"):
        source = parse_program(text)
        found = derivative(source.root, source.node("x"))
        assert same(parse(written(found)), found)


def test_the_result_is_a_graph_on_the_same_variables() -> None:
    x, y = Value(3.0, "x"), Value(2.0, "y")
    slope = derivative(x * x * y, x)
    assert slope.data == 12.0
    slope.backward()
    assert (x.grad, y.grad) == (4.0, 6.0)
    assert derivative(slope, y).data == 6.0


def test_the_graph_that_is_differentiated_is_not_changed() -> None:
    root = parse("e = log(x)*x/0; e + a", x=-1, a=2)
    before = [(node, repr(node.data), node.grad, node.label, node.error) for node in topological(root)]
    derivative(root, variables(root)["x"])
    assert [(node, repr(node.data), node.grad, node.label, node.error) for node in topological(root)] == before


def test_what_does_not_depend_on_the_variable_has_the_derivative_0() -> None:
    x = Value(3.0, "x")
    assert derivative(Value(2.0, "y") * 2, x).data == 0.0
    assert derivative(x, x).data == 1.0


def test_a_derivative_with_respect_to_an_intermediate_is_written_in_terms_of_it() -> None:
    root = parse("e = a*b; L = e**2 + a", a=2, b=-3)
    e = next(node for node in topological(root) if node.label == "e")
    slope = derivative(root, e)
    assert program(equations({"": slope}, names_of_shared([slope], kept={e})), "; ") == "e = a*b; 2*e"
    assert slope.data == -12.0
    assert derivative(root, e, order=2).data == 2.0


def test_a_number_with_a_name_is_a_variable_of_the_formula() -> None:
    source = parse_program("a = 2; b = -3; L = a*b*x")
    slope = derivative(source.root, source.node("x"))
    kept = {source.node("a"), source.node("b")}
    assert all(map(Value.is_input, kept))
    text = program(equations({"": slope}, names_of_shared([slope], kept=kept)), "; ")
    assert text == "a = 2; b = -3; a*b"


def test_constants_are_not_differentiated() -> None:
    x = Value(-1.0, "x")
    assert derivative(x**2, x).data == -2.0
    assert differentiated("(-2)**3*x + x/0*0") == "-8"


@pytest.mark.parametrize(
    ("text", "point", "order", "message"),
    [
        ("sqrt(x)", 0, 1, "the derivative of sqrt is not defined at 0.0"),
        ("log(x)", -1, 1, "log is not defined at -1.0"),
        (
            "x**1.5",
            0,
            2,
            "the derivative is not differentiable itself: "
            "the derivative of power with respect to its first operand is not defined",
        ),
        (
            "x**2.5",
            0,
            3,
            "the second derivative is not differentiable itself: "
            "the derivative of power with respect to its first operand",
        ),
    ],
)
def test_a_derivative_without_a_value_says_why(text: str, point: int, order: int, message: str) -> None:
    with pytest.raises(EvaluationError) as refused:
        derivative_at(text, point, order)
    assert refused.value.message.startswith(message)


def test_the_numbers_of_a_gradient_are_those_of_stable_forms() -> None:
    x = Value(20.0, "x")
    found = numbers(x.tanh(), {"x": x, "y": Value(0.0, "y")})
    assert found == {"x": pytest.approx(1.6993417021166355e-17, rel=1e-15), "y": 0.0}


def test_an_order_is_1_or_more() -> None:
    x = Value(1.0, "x")
    with pytest.raises(ValueError, match="the order of a derivative is 1 or more, not 0"):
        derivative(x, x, 0)


@pytest.mark.parametrize("depth", [1_200, pytest.param(5_000, marks=pytest.mark.slow)])
def test_a_deep_graph_is_handled(depth: Any) -> None:
    root = parse("sin(" * depth + "x" + ")" * depth, x=0.5)
    slope = derivative(root, variables(root)["x"])
    assert slope.data == pytest.approx(numbers(root, variables(root))["x"])
    long = parse(" + ".join(f"x*{index}" for index in range(depth)), x=1)
    assert derivative(long, variables(long)["x"]).data == sum(range(depth))
