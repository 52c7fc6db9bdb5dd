"""An equation as the last statement: what is one, and what refuses it."""

from typing import Any

import pytest
from running import Run

from mgcli import ExpressionError, parse, parse_program
from mgcli.errors import Remedy
from mgcli.notation import statements

CIRCLE = "x**2 + y**2 = 25"


@pytest.mark.parametrize(
    ("text", "difference"),
    [
        (CIRCLE, "x**2 + y**2 - 25"),
        ("x*y = 0", "x*y"),
        ("x*y = a + b", "x*y - (a + b)"),
        ("2 = x", "2 - x"),
        ("(x) = 2", "x - 2"),
        ("sin(y) = x", "sin(y) - x"),
        ("atan2(y, x) = 1", "atan2(y, x) - 1"),
        ("sin(2*y) = x", "sin(2*y) - x"),
        ("x + sin(y) = 1", "x + sin(y) - 1"),
        ("x + f(y) = 1; 2", None),
        ("f(x) = x**2; f(y) = x", "y**2 - x"),
        ("f(x) = x**2; x + f(y) = x", "x + y**2 - x"),
        ("r = 5; x² + y² = r²", "r = 5\nx**2 + y**2 - r**2"),
        ("sin(y) = x # a comment\n\n", "sin(y) - x"),
    ],
)
def test_an_equation_is_the_difference_of_its_sides(text: Any, difference: Any) -> None:
    if difference is None:
        with pytest.raises(ExpressionError):
            parse_program(text, equations=True)
        return
    program = parse_program(text, equations=True)
    assert program.equation
    assert statements(program.root).endswith(difference.splitlines()[-1])


def test_the_sides_of_an_equation_are_nodes_of_the_program() -> None:
    program = parse_program(CIRCLE, equations=True)
    program.bind(x=3, y=3.5)
    assert program.equation
    assert (program.equation.left.data, program.equation.right.data) == (21.25, 25.0)
    assert program.root.data == -3.75


@pytest.mark.parametrize("text", ["y = x**2", "f(y) = y**2; f(x)", "sin(x) = x**2; sin(3)", "sin(x) = 1\nsin(y)"])
def test_a_name_alone_is_assigned_to_and_a_head_before_the_end_is_a_definition(text: Any) -> None:
    assert parse_program(text, equations=True).equation is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x*y = 1; x + y = 2", "an equation can only be the last statement"),
        ("x*y = 1\n2", "an equation can only be the last statement"),
        ("a = b = c", "unexpected ="),
        ("x*y = 1 = z", "unexpected ="),
        ("f(x) = x**2", "the last statement defines a function, so there is no result"),
        ("dy/dx = x", "unexpected ="),
        ("dz/dx = 2*x", "unexpected ="),
    ],
)
def test_what_is_no_equation_is_refused(text: Any, message: Any) -> None:
    with pytest.raises(ExpressionError, match=message):
        parse_program(text, equations=True)


def test_an_equation_has_no_value() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(CIRCLE)
    assert caught.value.message == "an equation has no value"
    hint = caught.value.hint
    assert isinstance(hint, Remedy)
    assert hint == "mgcli.calculus.implicit.derivative gives dy/dx"
    assert hint.data == {"equation": CIRCLE, "of": "y", "wrt": "x"}


@pytest.mark.parametrize(
    ("text", "of", "wrt"),
    [("x*y = 1", "y", "x"), ("k = 2; k*b + a = 1", "a", "b"), ("r = 5; x**2 = r", "x", "r"), ("t*x = 1", "x", "t")],
)
def test_the_hint_proposes_a_variable_as_a_function_of_another_one(text: str, of: str, wrt: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_program(text)
    hint = caught.value.hint
    assert isinstance(hint, Remedy)
    assert (hint.data["of"], hint.data["wrt"]) == (of, wrt)


@pytest.mark.parametrize("command", ["eval", "grad", "slope", "plot", "draw", "explain", "check", "hessian", "descend"])
def test_every_other_command_refuses_an_equation_and_names_diff(mg: Run, command: Any) -> None:
    assert mg(f"{command} '{CIRCLE}' -x 3 -y 4") == (
        2,
        "",
        "error: an equation has no value\n  x**2 + y**2 = 25\n  ^^^^^^^^^^^^^^^^\n"
        "hint: to differentiate it: mg diff 'x**2 + y**2 = 25' --wrt x --of y\n",
    )


def test_an_equation_of_one_variable_is_answered_with_the_difference(mg: Run) -> None:
    assert mg("eval 'x**2 = 4 + 1' -x 3").stderr.splitlines()[-1] == (
        "hint: for the difference of its sides, write x**2 - (4 + 1)"
    )
    assert mg("eval 'x**2 - (4 + 1)' -x 3").stdout == "4.0\n"


def test_a_name_that_depends_on_itself_is_answered_with_the_equation(mg: Run) -> None:
    assert mg("diff 'y = x*y + 1' --of y").stderr.splitlines()[-1] == "hint: for an equation, write y - (x*y + 1) = 0"
    assert mg("diff 'y - (x*y + 1) = 0' --of y") == (0, "y/(1 - x)\n", "")


def test_a_long_equation_is_not_repeated_in_the_hint(mg: Run) -> None:
    text = "y = x*y + 1000000001*x + 2000000002*x**2 + 3000000003*x**3 + 4"
    hint = mg("diff", text, "--of", "y").stderr.splitlines()[-1]
    assert hint == "hint: for an equation, subtract one side"
