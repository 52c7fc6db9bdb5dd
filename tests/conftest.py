"""What every test of a command uses."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mgcli.cli import cli


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    monkeypatch.delenv("MG_NO_STATE", raising=False)
    return folder


@pytest.fixture
def mg() -> Callable[..., Result]:
    def run(*args: str, input: str | bytes | None = None) -> Result:  # noqa: A002
        return CliRunner().invoke(cli, args, input=input, prog_name="mg")

    return run
