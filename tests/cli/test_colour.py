"""Colour: on a terminal, or on request; never in a pipe."""

from typing import Any

import pytest

RED, CYAN, YELLOW, BOLD, OFF = (f"\x1b[{code}m" for code in ("31", "36", "33", "1", "0"))


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)


def test_an_error_has_its_words_and_its_carets_in_colour(mg: Any) -> None:
    assert mg("eval 2x -x 3 --color").stderr == (
        f"{RED}{BOLD}error:{OFF} expected an operator, not x\n  2x\n{RED}  ^^{OFF}\n"
        f"{CYAN}hint:{OFF} to multiply, write 2*x\n"
    )


def test_a_note_is_yellow(mg: Any) -> None:
    assert f"{YELLOW}note:{OFF} abs has a kink" in mg("grad abs(x) -x 0 --color").stderr


def test_the_head_of_a_table_is_bold(mg: Any) -> None:
    assert mg("grad x*y -x 3 -y 2 --color").stdout == (
        f"value = 6.0\n\n{BOLD}     value  gradient{OFF}\nx      3.0       2.0\ny      2.0       3.0\n"
    )
    assert mg("--color eval x -x 0:2").stdout == f"{BOLD}  x  value{OFF}\n0.0    0.0\n1.0    1.0\n"


@pytest.mark.parametrize(
    ("line", "environment", "coloured"),
    [
        ("eval 2x", {}, False),
        ("eval 2x", {"FORCE_COLOR": "1"}, True),
        ("eval 2x", {"FORCE_COLOR": "0"}, False),
        ("eval 2x --no-color", {"FORCE_COLOR": "1"}, False),
        ("--no-color eval 2x", {"FORCE_COLOR": "1"}, False),
        ("eval 2x --color", {"NO_COLOR": "1"}, True),
        ("--color gard", {}, True),
    ],
)
def test_the_option_decides_and_then_the_environment(
    mg: Any, monkeypatch: pytest.MonkeyPatch, line: str, environment: dict[str, str], coloured: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in mg(line).stderr) == coloured


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"TERM": "dumb", "FORCE_COLOR": "1"}, True)],
)
def test_a_terminal_has_colours_unless_it_cannot_or_should_not(
    mg: Any, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], coloured: bool
) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda stream: True, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in mg("eval 2x").stderr) == coloured


def test_what_comes_from_the_text_brings_no_colour(mg: Any) -> None:
    assert "\x1b[35m" not in mg("eval", "x \x1b[35m", "--color").stderr
