"""Plots as text for a terminal."""

import sys
from typing import Any

import pytest
from plots import curve_plot, line_plot

from mgcli.analysis.curves import Curve, Tangent
from mgcli.errors import RenderError
from mgcli.render.plot import clipped
from mgcli.render.plot_text import terminal_picture, tick_labels

NAN = float("nan")


def test_the_picture_in_a_terminal() -> None:
    plot = curve_plot(
        derivative=Curve([-3.0, 0.0, 1.0, 3.0], [-6.0, 0.0, 5.0, 6.0], {2: False}), tangent=Tangent(1.0, 1.0, 2.0)
    )
    assert "\n".join(terminal_picture(plot, 50, 16)) == GOLDEN


GOLDEN = """\
                        x**2
  ┌──────────────────────────────────────────────┐
  │⠑⠤⡀                                        ⢀⠤⠊│
  │  ⠈⠑⠤⡀                                  ⢀⠤⠊⠁ •│
 5┤     ⠈⠑⠤⣀                     •••••••⣀⠤••••••·│
  │         ⠉⠒⠤⣀                    ⣀⠤⠒⠉········ │
 0┤             ⠉⠒⠢⠤⠤⠤⢄⣀⣀⣀•⣀⣀⣀⠤⠤⠤⠔⠒⠉····         │
  │                •••••••······                 │
  │        ••••••••·····                         │
-5┤••••••••·····                                 │
  └────────┬──────────────┬──────────────┬───────┘
          -2              0              2
                          x
                     ⠒⠒⠒ f(x)
                    ••• df/dx
          ··· tangent at x = 1, slope 2"""


def test_colours_are_added_only_if_wanted() -> None:
    plot = curve_plot(tangent=Tangent(1.0, 1.0, 2.0))
    plain = "\n".join(terminal_picture(plot, 60, 20))
    coloured = "\n".join(terminal_picture(plot, 60, 20, colour=True))
    assert "\x1b" not in plain
    assert "\x1b" in coloured


@pytest.mark.parametrize("values", [[NAN] * 3, [2.0] * 3, [NAN, 1.0, NAN], [1e308, -1e308, 0.0], [1e-320, 0.0, 0.0]])
def test_a_curve_may_be_empty_flat_a_dot_or_of_any_size(values: list[float]) -> None:
    plot = line_plot([0.0, 1.0, 2.0], values)
    assert len(list(terminal_picture(plot, 80, 23))) == 23


def test_without_plotext_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotext", None)
    with pytest.raises(RenderError) as caught:
        list(terminal_picture(curve_plot(), 80, 24))
    assert str(caught.value) == (
        "a picture in the terminal needs plotext, which is not installed\n"
        "hint: install it: python -m pip install 'plotext<6'"
    )


@pytest.mark.parametrize(
    ("points", "label"),
    [([0.0, 1e254], "8e+253"), ([-1e300, 1e300], "5e+299"), ([1e-310, 2e-310], "1.6e-310"), ([0.0, 1e308], "4e+307")],
)
def test_a_range_may_be_of_any_length(points: list[float], label: str) -> None:
    plot = line_plot(points, points)
    lines = list(terminal_picture(plot, 80, 24))
    assert len(lines) == 24
    assert label in lines[-3]
    # A straight line from corner to corner is on every line of the picture.
    drawn = lines[2:-4]
    assert all(any("⠀" < character <= "⣿" for character in line) for line in drawn)


def test_control_characters_of_the_text_are_written_out() -> None:
    plot = line_plot([0.0, 1.0], [0.0, 1.0], "x  # \x1b]0;T\nx\u202e")
    assert next(terminal_picture(plot, 80, 24)).strip() == r"x; x\u202e"


def test_numbers_that_plotext_cannot_draw_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OverflowError("cannot convert float infinity to integer")

    monkeypatch.setattr("plotext.build", fail)
    with pytest.raises(RenderError) as caught:
        list(terminal_picture(curve_plot(), 80, 24))
    assert str(caught.value) == (
        "plotext cannot draw this: cannot convert float infinity to integer\n"
        "hint: it cannot handle very large or very small numbers: rescale the expression"
    )


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ([(0, 0), (1, 1)], [[(0, 0), (1, 1)]]),
        ([(0, 0), (1, 4)], [[(0, 0), (0.5, 2)]]),
        ([(0, 4), (1, 0), (2, -4)], [[(0.5, 2), (1, 0), (1.5, -2)]]),
        ([(0, 0), (1, 4), (2, 0)], [[(0, 0), (0.5, 2)], [(1.5, 2), (2, 0)]]),
        ([(0, 3), (1, 4)], []),
        ([(0, -4), (1, 4)], [[(0.25, -2), (0.75, 2)]]),
        ([(0, 1)], [[(0, 1)]]),
        ([(0, 3)], []),
        ([(0, -1.7e308), (1, 1.7e308)], [[(0.5, -2), (0.5, 2)]]),
    ],
)
def test_a_line_is_cut_where_it_leaves_the_picture(
    line: list[tuple[int, float]], parts: list[list[tuple[float, int]]]
) -> None:
    assert list(clipped(line, -2, 2)) == parts


@pytest.mark.parametrize(
    ("marks", "labels", "offset"),
    [
        ([0.0, 0.5, 1.0], ["0", "0.5", "1"], 0.0),
        ([999999.9995, 1000000.0, 1000000.0005], ["999999.9995", "1000000", "1000000.0005"], 0.0),
        ([1e10, 1e10 + 0.2, 1e10 + 0.4], ["+0", "+0.2", "+0.4"], 1e10),
        ([1e20, 1e20 + 1e10], ["+0", "+10000000000"], 1e20),
        ([], [], 0.0),
    ],
)
def test_the_labels_of_ticks_differ_from_each_other(marks: list[float], labels: list[str], offset: float) -> None:
    assert tick_labels(marks) == (labels, offset)


def test_labels_that_are_distances_are_explained(mg: Any) -> None:
    status, stdout, _ = mg("plot t**2 -t 1e10:1.0000000001e10")
    assert status == 0
    assert "numbers on the axis that begin with + are from 10000000000" in stdout
    assert stdout.count("\n") == 23
