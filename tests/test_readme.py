"""Everything the README shows."""

import doctest
import os
import re
import subprocess
import sysconfig
from pathlib import Path

import pytest

from mgcli.cli.group import cli
from mgcli.graph.table import FUNCTIONS
from mgcli.language.parser import parse
from mgcli.render.drawing import draw_dot

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCKS if kind == language]


def transcript(text: str) -> list[tuple[str, str]]:
    """Return each command of a console block and the output shown below it."""
    return [tuple(part.split("\n", 1)) for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]]


@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: block.split("\n")[0])
def test_a_transcript_is_what_the_commands_print(block, tmp_path):
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "XDG_STATE_HOME": str(tmp_path / "state")}
    for command, expected in transcript(block):
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.stdout == expected, command


@pytest.mark.parametrize("block", blocks("pycon"))
def test_a_python_session_is_what_python_prints(block, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(block, {}, "README", None, None)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_the_picture_is_the_one_that_mg_draws():
    root = parse("e = a*b; d = e + c; L = d*f", a=2, b=-3, c=10, f=-2)
    root.backward()
    assert (ROOT / "tests/data/graph.svg").read_bytes() == draw_dot(root).pipe()


def test_two_commands_do_all_of_their_own_set_up():
    first, second = blocks("sh")
    assert first.endswith('mg grad "a*b+c" -a 2 -b -3 -c 10\n')
    assert "pytest" in second


def test_each_command_has_a_section():
    names = cli.list_commands(None)
    assert [name for name in names if f"### `mg {name}`" not in README] == []


def test_the_language_on_one_screen_names_every_function():
    listed = set(re.search(r"^\| functions \|(.*)\|$", README, re.MULTILINE).group(1).replace("`", " ").split())
    names = {operation.names[0] for operation in FUNCTIONS.values()}
    assert names - listed == set()


def test_the_operation_to_add_is_one_entry():
    from mgcli.graph.floats import FLOATS
    from mgcli.graph.operation import Operation

    (block,) = blocks("python")
    gauss = eval(block, {"Operation": Operation})
    slope = gauss.derivatives[0](FLOATS, gauss.forward(FLOATS, 0.5), 0.5)
    assert slope == pytest.approx(-0.7788007830714049)
