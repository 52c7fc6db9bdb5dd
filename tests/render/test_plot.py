"""What a plot shows."""

from plots import curve_plot

from mgcli.analysis.curves import Tangent
from mgcli.render.plot import thinned


def test_a_plot_shows_the_curve_and_where_its_tangent_touches() -> None:
    assert (curve_plot().width(), curve_plot().height()) == ((-3.0, 3.0), (0.0, 9.0))
    beside = curve_plot(tangent=Tangent(5.0, 25.0, 10.0))
    assert (beside.width(), beside.height()) == ((-3.0, 5.0), (0.0, 25.0))
    assert beside.tangent_label == "tangent at x = 5, slope 10"


def test_a_long_line_is_thinned_to_its_lowest_and_highest_points() -> None:
    values = [0.0] * 100_000
    values[777], values[54_321] = 5.0, -5.0
    kept = list(thinned(range(100_000), values, 100))
    assert len(kept) <= 102
    assert {(777, 5.0), (54_321, -5.0)} <= set(kept)
    assert kept == sorted(kept)


def test_a_short_line_is_kept_as_it_is() -> None:
    assert list(thinned([1.0, 2.0, 3.0], [4.0, 5.0, 6.0])) == [(1.0, 4.0), (2.0, 5.0), (3.0, 6.0)]
