"""What a name was meant to be."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mgcli.graph.names import nearest, nearest_option
from mgcli.language.remedies import apart

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


def test_the_nearest_option_is_found_with_or_without_dashes() -> None:
    assert nearest_option("--josn", ["--json", "--let"]) == "--json"
    assert nearest_option("josn", ["--json", "--let"]) == "--json"
    assert nearest_option("omega", ["--json", "--let"]) is None


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


@given(NAMES)
def test_names_run_together_are_split_into_no_more_pieces(names: list[str]) -> None:
    pieces = apart("".join(names), names)
    assert "".join(pieces) == "".join(names)
    assert set(pieces) <= set(names)
    assert len(pieces) <= len(names)


def test_a_long_name_is_split_quickly() -> None:
    start = process_time()
    assert apart("a" * 100_000 + "b", ["a", "aa", "aaa"]) == []
    assert process_time() - start < 5
