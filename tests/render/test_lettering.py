"""Letters in pictures."""

import pytest

pytest.importorskip("matplotlib")

from mgcli.render.lettering import families, largest, marked_up, mathematics, portable, width, wrapped


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"\frac{1}{x}", r"$\frac{1}{x}$"),
        (r"\begin{cases} x & y \end{cases}", None),
        (r"\mathrm{温}", None),
        ("", None),
        (None, None),
    ],
)
def test_a_formula_is_mathematics_if_matplotlib_can_set_it(latex: str | None, shown: str | None) -> None:
    assert mathematics(latex) == shown


def test_fractions_are_large_in_a_title_but_not_in_powers() -> None:
    assert mathematics(r"\frac{1}{x} + e^{\frac{x}{2}}", displayed=True) == r"$\dfrac{1}{x} + e^{\frac{x}{2}}$"


@pytest.mark.parametrize(
    ("text", "is_formula"), [("$x^2$ a", True), ("5 $", False), ("$x_$", False), (r"\$5 and \$6", False)]
)
def test_a_title_may_contain_mathematics(text: str, is_formula: bool) -> None:
    assert marked_up(text) == (text if is_formula else None)


def test_letters_that_no_font_has_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert families("aα") == (["DejaVu Sans"], "")
    monkeypatch.setattr("mgcli.render.lettering._other_fonts", lambda: iter(["DejaVu Serif", "no such font"]))
    assert families("温a度温") == (["DejaVu Sans"], "温度")


def test_letters_are_taken_from_other_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = "\N{SCRIPT CAPITAL R}\N{DOUBLE-STRUCK CAPITAL R}\u2a0b"
    monkeypatch.setattr("mgcli.render.lettering.FONT", "cmr10")
    monkeypatch.setattr("mgcli.render.lettering._other_fonts", lambda: iter(["DejaVu Sans", "STIXGeneral"]))
    found, missing = families(letter)
    assert (found[0], missing) == ("cmr10", "")
    assert len(found) > 1


def test_text_is_wrapped_to_the_room_there_is() -> None:
    lines = wrapped("one and two and three and four", 12, 90.0, 3)
    assert all(width(line, 12) <= 90.0 for line in lines[:2])
    assert len(wrapped("word " * 200, 12, 200.0, 3)) == 3
    assert wrapped("", 12, 10.0, 1) == [""]
    assert largest("some text", (20, 5), 40.0) == 5
    assert largest("some text", (20, 5), 1.0) is None


def test_a_picture_brings_the_tall_letters_that_a_viewer_does_not_have() -> None:
    svg = "<style>a</style><tspan style=\"font-family: 'STIXSizeOneSym'; fill: red\">√</tspan>"
    shown = portable(svg)
    assert shown.startswith("<style>a@font-face{font-family:'STIXSizeOneSym';src:url(data:font/ttf;base64,AAEAAAA")
    assert "font-family: 'STIXSizeOneSym', sans-serif; fill" in shown
    assert portable(svg) == shown
    assert len(shown) < 3000
