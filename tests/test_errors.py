"""A span of a text, shown with carets."""

import copy
import multiprocessing
import pickle
import unicodedata
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mgcli import parse
from mgcli.errors import (
    WINDOW,
    EvaluationError,
    ExpandedSpan,
    ExpressionError,
    LimitError,
    MgError,
    RenderError,
    UnboundVariableError,
    picture,
)


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def above_the_carets(shown: str) -> str:
    line, marks = shown.split("\n")
    start = marks.index("^")
    return line[start : start + marks.count("^")]


def test_the_line_is_shown_with_carets_under_the_span() -> None:
    assert picture("3 + log(a*b)", (4, 12)) == (
        "  3 + log(a*b)\n"
        "      ^^^^^^^^"
    )  # fmt: skip


def test_a_note_follows_the_carets() -> None:
    assert picture("a = 2; b = 3", (0, 1), "first defined here") == (
        "  a = 2; b = 3\n"
        "  ^ first defined here"
    )  # fmt: skip


@pytest.mark.parametrize("end_of_line", ["\n", "\r\n", "\r"])
def test_of_several_lines_the_one_with_the_span_is_shown(end_of_line: str) -> None:
    text = end_of_line.join(["a = 2", "b = log(a)", "c = 3"])
    start = text.index("log")
    assert picture(text, (start, start + 6)) == (
        "  b = log(a)\n"
        "      ^^^^^^"
    )  # fmt: skip


@pytest.mark.parametrize("end_of_line", ["\n", "\r\n", "\r"])
def test_a_span_over_several_lines_is_marked_to_the_end_of_the_first(end_of_line: str) -> None:
    text = end_of_line.join(["a = 2", "b = log(a", "  + c)", "d"])
    start, end = text.index("log"), text.index(")") + 1
    assert picture(text, (start, end)) == (
        "  b = log(a\n"
        "      ^^^^^"
    )  # fmt: skip


def test_a_tab_is_shown_as_one_space_so_that_the_carets_are_aligned() -> None:
    assert picture("\ta\t=\t2x", (5, 7)) == (
        "   a = 2x\n"
        "       ^^"
    )  # fmt: skip


def test_a_character_that_cannot_be_seen_is_shown_as_a_space() -> None:
    assert picture("a\x00 + \u200bb", (5, 6)) == (
        "  a  +  b\n"
        "       ^"
    )  # fmt: skip


def test_a_wide_character_has_two_carets_and_takes_two_columns() -> None:
    assert picture("变量 + 值*2", (5, 6)) == (
        "  变量 + 值*2\n"
        "         ^^"
    )  # fmt: skip
    assert picture("变量 + x", (5, 6)) == (
        "  变量 + x\n"
        "         ^"
    )  # fmt: skip


def test_an_accent_alone_has_no_width() -> None:
    assert picture("e\u0301 + x", (5, 6)) == (
        "  e\u0301 + x\n"
        "      ^"
    )  # fmt: skip


def test_a_lone_accent_still_has_a_caret() -> None:
    assert picture("e\u0301", (1, 2)) == (
        "  e\u0301\n"
        "   ^"
    )  # fmt: skip


def test_the_end_of_a_text_is_marked_after_it() -> None:
    assert picture("1 +", (3, 4)) == (
        "  1 +\n"
        "     ^"
    )  # fmt: skip


def test_the_end_of_a_text_that_ends_in_a_line_is_marked_on_the_line_after() -> None:
    assert picture("1 +\n", (4, 5)) == (
        "  \n"
        "  ^"
    )  # fmt: skip


def test_the_end_of_a_line_is_marked_after_it() -> None:
    assert picture("a = 1 +\nb = 2", (7, 8)) == (
        "  a = 1 +\n"
        "         ^"
    )  # fmt: skip


def test_an_empty_text_has_a_span_too() -> None:
    assert picture("", (0, 1)) == (
        "  \n"
        "  ^"
    )  # fmt: skip


def test_an_empty_span_has_one_caret() -> None:
    assert picture("a + b", (2, 2)) == (
        "  a + b\n"
        "    ^"
    )  # fmt: skip


def test_a_span_beyond_the_end_is_the_end() -> None:
    assert picture("a + b", (9, 12)) == (
        "  a + b\n"
        "       ^"
    )  # fmt: skip


def test_spaces_at_the_end_of_a_line_are_not_shown() -> None:
    assert picture("a + b   \nc", (0, 1)) == (
        "  a + b\n"
        "  ^"
    )  # fmt: skip


def test_a_line_of_the_width_of_the_window_is_shown_whole() -> None:
    line = "x" * (WINDOW - 1) + "!"
    assert picture(line, (WINDOW - 1, WINDOW)) == (
        f"  {line}\n"
        f"  {' ' * (WINDOW - 1)}^"
    )  # fmt: skip


def test_a_long_line_is_cut_on_both_sides_of_a_span_in_the_middle() -> None:
    text = (
        " + ".join(f"a{index}" for index in range(100)) + " + 2b + " + " + ".join(f"c{index}" for index in range(100))
    )
    start = text.index("2b")
    assert picture(text, (start, start + 2)) == (
        "  ...94 + a95 + a96 + a97 + a98 + a99 + 2b + c0 + c1 + c2 + c3 + c4 + c5 + c6...\n"
        "                                        ^^"
    )


def test_a_long_line_is_cut_at_its_end_when_the_span_is_at_its_beginning() -> None:
    text = "2b + " + " + ".join(f"c{index}" for index in range(100))
    assert picture(text, (0, 2)) == (
        "  2b + c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11 + c12 +...\n  ^^"
    )


def test_a_long_line_is_cut_at_its_beginning_when_the_span_is_at_its_end() -> None:
    text = " + ".join(f"c{index}" for index in range(100)) + " + 2b"
    assert picture(text, (len(text) - 2, len(text))) == (
        "  ...8 + c89 + c90 + c91 + c92 + c93 + c94 + c95 + c96 + c97 + c98 + c99 + 2b\n"
        "                                                                           ^^"
    )


def test_a_long_line_that_ends_too_early_is_marked_after_its_end() -> None:
    text = " + ".join(f"c{index}" for index in range(100)) + " +"
    assert picture(text, (len(text), len(text) + 1)) == (
        "  ... c88 + c89 + c90 + c91 + c92 + c93 + c94 + c95 + c96 + c97 + c98 + c99 +\n"
        "                                                                             ^"
    )


def test_a_long_span_is_marked_from_its_beginning_to_the_end_of_the_window() -> None:
    text = "a + log(" + "x" * 200 + ") + b"
    shown = picture(text, (4, 209))
    assert above_the_carets(shown).startswith("log(xxx")
    assert columns(shown.split("\n")[0]) <= WINDOW + 8


LINES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=400)


@given(st.data())
def test_the_text_above_the_carets_is_the_span_or_its_beginning(data: Any) -> None:
    before, line, after = data.draw(LINES), data.draw(LINES.filter(bool)), data.draw(LINES)
    left = data.draw(st.integers(0, len(line) - 1))
    right = data.draw(st.integers(left + 1, len(line)))
    text = f"{before}\n{line}\n{after}"
    offset = len(before) + 1
    shown = picture(text, (offset + left, offset + right))
    place = line[left:right]
    marked = above_the_carets(shown)
    assert marked
    assert place.startswith(marked)
    assert len(marked) >= min(len(place), WINDOW // 2)
    assert all(columns(part) <= WINDOW + len("  ......") for part in shown.split("\n"))
    window = shown.split("\n")[0][2:]
    assert window.removeprefix("...").removesuffix("...") in line or window in line


@given(st.integers(0, 299), st.integers(0, 40))
def test_a_long_line_of_wide_characters_fits_the_same_window(start: int, length: int) -> None:
    line = "".join(chr(0x4E00 + index) for index in range(300))
    shown = picture(line, (start, start + length))
    above, marks = shown.split("\n")
    assert columns(above) <= WINDOW + len("  ......")
    assert marks.count("^") >= 2
    assert line[start] in above
    assert columns(above[: above.index(line[start])]) == marks.index("^")


@given(st.text(max_size=100), st.integers(0, 120), st.integers(0, 120))
def test_any_span_in_any_text_is_one_line_and_its_carets(text: str, start: int, end: int) -> None:
    shown = picture(text, (start, end), "here")
    line, marks = shown.split("\n")
    assert line.startswith("  ")
    assert line.isprintable()
    assert marks.strip(" ^") == "here"
    assert marks.count("^") >= 1


ERRORS = [
    MgError("refused", text="a + b", span=(0, 1), hint="do not", also=[((4, 5), "here")]),
    ExpressionError("refused", text="f(2)", span=ExpandedSpan((0, 4), (1, 2), "in f")),
    UnboundVariableError(["a", "b"], text="a + b", span=(0, 1)),
    EvaluationError("log is not defined at -1.0"),
    RenderError("no renderer found"),
    LimitError("checking 2 gradients"),
]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_copy_of_an_error_is_equal_to_it(error: Any, copied: Callable[..., Any]) -> None:
    other = copied(error)
    assert type(other) is type(error)
    assert str(other) == str(error)
    assert vars(other) == vars(error)


def test_an_error_comes_back_from_another_process() -> None:
    with (
        ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool,
        pytest.raises(UnboundVariableError, match="b has no value") as caught,
    ):
        pool.submit(parse, "a + b", a=1.0).result(timeout=60)
    assert caught.value.names == ("b",)
