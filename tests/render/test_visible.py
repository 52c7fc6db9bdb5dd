"""What is not ours is shown so that it can only be read."""

import pytest

from mgcli.render.visible import program_line, visible, visible_name, visible_title


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x**2 # \x1b]0;T\x07", r"x**2 # \x1b]0;T\x07"),
        ("a\x00b\x7f\x9b", r"a\x00b\x7f\x9b"),
        ("right\u202eto left\u2066", r"right\u202eto left\u2066"),
        ("no\u200bwidth\ufeff", r"no\u200bwidth\ufeff"),
        ("\ud800 half", r"\ud800 half"),
        ("a tag \U000e0041", r"a tag \U000e0041"),
        ("back\rover", r"back\x0dover"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("温度 α² שלום 🙂 e\u0301\xa0", "温度 α² שלום 🙂 e\u0301\xa0"),
    ],
)
def test_invisible_characters_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_the_name_of_a_file_is_on_one_line() -> None:
    assert visible_name("a\nb\tc\x1b") == r"a\nb\tc\x1b"


def test_a_title_is_on_one_line() -> None:
    assert visible_title("Run #3;\n of  May\x1b") == r"Run #3; of May\x1b"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 2  # twice (\n\nL = a*x;", "a = 2; L = a*x"),
        ("y = (a\n  + b) # a sum\ny*2", "y = (a + b); y*2"),
        ("f(x,\n  y) = x*y; f(1,\n\n2)", "f(x, y) = x*y; f(1, 2)"),
        ("max(x,  # the first\n    y)  # of two\n", "max(x, y)"),
        ("a*b", "a*b"),
        ("# nothing", ""),
    ],
)
def test_a_program_is_shown_on_one_line_that_can_be_typed(text: str, line: str) -> None:
    assert program_line(text) == line
