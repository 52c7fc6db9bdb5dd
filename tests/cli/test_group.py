"""The `mg` group, and what every command's help promises."""

import json
import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import click
import pytest
from running import Run

from mgcli import __version__
from mgcli.cli import commands
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.group import cli

CONTEXT = click.Context(cli)
OPTIONAL = {"gradient", "tangent", "relative"}
"""The keys that come with an option."""

COMMANDS = cli.list_commands(CONTEXT)
WITH_JSON = [
    name
    for name in COMMANDS
    if (command := cli.get_command(CONTEXT, name)) and any("--json" in option.opts for option in command.params)
]

OF_AN_EXPRESSION = [name for name in COMMANDS if isinstance(cli.get_command(CONTEXT, name), ExpressionCommand)]


@pytest.fixture
def examples(mg: Run) -> Any:
    """Return a function that finds the commands shown in a help text, the words beside them left out."""

    def find(line: Any) -> Any:
        lines = [shown.strip() for shown in mg(line).stdout.splitlines()]
        return [re.split(r"\s{2,}", shown)[0].removeprefix("mg ") for shown in lines if shown.startswith("mg ")]

    return find


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Put the test into a folder with the tables that the examples read."""
    monkeypatch.chdir(tmp_path)
    Path("readings.csv").write_text("U,U_u,I,I_u,phi\n230,0.5,2.5,0.01,0.1\n")
    Path("spectrum.csv").write_text("Wave length,n\n500,1.5\n")
    if "table" in request.node.name:
        polars = pytest.importorskip("polars", reason="mg table needs polars")
        Path("runs").mkdir()
        polars.DataFrame({"U": [230.0], "I": [2.5]}).write_parquet("runs/1.parquet")


def test_mg_alone_shows_its_help(mg: Run) -> None:
    status, stdout, stderr = mg("")
    assert (status, stderr) == (0, "")
    assert stdout == mg("--help").stdout
    assert stdout.startswith(
        dedent("""\
            Usage: mg [OPTIONS] [COMMAND] [ARGS]...

              Evaluate an expression, differentiate it, draw it.

              mg eval "a*b + c" -a 2 -b -3 -c 10  the value
              mg grad                             the same expression again: every gradient
              mg draw --out g.svg                 the graph, with both in each node

            """)
    )


def test_its_help_lists_every_command_with_its_summary(mg: Run) -> None:
    listed = mg("--help").stdout.partition("Commands:\n")[2].partition("\n\n")[0]
    assert [line.split()[0] for line in listed.splitlines() if line[2] != " "] == COMMANDS
    for name in COMMANDS:
        summary = mg(f"{name} --help").stdout.splitlines()[2].strip()
        assert re.search(rf"^  {name} +{re.escape(summary)}$", listed, re.MULTILINE)


def test_the_version_is_that_of_the_package(mg: Run) -> None:
    assert mg("--version") == (0, f"mg {__version__}\n", "")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("line", ["--help", *(f"{name} --help" for name in COMMANDS)])
def test_every_example_of_a_help_text_runs(mg: Run, examples: Any, line: str) -> None:
    found = examples(line)
    assert found
    for example in found:
        status, stdout, stderr = mg(example)
        assert (status, "error" in stderr) == (0, False), example
        assert stdout or "--out" in example


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", OF_AN_EXPRESSION)
def test_the_example_in_the_hint_for_a_missing_expression_runs(mg: Run, examples: Any, name: str) -> None:
    status, _, stderr = mg(name)
    example = stderr.partition("hint: write one, as in mg ")[2].strip()
    assert (status, example) == (2, examples(f"{name} --help")[0])
    assert mg(example)[::2] == (0, "")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", WITH_JSON)
def test_the_page_on_json_shows_a_document_with_the_keys_that_the_command_writes(
    mg: Run, examples: Any, name: str
) -> None:
    page = mg("help json").stdout.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    shown, _ = json.JSONDecoder().raw_decode(page[page.index("{") :])
    written = json.loads(mg(f"{examples(f'{name} --help')[0]} --json").stdout)
    assert set(written) <= set(shown) | OPTIONAL
    assert set(shown) <= set(written) | OPTIONAL


@pytest.mark.parametrize("name", COMMANDS)
def test_a_help_text_lists_the_options_after_its_summary_and_has_no_json(mg: Run, name: str) -> None:
    _, summary, options = mg(f"{name} --help").stdout.split("\n\n")[:3]
    assert summary == f"  {commands.SUMMARIES[name]}"
    assert options.startswith("Options:\n")
    assert '{"' not in mg(f"{name} --help").stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_usage_of_a_command_shows_how_values_are_given(mg: Run, name: str) -> None:
    assert mg(f"{name} --help").stdout.startswith(f"Usage: mg {name} ")


@pytest.mark.parametrize("line", ["eval a*b -a 2 --help", "eval --help --digits 3"])
def test_help_is_shown_whatever_else_is_there(mg: Run, line: str) -> None:
    assert mg(line) == mg("eval --help")


@pytest.mark.parametrize("line", ["--help", *(f"{name} --help" for name in COMMANDS)])
def test_a_help_text_fits_80_columns(mg: Run, line: str) -> None:
    assert max(map(len, mg(line).stdout.splitlines())) <= 80


def test_the_list_of_commands_is_that_of_the_modules_that_hold_them() -> None:
    folder = Path(commands.__file__).parent
    assert list(commands.SUMMARIES) == sorted(path.stem for path in folder.glob("[!_]*.py"))


# Without a command


@pytest.mark.parametrize(
    "line",
    [
        "'a*b' -a 2 -b 3",
        "-a 2 'a*a'",
        "--json a*2 -a 1",
        "-- -a*2",
        "3",
        "x**2 -x 0:3",
        "'(a)' -a 1 --wrt a",
        "2x",
        "'sin x' -x 2",
        "a*b -a 1 -a 2",
    ],
)
def test_an_expression_in_place_of_a_command_is_one_for_grad(mg: Run, line: str) -> None:
    assert mg(line) == mg(f"grad {line}")


@pytest.mark.parametrize("line", ["x -x 2", "gard x", "'gard x'", "-a 2", "'a b' -a 1"])
def test_a_word_or_two_are_no_expression(mg: Run, line: str) -> None:
    status, stdout, stderr = mg(line)
    assert (status, stdout) == (2, "")
    assert stderr.startswith(("error: no command ", "error: no option "))


def test_a_file_of_an_expression_needs_no_option(mg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loss.mg").write_text("e = a*b\nL = e + c\n")
    assert mg("eval loss.mg -a 2 -b -3 -c 10") == (0, "4.0\n", "")
    assert mg("loss.mg -a 2 -b -3 -c 10") == mg("grad --file loss.mg -a 2 -b -3 -c 10")
    assert mg("eval other.mg") == (2, "", "error: cannot read other.mg: No such file or directory\n")
