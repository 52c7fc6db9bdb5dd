"""What every test has: a state folder of its own, and `mg` as a function."""

import pytest
from click.testing import CliRunner


@pytest.fixture(autouse=True)
def _state_home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@pytest.fixture
def mg():
    from mgcli.cli import cli

    def run(*args, input=None):  # noqa: A002
        return CliRunner().invoke(cli, args, input=input)

    return run
