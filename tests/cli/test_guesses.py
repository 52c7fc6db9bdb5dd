"""The table of mistakes on the command line: each row is the answer to its example, and its remedy works."""

import re
import shlex
from pathlib import Path

import pytest
from running import Run

from mgcli.cli.mistakes import MISTAKES, Row

ROWS = [pytest.param(kind, row, id=row.example) for kind, mistake in MISTAKES.items() for row in mistake.rows]


@pytest.fixture(autouse=True)
def program_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "program.mg").write_text("x + 1")


def filled(template: str) -> str:
    """Return the pattern of the texts that fill `template`."""
    return re.sub(r"\\\{\w+\\\}", ".*", re.escape(template))


@pytest.fixture
def last_expression(mg: Run, request: pytest.FixtureRequest) -> None:
    """Keep an expression for the mistakes of a command that uses the last one."""
    if request.getfixturevalue("kind") == "no option or variable":
        assert mg("eval alpha*3 --alpha 2").exit_code == 0


@pytest.mark.usefixtures("last_expression")
@pytest.mark.parametrize(("kind", "row"), ROWS)
def test_each_row_answers_its_example(mg: Run, kind: str, row: Row) -> None:
    status, stdout, stderr = mg(*shlex.split(row.example))
    assert (status, stdout) == (2, "")
    assert re.fullmatch(f"error: {filled(MISTAKES[kind].message)}\nhint: {filled(row.remedy)}\n", stderr), stderr


@pytest.mark.usefixtures("last_expression")
@pytest.mark.parametrize(("kind", "row"), ROWS)
def test_each_remedy_works_when_followed(mg: Run, kind: str, row: Row) -> None:
    status, stdout, stderr = mg(*shlex.split(row.followed))
    assert (status, bool(stdout), "error" in stderr) == (0, True, False)
