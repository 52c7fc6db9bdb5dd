"""Plots as pictures in files."""

import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from plots import curve_plot, line_plot

from mgcli.analysis.curves import Curve, Tangent
from mgcli.errors import RenderError
from mgcli.render.plot import ContourPlot, CurvePlot, Look
from mgcli.render.plot_file import FORMATS, contour_picture, curve_picture
from mgcli.render.plot_text import terminal_picture

BEGINNINGS = {"svg": b"<?xml", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}
NAN = float("nan")


def contour_plot(
    value: Callable[..., Any] = lambda x, y: x * x + y,
    gradient: Callable[..., Any] = lambda x, y: (2 * x, 1.0),
    text: str = "x**2 + y",
) -> ContourPlot:
    across, up = [0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0]
    rows = [[value(x, y) for x in across] for y in up]
    first, second = ([[gradient(x, y)[index] for x in across] for y in up] for index in (0, 1))
    return ContourPlot(text, None, {"k": 2.0}, ("x", "y"), "f", across, up, rows, (first, second))


@pytest.mark.parametrize("form", [pytest.param(form, marks=[pytest.mark.slow] * (form == "pdf")) for form in FORMATS])
def test_a_picture_is_what_its_format_says_and_the_same_each_time(form: str) -> None:
    plot = curve_plot(derivative=Curve([0.0, 1.0], [1.0, 2.0], {}), tangent=Tangent(1.0, 1.0, 2.0))
    first, second = curve_picture(plot, form), curve_picture(plot, form)
    assert first.startswith(BEGINNINGS[form])
    assert first == second


@pytest.mark.parametrize("form", ["svg", *(pytest.param(form, marks=pytest.mark.slow) for form in ("png", "pdf"))])
def test_a_contour_map_is_what_its_format_says_and_the_same_each_time(form: str) -> None:
    first, second = contour_picture(contour_plot(), form), contour_picture(contour_plot(), form)
    assert first.startswith(BEGINNINGS[form])
    assert first == second


def test_a_picture_contains_no_date_and_no_version() -> None:
    assert b"<dc:date>" not in curve_picture(curve_plot(), "svg")
    assert b"CreationDate" not in curve_picture(curve_plot(), "pdf")
    assert b"Software" not in curve_picture(curve_plot(), "png")


def test_the_user_s_own_settings_change_nothing() -> None:
    import matplotlib

    plain = curve_picture(curve_plot(), "svg")
    with matplotlib.rc_context({"lines.linewidth": 9.0, "axes.grid": False, "font.size": 30.0}):
        assert curve_picture(curve_plot(), "svg") == plain
        assert matplotlib.rcParams["lines.linewidth"] == 9.0


@pytest.mark.parametrize("text", ["$x$ + {}_^%", "中", "a = 1 # $a\nb = a*x", "x" * 3000, "+".join(["x**2"] * 100), ""])
def test_any_title_can_be_written(text: str) -> None:
    assert curve_picture(curve_plot(text), "png").startswith(BEGINNINGS["png"])


def test_the_title_is_the_program_on_one_line_without_comments() -> None:
    svg = curve_picture(curve_plot("a = 2  # twice\n\nL = a*x;"), "svg").decode()
    assert "<dc:title>a = 2; L = a*x</dc:title>" in svg


def test_a_gap_parts_a_line_in_two() -> None:
    points, values = [0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 1.0, NAN, 5.0, 6.0]
    whole = curve_picture(line_plot(points, [0.0, 1.0, 2.0, 5.0, 6.0]), "svg")
    parted = curve_picture(line_plot(points, values), "svg")
    assert parted.count(b"stroke: #0072b2") == whole.count(b"stroke: #0072b2") + 1 == 2


@pytest.mark.parametrize(
    ("value", "gradient"),
    [
        (lambda x, y: 5.0, lambda x, y: (0.0, 0.0)),
        (lambda x, y: NAN, lambda x, y: (NAN, NAN)),
        (lambda x, y: x if x > y else NAN, lambda x, y: (1.0, NAN)),
        (lambda x, y: 1e300 if x == y == 0 else x, lambda x, y: (1e300, 1.0)),
        (lambda x, y: -1e9 if x == y == 0 else x, lambda x, y: (1.0, 1.0)),
    ],
)
def test_a_map_may_be_flat_empty_holed_or_high(value: Callable[..., Any], gradient: Callable[..., Any]) -> None:
    assert contour_picture(contour_plot(value, gradient), "png").startswith(BEGINNINGS["png"])


@pytest.mark.parametrize("values", [[NAN] * 3, [2.0] * 3, [NAN, 1.0, NAN], [1e308, -1e308, 0.0], [1e-320, 0.0, 0.0]])
def test_a_curve_may_be_empty_flat_a_dot_or_of_any_size(values: list[float]) -> None:
    plot = line_plot([0.0, 1.0, 2.0], values)
    assert curve_picture(plot, "png").startswith(BEGINNINGS["png"])


def test_without_matplotlib_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(RenderError) as caught:
        curve_picture(curve_plot(), "svg")
    assert str(caught.value) == (
        "a picture in a file needs matplotlib, which is not installed\n"
        "hint: install it: python -m pip install matplotlib"
    )


def test_numbers_that_matplotlib_cannot_draw_are_an_error() -> None:
    across, flat = [1e307, 1.7e308], [[1.0, 1.0], [1.0, 1.0]]
    with pytest.raises(RenderError) as caught:
        contour_picture(ContourPlot("x", None, {}, ("x", "y"), "f", across, [0.0, 1.0], flat, (flat, flat)), "png")
    assert caught.value.message.startswith("matplotlib cannot draw this: ")
    assert caught.value.hint == "it cannot handle very large or very small numbers: rescale the expression"


@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_text_is_text(form: str) -> None:
    content = curve_picture(curve_plot("the_name*x"), form)
    if form == "svg":
        assert b">the_name*x</text>" in content
    else:
        assert b"/FontFile2" in content
        assert b"/Type3" not in content


def test_the_title_is_mathematics_where_it_can_be_set() -> None:
    plot = CurvePlot(["x/2"], [r"\frac{x}{2}"], {"b": 2.5}, "x", curve_plot().lines)
    svg = curve_picture(plot, "svg").decode()
    assert r"<!-- $\dfrac{x}{2}$ -->" in svg
    assert "<!-- $b = 2.5$ -->" in svg
    assert "<dc:title>x/2</dc:title>" in svg
    cases = CurvePlot(["relu(x)"], [r"\begin{cases} x \end{cases}"], {}, "x", curve_plot().lines)
    assert ">relu(x)</text>" in curve_picture(cases, "svg").decode()


def test_curves_after_the_first_are_dashed() -> None:
    plot = curve_plot(derivative=Curve([-3.0, 3.0], [9.0, 9.0], {}))
    svg = curve_picture(plot, "svg").decode()
    assert svg.count("stroke-dasharray: 10") >= 1
    assert svg.index("stroke: #0072b2") < svg.index("stroke: #d55e00")


def test_values_up_to_the_largest_float_are_drawn_whole() -> None:
    svg = curve_picture(line_plot([-1e100, 0.0, 1e100], [-1.6e308, 0.0, 1.6e308]), "svg").decode()
    assert ">1.5e+308</text>" in svg
    assert ">\N{MINUS SIGN}1.5e+308</text>" in svg
    (path,) = re.findall(r'<path d="([^"]*)" clip-path="[^"]*" style="fill: none; stroke: #0072b2', svg)
    points = [tuple(map(float, pair.split())) for pair in re.split("[ML]", path)[1:]]
    (left, bottom), (middle, level), (right, top) = points
    assert left < middle < right
    assert level == pytest.approx((bottom + top) / 2)


@pytest.mark.parametrize("values", [[5e-324, 1.0, 1.7e308], [NAN, -1.0, 0.0], [2.0, 2.0, 2.0]])
def test_axes_may_be_logarithmic(values: list[float]) -> None:
    plot = line_plot([0.1, 1.0, 1e300], values, look=Look(log="xy"))
    assert curve_picture(plot, "png").startswith(BEGINNINGS["png"])
    assert len(list(terminal_picture(plot, 60, 20))) == 20


def test_a_map_may_be_logarithmic_and_cut() -> None:
    plot = contour_plot()
    plot.across = [0.01, 0.1, 1.0, 10.0]
    plot.look = Look(log="x", xlim=(0.1, 5.0), ylim=(0.5, 1.5), size=(5.0, 4.0), ylabel="$y$ in metres")
    assert b"<!-- $y$ in metres -->" in contour_picture(plot, "svg")
