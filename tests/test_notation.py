"""Graphs written as text and as LaTeX, and read back."""

import math
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rows import rows
from running import Run

from mgcli import ExpressionError, Program, Value, functions, parse_program
from mgcli.graph.node import topological
from mgcli.graph.table import CONSTANTS, FUNCTIONS
from mgcli.graph.value import constant
from mgcli.notation import LATEX, TEXT, expression, latex_name, number_text, short_number, statements, written_nodes


def names_of(program: Program) -> dict[Value, str]:
    return {node: name for name, node in program.variables.items()}


def as_text(text: str) -> str:
    """A text of one statement, read and written."""
    program = parse_program(text)
    return expression(program.root, names_of(program), TEXT)


def as_latex(text: str) -> str:
    program = parse_program(text)
    return expression(program.root, names_of(program), LATEX)


def rewritten(program: Program, separator: str = "\n") -> str:
    return statements(program.root, program.names, separator)


def operands_first(program: Program) -> list[Value]:
    """The nodes in an order that the graph alone decides: hypot(hypot(x, x), y) is written hypot(x, x, y)."""
    ordered: dict[Value, None] = {}

    def add(node: Value) -> None:
        if node not in ordered:
            for operand in node._prev:
                add(operand)
            ordered[node] = None

    for node in (*program.names.values(), program.root, *program.nodes):
        add(node)
    return list(ordered)


def graph(program: Program) -> object:
    """Everything that makes one program the same as another: nodes, operands, who is shared, names, the result."""
    nodes = operands_first(program)
    indices = {node: index for index, node in enumerate(nodes)}
    return (
        [(node._op, node.label, repr(node.data), [indices[operand] for operand in node._prev]) for node in nodes],
        {name: indices[node] for name, node in program.names.items()},
        {name: indices[node] for name, node in program.variables.items()},
        indices[program.root],
    )


# Random programs: several statements, names used again, every operator and function

NUMBERS = ["0", "1", "2.5", "1e-3", "1e300", "123456789", "0.1"]
UNARY = sorted(name for name, operation in FUNCTIONS.items() if operation.arity == 1)
BINARY = sorted(name for name, operation in FUNCTIONS.items() if operation.arity == 2)


def expressions(names: list[str], max_leaves: int = 8) -> st.SearchStrategy[str]:
    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds("({}) {} ({})".format, inner, st.sampled_from(["+", "-", "*", "/", "**", "^"]), inner),
            st.builds("{}({})".format, st.sampled_from(["-", "+", *UNARY]), inner),
            st.builds("{}({}, {})".format, st.sampled_from(BINARY), inner, inner),
        )

    return st.recursive(st.sampled_from([*names, *NUMBERS, *CONSTANTS]), larger, max_leaves=max_leaves)


@st.composite
def programs(draw: st.DrawFn) -> str:
    names = ["x", "y", "sin", "θ1"]
    lines = []
    for name in draw(st.lists(st.sampled_from(["p", "q", "r", "s", "exp"]), max_size=4, unique=True)):
        lines.append(f"{name} = {draw(expressions(names))}")
        names.append(name)
    if not lines or draw(st.booleans()):
        lines.append(draw(expressions(names)))
    return "\n".join(lines)


@settings(max_examples=settings().max_examples // 4)
@given(programs())
def test_a_program_written_and_read_again_is_the_same_graph(text: str) -> None:
    program = parse_program(text)
    written = rewritten(program)
    again = parse_program(written)
    assert graph(again) == graph(program)
    assert rewritten(again) == written


@settings(max_examples=settings().max_examples // 2)
@given(expressions(["x", "y"]))
def test_an_expression_written_and_read_again_is_the_same_graph(text: str) -> None:
    program = parse_program(text)
    again = parse_program(expression(program.root, names_of(program)))
    assert graph(again) == graph(program)


@rows("name", FUNCTIONS)
def test_every_function_is_written_by_its_first_name(name: str) -> None:
    operands = "a, b, c"[: 3 * FUNCTIONS[name].arity - 2]
    written = as_text(f"{name}({operands})")
    assert written == ("a**b" if name == "pow" else f"{FUNCTIONS[name].name}({operands})")


# Parentheses


def pairs(text: str) -> list[tuple[int, int]]:
    found, opened = [], []
    for index, character in enumerate(text):
        if character == "(":
            opened.append(index)
        elif character == ")":
            found.append((opened.pop(), index))
    return found


def read(text: str) -> object:
    try:
        return graph(parse_program(text))
    except ExpressionError:
        return None


ARITHMETIC = st.recursive(
    st.sampled_from(["a", "b", "2"]),
    lambda inner: st.one_of(
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner),
        st.builds("{}({})".format, st.sampled_from(["-", "abs"]), inner),
        st.builds("atan2({}, {})".format, inner, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=settings().max_examples // 2)
@given(ARITHMETIC)
def test_no_pair_of_parentheses_can_be_left_out(text: str) -> None:
    written = as_text(text)
    expected = read(text)
    assert read(written) == expected
    for opening, closing in pairs(written):
        without = written[:opening] + " " + written[opening + 1 : closing] + " " + written[closing + 1 :]
        assert read(without) != expected


@rows(
    ("text", "written"),
    [
        ("( a+b )*c", "(a + b)*c"),
        ("((a*b))+(c)", "a*b + c"),
        ("a+(b+c)", "a + (b + c)"),
        ("(a+b)+c", "a + b + c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("a*(b*c)", "a*(b*c)"),
        ("a/(b/c)", "a/(b/c)"),
        ("(a/b)/c", "a/b/c"),
        ("a/(b*c)", "a/(b*c)"),
        ("a/b*c", "a/b*c"),
        ("(a**b)**c", "(a**b)**c"),
        ("a^b^c", "a**b**c"),
        ("-(x^2)", "-x**2"),
        ("(-x)^2", "(-x)**2"),
        ("2^(-1)", "2**-1"),
        ("2**(-x**2)", "2**-x**2"),
        ("a*(-b)", "a*-b"),
        ("(-a)*b", "-a*b"),
        ("-(a*b)", "-(a*b)"),
        ("-(-x)", "--x"),
        ("a-(-b)", "a - -b"),
        ("a+(-b)", "a + -b"),
        ("+a", "a"),
        ("sin((x))", "sin(x)"),
        ("sin(x)^2", "sin(x)**2"),
        ("hypot( x+1,y )", "hypot(x + 1, y)"),
        ("pow(a+b, 2)", "(a + b)**2"),
        ("ln(2*pi)", "log(2*pi)"),
        ("1.0*x + 2.50", "1*x + 2.5"),
        ("1_000*x", "1000*x"),
        ("1e3", "1000"),
        ("1e300*x", "1e+300*x"),
        ("0.1e-6", "1e-07"),
        ("sin*sin(sin)", "sin*sin(sin)"),
    ],
)
def test_an_expression_is_written_with_its_operators_spaced_and_the_fewest_parentheses(text: str, written: str) -> None:
    assert as_text(text) == written


# Statements


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("e=a*b;d=e+c;L=d*f", "e = a*b; d = e + c; L = d*f"),
        ("e=a*b; e*e", "e = a*b; e*e"),
        ("a=2; b=-3; a*b", "a = 2; b = -3; a*b"),
        ("p=x**2; q=p; q*x", "p = x**2; q = p; p*x"),
        ("p=x**2; q=p", "p = x**2; q = p"),
        ("p=2; q=3; p", "p = 2; q = 3; p"),
        ("u=log(x); 3*x", "u = log(x); 3*x"),
        ("pi=3; pi*2", "pi = 3; pi*2"),
        ("x", "x"),
        ("2", "2"),
        ("tau", "tau"),
    ],
)
def test_a_program_is_written_with_the_statements_that_it_has(text: str, written: str) -> None:
    assert rewritten(parse_program(text), "; ") == written


@pytest.mark.parametrize("text", ["q = x; q*2", "q = x", "q = x; x*q", "q = x; r = q; r + y", "y*2 + x*0", "q = x; 2"])
def test_an_alias_of_a_variable_is_written_as_one(text: str) -> None:
    program = parse_program(text)
    again = parse_program(rewritten(program))
    assert graph(again) == graph(program)


def test_statements_are_one_per_line_by_default() -> None:
    program = parse_program("e = a*b; e + 1")
    assert statements(program.root, program.names) == "e = a*b\ne + 1"


def test_a_value_bound_to_a_variable_is_not_part_of_the_text() -> None:
    program = parse_program("e = a*b; e + 1")
    program.bind({"a": 2.0, "b": 3.0})
    assert rewritten(program, "; ") == "e = a*b; e + 1"


# Graphs made in Python


def test_the_notebook_s_graph_is_written_with_its_labels() -> None:
    a, b, c, f = Value(2.0, "a"), Value(-3.0, "b"), Value(10.0, "c"), Value(-2.0, "f")
    e = a * b
    e.label = "e"
    d = e + c
    d.label = "d"
    root = d * f
    root.label = "L"
    assert statements(root) == "e = a*b\nd = e + c\nL = d*f"


def test_a_shared_node_without_a_label_becomes_a_statement() -> None:
    x = Value(3.0, "x")
    s = x * x + 1
    assert statements(s * s - s.sin()) == "v1 = x*x + 1\nv1*v1 - sin(v1)"


def test_each_shared_node_becomes_a_separate_statement() -> None:
    x = Value(3.0, "x")
    s = x + 1
    t = s * s
    assert statements(t / t) == "v1 = x + 1\nv2 = v1*v1\nv2/v2"


def test_what_is_used_once_is_written_where_it_is_used() -> None:
    x = Value(3.0, "x")
    assert statements((x + 1) * (x - 2) ** 2) == "(x + 1)*(x - 2)**2"


def test_a_new_name_differs_from_those_in_use() -> None:
    x, v1, v3 = Value(3.0, "x"), Value(4.0, "v1"), Value(5.0, "v3")
    s = x + v1
    t = s * s * v3
    assert statements(t / t) == "v2 = x + v1\nv4 = v2*v2*v3\nv4/v4"


def test_a_doubling_chain_is_as_long_in_text_as_in_nodes() -> None:
    node = Value(1.0, "x")
    for _ in range(5):
        node = node + node
    assert statements(node) == "v1 = x + x\nv2 = v1 + v1\nv3 = v2 + v2\nv4 = v3 + v3\nv4 + v4"


def test_variables_with_the_same_label_get_different_names() -> None:
    first, second = Value(2.0, "a"), Value(3.0, "a")
    assert statements(first - second * first) == "a - a2*a"


def test_a_node_with_the_label_of_a_variable_gets_a_different_name() -> None:
    a = Value(2.0, "a")
    e = a * 3
    e.label = "a"
    assert statements(e + a) == "a2 = a*3\na2 + a"


@pytest.mark.parametrize("label", ["not a name", "2x", "a-b", "a.b", "x²", "#", "x\n", "("])
def test_a_label_that_is_not_a_name_is_replaced(label: str) -> None:
    assert statements(Value(2.0, label) * 3) == "v1*3"
    node = Value(2.0, "x") * 3
    node.label = label
    assert statements(node + 1) == "v1 = x*3\nv1 + 1"


def test_a_label_that_python_takes_and_the_language_does_not_is_replaced() -> None:
    decomposed = "e\u0301"
    assert decomposed.isidentifier()
    assert len(parse_program(statements(Value(2.0, decomposed) * 3)).variables) == 1


def test_a_variable_with_the_name_of_a_constant_gets_a_different_name() -> None:
    written = statements(Value(2.0, "pi") * functions.pi)
    (name,) = parse_program(written).variables
    program = parse_program(written)
    program.bind({name: 2.0})
    assert program.root.data == 2.0 * CONSTANTS["pi"]


def test_a_node_labelled_with_the_name_of_a_constant_gets_a_different_name() -> None:
    node = Value(2.0, "x") * functions.pi
    node.label = "pi"
    program = parse_program(statements(node + functions.pi))
    program.bind({"x": 2.0})
    assert program.root.data == 3.0 * CONSTANTS["pi"]


LABELS = ["a", "a", "a2", "v1", "v2", "sin", "not a name", "x²", "2", "θ1", "_", "L"]


@st.composite
def made_in_python(draw: st.DrawFn) -> Value:
    """A graph whose nodes share operands at random, under labels that may collide."""
    nodes = [Value(1.0, label) for label in draw(st.lists(st.sampled_from(LABELS), min_size=1, max_size=4))]
    for _ in range(draw(st.integers(1, 8))):
        either: list[Any] = [*nodes, 2.0, -3.0, 0.5]
        left, right = draw(st.sampled_from(nodes)), draw(st.sampled_from(either))
        build = draw(st.sampled_from(["add", "sub", "mul", "max", "neg", "tanh", "pow"]))
        if build == "neg":
            node = -left
        elif build == "tanh":
            node = left.tanh()
        elif build == "pow":
            node = left.sigmoid() ** right
        else:
            node = getattr(functions, build)(left, right)
        assume(abs(node.data) < 1e6)
        node.label = draw(st.sampled_from(["", "", "", *LABELS]))
        nodes.append(node)
    return nodes[-1]


@given(made_in_python())
def test_a_graph_made_in_python_is_written_as_a_program_of_the_same_value_size_and_gradients(root: Value) -> None:
    program = parse_program(statements(root))
    made = topological(root)
    leaves = [node for node in made if not node._prev and node.label]
    assert len(program.variables) == len(leaves)
    assert len(program.nodes) == len(made)
    program.bind(dict.fromkeys(program.variables, 1.0))
    assert program.root.data == root.data
    root.backward()
    program.differentiate()
    found = sorted(leaf.grad for leaf in program.variables.values())
    assert found == pytest.approx(sorted(leaf.grad for leaf in leaves))


@pytest.mark.parametrize(
    ("root", "written"),
    [
        (constant(-2.0), "-2"),
        (constant(-2.0) ** 2, "(-2)**2"),
        (2 ** constant(-3.0), "2**-3"),
        (constant(-2.0) * constant(-3.0), "-2*-3"),
        (1 - constant(-2.0), "1 - -2"),
        (-constant(-2.0), "--2"),
        (-(constant(-2.0) ** 2), "-(-2)**2"),
        (constant(-0.0) ** 2, "(-0)**2"),
        (constant(-1e300) / 2, "-1e+300/2"),
        (constant(-2.5).abs(), "abs(-2.5)"),
    ],
)
def test_a_negative_constant_has_parentheses_only_where_it_is_raised_to_a_power(root: Value, written: str) -> None:
    assert statements(root) == written
    program = parse_program(written)
    program.bind({})
    assert repr(program.root.data) == repr(root.data)


@pytest.mark.parametrize("number", [float("inf"), float("nan"), float("-inf")])
def test_a_number_that_no_text_can_give_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="cannot be written in an expression"):
        statements(constant(number))


@pytest.mark.parametrize(
    ("number", "written"),
    [(6.0, "6"), (-6.0, "-6"), (0.1, "0.1"), (1e16, "1e+16"), (1e15, "1000000000000000"), (5e-324, "5e-324")],
)
def test_a_number_is_the_fewest_digits_that_give_it_back(number: float, written: str) -> None:
    assert number_text(number) == written


@given(st.floats(min_value=0, allow_infinity=False, allow_nan=False))
def test_a_number_written_is_the_number_read(number: float) -> None:
    assert parse_program(number_text(number)).root.data == number


@pytest.mark.parametrize(
    ("number", "written"), [(2.0, "2"), (math.pi, "3.14159"), (-1e-9 / 3, "-3.33333e-10"), (1234567.0, "1234570")]
)
def test_a_short_number_has_six_significant_digits(number: float, written: str) -> None:
    assert short_number(number) == written


def test_a_root_that_has_a_name_is_written_out_on_request() -> None:
    program = parse_program("L = a*b")
    names = {**names_of(program), program.root: "L"}
    assert expression(program.root, names) == "L"
    assert expression(program.root, names, open_root=True) == "a*b"


# LaTeX


@rows(
    ("text", "latex"),
    [
        ("a + b*c", r"a + bc"),
        ("(a + b)*c", r"\left(a + b\right)c"),
        ("a - (b - c)", r"a - \left(b - c\right)"),
        ("a/b", r"\frac{a}{b}"),
        ("(a + 1)/(b*c)", r"\frac{a + 1}{bc}"),
        ("a/b/c", r"\frac{\frac{a}{b}}{c}"),
        ("a*(b/c)", r"a \cdot \frac{b}{c}"),
        ("(a/b)**2", r"\left(\frac{a}{b}\right)^{2}"),
        ("-x**2", r"-x^{2}"),
        ("(-x)**2", r"\left(-x\right)^{2}"),
        ("a*-b", r"a \cdot \left(-b\right)"),
        ("-(a + b)", r"-\left(a + b\right)"),
        ("x**-y", r"x^{-y}"),
        ("x**(y + 1)", r"x^{y + 1}"),
        ("x**y**z", r"x^{y^{z}}"),
        ("(x**y)**z", r"\left(x^{y}\right)^{z}"),
        ("exp(-x**2/2)", r"e^{-x^{2}/2}"),
        ("exp(x)**2", r"\left(e^{x}\right)^{2}"),
        ("2*expm1(x)", r"2 \left(e^{x} - 1\right)"),
        ("log(x)", r"\ln x"),
        ("log1p(x - y)", r"\ln\left(1 + \left(x - y\right)\right)"),
        ("log2(x) + log10(y)", r"\log_{2} x + \log_{10} y"),
        ("sqrt(x + 1)", r"\sqrt{x + 1}"),
        ("cbrt(x)", r"\sqrt[3]{x}"),
        ("abs(x - y)", r"\left|x - y\right|"),
        ("hypot(x, y + 1)", r"\sqrt{x^{2} + \left(y + 1\right)^{2}}"),
        ("sin(x)**2", r"\sin^{2} x"),
        ("asin(x)", r"\arcsin x"),
        ("asinh(x)", r"\operatorname{arsinh}\left(x\right)"),
        ("tanh(x)", r"\tanh x"),
        ("sigmoid(x)", r"\sigma\left(x\right)"),
        ("relu(x)", r"\operatorname{relu}\left(x\right)"),
        ("max(x, y)", r"\max\left(x, y\right)"),
        ("atan2(y, x)", r"\operatorname{atan2}\left(y, x\right)"),
        ("2*pi*r", r"2 \pi r"),
        ("1.5*x", r"1.5x"),
        ("x**1e20", r"x^{10^{20}}"),
        ("x + 2.5e-7", r"x + 2.5 \cdot 10^{-7}"),
        ("θ1 + α*rate", r"\theta_{1} + \alpha \cdot \mathrm{rate}"),
        ("2*x*y", r"2xy"),
        ("x*x", r"x \cdot x"),
        ("x*2", r"x \cdot 2"),
        ("2*3*x", r"2 \cdot 3x"),
        ("2*(x/3)", r"2 \cdot \frac{x}{3}"),
        ("x/3*y", r"\frac{x}{3}y"),
        ("x*1e20", r"x \cdot 10^{20}"),
        ("3 - (-2)", r"3 - \left(-2\right)"),
        ("3 + (-2)*x", r"3 + \left(-2\right)x"),
        ("x - -y", r"x - \left(-y\right)"),
        ("-(a*b)", r"-ab"),
        ("-2*x/y", r"-\frac{2x}{y}"),
        ("3*sin(x)", r"3 \sin x"),
        ("sin(x)*y", r"\sin\left(x\right)y"),
        ("sin(x)*cos(y)", r"\sin x \cos y"),
        ("x*sin(2*x)", r"x \sin\left(2x\right)"),
        ("log(x)**2*y", r"\ln^{2}\left(x\right)y"),
        ("(sin(x)**2)**3", r"\left(\sin^{2} x\right)^{3}"),
        ("sin(x)**-1", r"\sin\left(x\right)^{-1}"),
        ("exp(-x**2/(2*s**2))", r"e^{-x^{2}/\left(2s^{2}\right)}"),
        ("x**(1/2)", r"x^{1/2}"),
        ("rate*time", r"\mathrm{rate} \cdot \mathrm{time}"),
        ("2*rate*x", r"2 \, \mathrm{rate} \cdot x"),
        ("rate*(x + 1)", r"\mathrm{rate} \cdot \left(x + 1\right)"),
        ("x*(x + 1)", r"x \left(x + 1\right)"),
        ("f*(x + 1)", r"f \cdot \left(x + 1\right)"),
        ("gamma*(x + 1)", r"\gamma \left(x + 1\right)"),
        ("d*x", r"d \cdot x"),
        ("alpha*x", r"\alpha x"),
        ("x1*x2", r"x_{1}x_{2}"),
        ("(x % 3)*2", r"\left(x \bmod 3\right) \cdot 2"),
        ("x - x % 3", r"x - \left(x \bmod 3\right)"),
    ],
)
def test_a_formula_in_latex(text: str, latex: str) -> None:
    assert as_latex(text) == latex


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("1e300**2", r"\left(10^{300}\right)^{2}"),
        ("hypot(x, 1e-7)", r"\sqrt{x^{2} + \left(10^{-7}\right)^{2}}"),
    ],
)
def test_a_number_with_an_exponent_raised_to_a_power_has_parentheses_for_tex_takes_no_second_superscript(
    text: str, latex: str
) -> None:
    assert as_latex(text) == latex


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("x", r"x"),
        ("x1", r"x_{1}"),
        ("x12", r"x_{12}"),
        ("x_1", r"x_{1}"),
        ("x1_2", r"x_{1,2}"),
        ("x_max", r"x_{\mathrm{max}}"),
        ("a_b_c", r"a_{\mathrm{b\_c}}"),
        ("alpha", r"\alpha"),
        ("α", r"\alpha"),
        ("θ1", r"\theta_{1}"),
        ("Omega_0", r"\Omega_{0}"),
        ("é", r"\text{é}"),
        ("größe2", r"\text{größe}_{2}"),
        ("x_größe", r"x_{\text{größe}}"),
        ("rate", r"\mathrm{rate}"),
        ("rate2", r"\mathrm{rate}_{2}"),
        ("_x", r"\mathrm{\_x}"),
        ("_", r"\mathrm{\_}"),
        ("__", r"\mathrm{\_\_}"),
        ("x__", r"\mathrm{x\_}_{\_}"),
        ("a__b", r"a_{\mathrm{\_b}}"),
        ("50% of {x}", r"\mathrm{50\%\ of\ \{x\}}"),
        (r"\input{x}$^#&~", r"\mathrm{\backslash input\{x\}\$\wedge \#\&\sim }"),
        ("\ud800", r"\mathrm{?}"),
    ],
)
def test_a_name_in_latex(name: str, latex: str) -> None:
    assert latex_name(name) == latex


LATEX_PIECE = re.compile(r"\\left|\\right|\\_|\\[a-zA-Z]+|[{}^]|.")


def check_latex(latex: str) -> None:
    """Fail where TeX would: braces and \\left...\\right that do not match, an empty group, a second superscript."""
    opened: list[str] = []
    raised: list[bool] = [False]
    previous = ""
    for piece in LATEX_PIECE.findall(latex):
        if piece in ("{", r"\left"):
            opened.append(piece)
            raised.append(False)
        elif piece in ("}", r"\right"):
            assert opened.pop() == ("{" if piece == "}" else r"\left")
            assert previous != "{"
            raised.pop()
        elif piece == "^":
            assert not raised[-1], latex
            raised[-1] = True
        elif piece != " " and previous != "^":
            raised[-1] = False
        previous = piece
    assert opened == []


@settings(max_examples=settings().max_examples // 2)
@given(expressions(["x", "rate", "θ1", "x_max"]))
def test_latex_is_such_that_tex_takes_it(text: str) -> None:
    check_latex(as_latex(text))


COMMANDS = [
    "alpha",
    "theta",
    "left",
    "right",
    "frac",
    "sqrt",
    "cdot",
    "mathrm",
    "operatorname",
    "ln",
    "log",
    "sin",
    "cos",
    "tan",
    "sec",
    "csc",
    "cot",
    "arcsin",
    "arccos",
    "arctan",
    "sinh",
    "cosh",
    "tanh",
    "coth",
    "max",
    "min",
    "sigma",
    "varphi",
    "Phi",
    "Gamma",
    "psi",
    "zeta",
    "bmod",
    "lfloor",
    "rfloor",
    "lceil",
    "rceil",
    "pi",
    "tau",
    "begin",
    "end",
    "text",
]


@settings(max_examples=settings().max_examples // 2)
@given(expressions(["x", "rate", "θ1", "x_max", "alpha"]))
def test_a_command_in_latex_does_not_run_into_the_letters_that_follow(text: str) -> None:
    assert set(re.findall(r"\\([A-Za-z]+)", as_latex(text))) <= {*COMMANDS}


@pytest.mark.parametrize("repeated", ["({})**2", "sin({})**2", "-({})/y", "x*sin({})", "({})*-x", "2**({})"])
def test_latex_of_a_deep_formula_is_written_without_recursion(repeated: str) -> None:
    opening, closing = repeated.split("{}")
    assert as_latex(opening * 2000 + "x" + closing * 2000).count("x") >= 1


LINES = [
    ["explain", "e = a*b; L = e*a", "-a", "2", "-b", "-3"],
    ["explain", "relu(rate*x1 - y_true) + max(x1, rate)", "-rate", "1e-9", "-x1", "2", "-y_true", "3"],
    ["explain", "sin(x)*x + x/2 + exp(x) + x*x", "-x", "1"],
    ["diff", "x**2*sin(x)", "--steps"],
    ["diff", "sin(x*y + 1)*exp(x*y + 1)", "--steps", "--order", "2"],
    ["diff", "exp(-(größe - μ)**2/(2*σ**2))/(σ*sqrt(2*pi))"],
    ["diff", "x**2 + y**2 = 25", "--wrt", "x", "--of", "y", "--steps", "--order", "2"],
    ["diff", "where(x > -1, log2(x)**2, floor(x)) + gamma(x)*abs(x) - x % 3"],
    ["grad", "e = a*b; L = e + sin(c)", "-a", "2", "-b", "-3", "-c", "1e-7"],
    ["hessian", "x/y + exp(y)", "--formulas"],
    ["hessian", "x/y", "-x", "1", "-y", "1e-9"],
    ["uncertainty", "V/I", "-V", "12+-0.1", "-I", "2+-0.05"],
]


@pytest.mark.slow
def test_tex_takes_what_the_commands_write(mg: Run, tmp_path: Path) -> None:
    latex = shutil.which("pdflatex")
    if latex is None:
        pytest.skip("pdflatex is not installed")
    written = [mg(*line, "--latex").stdout for line in LINES]
    shown = [each if r"\begin{align*}" in each else f"\\[{each}\\]" for each in written]
    head = r"\documentclass{article}\usepackage{amsmath}\begin{document}"
    (tmp_path / "t.tex").write_text("\n\n".join([head, *shown, r"\end{document}"]), encoding="utf-8")
    command = [latex, "-interaction=nonstopmode", "-halt-on-error", "t.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
    assert run.returncode == 0, run.stdout[-2000:]
    assert "Please use" not in run.stdout


def test_a_choice_in_the_last_operand_of_a_choice_is_one_more_case_in_latex() -> None:
    assert as_latex("where(x > 2, x**2, where(x > 1, x, -x)) + 1") == (
        r"\begin{cases} x^{2} & \text{if } x > 2 \\ x & \text{if } x > 1 \\ -x & \text{otherwise} \end{cases} + 1"
    )


def test_the_length_of_a_formula_that_doubles_with_each_line_is_not_counted_to_the_end() -> None:
    node = Value(1.0, "x")
    for _ in range(100):
        node = node * node
    assert written_nodes(node) == 10**9
