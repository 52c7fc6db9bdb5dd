"""The installed programs, as a shell sees them: exit status, signals, pipes, encodings, completion."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from running import Run

from mgcli.language import grammar

TIME_LIMIT = 60.0

needs_dev_full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")


@pytest.fixture(params=["mg", "mgcli", "python -m mgcli"])
def started_as(request: pytest.FixtureRequest, program: Callable[[str], str]) -> Any:
    """Return the beginning of a command line, for each of the ways to start."""
    return [sys.executable, "-m", "mgcli"] if request.param.startswith("python") else [program(request.param)]


@pytest.mark.parametrize(("arguments", "status"), [(["eval", "1+1"], 0), (["eval", "log(x)", "-x", "-1"], 1)])
def test_each_way_to_start_exits_with_the_status(started_as: str, arguments: list[str], status: int) -> None:
    done = subprocess.run([*started_as, *arguments], capture_output=True, text=True, timeout=TIME_LIMIT, check=False)
    assert done.returncode == status
    assert bool(done.stdout) == (status == 0)
    assert done.stderr.startswith("error: ") == (status != 0)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["eval", "1+1"], 0), (["eval", "log(x)", "-x", "-1"], 1), (["eval", "2x"], 2), (["nope"], 2), ([], 0)],
)
def test_the_exit_status_shows_the_outcome(mg_main: Run, arguments: list[str], status: int) -> None:
    done = mg_main(*arguments)
    assert done.exit_code == status
    assert bool(done.stdout) == (status == 0)
    assert done.stderr.startswith("error: ") == (status != 0)


def test_each_way_to_start_calls_itself_by_a_name_that_works(started_as: str) -> None:
    done = subprocess.run([*started_as, "eval"], capture_output=True, text=True, timeout=TIME_LIMIT, check=False)
    name = "mgcli" if started_as[0].endswith("mgcli") else "mg"
    assert done.stderr == (
        "error: no expression, and no earlier one to use again\n"
        f'hint: write one, as in {name} eval "a*b + c" -a 2 -b -3 -c 10\n'
    )


@pytest.mark.usefixtures("without_dot")
def test_the_result_of_one_process_is_used_by_the_next(mg_process: Run, tmp_path: Path) -> None:
    assert mg_process("eval", "a*b+c", "-a", "2", "-b", "-3", "-c", "10") == (0, "4.0\n", "")
    assert mg_process("draw", "--out", "g.svg", cwd=tmp_path) == (
        0,
        "",
        "using the last expression: a*b+c with a = 2, b = -3, c = 10\n",
    )
    assert (tmp_path / "g.svg").read_bytes().startswith(b"<?xml")


UNUSED_AT_A_POINT = {
    "mpmath",
    "mgcli.analysis.points",
    "mgcli.analysis.recomputed",
    "mgcli.language.remedies",
    "mgcli.simplify",
}


@pytest.mark.parametrize(
    ("command", "expression", "value", "others"),
    [
        ("eval", "x**2", "3", {"array", "mgcli.analysis.elasticity", *UNUSED_AT_A_POINT}),
        ("grad", "x**2", "3", {"array", "mgcli.analysis.elasticity", *UNUSED_AT_A_POINT}),
        ("diff", "x**2", "3", {"random", "mgcli.calculus.derivation", "mgcli.analysis.higher_orders"}),
        ("uncertainty", "2*x", "3+-0.1", {"mpmath", "mgcli.simplify", "mgcli.codegen.function"}),
    ],
)
def test_a_number_is_computed_without_loading_what_others_need(
    tmp_path: Path, command: str, expression: str, value: str, others: set[str]
) -> None:
    # With the tables that a wheel contains: Lark, which makes them in a checkout, loads much of the standard library.
    text = (Path(grammar._folder()) / "expression.lark").read_text(encoding="utf-8")
    (tmp_path / "expression.lark").write_text(text, encoding="utf-8")
    (tmp_path / "expression.json").write_text(json.dumps(grammar.tables(text)), encoding="utf-8")
    code = dedent(f"""\
        import sys
        import click
        from mgcli.__main__ import main
        before = set(sys.modules)
        from mgcli.language import grammar
        grammar._folder = lambda: {str(tmp_path)!r}
        try:
            main()
        finally:
            print(*set(sys.modules) - before, file=sys.stderr)
        """)
    done = subprocess.run(
        [sys.executable, "-c", code, command, expression, "-x", value],
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=True,
    )
    loaded = set(done.stderr.split())
    assert f"mgcli.cli.commands.{command}" in loaded
    assert not loaded & {
        "_contextvars",
        "graphviz",
        "matplotlib",
        "numpy",
        "pathlib",
        "subprocess",
        "unicodedata",
        "mgcli.render.drawing",
        "mgcli.cli.commands.draw",
        *others,
    }


@pytest.mark.parametrize("line", ["x", "x --json"])
def test_a_pipe_that_is_closed_early_is_not_an_error(program: Callable[[str], str], line: str) -> None:
    command = [program("mg"), "eval", "-x", "0:30000", *line.split()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    assert process.stdout.read(10)
    process.stdout.close()
    stderr = process.stderr.read()
    process.stderr.close()
    process.wait(TIME_LIMIT)
    assert stderr == b""


@needs_dev_full
@pytest.mark.parametrize(
    "line",
    ["eval 1+1", "grad x -x 0:5000", "eval 1+1 --json", "draw a*b", "draw a*b --format png", "--help", "--version"],
)
def test_an_output_that_cannot_be_written_is_an_error(mg_process: Run, line: str) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = mg_process(*line.split(), stdout=full)
    assert done == (1, "", "error: cannot write the output: No space left on device\n")


@needs_dev_full
def test_a_file_that_cannot_be_written_is_an_error(mg_process: Run) -> None:
    assert mg_process("draw", "a*b", "--format", "svg", "--out", "/dev/full") == (
        1,
        "",
        "error: cannot write /dev/full: No space left on device\n",
    )


@needs_bash
def test_an_output_that_is_closed_is_an_error(program: Callable[[str], str]) -> None:
    done = subprocess.run(
        ["bash", "-c", '"$0" eval 1+1 >&-', program("mg")],
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: cannot write the output")
    assert "Traceback" not in done.stderr


@needs_bash
def test_an_input_that_is_closed_is_an_error(program: Callable[[str], str]) -> None:
    done = subprocess.run(
        ["bash", "-c", '"$0" eval - <&-', program("mg")],
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: cannot read standard input")
    assert "Traceback" not in done.stderr


@needs_bash
def test_messages_that_nobody_reads_change_no_exit_status(program: Callable[[str], str]) -> None:
    done = subprocess.run(["bash", "-c", '"$0" eval 2x 2>&-', program("mg")], timeout=TIME_LIMIT, check=False)
    assert done.returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to send here")
def test_an_interrupt_during_a_long_sweep_exits_with_130_and_no_traceback(
    program: Callable[[str], str], state_home: Path
) -> None:
    # A process inherits that SIGINT is ignored, as in a shell's background.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [program("mg"), "eval", "sin(x)**2", "-x", "0:10000000"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    # The expression is kept just before the sweep begins.
    folder = state_home / "mgcli"
    deadline = time.monotonic() + TIME_LIMIT
    while not list(folder.glob("last*.json")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=TIME_LIMIT)
    assert (process.returncode, stdout, stderr.strip()) == (130, "", "")


@pytest.mark.parametrize(("encoding", "alpha"), [("ascii", "α"), ("latin-1", "\\u03b1"), ("utf-8", "α")])
def test_a_name_that_the_encoding_does_not_have_is_not_an_error(mg_main: Run, encoding: str, alpha: str) -> None:
    done = mg_main("grad", "α*2", "-α", "3", encoding=encoding)
    assert done == (0, f"value = 6.0\n\n     value  gradient\n{alpha}      3.0       2.0\n", "")


@pytest.mark.parametrize(("encoding", "alpha"), [("ascii", "\\u03b1"), ("latin-1", "\\u03b1"), ("utf-8", "α")])
def test_json_is_the_same_document_in_every_encoding(mg_main: Run, encoding: str, alpha: str) -> None:
    done = mg_main("eval", "α", "-α", "3", "--json", encoding=encoding)
    assert done == (
        0,
        f'{{"expression": "{alpha}", "variables": {{"{alpha}": 3.0}}, "value": 3.0, "rounding": 0.0, "named": {{}}}}\n',
        "",
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_error_about_such_a_name_is_still_an_error(mg_main: Run, encoding: str) -> None:
    status, stdout, stderr = mg_main("eval", "α*2", encoding=encoding)
    assert (status, stdout) == (2, "")
    assert stderr.splitlines()[0] in ("error: α has no value", "error: \\u03b1 has no value")


@pytest.mark.skipif(os.name != "posix", reason="arguments are text here")
@pytest.mark.parametrize(
    "arguments",
    [
        [b"\xff"],
        [b"eval", b"\xff"],
        [b"eval", b"x*\xff", b"-x", b"3"],
        [b"eval", b"x", b"-x", b"\xff"],
        [b"eval", b"x", b"-\xff", b"3"],
        [b"eval", b"x", b"--let", b"\xff=3"],
        [b"eval", b"--file", b"\xff"],
        [b"eval", b"x", b"-x", b"3", b"--digits", b"\xff"],
        [b"grad", b"x", b"-x", b"3", b"--wrt", b"\xff"],
        [b"draw", b"x", b"--out", b"g.\xff"],
    ],
    ids=repr,
)
def test_bytes_that_are_not_utf_8_are_an_error(mg_main: Run, arguments: list[bytes]) -> None:
    status, stdout, stderr = mg_main(*arguments)
    assert (status, stdout) == (2, "")
    assert stderr.startswith("error: ")
    assert "Traceback" not in stderr


@pytest.fixture
def completions(mg: Run, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that returns what `mg` offers a shell for the last of `words`, as the shell requests it."""

    def offered(shell: Any, words: Any) -> Any:
        at = words.split()[-1] if shell == "fish" else str(len(shlex.split(words)) - 1)
        for name, value in {"_MG_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": at}.items():
            monkeypatch.setenv(name, value)
        status, stdout, stderr = mg()
        assert (status, stderr) == (0, "")
        lines = stdout.strip().splitlines()
        if shell == "zsh":
            return lines[1::3]
        return [line.partition(",")[2].partition("\t")[0] for line in lines]

    return offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("mg dr", ["draw"]),
        ("mg eval a*b -a 2 --d", ["--digits"]),
        ("mg draw a*b --fo", ["--format"]),
    ],
)
def test_a_shell_completes_commands_and_options(completions: Any, shell: str, words: str, offered: list[str]) -> None:
    assert completions(shell, words) == offered


def test_a_shell_completes_the_values_of_an_option(completions: Any) -> None:
    assert completions("bash", "mg draw a*b --format p") == ["png", "pdf"]


def test_a_value_after_an_equals_sign_is_completed_as_each_shell_needs_it(completions: Any) -> None:
    assert completions("bash", "mg draw t --format = p") == ["png", "pdf"]  # bash splits there
    assert completions("bash", "mg draw t --format =") == ["svg", "png", "jpg", "pdf", "dot", "html"]
    assert completions("bash", "mg grad t --digits = 3 --rel") == ["--relative"]
    for shell in ("bash", "zsh", "fish"):
        assert completions(shell, "mg draw t --format=p") == ["--format=png", "--format=pdf"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("mg functions ta", ["tan", "tanh"]),
        ("mg grad 'e = a*b; e + alpha' --wrt a", ["a", "alpha"]),
        ("mg grad 'e = a*b; e + alpha' --of e", ["e"]),
        ("mg hessian a*alpha --wrt al", ["alpha"]),
        ("mg slope a*alpha --wrt al", ["alpha"]),
        ("mg table a*alpha --wrt al", ["alpha"]),
        ("mg descend a*alpha --fix al", ["alpha"]),
        ("mg grad a*alpha -a 2 --al", ["--alpha", "--along"]),
        ("mg eval a*b -a", ["-a"]),
        ("mg eval 'a*' -a", []),
        ("mg completion f", ["fish"]),
    ],
)
def test_a_shell_completes_names(completions: Any, shell: Any, words: Any, offered: Any) -> None:
    assert completions(shell, words) == offered


def test_a_value_given_twice_does_not_stop_completion(completions: Callable[[str, str], list[str]]) -> None:
    assert completions("bash", "mg eval x -x 1 -x 2 --dig") == ["--digits"]


def test_the_names_of_the_last_expression_are_completed_where_none_is_typed(mg: Run, completions: Any) -> None:
    mg("eval a*beta -a 1 --beta 2")
    assert completions("bash", "mg grad --wrt b") == ["beta"]
    assert completions("bash", "mg grad --be") == ["--beta"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_completion_script(mg: Run, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    status, stdout, stderr = mg(f"completion {shell}")
    assert (status, stderr) == (0, "")
    assert f"_MG_COMPLETE={shell}_complete" in stdout
    monkeypatch.setenv("_MG_COMPLETE", f"{shell}_source")
    assert mg().stdout.strip() == stdout.strip()


SCRIPTS = {
    "bash": """\
        eval "$({path} completion bash)"
        COMP_WORDS=({name} eval 'a*b' --dig)
        COMP_CWORD=3
        _{name}_completion {path}
        echo "${{COMPREPLY[@]}}"
        """,
    "zsh": """\
        path=({folder} $path)
        eval "$({name} completion zsh)"
        print ${{_comps[{name}]}}
        """,
    "fish": """\
        set PATH {folder} $PATH
        {name} completion fish | source
        complete --do-complete "{name} eval 'a*b' --dig" | cut -f 1
        """,
}
ANSWERS = {"bash": "--digits\n", "zsh": "_{name}_completion\n", "fish": "--digits\n"}


@pytest.mark.parametrize("name", ["mg", pytest.param("mgcli", marks=pytest.mark.slow)])
@pytest.mark.parametrize("shell", SCRIPTS)
def test_a_shell_completes_with_that_script(
    program: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: Any, name: Any
) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    monkeypatch.setenv("HOME", str(tmp_path))
    path = Path(program(name))
    script = dedent(SCRIPTS[shell]).format(path=path, folder=path.parent, name=name)
    bare = {"zsh": ["-f"], "fish": ["--no-config"]}.get(shell, [])
    done = subprocess.run([shell, *bare, "-c", script], capture_output=True, text=True, timeout=TIME_LIMIT, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, ANSWERS[shell].format(name=name), "")
