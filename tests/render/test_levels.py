"""The levels of a contour map."""

from collections.abc import Callable

import pytest

from mgcli.render.levels import levels_of


def values(function: Callable[[float, float], float], reach: float = 2.0) -> list[float]:
    points = [reach * (2 * index / 49 - 1) for index in range(50)]
    return [function(x, y) for y in points for x in points]


def test_levels_are_evenly_spaced_for_a_saddle_and_a_bowl() -> None:
    assert levels_of(values(lambda x, y: x * x - y * y)) == pytest.approx([-4.2 + 0.6 * index for index in range(15)])
    levels = levels_of(values(lambda x, y: x * x + y * y))
    assert levels[0] == 0.0
    assert levels[2] - levels[1] == pytest.approx(levels[1])


def test_levels_grow_by_factors_from_the_bottom_of_a_valley() -> None:
    def rosenbrock(x: float, y: float) -> float:
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2

    levels = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0]
    assert levels_of(values(rosenbrock)) == pytest.approx(levels)
    assert levels_of(values(lambda x, y: -rosenbrock(x, y))) == pytest.approx([-level for level in reversed(levels)])
    raised = levels_of(values(lambda x, y: rosenbrock(x, y) + 5000.0))
    assert raised == pytest.approx([5000.0 + level for level in levels])


def test_levels_grow_by_factors_towards_poles_on_both_sides() -> None:
    levels = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]
    assert levels_of(values(lambda x, y: 1 / x + 1 / y)) == pytest.approx(
        [*(-level for level in reversed(levels)), 0.0, *levels]
    )


@pytest.mark.parametrize("flat", [[], [0.0], [5.0] * 9, [-3.0, -3.0], [1e300, 1e300], [1e-320, 0.0], [-1e308, 1e308]])
def test_there_are_levels_for_any_values(flat: list[float]) -> None:
    levels = levels_of(flat)
    assert len(levels) > 1
    assert levels == sorted(set(levels))
