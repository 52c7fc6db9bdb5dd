"""What every test gets: a memory of its own, and three ways to run mg."""

import gc
import io
import itertools
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import settings
from running import Result, Run

from mgcli.__main__ import ENDING, main
from mgcli.cli.group import cli

# Every run draws the same examples, however slow the machine is. `.ci/run` draws four times as many, with
# `--hypothesis-profile full`; a test that asks for more or fewer takes its share of this number. Many new examples
# are drawn with `--hypothesis-profile thorough`.
settings.register_profile("default", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("full", settings.get_profile("default"), max_examples=400)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("default")

TIME_LIMIT = 60.0
"""The seconds after which a process that a test waits for is given up."""


def pytest_configure(config: pytest.Config) -> None:
    # The tests and the processes that they start are compiled once, even where Python is told to keep nothing of that.
    if config.pluginmanager.hasplugin("cacheprovider"):
        sys.dont_write_bytecode = False
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Let the collector look for cycles less often: what is loaded stays to the end. Hypothesis forbids freezing it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.set_threshold(50_000)
        gc.enable()


def pytest_sessionfinish() -> None:
    # pytest looks five times for files that were left open; the first finds them.
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the output that the README and the manual show")


@pytest.fixture
def main_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the main module a file: without one, as in pytest-xdist, pyspark takes a run for one of its doctests."""
    monkeypatch.setattr(sys.modules["__main__"], "__file__", __file__, raising=False)


@pytest.fixture(scope="session")
def state_homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Name folders that do not exist yet: `tmp_path` makes one for each test, which takes thousands of tests long."""
    parent = tmp_path_factory.mktemp("states")
    return (parent / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def state_home(state_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test an empty memory, and return the folder that it is kept under."""
    folder = next(state_homes)
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    monkeypatch.delenv("MG_NO_STATE", raising=False)
    return folder


@pytest.fixture
def mg() -> Run:
    """Return a function that runs `mg` in this process, on a line, split as a shell would, or on arguments as given."""
    apart: dict[str, Any] = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}
    runner = CliRunner(**apart)

    def run(*arguments: str, stdin: bytes | None = None) -> Result:
        words = shlex.split(arguments[0]) if len(arguments) == 1 else list(arguments)
        done = runner.invoke(cli, words, input=stdin, prog_name="mg", catch_exceptions=False)
        return Result(done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def program() -> Callable[[str], str]:
    """Return a function that finds an installed program, beside the Python that runs the tests."""

    def find(name: str) -> str:
        found = shutil.which(name, path=str(Path(sys.executable).parent))
        assert found, f"{name} is not installed beside {sys.executable}"
        return found

    return find


@pytest.fixture
def mg_main(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `mg` in this process as a process would start, on streams of an encoding.

    An argument may be bytes, as a shell hands them over; `env` is added to the environment.
    """

    def run(*arguments: str | bytes, env: dict[str, str] | None = None, encoding: str = "utf-8") -> Result:
        streams = {"stdin": io.BytesIO(), "stdout": io.BytesIO(), "stderr": io.BytesIO()}
        # A process that ends has no more use for its signal handlers, but this one goes on.
        handlers = {number: signal.getsignal(number) for number in ENDING}
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["mg", *map(os.fsdecode, arguments)])
            # It would keep what this test leaves behind.
            patch.setattr(gc, "freeze", lambda: None)
            for name, stream in streams.items():
                # Python writes to standard error what the encoding does not have as backslashes.
                errors = "backslashreplace" if name == "stderr" else "strict"
                patch.setattr(sys, name, io.TextIOWrapper(stream, encoding=encoding, errors=errors))
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            try:
                with pytest.raises(SystemExit) as left:
                    main()
            finally:
                gc.enable()
                for number, handler in handlers.items():
                    signal.signal(number, handler)
            sys.stdout.flush()
            sys.stderr.flush()
            stdout, stderr = (streams[name].getvalue().decode() for name in ("stdout", "stderr"))
        assert isinstance(left.value.code, int)
        return Result(left.value.code, stdout, stderr)

    return run


@pytest.fixture
def mg_process(program: Callable[[str], str]) -> Run:
    """Return a function that runs the installed `mg` as a process of its own, with `env` added to the environment."""

    def run(*arguments: str | bytes, env: dict[str, str] | None = None, **extra: Any) -> Result:
        done = subprocess.run(
            [program("mg"), *arguments],
            env={**os.environ, **(env or {})},
            timeout=TIME_LIMIT,
            check=False,
            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **extra},
        )
        return Result(done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode())

    return run


@pytest.fixture
def without_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no `dot` on the PATH, nor anything else."""
    folder = tmp_path / "nothing"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))


@pytest.fixture
def fake_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that puts a shell script on the PATH as `dot`."""

    def install(script: str) -> None:
        folder = tmp_path / "programs"
        folder.mkdir()
        dot = folder / "dot"
        dot.write_text(f"#!/bin/sh\n{script}\n")
        dot.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.defpath}")

    return install
