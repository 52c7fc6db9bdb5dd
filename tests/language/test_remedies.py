"""What a name was meant to be."""

import builtins
import math
from collections.abc import Iterator
from typing import Any

import mpmath
import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import rows
from work import lines_run

from mgcli import ExpressionError, parse_program
from mgcli.graph.names import nearest
from mgcli.language.remedies import INSTEAD_OF_FUNCTION, apart, spelled

NAMES = st.lists(st.text("abx", min_size=1, max_size=4), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("name", "known", "nearest_one"),
    [
        ("alhpa", ["alpha", "beta"], "alpha"),
        ("Exp", ["exp2", "exp"], "exp"),
        ("omega", ["alpha", "beta"], None),
    ],
)
def test_the_nearest_name_is_that_of_the_same_letters_or_of_nearly_the_same(
    name: str, known: list[str], nearest_one: str | None
) -> None:
    assert nearest(name, known) == nearest_one


@pytest.mark.parametrize(
    ("name", "known", "pieces"),
    [
        ("xy", ["y", "x"], ["x", "y"]),
        ("xx", ["x"], ["x", "x"]),
        ("alphabeta", ["beta", "alpha", "a"], ["alpha", "beta"]),
        ("aab", ["a", "aa", "ab"], ["a", "ab"]),
        ("xyz", ["x", "y"], []),
        ("", ["x"], []),
    ],
)
def test_a_name_that_is_others_run_together_is_split(name: str, known: list[str], pieces: list[str]) -> None:
    assert apart(name, known) == pieces


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("xy", ["x", "y"], "x*y"),
        ("xy", ["xy", "x", "y"], "xy"),
        ("sinx", ["x"], "sin(x)"),
        ("e", ["x"], "e"),
        ("product", ["x"], "product"),
        ("wibble", [], "wibble"),
    ],
)
def test_a_factor_says_what_its_letters_say(name: str, known: list[str], said: str) -> None:
    assert spelled(name, known) == said


@given(NAMES)
def test_names_run_together_are_split_into_no_more_pieces(names: list[str]) -> None:
    pieces = apart("".join(names), names)
    assert "".join(pieces) == "".join(names)
    assert set(pieces) <= set(names)
    assert len(pieces) <= len(names)


def test_the_work_for_splitting_a_name_is_in_proportion_to_its_length() -> None:
    def split(length: int) -> None:
        assert apart("a" * length + "b", ["a", "aa", "aaa"]) == []

    split(100_000)
    assert lines_run(lambda: split(10_000)) < 10.1 * lines_run(lambda: split(1_000))


def called_as(name: Any) -> Any:
    """Return what mg says to write for a call of `name`, as a program."""
    with pytest.raises(ExpressionError) as caught:
        parse_program(f"{name}(x)")
    hint = caught.value.hint or ""
    assert hint.startswith("write ")
    return parse_program(hint.removeprefix("write "))


def numbers(program: Any) -> Iterator[Any]:
    """Yield the operands, in their order, and the value at each of two points where there is one."""
    for point in [0.6, 2.25, 3.5, 1.25], [2.25, 0.6, 3.5]:
        operands = dict(zip(program.variables, point, strict=False))
        program.bind(operands)
        if program.error() is None and program.differentiate() is None:
            yield list(operands.values()), program.root.data


@rows("name", INSTEAD_OF_FUNCTION)
def test_what_to_write_instead_of_a_function_has_a_value_and_gradients(name: Any) -> None:
    found = list(numbers(called_as(name)))
    assert found
    assert all(math.isfinite(value) for _, value in found)


def elsewhere(name: Any) -> Any:
    """Return the function of this name in the first library that has one."""
    functions = (getattr(library, name, None) for library in (mpmath, math, numpy, builtins))
    return next(filter(callable, functions), None)


SAME_ELSEWHERE = [
    *["acot", "acoth", "acsc", "acsch", "asec", "asech", "beta", "cot", "coth", "csc", "csch", "frac", "loggamma"],
    *["sec", "sech", "sinc", "degrees", "exp2", "radians", "trunc", "arctan2", "deg2rad", "rad2deg"],
    *["reciprocal", "square", "int", "round", "add"],
]


@pytest.mark.parametrize("name", [name for name in INSTEAD_OF_FUNCTION if name in SAME_ELSEWHERE])
def test_what_to_write_instead_of_a_function_is_what_the_function_is_elsewhere(name: Any) -> None:
    for operands, value in numbers(called_as(name)):
        assert value == pytest.approx(float(elsewhere(name)(*operands)), rel=1e-14)
