"""Everything that the README and the manual show is what mg prints.

A page whose output has changed is rewritten by `python -m pytest tests/test_manual.py --update`; read the difference.
"""

import os
import re
import shlex
import subprocess
import sys
import sysconfig
import traceback
from contextlib import redirect_stdout
from io import StringIO
from itertools import takewhile
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from mgcli.cli.group import cli
from mgcli.graph.floats import FLOATS
from mgcli.graph.operation import POSITIVE, Operation
from mgcli.graph.table import FUNCTIONS
from mgcli.language.parser import parse, parse_program
from mgcli.render.drawing import draw_dot
from mgcli.render.page.document import page

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = {path.stem: path for path in sorted((ROOT / "mgcli/manual").glob("*.md"))}
COMMANDS = cli.list_commands(click.Context(cli))
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> list[str]:
    return [text for kind, text in FENCE.findall(read(path)) if kind == language]


def refreshed(text: str) -> str:
    """Return a page with the output below each command, and below each Python statement, as it is now."""
    variables: dict[str, Any] = {}

    def block(found: re.Match[str]) -> str:
        language, content = found.groups()
        if language == "console":
            content = transcript(content)
        elif language == "pycon":
            content = session(content, variables)
        return f"```{language}\n{content}```"

    return FENCE.sub(block, text)


def transcript(block: str) -> str:
    commands = re.findall(r"^\$ (.*)\n", block, re.MULTILINE)
    return "".join(f"$ {command}\n{output(command)}" for command in commands)


def output(command: str) -> str:
    """Return what a command prints, errors included; it gets a process where it needs a shell."""
    name, *arguments = shlex.shlex(command, posix=True, punctuation_chars=True)
    if name == "mg" and not any(set(argument) <= set("|<>;&") for argument in arguments):
        arguments = shlex.split(command)[1:]
        return CliRunner().invoke(cli, arguments, prog_name="mg", catch_exceptions=False).output
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


def session(block: str, variables: dict[str, Any]) -> str:
    """Return a Python session with what Python prints after each statement; of a traceback, the last line."""
    lines = [line for line in block.splitlines(keepends=True) if line.startswith((">>> ", "... ", "...\n"))]
    printed = StringIO()
    while lines:
        statement = [lines.pop(0)]
        statement += takewhile(lambda line: line.startswith("..."), lines)
        del lines[: len(statement) - 1]
        printed.write("".join(statement))
        source = "".join(line[4:] or "\n" for line in statement)
        with redirect_stdout(printed):
            try:
                exec(compile(source, "<manual>", "single"), variables)
            except Exception as error:
                print("Traceback (most recent call last):\n  ...")
                print(*traceback.format_exception_only(error), sep="", end="")
    return printed.getvalue()


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the test where someone who tries the examples would be: in an empty folder, at 80 columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "displayhook", sys.__displayhook__)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("path", [README, *PAGES.values()], ids=lambda path: path.stem)
def test_a_page_shows_what_mg_prints(path: Path, request: pytest.FixtureRequest) -> None:
    written = read(path)
    if "$ mg table" in written:
        pytest.importorskip("polars", reason="mg table needs polars")
    fresh = refreshed(written)
    if request.config.getoption("update") and fresh != written:
        path.write_text(fresh, encoding="utf-8")
        pytest.skip(f"{path.name} is rewritten")
    assert fresh == written


def test_output_that_has_changed_is_noticed() -> None:
    text = 'See:\n\n```console\n$ mg eval "1 + 1"\n{}\n$ echo a | tr a b\n{}\n```\n\n```pycon\n>>> 3 * 2\n{}\n```\n'
    assert refreshed(text.format("3.0", "a", "5")) == text.format("2.0", "b", "6")


def test_a_session_shows_the_error_that_python_shows() -> None:
    text = "```pycon\n>>> for x in (1, 0):\n...     1 / x\n...\n>>> x\n```\n"
    error = "1.0\nTraceback (most recent call last):\n  ...\nZeroDivisionError: division by zero\n"
    assert refreshed(text) == text.replace(">>> x\n", f"{error}>>> x\n0\n")


def test_the_picture_is_the_one_that_mg_draws() -> None:
    root = parse("e = a*b; d = e + c; L = d*f", a=2, b=-3, c=10, f=-2)
    root.backward()
    assert (ROOT / "tests/data/graph.svg").read_bytes() == draw_dot(root).pipe()


def test_the_picture_links_to_the_page_that_mg_writes(request: pytest.FixtureRequest) -> None:
    program = parse_program("e = a*b; d = e + c; L = d*f")
    program.bind(a=2, b=-3, c=10, f=-2)
    program.differentiate()
    fresh, file = page(program), ROOT / "tests/data/graph.html"
    if request.config.getoption("update") and fresh != file.read_bytes():
        file.write_bytes(fresh)
        pytest.skip(f"{file.name} is rewritten")
    assert file.read_bytes() == fresh
    assert "](tests/data/graph.html)" in read(README)


def test_the_readme_is_short() -> None:
    assert len(read(README).splitlines()) <= 200


def test_the_two_commands_need_no_other_set_up() -> None:
    first, second = blocks(README, "sh")
    assert first.endswith('mg grad "a*b+c" -a 2 -b -3 -c 10\n')
    assert "pytest" in second


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_a_page_that_shows_each_of_its_options(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    described = read(PAGES[name]) + read(PAGES["usage"])
    assert [option for option in options if not re.search(rf"{option}\b", described)] == []


@pytest.mark.parametrize("path", [README, *PAGES.values()], ids=lambda path: path.stem)
def test_a_link_leads_to_a_file(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", read(path))
    assert [target for target in targets if not (path.parent / target).is_file()] == []


def test_the_readme_links_to_each_page() -> None:
    assert [name for name in PAGES if f"(mgcli/manual/{name}.md)" not in read(README)] == []


@pytest.mark.parametrize("path", PAGES.values(), ids=lambda path: path.stem)
def test_the_text_of_a_page_fits_in_a_terminal(path: Path) -> None:
    text = FENCE.sub("", read(path))
    assert [line for line in text.splitlines() if len(line) > 80] == []


def test_the_page_on_the_language_names_every_function() -> None:
    listed = set(re.findall(r"\w+", read(PAGES["language"]).partition("## Functions")[2].partition("\n## ")[0]))
    assert {operation.names[0] for operation in FUNCTIONS.values()} - listed == set()


def test_the_operation_to_add_is_one_entry() -> None:
    (block,) = blocks(PAGES["developing"], "python")
    gauss = eval(block, {"Operation": Operation, "POSITIVE": POSITIVE})
    slope = gauss.derivatives[0](FLOATS, gauss.forward(FLOATS, 0.5), 0.5)
    assert slope == pytest.approx(-0.7788007830714049)
