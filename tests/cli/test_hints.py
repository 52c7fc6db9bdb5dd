"""Only the command line speaks of commands and options; what the lower rooms raise, it says in its own terms."""

import ast
import re
from pathlib import Path

import click
import pytest
from rows import rows
from running import Run

import mgcli
from mgcli.cli.group import cli
from mgcli.cli.hints import HINTS

PACKAGE = Path(mgcli.__file__).parent
LOWER = [
    path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] not in ("cli", "__main__.py")
]

# An option, with one dash or two, and a command with its arguments.
OF_THE_COMMAND_LINE = re.compile(
    rf"(?:^|[ '(])--[a-z]{{2,}}|-[a-z] -?[0-9]|\bmg (?:{'|'.join(cli.list_commands(click.Context(cli)))})\b"
)


PERHAPS_OF_THE_COMMAND_LINE = re.compile(r"--[a-z]|-[a-z] -?[0-9]|\bmg ")
"""What is in the source of a string that speaks of it: most modules need not be parsed."""


def strings(path: Path) -> list[str]:
    """Return the strings of a module that may speak of the command line, those of its docstrings too."""
    source = path.read_text(encoding="utf-8")
    if not PERHAPS_OF_THE_COMMAND_LINE.search(source):
        return []
    return [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


@rows("path", LOWER)
def test_no_lower_room_speaks_of_commands_and_options(path: Path) -> None:
    assert [text for text in strings(path) if OF_THE_COMMAND_LINE.search(text)] == []


@pytest.mark.parametrize("text", ["a smaller --rate", "-x 0:1:0.1", "see 'mg functions'", "--out g.dot", "'mg diff F'"])
def test_the_search_finds_options_and_commands(text: str) -> None:
    assert OF_THE_COMMAND_LINE.search(text)


def test_every_kind_of_remedy_has_a_wording_and_is_raised_somewhere() -> None:
    kinds = {
        ast.literal_eval(call.args[1])
        for source in (path.read_text(encoding="utf-8") for path in LOWER)
        if "Remedy(" in source
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Remedy"
    }
    assert kinds == set(HINTS)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("check a*b --claim b", "say which: --claim 'a: b', --claim 'b: b'"),
        ("check a*b --claim b --wrt a --wrt b", "write --claim 'NAME: b'"),
        ("check a*b --claim 'b: a' --wrt a", "leave out --wrt"),
        ("check x**2 --claim ''", "write one, as in --claim '2*x', or --claim 'x: 2*x'"),
        ("check x**2 --claim 'x = 2*x'", "write --claim '2*x'"),
        ("check 3 --claim 1", "write one, as in x**2 with -x 3"),
        ("descend log(x) -x 1 --rate 9 --ascend --steps 2", None),
        ("descend log(x) -x 1 --rate 9", "a smaller --rate takes smaller steps"),
        ('eval "f\'"', "write the formula alone: 'mg diff FORMULA' prints its derivative"),
        ("eval wibble(1)", "see 'mg functions' for the list"),
        ("eval x:3", "a range is the value of a variable: -x 0:1:0.1"),
        ("functions zzz", "see 'mg functions' for the list"),
        ("plot 3", "write one, as in x**2 with -x -5:5"),
        ("plot out", "write a range for its value, as in --let out=-5:5"),
        ("slope x*y -x 1 -y 2", "say which: --wrt x, --wrt y"),
    ],
)
def test_a_remedy_is_worded_in_terms_of_options(mg: Run, line: str, hint: str | None) -> None:
    _, found, said = mg(line).stderr.partition("\nhint: ")
    assert (said.rstrip("\n") if found else None) == hint
