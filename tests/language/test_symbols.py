"""Symbols that have one meaning are taken as they are typed: π × ÷ − x² √(x) % x!."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import rows
from running import Run

from mgcli import ExpressionError, parse, parse_program
from mgcli.graph.node import topological
from mgcli.notation import statements


def written(text: Any) -> Any:
    """Return the graph of a text, written again."""
    return statements(parse(text))


@rows(
    ("text", "ascii_text"),
    [
        ("π*r", "pi*r"),
        ("exp(-t/τ)", "exp(-t/tau)"),
        ("a×b·c⋅d", "a*b*c*d"),
        ("a÷b÷c", "a/b/c"),
        ("a − b − −c", "a - b - -c"),
        ("2−3", "2 - 3"),
        ("1e−5*x", "1e-05*x"),
        ("x²", "x**2"),
        ("x⁻¹", "x**-1"),
        ("x⁺²", "x**2"),
        ("x⁰", "x**0"),
        ("x²³", "x**23"),
        ("xy²z", None),
        ("αβ²", "αβ**2"),
        ("√(x + 1)", "sqrt(x + 1)"),
        ("√(x)²", "sqrt(x)**2"),
        ("√(√(x))", "sqrt(sqrt(x))"),
        ("∛(x)", "cbrt(x)"),
        ("a % b", "mod(a, b)"),
        ("a % b*c", "mod(a, b)*c"),
        ("a*b % c", "mod(a*b, c)"),
        ("-a % b", "mod(-a, b)"),
        ("a + b % c", "a + mod(b, c)"),
        ("a % -b", "mod(a, -b)"),
        ("a%-b", "mod(a, -b)"),
        ("x!", "factorial(x)"),
        ("x !", "factorial(x)"),
        ("-x!**2", "-factorial(x)**2"),
        ("-x²**3", "-(x**2)**3"),
        ("2**x²", "2**x**2"),
        ("2**x!", "2**factorial(x)"),
        ("x²!", "factorial(x**2)"),
        ("x!²", "factorial(x)**2"),
        ("(x + 1)!", "factorial(x + 1)"),
        ("sin(x)²", "sin(x)**2"),
        ("sin(x)⁻¹", "sin(x)**-1"),
        ("where(x != 2, x, 3)", "where(x != 2, x, 3)"),
        ("where(x! != 2, x, 3)", "where(factorial(x) != 2, x, 3)"),
        ("where(x!>2, x, 3)", "where(factorial(x) > 2, x, 3)"),
    ],
)
def test_a_symbol_is_read_and_written_as_ascii(text: Any, ascii_text: Any) -> None:
    if ascii_text is None:
        with pytest.raises(ExpressionError, match="expected an operator, not z"):
            parse(text)
        return
    assert written(text) == ascii_text
    assert written(ascii_text) == ascii_text


def shape(text: Any) -> Any:
    """Return the nodes of a graph: their operations, operands, labels and numbers."""
    nodes = topological(parse_program(text).root)
    places = {node: place for place, node in enumerate(nodes)}
    return [
        (node.operation, [places[operand] for operand in node.operands], node.label, repr(node.data)) for node in nodes
    ]


def test_a_raised_0_with_a_sign_is_0() -> None:
    assert math.copysign(1.0, parse("x⁻⁰").operands[1].data) == 1.0


PLAIN = {"×": "*", "·": "*", "⋅": "*", "÷": "/", "−": "-", "⁻¹²": "**-12", "²": "**2", "√(": "sqrt(", "π": "pi"}
OPERANDS = st.sampled_from(["x", "y²", "π", "√(x)", "(x − 2)⁻¹²", "z", "2"])
TEXTS = st.lists(st.tuples(OPERANDS, st.sampled_from("×·⋅÷−")), min_size=1, max_size=6)


@given(TEXTS)
def test_a_symbol_is_what_it_abbreviates(pieces: Any) -> None:
    text = "".join(operand + operator for operand, operator in pieces) + "x"
    plain = text
    for symbol, ascii_text in PLAIN.items():
        plain = plain.replace(symbol, ascii_text)
    assert plain.isascii()
    assert shape(text) == shape(plain)


@pytest.mark.parametrize(("letter", "name", "number"), [("π", "pi", math.pi), ("τ", "tau", math.tau)])
def test_a_letter_is_a_constant_unless_it_has_a_value(mg: Run, letter: Any, name: Any, number: Any) -> None:
    program = parse_program(f"2*{letter}")
    assert (program.letters, list(program.variables)) == ({letter: name}, [])
    assert mg(f"eval '2*{letter}'").stdout == f"{2 * number}\n"
    assert mg(f"eval '2*{letter}' -{letter} 3") == (0, "6.0\n", "")
    assert mg(f"eval '{letter} = 3; 2*{letter}'") == (0, "6.0\n", "")
    assert mg(f"eval 'f({letter}) = 2*{letter}; f(3)'") == (0, "6.0\n", "")
    assert mg(f"grad 'x*{letter}' -x 1 -{letter} 3").stdout.splitlines()[-1].split() == [letter, "3.0", "1.0"]


@pytest.mark.parametrize(("letter", "name"), [("π", "pi"), ("τ", "tau")])
def test_a_letter_is_the_name_that_hides_the_constant(mg: Run, letter: Any, name: Any) -> None:
    assert mg(f"eval '{name} = 3; 2*{letter}'") == (0, "6.0\n", "")
    assert mg(f"eval '2*{letter}' --{name} 3") == (0, "6.0\n", "")
    assert mg(f"eval 'a = {letter}; {name} = 3; a'").exit_code == 2


def test_a_time_constant_without_a_value_is_noted(mg: Run) -> None:
    note = "note: τ is the constant tau, 2*pi; for a variable, give it a value: -τ VALUE\n"
    assert mg("eval 'exp(-t/τ)' -t 1") == (0, "0.8528642033144647\n", note)
    assert mg("diff 'exp(-t/τ)'") == (0, "-exp(-t/tau)/tau\n", note)
    assert mg("eval 'exp(-t/τ)' -t 1 -τ 2") == (0, "0.6065306597126334\n", "")


def test_the_constant_in_a_formula_is_exact(mg: Run) -> None:
    assert mg("eval '2π' --exact 30").exit_code == 2
    assert mg("eval '2*π' --exact 30").stdout == "6.28318530717958647692528676656\n"


@pytest.mark.parametrize(
    ("text", "marked", "message"),
    [
        ("1 + log(−x²)", "log(−x²)", "log is not defined at -9.0"),
        ("温×2 + log(−x!)", "log(−x!)", "log is not defined at -6.0"),
        ("2 + (−x)!", "(−x)!", "factorial is not defined at -3.0"),
        ("1 ÷ (x − 3)", "1 ÷ (x − 3)", "division is not defined at 1.0/0.0"),
        ("π·√(2 − x)", "√(2 − x)", "sqrt is not defined at -1.0"),
        ("x % (x − 3)", "x % (x − 3)", "mod is not defined at mod(3.0, 0.0)"),
        ("(x − 3)⁻²", "(x − 3)⁻²", "power is not defined at 0.0**-2.0"),
    ],
)
def test_an_error_marks_the_symbols(mg: Run, text: Any, marked: Any, message: Any) -> None:
    values = {"x": 3.0, "温": 1.0} if "温" in text else {"x": 3.0}
    program = parse_program(text, values)
    program.bind(values)
    error = program.error()
    assert error
    assert error.span
    assert error.message == message
    assert text[slice(*error.span)] == marked


def test_the_carets_under_wide_characters_are_aligned(mg: Run) -> None:
    assert mg("eval '温×2 + log(−x²)' -温 1 -x 3").stderr == (
        "error: log is not defined at -9.0\n  温×2 + log(−x²)\n         ^^^^^^^^\n"
    )


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("50%", "% is the remainder of a division", "for a percentage, write /100 instead of %"),
        ("200*(1 + 10%)", "% is the remainder of a division", "for a percentage, write /100 instead of %"),
        ("10% - x", "% is the remainder of a division", "for a percentage, write /100 instead of %"),
        ("10% * x", "% is the remainder of a division", "for a percentage, write /100 instead of %"),
        ("max(10%, x)", "% is the remainder of a division", "for a percentage, write /100 instead of %"),
        ("x²⁻¹", "unexpected character ²⁻¹", "for a power, write **(2-1)"),
        ("xⁿ", "unexpected character ⁿ", "for a power, write **n"),
        ("²", "unexpected character ²", None),
        ("x⁻", "unexpected character ⁻", None),
        ("x!!", "there is no double factorial", "for the factorial of a factorial, write (x!)!"),
        ("2√x", "expected an operator, not √", "to multiply, write *sqrt(x)"),
        ("2√(x)", "expected an operator, not √", "to multiply, write *sqrt(...)"),
        ("√sin(x)", "a ( follows √", "write sqrt(sin(...))"),
        ("x₁ + 1", "unexpected character ₁", "write 1 for ₁"),
        ("2*½", "unexpected character ½", "write (1/2) for ½"),
        ("2½x", "unexpected character ½", "write *(1/2)* for ½"),
        ("2＋x", "unexpected character ＋", "write + for ＋"),
        ("x²y", "expected an operator, not y", "to multiply, write * before y"),
    ],
)
def test_what_may_mean_more_than_one_thing_is_refused(text: Any, message: Any, hint: Any) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("x²", "x^{2}"),
        ("x!", "x!"),
        ("x!²", r"\left(x!\right)^{2}"),
        ("(x + 1)!", r"\left(x + 1\right)!"),
        ("x % 3", r"x \bmod 3"),
        ("√(x)", r"\sqrt{x}"),
        ("2×π", r"2 \pi"),
    ],
)
def test_a_symbol_in_latex(text: Any, latex: Any) -> None:
    from mgcli.notation import LATEX, expression

    root = parse(text)
    names = {node: node.label for node in topological(root) if node.label}
    assert expression(root, names, LATEX) == latex
