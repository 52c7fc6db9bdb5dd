"""What a plot shows."""

import pytest
from plots import curve_plot

from mgcli.analysis.curves import Tangent
from mgcli.render.plot import Axis, Look, inside, thinned


def test_a_plot_shows_the_curve_and_where_its_tangent_touches() -> None:
    plot = curve_plot()
    assert (plot.across().ends(), plot.up().ends()) == ((-3.0, 3.0), (0.0, 9.0))
    beside = curve_plot(tangent=Tangent(5.0, 25.0, 10.0))
    assert (beside.across().ends(), beside.up().ends()) == ((-3.0, 5.0), (0.0, 25.0))
    assert beside.tangent_label == "tangent at x = 5, slope 10"


@pytest.mark.parametrize(
    ("low", "high", "log", "ticks"),
    [
        (0.0, 10.0, False, [0.0, 5.0, 10.0]),
        (-1.7e308, 1.7e308, False, [-1e308, 0.0, 1e308]),
        (-1.6e308, 1.6e308, False, [-1e308, 0.0, 1e308]),
        (2.6, 8.9, False, [4.0, 6.0, 8.0]),
        (-2.0, 2.0, True, [0.01, 0.1, 1.0, 10.0, 100.0]),
        (-8.0, 8.0, True, [1e-8, 1e-4, 1.0, 1e4, 1e8]),
        (0.0, 1.0, True, [1.0, 2.0, 5.0, 10.0]),
        (0.1, 0.9, True, [2.0, 4.0, 6.0]),
        (0.31, 0.45, True, [2.2, 2.4, 2.6, 2.8]),
        (-323.0, 308.0, True, [1e-316, 1e-158, 1.0, 1e158]),
    ],
)
def test_ticks_are_round_numbers(low: float, high: float, log: bool, ticks: list[float]) -> None:
    assert Axis(low, high, log).ticks(4) == pytest.approx(ticks)


def test_there_are_two_ticks_at_least() -> None:
    assert Axis(293.1502, 293.1511).ticks(1) == pytest.approx([293.1505, 293.151])
    assert Axis(1.0, 1.9).ticks(1) == [1.0, 1.5]


def test_the_height_fits_what_is_shown() -> None:
    assert curve_plot(look=Look(xlim=(-1.0, 2.0))).up().ends() == (0.0, 4.0)
    assert curve_plot(look=Look(xlim=(5.0, 6.0))).up().ends() == (0.0, 1.0)


def test_a_line_is_interrupted_where_a_logarithmic_axis_does_not_show_it() -> None:
    line = [(1.0, 1.0), (2.0, 10.0), (3.0, 0.0), (4.0, 1000.0), (5.0, 100.0)]
    parts = list(inside(line, Axis(0.0, 10.0), Axis(0.0, 3.0, True)))
    assert parts == [[(1.0, 0.0), (2.0, 1.0)], [(4.0, 3.0), (5.0, 2.0)]]
    assert list(inside(line[:2], Axis(1.5, 10.0), Axis(0.0, 3.0, True))) == [[(1.5, 0.5), (2.0, 1.0)]]


def test_a_long_line_is_thinned_to_its_lowest_and_highest_points() -> None:
    values = [0.0] * 100_000
    values[777], values[54_321] = 5.0, -5.0
    kept = list(thinned(range(100_000), values, 100))
    assert len(kept) <= 102
    assert {(777, 5.0), (54_321, -5.0)} <= set(kept)
    assert kept == sorted(kept)


def test_a_short_line_is_kept_as_it_is() -> None:
    assert list(thinned([1.0, 2.0, 3.0], [4.0, 5.0, 6.0])) == [(1.0, 4.0), (2.0, 5.0), (3.0, 6.0)]
