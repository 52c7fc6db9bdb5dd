"""The points of a sweep as they are written: ranges with a step or a number of points, by equal factors, lists."""

from itertools import pairwise
from math import log, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mgcli.analysis.points import NotPoints, is_several, points
from mgcli.errors import ExpressionError
from mgcli.language.parser import constant_value


def written(text: str, even: int | None = None) -> list[float]:
    found = points(text, constant_value, even)
    numbers = list(found)
    assert len(numbers) == len(found)
    assert numbers[0] == found.start
    return numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0:2", [0, 1]),
        ("0:1:0.25", [0, 0.25, 0.5, 0.75]),
        ("2:0:-1", [2, 1]),
        ("0:pi/2", [0, 1]),
        ("0:3:/7", [0, 0.5, 1, 1.5, 2, 2.5, 3]),
        ("0:3: / 2 ", [0, 3]),
        ("3:0:/4", [3, 2, 1, 0]),
        ("log(1e-3:1e3:/7)", [0.001, 0.01, 0.1, 1, 10, 100, 1000]),
        ("log(-1:-100:/3)", [-1, -10, -100]),
        ("log(8:1:/4)", [8, 4, 2, 1]),
        ("log(1e-300:1e300:/3)", [1e-300, 1, 1e300]),
        ("log(2):log(30)", [log(2), log(2) + 1, log(2) + 2]),
        ("log((1+1):(2*4):/3)", [2, 4, 8]),
        ("1,2.5,4", [1, 2.5, 4]),
        ("pi, max(1, 2), -3", [pi, 2, -3]),
    ],
)
def test_points_are_what_is_written(text: str, numbers: list[float]) -> None:
    assert is_several(text)
    assert written(text) == numbers


def test_a_range_without_a_step_may_have_a_number_of_points_by_default() -> None:
    assert written("0:1", even=3) == [0, 0.5, 1]
    assert written("log(1:100)", even=3) == [1, 10, 100]
    assert written("0:1:0.5", even=9) == [0, 0.5]


@pytest.mark.parametrize(
    "text", ["1", "1,5", "1,000", "1,000,000", "log(2)", "max(1,2)", "(1,2,3)", "[1,2,3]", "f(1:2)"]
)
def test_one_value_is_not_several(text: str) -> None:
    assert not is_several(text)


@pytest.mark.parametrize("text", ["0:", ":1", "0::1", "0:1:2:3", "1,,2", "1,2,", "log(:3:/2)"])
def test_what_is_incomplete_is_neither(text: str) -> None:
    assert is_several(text)
    with pytest.raises(NotPoints):
        written(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0:3:/1", "/1 is not a number of points"),
        ("0:3:/2.5", "/2.5 is not a number of points"),
        ("0:3:/100000000", "more than 10,000,000 points"),
        ("0:0:/3", "no points from 0.0 to 0.0"),
        ("log(0:3:/3)", "no factor leads from 0.0 to 3.0"),
        ("log(-1:3:/3)", "no factor leads from -1.0 to 3.0"),
        ("log(2:2:/3)", "no points from 2.0 to 2.0"),
        ("log(1:3:0.5)", r"log\(1:3:0.5\) has no number of points"),
    ],
)
def test_points_that_there_are_none_of_are_an_error(text: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        written(text)


@given(st.floats(1e-300, 1e300), st.floats(1e-300, 1e300), st.integers(2, 50))
def test_equal_factors_lead_from_end_to_end(start: float, stop: float, count: int) -> None:
    if start == stop:
        return
    numbers = written(f"log({start!r}:{stop!r}:/{count})")
    assert (numbers[0], numbers[-1], len(numbers)) == (start, stop, count)
    assert numbers == sorted(numbers, reverse=stop < start)
    logarithms = [log(number) for number in numbers]
    steps = [after - before for before, after in pairwise(logarithms)]
    assert steps == pytest.approx([(log(stop) - log(start)) / (count - 1)] * (count - 1), abs=1e-9)
