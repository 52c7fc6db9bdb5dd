"""Messages: safe to read, of a bounded length, and never a reason to fail."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from running import Run

TIME_LIMIT = 60.0

needs_sh = pytest.mark.skipif(shutil.which("sh") is None, reason="no sh here")

LINES = [
    ["eval", "log(x)", "-x", "-1:1"],
    ["check", "x**2", "-x", "1"],
    ["descend", "x**2", "-x", "1", "--steps", "2"],
]
MORE_LINES = [
    ["eval", "y = log(x); x", "-x", "-1"],
    ["eval", "2x"],
    ["grad", "log(x)", "-x", "-1"],
    ["diff", "e*x"],
    ["slope", "abs(x)", "-x", "0"],
    ["hessian", "x**2", "-x", "1", "--digits", "0"],
    ["draw", "log(x)", "-x", "-1"],
    ["plot", "log(x)", "-x", "-1:1"],
]


@needs_sh
@pytest.mark.parametrize(
    "arguments", [*LINES, *(pytest.param(line, marks=pytest.mark.slow) for line in MORE_LINES)], ids=" ".join
)
def test_messages_that_nobody_can_read_change_neither_result_nor_status(
    program: Callable[[str], str], arguments: list[str]
) -> None:
    def run(streams: Any) -> Any:
        command = ["sh", "-c", f'"$@" {streams}', "sh", program("mg"), *arguments]
        done = subprocess.run(command, stdout=subprocess.PIPE, timeout=TIME_LIMIT, check=False)
        return done.returncode, done.stdout

    heard = run("2>/dev/null")
    assert run("2>&-") == heard
    if os.path.exists("/dev/full"):  # noqa: PTH110
        assert run("2>/dev/full") == heard


@needs_sh
@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are no numbers here")
def test_a_picture_is_not_taken_for_a_stream_that_is_closed(program: Callable[[str], str], tmp_path: Path) -> None:
    script = '"$1" draw "log(x)" -x -1 --out "$2" --format dot 2>&- <&-'
    done = subprocess.run(
        ["sh", "-c", script, "sh", program("mg"), str(tmp_path / "g")], timeout=TIME_LIMIT, check=False
    )
    assert done.returncode == 1
    content = (tmp_path / "g").read_text()
    assert content.startswith("digraph {")
    assert content.endswith("}\n")
    assert "error" not in content


def test_what_is_used_again_cannot_control_the_terminal(mg: Run, tmp_path: Path) -> None:
    file = tmp_path / "p"
    file.write_text("x**2 # \x1b]0;T\x07 \u202e")
    assert mg("eval", "--file", str(file), "-x", "2") == (0, "4.0\n", "")
    assert mg("eval") == (0, "4.0\n", "using the last expression: x**2 with x = 2\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["eval", "x\x1b[2J"],
        ["eval", "\x1b[2J"],
        ["eval", "x", "-x", "1\x1b[2J"],
        ["eval", "x", "--let", "\x1b[2J"],
        ["eval", "x", "--\x1b[2J"],
        ["eval", "--file", "\x1b[2J"],
        ["\x1b[2J"],
        ["draw", "x", "--out", "\x1b[2J/g.svg"],
        ["draw", "x", "--out", "\x1b[2J"],
        ["draw", "x", "--format", "\x1b[2J"],
        ["grad", "x", "-x", "1", "--wrt", "\x1b[2J"],
        ["check", "x**2", "-x", "1", "--claim", "2*x # \x1b[2J"],
        ["check", "x**2", "-x", "1", "--claim", "3*x # \x1b[2J"],
        ["check", "x**2", "-x", "1", "--claim", "\x1b[2J: 3*x"],
        ["plot", "x # \x1b[2J", "-x", "-1:1"],
        ["plot", "x", "-x", "-1:1", "--tangent", "\x1b[2J"],
        ["slope", "x # \x1b[2J", "-x", "1"],
        ["explain", "x # \x1b[2J", "-x", "1"],
        ["functions", "\x1b[2J"],
    ],
    ids=repr,
)
def test_no_control_character_reaches_the_terminal(mg: Run, arguments: list[str]) -> None:
    done = mg(*arguments)
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["eval", "9" * 100_000 + "x"],
        ["eval", "x", "-x", "9" * 100_000],
        ["eval", "x", "-x", "abc" * 100_000],
        ["eval", "x", "-x", "5" + " " * 100_000 + "?"],
        ["eval", "x", "-" + "y" * 100_000, "3"],
        ["eval", "+".join("x" * n for n in range(1000, 1020))],
        ["eval", "α" * 50_000],
        ["eval", "x", "y" * 100_000],
        ["eval", "--file", "y" * 100_000],
        ["draw", "x", "--out", "y" * 100_000],
        ["y" * 100_000],
        ["eval", "--" + "y" * 100_000],
        ["grad", "x", "-x", "1", "--wrt", "y" * 100_000],
    ],
    ids=lambda arguments: " ".join(arguments)[:30],
)
def test_no_message_is_longer_than_2_kilobytes(mg: Run, arguments: list[str]) -> None:
    done = mg(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.encode()) <= 2010


def test_of_a_long_message_the_beginning_and_the_end_are_shown(mg: Run) -> None:
    status, _, stderr = mg("eval", "x", "-x", "y" * 5000)
    assert status == 2
    assert stderr.startswith("error: the value of x: yyy")
    assert " ... " in stderr
    assert stderr.splitlines()[-1].startswith("hint: ")
