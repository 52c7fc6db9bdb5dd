"""The derivatives of several results against mpmath, and along a direction against the gradient."""

import math
import random
from random import Random
from typing import Any

import pytest
from mpmath import mp
from rows import rows

from mgcli import compile as compiled
from mgcli import parse_program
from mgcli.analysis.jacobian import along, jacobian, values
from mgcli.errors import EvaluationError, ExpressionError

NAMES = ["x", "y", "z"]
SHAPES = ["({} + {})", "({} - {})", "{}*{}", "{}/(2 + {}**2)", "sin({})*{}", "exp(-{}**2)*{}", "tanh({} + {})"]


def expression(source: Random, names: list[str], depth: int) -> str:
    if depth == 0:
        return source.choice([*names, *names, "0.5", "3"])
    shape = source.choice(SHAPES)
    return shape.format(*(expression(source, names, depth - 1) for _ in range(2)))


def random_program(seed: int) -> str:
    """Return a program of three results, the second of which uses the first."""
    source = random.Random(seed)
    texts = [expression(source, names, 2) for names in (NAMES, [*NAMES, "f"], NAMES)]
    return "; ".join(f"{name} = {text}" for name, text in zip("fgh", texts, strict=True)) + " + x*y*z"


def by_mpmath(program: str, result: str, point: tuple[float, float, float], wrt: str | None = None) -> float:
    """Return the value of a result, or a derivative of it, with 40 digits."""

    def value(*numbers: Any) -> Any:
        known = {"sin": mp.sin, "exp": mp.exp, "tanh": mp.tanh, **dict(zip(NAMES, numbers, strict=True))}
        for statement in program.split("; "):
            name, _, text = statement.partition(" = ")
            known[name] = eval(text, {}, known)
        return known[result]

    with mp.workdps(40):
        numbers = [mp.mpf(number) for number in point]
        if wrt is None:
            return float(value(*numbers))
        return float(mp.diff(value, numbers, tuple(int(name == wrt) for name in NAMES)))


POINT = (0.75, -1.25, 0.5)
HERE = dict(zip(NAMES, POINT, strict=True))


@rows("seed", range(50))
def test_values_and_rows_are_those_of_mpmath_whichever_way_they_are_computed(seed: int) -> None:
    text = random_program(seed)
    program = parse_program(text)
    program.bind({name: HERE[name] for name in program.variables})
    results = list("fgh")
    variables = list(program.variables)
    rows = jacobian(program, results, variables)
    function = compiled([program.node(name) for name in results], variables)
    order = [HERE[name] for name in function.variables]
    compiled_values, compiled_rows = function(*order)
    direction = {name: number for name, number in zip(NAMES, (1.0, -2.0, 0.25), strict=True) if name in variables}
    moved = along(program, {name: program.of(name) for name in results}, direction)
    for index, name in enumerate(results):
        assert math.isclose(rows[name].value, by_mpmath(text, name, POINT), rel_tol=1e-13, abs_tol=1e-15)
        assert compiled_values[index] == rows[name].value == values(program, [name])[name].value
        slopes = [by_mpmath(text, name, POINT, wrt) for wrt in variables]
        for slope, got, again in zip(slopes, rows[name].gradient.values(), compiled_rows[index], strict=True):
            assert math.isclose(got, slope, rel_tol=1e-12, abs_tol=1e-14)
            assert math.isclose(again, slope, rel_tol=1e-12, abs_tol=1e-14)
        expected = math.fsum(slope * direction[wrt] for slope, wrt in zip(slopes, variables, strict=True))
        directional = moved[name].along
        assert directional is not None
        assert math.isclose(directional, expected, rel_tol=1e-12, abs_tol=1e-13)


def test_no_gradient_passes_a_branch_that_is_not_taken() -> None:
    program = parse_program("y = where(x > 0, x**2, sqrt(x)); z = max(x, 3*x)")
    program.bind({"x": 2.0})
    rows = along(program, {name: program.of(name) for name in ("y", "z")}, {"x": 0.5})
    assert {name: row.along for name, row in rows.items()} == {"y": 2.0, "z": 1.5}


def test_a_derivative_that_floats_do_not_hold_is_the_exact_one_along_a_direction_too() -> None:
    program = parse_program("log(1/(1 + exp(-z)))")
    program.bind({"z": -400.0})
    (row,) = along(program, {"value": program}, {"z": 2.0}).values()
    assert row.along == 2.0


def test_what_has_no_derivative_is_an_error_that_points() -> None:
    program = parse_program("y = 2*x; z = sqrt(x)")
    program.bind({"x": 0.0})
    assert jacobian(program, ["y"], ["x"])["y"].gradient == {"x": 2.0}
    with pytest.raises(EvaluationError, match="the derivative of sqrt is not defined") as caught:
        jacobian(program, ["y", "z"], ["x"])
    assert caught.value.span == (13, 20)


def test_only_a_name_that_a_statement_gives_is_a_result() -> None:
    program = parse_program("y = 2*x; q = y; y + 1")
    assert program.of("q").root is program.node("y")
    assert program.of("y").title == "y"
    with pytest.raises(ExpressionError, match="x is a variable, not a result") as caught:
        program.of("x")
    assert caught.value.hint == "its results are y, q"
    with pytest.raises(ExpressionError, match="the expression has no result w"):
        program.of("w")
