"""The text of an expression is read as far as an expression goes."""

import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from running import Run

from mgcli.cli import reading

TIME_LIMIT = 60.0


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an expression have at most a million bytes."""
    monkeypatch.setattr(reading, "MOST_MEGABYTES", 1)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless file here")
def test_an_endless_file_is_an_error(mg: Run) -> None:
    too_long = "error: /dev/zero is too long: an expression has at most 64 MB\n"
    assert mg("eval --file /dev/zero") == (2, "", too_long)


@pytest.mark.usefixtures("short")
def test_a_long_file_is_read_up_to_the_limit(mg: Run, tmp_path: Path) -> None:
    file = tmp_path / "p"
    file.write_bytes(b"1 + 1" + b" " * 999_995)
    assert mg("eval", "--file", str(file)) == (0, "2.0\n", "")
    file.write_bytes(b"1 + 1" + b" " * 999_996)
    status, stdout, stderr = mg("eval", "--file", str(file))
    assert (status, stdout) == (2, "")
    assert stderr.startswith(f"error: {file} is too long: an expression has at most 1 MB\n")


@pytest.mark.usefixtures("short")
def test_so_is_standard_input(mg: Run) -> None:
    status, stdout, stderr = mg("eval -", stdin=b"1 + 1" + b" " * 1_000_000)
    assert (status, stdout) == (2, "")
    assert stderr.startswith("error: standard input is too long: an expression has at most 1 MB\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_read_to_its_end(mg: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"1 + 1"), daemon=True)
    writer.start()
    assert mg("eval", "--file", str(pipe)) == (0, "2.0\n", "")
    writer.join(10)


def test_the_name_of_a_file_cannot_control_the_terminal(mg: Run, tmp_path: Path) -> None:
    file = tmp_path / "a\x1b]0;T\nb"
    file.write_bytes(b"\xff")
    status, stdout, stderr = mg("eval", "--file", str(file))
    assert (status, stdout) == (2, "")
    assert stderr.startswith(f"error: {tmp_path}/a\\x1b]0;T\\nb is not UTF-8: byte 1 is 0xff\n")


def test_too_little_memory_is_an_error_and_no_traceback(program: Callable[[str], str]) -> None:
    resource = pytest.importorskip("resource")
    # In a process of 100 MB there is no room for the graph of a quarter of a million terms.
    done = subprocess.run(
        [program("mg"), "grad", "-", "-x", "1"],
        input=b"x" + b"+x*x" * 250_000,
        capture_output=True,
        timeout=TIME_LIMIT,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (100_000_000, 100_000_000)),
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"error: not enough memory\n")
