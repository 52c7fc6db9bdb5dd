"""The last expression and its values, used again by the next command."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from running import Run

from mgcli.cli import memory

NOTHING = "error: no expression, and no earlier one to use again\n"
HINT = 'hint: write one, as in mg eval "a*b + c" -a 2 -b -3 -c 10\n'


@pytest.fixture
def kept(state_home: Path) -> Any:
    """Return the file that holds what is remembered in this session."""
    return state_home / "mgcli" / memory._name()


def test_a_command_without_an_expression_uses_the_last_one_and_its_values(mg: Run) -> None:
    mg("eval 'a*b + c' -a 2 -b -3 -c 10")
    assert mg("grad") == (
        0,
        dedent("""\
            value = 4.0

                 value  gradient
            a      2.0      -3.0
            b     -3.0       2.0
            c     10.0       1.0
            """),
        "using the last expression: a*b + c with a = 2, b = -3, c = 10\n",
    )


def test_every_command_uses_it(mg: Run, tmp_path: Path) -> None:
    mg("eval 'a*b' -a 2 -b -3")
    status, _, stderr = mg(f"draw --out {tmp_path}/g.svg")
    assert (status, stderr) == (0, "using the last expression: a*b with a = 2, b = -3\n")
    assert (tmp_path / "g.svg").exists()


@pytest.mark.parametrize("line", ["grad 'a/3' -a 2", "draw 'a/3' -a 2"])
def test_every_command_keeps_it(mg: Run, line: str) -> None:
    mg(line)
    assert mg("eval") == (0, "0.6666666666666666\n", "using the last expression: a/3 with a = 2\n")


def test_an_expression_without_values_is_kept_too(mg: Run) -> None:
    mg("draw 'a*b'")
    assert mg("eval -a 2 -b 3") == (0, "6.0\n", "using the last expression: a*b with a = 2, b = 3\n")


def test_only_the_expression_is_announced_if_there_are_no_values(mg: Run) -> None:
    mg("eval 1+1")
    assert mg("eval") == (0, "2.0\n", "using the last expression: 1+1\n")


def test_a_value_given_again_overrides_and_is_kept(mg: Run) -> None:
    mg("eval 'a - b' -a 2 -b pi")
    assert mg("eval --let a=pi") == (0, "0.0\n", "using the last expression: a - b with a = pi, b = pi\n")
    assert mg("eval -b 0") == (0, "3.141592653589793\n", "using the last expression: a - b with a = pi, b = 0\n")


def test_options_are_not_kept(mg: Run) -> None:
    mg("eval 2/3 --json --digits 2")
    assert mg("eval").stdout == "0.6666666666666666\n"


def test_a_sweep_is_kept(mg: Run) -> None:
    mg("eval 2*x -x 0:2")
    assert mg("eval") == (0, "  x  value\n0.0    0.0\n1.0    2.0\n", "using the last expression: 2*x with x = 0:2\n")


def test_a_command_that_takes_no_sweep_does_not_forget_it(mg: Run) -> None:
    mg("eval 2*x -x 0:2")
    assert mg("draw").exit_code == 2
    assert mg("eval").stderr == "using the last expression: 2*x with x = 0:2\n"


def test_an_expression_that_is_given_takes_nothing_from_the_memory(mg: Run) -> None:
    mg("eval 'a*b' -a 2 -b 3")
    status, stdout, stderr = mg("eval 'a + b' -a 1")
    assert (status, stdout) == (2, "")
    assert stderr.startswith("error: b has no value\n")


def test_an_expression_is_kept_even_if_it_is_undefined(mg: Run) -> None:
    assert mg("eval 'log(x)' -x -1").exit_code == 1
    assert mg("eval -x 1") == (0, "0.0\n", "using the last expression: log(x) with x = 1\n")


def test_an_expression_is_kept_though_a_value_is_missing(mg: Run) -> None:
    assert mg("eval 'x + y' -y 1").exit_code == 2
    assert mg("eval -x 2") == (0, "3.0\n", "using the last expression: x + y with y = 1, x = 2\n")


@pytest.mark.parametrize("wrong", ["-y 1/0", "-y nope", "-z 4 -y 1", "-y 1:0"])
def test_a_wrong_value_is_not_kept_and_the_others_are(mg: Run, wrong: str) -> None:
    assert mg(f"eval 'x + y' -x 2 {wrong}").exit_code == 2
    assert mg("eval -y 3").stderr == "using the last expression: x + y with x = 2, y = 3\n"


def test_a_wrong_value_given_again_leaves_the_one_before(mg: Run) -> None:
    mg("eval 'x + y' -x 2 -y 3")
    assert mg("eval -y 1/0").exit_code == 2
    assert mg("eval") == (0, "5.0\n", "using the last expression: x + y with x = 2, y = 3\n")


def test_a_name_that_the_expression_does_not_have_is_not_kept(mg: Run) -> None:
    mg("eval x -x 2")
    assert mg("eval -z 4").exit_code == 2
    assert mg("eval") == (0, "2.0\n", "using the last expression: x with x = 2\n")


def test_an_expression_that_is_not_understood_leaves_the_one_before(mg: Run) -> None:
    mg("eval 'a*b' -a 2 -b 3")
    assert mg("eval 2x -x 3").exit_code == 2
    assert mg("eval").stdout == "6.0\n"


@pytest.mark.parametrize("source", ["-", "--file -"])
def test_a_program_that_was_read_is_kept_and_shown_on_one_line(mg: Run, source: str) -> None:
    mg(f"eval {source} -a 2", stdin=b"e = 3*a\n\nL = (e +\n     1)\n")
    assert mg("eval") == (0, "7.0\n", "using the last expression: e = 3*a; L = (e + 1) with a = 2\n")


def test_of_a_long_expression_the_beginning_is_shown(mg: Run) -> None:
    mg("eval '" + " + ".join(["x"] * 30) + "' -x 1")
    assert mg("eval") == (
        0,
        "30.0\n",
        "using the last expression: x + x + x + x + x + x + x + x + x + x + x + x + x + x + x... with x = 1\n",
    )


def test_what_is_kept_is_private_to_the_user_and_alone_in_its_folder(mg: Run, kept: Any) -> None:
    mg("eval 'α*b' -α 2 -b 3")
    mg("eval -b 4")
    assert json.loads(kept.read_bytes()) == {"expression": "α*b", "values": {"α": "2", "b": "4"}}
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert list(kept.parent.iterdir()) == [kept]


def test_with_nothing_kept_there_is_nothing_to_use_again(mg: Run) -> None:
    assert mg("eval --json") == (2, "", NOTHING + HINT)


def test_an_empty_expression_never_means_the_last_one(mg: Run) -> None:
    mg("eval 1+1")
    for line in ("eval ''", "eval -", "eval --file /dev/null"):
        assert mg(line).stderr.startswith("error: the expression is empty\n")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not JSON",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"null",
        b'{"expression": "x"}',
        b'{"expression": 2, "values": {}}',
        b'{"expression": "x", "values": ["x"]}',
        b'{"expression": "x", "values": null}',
        b'{"expression": "x", "values": {"x": 2}}',
        b'{"expression": "x", "values": {}',
        b"[" * 100_000,
    ],
    ids=lambda content: content[:40].decode(errors="replace"),
)
def test_a_damaged_file_is_reported_and_replaced_by_the_next_expression(mg: Run, kept: Any, content: bytes) -> None:
    kept.parent.mkdir(parents=True)
    kept.write_bytes(content)
    assert mg("eval") == (2, "", f"warning: {kept} is damaged\n{NOTHING}{HINT}")
    assert mg("eval 1+1") == (0, "2.0\n", "")
    assert mg("eval") == (0, "2.0\n", "using the last expression: 1+1\n")


def test_a_file_that_cannot_be_read_is_a_warning(mg: Run, kept: Any) -> None:
    kept.mkdir(parents=True)
    assert mg("eval") == (2, "", f"warning: {kept} cannot be read: Is a directory\n{NOTHING}{HINT}")


def test_an_expression_that_is_too_long_is_not_kept_and_neither_is_the_one_before(mg: Run, kept: Any) -> None:
    mg("eval 1+1")
    assert mg("eval -", stdin=b"2 + 2  # " + b"x" * memory.LIMIT) == (0, "4.0\n", "")
    assert kept.stat().st_size < 1000
    assert mg("eval") == (2, "", f"warning: the last expression was too long to remember\n{NOTHING}{HINT}")


def test_a_file_that_has_grown_too_large_is_not_read(mg: Run, kept: Any) -> None:
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b'{"expression": "1", "values": {}, "more": "' + b" " * memory.LIMIT + b'"}')
    assert mg("eval") == (2, "", f"warning: {kept} is damaged\n{NOTHING}{HINT}")


def test_mg_no_state_turns_the_memory_off(mg: Run, kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mg("eval 1+1")
    monkeypatch.setenv("MG_NO_STATE", "1")
    assert mg("eval") == (2, "", NOTHING.replace("again\n", "again (MG_NO_STATE is set)\n") + HINT)
    assert mg("eval 2+2") == (0, "4.0\n", "")
    monkeypatch.delenv("MG_NO_STATE")
    assert mg("eval").stdout == "2.0\n"


def test_a_read_only_home_is_not_an_error(mg: Run, state_home: Path) -> None:
    state_home.write_text("a file where the folder should be")
    assert mg("eval 1+1") == (0, "2.0\n", "")
    assert mg("eval") == (2, "", NOTHING + HINT)


def test_a_read_only_disk_is_not_an_error(mg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(30, "Read-only file system")

    mg("eval 1+1")
    monkeypatch.setattr(memory, "write_whole", refuse)
    assert mg("eval 2+2") == (0, "4.0\n", "")
    assert mg("eval").stdout == "2.0\n"


@pytest.mark.parametrize("configured", ["", "a/relative/folder"])
def test_without_a_configured_folder_it_is_that_of_the_platform(
    mg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, configured: str
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", configured)
    mg("eval 1+1")
    assert len(list((tmp_path / ".local" / "state" / "mgcli").iterdir())) == 1


def test_a_value_that_is_an_error_is_not_announced_as_used(mg: Run) -> None:
    mg("eval 'x + y' -x 1 -y 2")
    used = "using the last expression: x + y with x = 1, y = 2\n"
    assert mg("grad -z 4") == (2, "", f"{used}error: the expression has no variable z\nhint: it has x, y\n")
    status, _, stderr = mg("grad -x 1/0")
    assert (status, stderr.splitlines()[0]) == (2, "using the last expression: x + y with y = 2")


def test_input_that_is_piped_in_and_not_read_gets_a_note(mg_process: Run, tmp_path: Path) -> None:
    assert mg_process("eval", "x", "-x", "3").exit_code == 0
    (tmp_path / "given").write_text("x + 1")
    with (tmp_path / "given").open() as given:
        result = mg_process("eval", stdin=given)
    assert (result.exit_code, result.stdout) == (0, "3.0\n")
    assert result.stderr == (
        "using the last expression: x with x = 3\n"
        "note: standard input is not read; to read the expression from it, write -\n"
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_instead_of_the_file_is_neither_waited_for_nor_written_to(mg: Run, kept: Any) -> None:
    kept.parent.mkdir(parents=True)
    os.mkfifo(kept)
    assert mg("eval") == (2, "", f"warning: {kept} is not a regular file\n{NOTHING}{HINT}")
    assert mg("eval 1+1") == (0, "2.0\n", "")
    assert kept.is_fifo()


@pytest.mark.parametrize(
    ("system", "variable", "folder"),
    [
        ("linux", "HOME", ".local/state"),
        ("darwin", "HOME", "Library/Application Support"),
        ("win32", "LOCALAPPDATA", ""),
        ("freebsd14", "HOME", ".local/state"),
    ],
)
def test_each_platform_has_its_own_folder(
    mg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, variable: str, folder: str
) -> None:
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv(variable, str(tmp_path))
    mg("eval 1+1")
    assert len(list((tmp_path / folder / "mgcli").iterdir())) == 1
    assert mg("eval").stdout == "2.0\n"


def test_without_a_folder_nothing_is_kept(mg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert mg("eval 1+1") == (0, "2.0\n", "")
    assert mg("eval") == (2, "", NOTHING + HINT)


SESSIONS = pytest.mark.skipif(not hasattr(os, "getsid"), reason="the system has no sessions")


@pytest.fixture
def in_session(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that lets the next commands run in a session with this leader, started at this time."""

    def change(leader: Any, start: str = "1") -> None:
        monkeypatch.setattr("os.getsid", lambda process: leader)
        monkeypatch.setattr(memory, "_start_of", lambda process: start)

    return change


@SESSIONS
def test_each_terminal_session_has_its_own_last_expression(mg: Run, in_session: Any) -> None:
    in_session(100)
    mg("eval x**2 -x 3")
    in_session(200)
    mg("eval y+1 -y 1")
    in_session(100)
    assert mg("eval") == (0, "9.0\n", "using the last expression: x**2 with x = 3\n")


@SESSIONS
def test_a_session_without_one_uses_the_newest_of_any_and_says_so(mg: Run, in_session: Any, state_home: Path) -> None:
    for leader, line in ((100, "eval x -x 1"), (200, "eval y -y 2")):
        in_session(leader)
        mg(line)
    for age, path in enumerate(sorted((state_home / "mgcli").iterdir(), reverse=True)):
        os.utime(path, (10**9, time.time() - 100 * age))
    in_session(300)
    assert mg("eval") == (0, "2.0\n", "using the last expression of another terminal: y with y = 2\n")
    assert mg("eval") == (0, "2.0\n", "using the last expression: y with y = 2\n")


@SESSIONS
def test_a_session_number_that_is_used_again_is_another_session(mg: Run, in_session: Any) -> None:
    in_session(100, "1")
    mg("eval x -x 1")
    in_session(100, "2")
    assert mg("eval").stderr.startswith("using the last expression of another terminal: x")


def test_a_system_without_sessions_has_one_memory_for_all(
    mg: Run, monkeypatch: pytest.MonkeyPatch, state_home: Path
) -> None:
    monkeypatch.delattr("os.getsid", raising=False)
    mg("eval x -x 1")
    assert [path.name for path in (state_home / "mgcli").iterdir()] == ["last.json"]
    assert mg("eval") == (0, "1.0\n", "using the last expression: x with x = 1\n")


@SESSIONS
def test_an_expression_is_forgotten_after_a_month(mg: Run, in_session: Any, state_home: Path) -> None:
    in_session(100)
    mg("eval x -x 1")
    (old,) = (state_home / "mgcli").iterdir()
    os.utime(old, (0, time.time() - 1.1 * memory.MONTH))
    in_session(200)
    mg("eval y -y 1")
    assert not old.exists()


@SESSIONS
def test_only_so_many_sessions_are_kept(
    mg: Run, in_session: Any, monkeypatch: pytest.MonkeyPatch, state_home: Path
) -> None:
    monkeypatch.setattr(memory, "MOST_SESSIONS", 2)
    for leader in range(100, 105):
        in_session(leader)
        mg("eval x -x 1")
    assert len(list((state_home / "mgcli").iterdir())) == 2


@pytest.mark.parametrize(("output", "name"), [(b"Sun Nov 29 23:42:19 2026\n", "SunNov2923:42:192026"), (None, "")])
def test_on_macos_ps_reports_the_start_of_a_session(
    monkeypatch: pytest.MonkeyPatch, output: bytes | None, name: str
) -> None:
    def run(command: Any, **extra: Any) -> Any:
        assert command[0] == "ps"
        if output is None:
            raise OSError
        return subprocess.CompletedProcess(command, 0, stdout=output)

    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("subprocess.run", run)
    assert memory._start_of(10**9) == name.replace(":", "")


def test_the_name_of_a_program_does_not_disturb_the_start_of_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = " ".join(str(number) for number in range(3, 30))
    monkeypatch.setattr("builtins.open", lambda path, mode: BytesIO(f"7 (a ) b) {fields}".encode()))
    assert memory._start_of(7) == "22"


@SESSIONS
def test_three_commands_each_in_a_session_of_its_own_work_together(
    program: Callable[[str], str], tmp_path: Path
) -> None:
    """As a script does that starts each command by `setsid`, or a notebook's `!mg`."""

    def run(*arguments: Any) -> Any:
        done = subprocess.run(
            [program("mg"), *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            start_new_session=True,
            check=True,
        )
        return done.stdout, done.stderr

    used = "using the last expression of another terminal: a*b+c with a = 2, b = -3, c = 10\n"
    assert run("eval", "a*b+c", "-a", "2", "-b", "-3", "-c", "10") == ("4.0\n", "")
    assert run("grad", "--digits", "3")[1] == used
    assert run("draw", "--out", "g.svg") == ("", used)
    assert (tmp_path / "g.svg").read_text().count("<svg") == 1


def test_an_argument_that_does_not_fit_the_last_expression_is_an_unknown_option(mg: Run) -> None:
    mg("eval x+y -x 1 -y 2")
    assert mg("grad --quiet a*b -a 1") == (
        2,
        "",
        "error: no option --quiet\nhint: it took 'a*b' for its value; without it, write mg grad 'a*b'\n",
    )
