"""However a process is ended, it says so by its status, shows no traceback, and leaves nothing behind."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import Signals
from textwrap import dedent
from typing import Any

import pytest

TIME_LIMIT = 60.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals to send here")


@pytest.fixture
def start(program: Callable[[str], str], tmp_path: Path) -> Iterator[Any]:
    """Return a function that starts `mg draw` with a dot that is a shell script, and waits until that has its input."""
    folder = tmp_path / "programs"
    folder.mkdir()
    started = []
    # A process inherits that SIGINT is ignored, as in a shell's background.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def run(script: Any, *arguments: Any) -> Any:
        dot = folder / "dot"
        dot.write_text(f"#!/bin/sh\ncat >/dev/null\necho $$ >{tmp_path}/pid\n{script}\n")
        dot.chmod(0o755)
        # The embedded renderer makes no pdf.
        process = subprocess.Popen(
            [program("mg"), "draw", "x*y", "--out", str(tmp_path / "g.pdf"), *arguments],
            env={**os.environ, "PATH": f"{folder}{os.pathsep}{os.defpath}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
        return process, int((tmp_path / "pid").read_text())

    yield run
    signal.signal(signal.SIGINT, before)
    for process in started:
        process.kill()
        process.wait()


def wait_for(condition: Callable[..., Any]) -> None:
    deadline = time.monotonic() + TIME_LIMIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP), (signal.SIGINT, 130)],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_a_signal_ends_the_renderer_too(start: Any, tmp_path: Path, number: Signals, status: int) -> None:
    if number != signal.SIGINT and signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip(f"{number.name} is ignored by what started the tests, and so by what they start")
    (tmp_path / "g.pdf").write_bytes(b"old")
    process, renderer = start("sleep 60; echo")
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=TIME_LIMIT)
    assert (process.returncode, stdout, stderr.strip()) == (status, "", "")
    wait_for(lambda: not runs(renderer))
    assert (tmp_path / "g.pdf").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["g.pdf", "pid", "programs"]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_signal_before_the_file_is_replaced_leaves_none_beside_it(
    tmp_path: Path, number: Signals, status: Any
) -> None:
    code = dedent(f"""\
        import os, signal, sys
        from mgcli import __main__
        def replace(path, target):
            assert open(path).read().startswith("digraph")
            signal.raise_signal({int(number)})
        os.replace = replace
        sys.argv[1:] = ["draw", "x", "--format", "dot", "--out", "g"]
        signal.signal({int(number)}, signal.default_int_handler if {int(number)} == signal.SIGINT else signal.SIG_DFL)
        __main__.main()
        """)
    environment = {**os.environ, "MG_NO_STATE": "1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=TIME_LIMIT, check=False)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (status, b"", b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("count", [5, pytest.param(200, marks=pytest.mark.slow)])
def test_an_interrupt_while_mg_loads_shows_no_traceback(count: Any) -> None:
    source = random.Random(count)
    for _ in range(count):
        process = subprocess.Popen(
            # What is before this is Python's own.
            [
                sys.executable,
                "-c",
                "import sys, mgcli.__main__ as m; sys.argv[1:] = ['diff', 'x**2']; print('here', flush=True); m.main()",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        assert process.stdout.readline() == "here\n"
        time.sleep(source.uniform(0.0, 0.3))
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=TIME_LIMIT)
        assert stderr.strip() == ""
        assert process.returncode in (0, 130, -signal.SIGINT)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
@pytest.mark.parametrize("error", ["raise RuntimeError from ended", "sys.exit(1)"])
def test_an_end_that_arrives_as_another_error_is_still_one(number: Any, status: Any, error: Any) -> None:
    # So it does where a signal meets the making of a class.
    code = dedent(f"""\
        import signal, sys
        from mgcli import __main__
        from mgcli.cli import streams
        def prepare():
            try:
                signal.raise_signal({int(number)})
            except BaseException as ended:
                {error}
        streams.prepare = prepare
        signal.signal({int(number)}, signal.SIG_DFL)
        __main__.main()
        """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=TIME_LIMIT, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (status, b"", b"")


def test_an_interrupt_in_a_callback_shows_no_traceback() -> None:
    code = dedent("""\
        import signal, sys, weakref
        from mgcli import __main__
        from mgcli.cli import streams
        class Part: pass
        def prepare():
            part = Part()
            other = weakref.ref(part, lambda _: signal.raise_signal(signal.SIGINT))
            del part
        streams.prepare = prepare
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.argv[1:] = ["eval", "1+1"]
        __main__.main()
        """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=TIME_LIMIT, check=False)
    assert (done.returncode, done.stderr) == (130, b"")
