"""The steps to a derivative."""

from collections.abc import Callable
from typing import Any

import pytest
from families import FAMILIES
from graphs import variables
from references import WITHOUT_DERIVATIVE
from rows import rows

from mgcli import parse, parse_program
from mgcli.calculus.derivation import Step, derivation, rule_text
from mgcli.calculus.differentiation import derivative
from mgcli.errors import EvaluationError
from mgcli.graph.operation import Operation
from mgcli.graph.table import OPERATIONS, TABLE


def test_each_product_of_the_chain_rule_is_a_step() -> None:
    root = parse("x**2*sin(x)")
    found = derivation(root, variables(root)["x"])
    assert found.names == []
    assert found.steps == [
        Step("x**2*sin(x)", "d(p*q)/dp = q", "x**2", "1*sin(x)", "sin(x)"),
        Step("x**2*sin(x)", "d(p*q)/dq = p", "sin(x)", "1*x**2", "x**2"),
        Step("sin(x)", "d sin(p)/dp = cos(p)", "x", "x**2*cos(x)", "x**2*cos(x)"),
        Step("x**2", "d(p**q)/dp = q*p**(q - 1)", "x", "sin(x)*(2*x)", "2*x*sin(x)"),
    ]


@pytest.mark.parametrize(
    "text", ["where(x > 2, x**2, -x)", "relu(x - 1)*x", "max(x**2, 3)", "where(x > 2, x**2, where(x > 1, x, -x))"]
)
@pytest.mark.parametrize("x", [0.5, 1.5, 2.5])
def test_each_product_equals_its_contribution_in_open_and_closed_branches(text: str, x: float) -> None:
    root = parse(text)
    found = derivation(root, variables(root)["x"])
    named = "".join(f"{name} = {formula}; " for name, formula in found.names)
    for step in found.steps:
        value = parse(f"{named}{step.product} - ({step.contribution}) + 0*x", x=x).data
        assert value == pytest.approx(0.0, abs=1e-12), step


def test_a_long_part_is_named_and_a_name_of_the_text_is_kept() -> None:
    root = parse("e = a*x; log(e + sin(x)*cos(x))")
    found = derivation(root, variables(root)["x"])
    assert found.names == [("e", "a*x"), ("v1", "sin(x)*cos(x)")]
    assert found.steps[0] == Step("log(e + v1)", "d log(p)/dp = 1/p", "e + v1", "1*(1/(e + v1))", "1/(e + v1)")
    assert found.steps[-1] == Step("e", "d(p*q)/dq = p", "x", "1/(e + v1)*a", "a/(e + v1)")


def test_the_steps_add_up_to_the_answer() -> None:
    root = parse("tanh(x)*x + exp(x)/x", x=0.5)
    x = variables(root)["x"]
    total = 0.0
    for step in derivation(root, x).steps:
        if step.to == "x":
            total += parse(step.contribution, x=0.5).data
    assert total == pytest.approx(derivative(root, x).data)


@pytest.mark.parametrize(
    ("name", "index", "expected"),
    [
        ("tanh", 0, "d tanh(p)/dp = 1 - tanh(p)**2"),
        ("div", 1, "d(p/q)/dq = -p/q**2"),
        ("add", 0, "d(p + q)/dp = 1"),
        ("where", 1, "d where(p, q, r)/dq = where(p, 1, 0)"),
    ],
)
def test_a_rule_is_written_from_the_table(name: str, index: int, expected: str) -> None:
    assert rule_text(OPERATIONS[name], index) == expected


RULES = [(operation, index) for operation in TABLE for index in range(operation.arity)]


@rows(("operation", "index"), RULES)
def test_every_rule_of_the_table_can_be_written(operation: Operation, index: int) -> None:
    if (operation.name, index) in WITHOUT_DERIVATIVE:
        with pytest.raises(
            EvaluationError,
            match=rf"^the derivative of {operation.name}.* is not defined$",
        ):
            rule_text(operation, index)
    else:
        assert " = " in rule_text(operation, index)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_length_of_a_derivation_is_in_proportion_to_that_of_the_program(family: Callable[..., Any]) -> None:
    lengths = []
    for lines in (6, 12):
        program = parse_program(family(lines))
        found = derivation(program.root, program.variables["y"])
        texts = [*(text for _, text in found.names), *(field for step in found.steps for field in step)]
        lengths.append(sum(map(len, texts)))
    assert lengths[1] < 3 * lengths[0]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_steps_with_their_names_are_the_derivative(family: Callable[..., Any]) -> None:
    program = parse_program(family(6), {"x": 1.1, "y": 0.9})
    y = program.variables["y"]
    found = derivation(program.root, y)
    names = "\n".join(f"{name} = {text}" for name, text in found.names)
    contributions = " + ".join(f"({step.contribution})" for step in found.steps if step.to == "y")
    total = parse(f"{names}\n{contributions}", x=1.1, y=0.9)
    program.bind({"x": 1.1, "y": 0.9})
    assert program.differentiate() is None
    assert total.data == pytest.approx(y.grad)


def test_a_long_gradient_is_named() -> None:
    root = parse_program("v = a*b*c; w = v*exp(v + b)*sin(v)*cos(v); log(w)*w").root
    found = derivation(root, variables(root)["a"])
    assert found.names == [
        ("v", "a*b*c"),
        ("v1", "v*exp(v + b)"),
        ("w", "v1*sin(v)*cos(v)"),
        ("g1", "sin(v)*cos(v)*(log(w) + 1)"),
        (
            "g2",
            "exp(v + b)*g1 + exp(v + b)*v*g1 + v1*cos(v)**2*(log(w) + 1) - v1*sin(v)**2*(log(w) + 1)",
        ),
    ]
    assert found.steps[-2:] == [
        Step("v", "d(p*q)/dp = q", "a*b", "g2*c", "c*g2"),
        Step("a*b", "d(p*q)/dp = q", "a", "c*g2*b", "b*c*g2"),
    ]
