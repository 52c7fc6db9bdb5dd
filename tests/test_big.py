"""Expressions of very many operations: slow at worst, never a crash, and as exact as small ones.

The ordinary run is far beyond Python's limit of recursion; the slow one has a hundred thousand of everything.
"""

import math
from typing import Any

import pytest

from mgcli import ExpressionError, Program, Value, parse_program
from mgcli.analysis.sweep import sweep
from mgcli.errors import UnboundVariableError
from mgcli.notation import LATEX, expression, statements


@pytest.fixture(params=[10_000, pytest.param(100_000, marks=pytest.mark.slow)])
def many(request: pytest.FixtureRequest) -> int:
    size: int = request.param
    return size


def bound(text: str, **values: float) -> Program:
    program = parse_program(text, values)
    program.bind(values)
    return program


def rewritten(program: Program) -> str:
    return statements(program.root, program.names)


def refused(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse_program(text)
    return caught.value


def test_nested_parentheses(many: int) -> None:
    text = "(" * many + "x" + ")" * many + "*x"
    program = bound(text, x=3)
    assert program.root.data == 9.0
    assert program.differentiate() is None
    assert program.variables["x"].grad == 6.0
    assert rewritten(program) == "x*x"
    assert program.root.span == (0, len(text))


def test_nested_parentheses_that_are_needed(many: int) -> None:
    text = "x - (" * many + "x - 1" + ")" * many
    program = bound(text, x=3)
    assert program.root.data == 2.0
    assert program.differentiate() is None
    assert program.variables["x"].grad == 1.0
    assert rewritten(program) == text
    latex = expression(program.root, {program.variables["x"]: "x"}, LATEX)
    assert latex == text.replace("(", r"\left(").replace(")", r"\right)")


def test_a_function_called_in_itself(many: int) -> None:
    half = many // 2
    text = "sin(" * half + "x" + ")" * half
    program = bound(text, x=1)
    expected, slope = 1.0, 1.0
    for _ in range(half):
        slope *= math.cos(expected)
        expected = math.sin(expected)
    assert program.root.data == expected
    assert program.differentiate() is None
    assert program.variables["x"].grad == pytest.approx(slope, rel=1e-9)
    assert rewritten(program) == text


def test_a_long_sum(many: int) -> None:
    text = " + ".join(["x"] * 2 * many)
    program = bound(text, x=0.5)
    assert program.root.data == float(many)
    assert program.differentiate() is None
    assert program.variables["x"].grad == 2.0 * many
    assert rewritten(program) == text


def test_a_product_of_many_variables(many: int) -> None:
    half = many // 2
    names = [f"x{index}" for index in range(half)]
    program = bound("*".join(names), **dict.fromkeys(names, 1.0) | {"x7": 2.0})
    assert list(program.variables) == names
    assert program.root.data == 2.0
    assert program.differentiate() is None
    assert [program.variables[name].grad for name in ("x0", "x7", f"x{half - 1}")] == [2.0, 1.0, 2.0]
    assert rewritten(program) == program.text


def test_many_minus_signs(many: int) -> None:
    half = many // 2
    text = "-" * (half + 1) + "x"
    program = bound(text, x=3)
    assert program.root.data == -3.0
    assert program.differentiate() is None
    assert program.variables["x"].grad == -1.0
    assert rewritten(program) == text


def test_a_tower_of_powers(many: int) -> None:
    text = "x" + "**1" * many
    program = bound(text, x=3)
    assert program.root.data == 3.0
    assert program.differentiate() is None
    assert program.variables["x"].grad == 1.0
    assert rewritten(program) == text


def test_a_tower_of_powers_with_the_variable_on_top(many: int) -> None:
    half = many // 2
    text = "1**" * half + "x"
    program = bound(text, x=3)
    assert program.root.data == 1.0
    assert program.differentiate() is None
    assert program.variables["x"].grad == 0.0
    assert rewritten(program) == text


def test_two_thousand_lines_that_each_use_the_one_before_twice() -> None:
    lines = ["a0 = 1*x", *(f"a{index} = 0.5*a{index - 1} + 0.5*a{index - 1}" for index in range(1, 2001))]
    text = "\n".join(lines)
    program = bound(text, x=3)
    assert program.root.data == 3.0
    assert program.differentiate() is None
    assert {program.names[f"a{index}"].grad for index in range(2001)} == {1.0}
    assert program.variables["x"].grad == 1.0
    assert len(program.nodes) == 3 + 2000 * 5
    assert rewritten(program) == text


def test_lines_that_double_are_exact_to_the_last_that_a_float_holds() -> None:
    text = "\n".join(["a0 = x + x", *(f"a{index} = a{index - 1} + a{index - 1}" for index in range(1, 1000))])
    program = bound(text, x=3)
    assert program.root.data == 3.0 * 2.0**1000
    assert program.differentiate() is None
    assert program.variables["x"].grad == 2.0**1000
    program = bound(text + "\nb = a999*2**20\nb*2**20", x=3)
    error = program.error()
    assert error
    assert error.message.startswith("multiplication overflows at")


def test_a_graph_made_in_python_whose_every_node_is_shared_is_written_as_statements() -> None:
    node = Value(3.0, "x")
    for _ in range(2000):
        node = (node + node) * 0.5
    written = statements(node)
    assert written.count("\n") == 1999
    program = bound(written, x=3)
    assert program.root.data == node.data == 3.0
    node.backward()
    program.differentiate()
    assert program.variables["x"].grad == 1.0


def test_twenty_thousand_shared_nodes_without_names_get_theirs() -> None:
    node = Value(1.0, "x")
    for _ in range(20_000):
        node = node * node
    lines = statements(node).split("\n")
    assert lines[0] == "v1 = x*x"
    assert lines[-2:] == ["v19999 = v19998*v19998", "v19999*v19999"]


def test_ten_thousand_variables_with_one_label_get_different_names() -> None:
    node = Value(0.0, "a")
    for _ in range(10_000):
        node = node + Value(1.0, "a")
    assert statements(node) == " + ".join(["a", *(f"a{index}" for index in range(2, 10_002))])


@pytest.mark.parametrize("count", [5_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_thousands_of_statements_that_nothing_uses(count: Any) -> None:
    text = "\n".join([*(f"u{index} = x + {index}" for index in range(count)), "2*x"])
    program = bound(text, x=1)
    last = program.names[f"u{count - 1}"]
    assert program.root.data == 2.0
    assert last.data == count
    assert program.differentiate() is None
    assert program.variables["x"].grad == 2.0
    assert last.grad == 0.0
    assert rewritten(program) == text


def test_each_of_ten_thousand_names_can_be_found() -> None:
    text = "\n".join(["a0 = 1*x", *(f"a{index} = 1*a{index - 1}" for index in range(1, 10_000))])
    program = bound(text, x=2)
    assert program.differentiate(program.known()) is None
    assert {program.node(name).grad for name in program.known()} == {1.0}
    table = sweep(program, {}, "x", [1.0, 2.0])
    assert list(table.columns["a9999"].data) == [1.0, 2.0]


def test_many_blank_lines_and_comments(many: int) -> None:
    program = bound("\n" * many + "a = 2;" + ";" * many + "#" + " a" * many + "\n" * many + "3*a")
    assert program.root.data == 6.0


def test_a_call_with_very_many_operands_is_refused(many: int) -> None:
    assert refused("atan2(" + "1," * many + "1)").message == f"atan2 takes 2 operands, not {many + 1}"


# Errors in the middle of much


def test_the_picture_of_an_error_in_the_middle_of_a_long_line_shows_its_surroundings(many: int) -> None:
    half = " + ".join(["x"] * many)
    assert str(refused(f"{half} + 2y + {half}")) == (
        "expected an operator, not y\n"
        "  ... + x + x + x + x + x + x + x + x + 2y + x + x + x + x + x + x + x + x + ...\n"
        "                                        ^^\n"
        "hint: to multiply, write 2*y"
    )


def test_the_picture_of_an_undefined_part_in_the_middle_of_a_long_line(many: int) -> None:
    half = " + ".join(["x"] * (many // 2))
    program = bound(f"{half} + log(x - 1) + {half}", x=1)
    shown = (
        "log is not defined at 0.0\n"
        "  ... + x + x + x + x + x + x + x + log(x - 1) + x + x + x + x + x + x + x + ...\n"
        "                                    ^^^^^^^^^^"
    )
    assert str(program.error()) == shown
    assert str(program.differentiate()) == shown


def test_the_innermost_of_many_open_parentheses_is_marked(many: int) -> None:
    error = refused("(" * many + "x")
    assert (error.message, error.span) == ("this ( is never closed", (many - 1, many))


def test_the_one_parenthesis_too_many_is_marked(many: int) -> None:
    half = many // 2
    error = refused("(x) + " * half + "x)")
    assert (error.message, error.span) == ("this ) closes nothing", (6 * half + 1, 6 * half + 2))


def test_an_error_in_the_last_of_many_lines_is_shown_alone(many: int) -> None:
    half = many // 2
    assert str(refused("a = (1 +\n" + "1 +\n" * half + "1)\n2a\n")) == (
        "expected an operator, not a\n"
        "  2a\n"
        "  ^^\n"
        "hint: to multiply, write 2*a"
    )  # fmt: skip


def test_many_variables_without_a_value(many: int) -> None:
    half = many // 2
    program = parse_program(" + ".join(f"x{index}" for index in range(half)))
    with pytest.raises(UnboundVariableError) as caught:
        program.bind({})
    assert caught.value.names == tuple(program.variables)
    assert caught.value.span == (0, 2)


@pytest.mark.parametrize(
    ("before", "repeated", "after", "marked"),
    [
        ("", "x", "(2)", (0, 0)),
        ("", "2", "x", (0, 1)),
        ("x + ", "²", "", (4, 4)),
        ("", "1", "", (0, 0)),
    ],
)
def test_one_long_word_that_is_wrong(
    before: str, repeated: str, after: str, marked: tuple[int, int], many: int
) -> None:
    error = refused(before + repeated * many + after)
    start, beyond = marked
    assert error.span == (start, many + beyond)
    assert str(error)


def test_a_long_name_with_a_wrong_character_at_its_end(many: int) -> None:
    half = many // 2
    error = refused("é" * half + "€")
    assert error.span == (half, half + 1)
    assert str(error)
