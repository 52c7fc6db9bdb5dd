"""However a process is ended, it says so by its status, shows no traceback, and leaves nothing behind."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TIME_LIMIT = 60.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals to send here")


@pytest.fixture
def start(program, tmp_path):
    """Return a function that starts `mg draw` with a dot that is a shell script, and waits until that runs."""
    folder = tmp_path / "programs"
    folder.mkdir()
    started = []
    # A process inherits that SIGINT is ignored, as in a shell's background.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def run(script, *arguments):
        dot = folder / "dot"
        dot.write_text(f"#!/bin/sh\necho $$ >{tmp_path}/pid\n{script}\n")
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
        time.sleep(0.2)
        return process, int((tmp_path / "pid").read_text())

    yield run
    signal.signal(signal.SIGINT, before)
    for process in started:
        process.kill()
        process.wait()


def wait_for(condition):
    deadline = time.monotonic() + TIME_LIMIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def runs(pid):
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
def test_a_signal_ends_the_renderer_too(start, tmp_path, number, status):
    if number != signal.SIGINT and signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip(f"{number.name} is ignored by what started the tests, and so by what they start")
    (tmp_path / "g.pdf").write_bytes(b"old")
    process, renderer = start("sleep 60; echo")
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=TIME_LIMIT)
    assert (process.returncode, stdout, stderr.strip()) == (status, "", "")
    wait_for(lambda: not runs(renderer))
    assert (tmp_path / "g.pdf").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["g.pdf", "pid", "programs", "state"]


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace here, to hold a process at a system call")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_before_the_file_is_replaced_leaves_none_beside_it(program, tmp_path, number):
    process = subprocess.Popen(
        [
            *["strace", "-qq", "-o", "/dev/null", "-e", "trace=rename", "-e", "inject=rename:delay_enter=2000000"],
            *[program("mg"), "draw", "x", "--format", "dot", "--out", str(tmp_path / "g")],
        ],
        env={**os.environ, "MG_NO_STATE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(lambda: process.poll() is not None or any(path.name.startswith(".g.") for path in tmp_path.iterdir()))
    time.sleep(0.2)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(children[0]), number)
    _, stderr = process.communicate(timeout=TIME_LIMIT)
    assert "Traceback" not in stderr
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_interrupt_while_mg_loads_shows_no_traceback(program):
    source = random.Random(1)
    for _ in range(10):
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
        assert process.stdout.readline() == "here\n"
        time.sleep(source.uniform(0.0, 0.3))
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=TIME_LIMIT)
        assert stderr.strip() == ""
        assert process.returncode in (0, 130, -signal.SIGINT)
