"""The table of syntax errors: each row describes its own example, and its hint works."""

import re
from typing import Any

import pytest
from rows import rows

from mgcli import ExpressionError, parse_program
from mgcli.language import diagnosis
from mgcli.language.syntax_errors import ROWS
from mgcli.language.syntax_patterns import SyntaxErrorRow

EXAMPLES = list({row.example: row for row in ROWS}.values())
"""One row for each example: operators of two characters and words have a second pattern for theirs."""

CODE = re.compile(r"\w+\(.*\)(?:\*\*-?\w+)?|\w+\*[\w(]+")


@pytest.fixture
def described(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that gives the row that describes a text, and the error."""
    found = []
    matching_row = diagnosis.matching_row

    def recording(text: Any, position: Any) -> Any:
        found.append(matching_row(text, position))
        return found[-1]

    monkeypatch.setattr(diagnosis, "matching_row", recording)

    def describe(text: Any) -> Any:
        with pytest.raises(ExpressionError) as caught:
            parse_program(text)
        last = found[-1]
        assert last
        return last[0], caught.value

    return describe


@rows("row", EXAMPLES)
def test_a_row_describes_its_example(described: Any, row: SyntaxErrorRow) -> None:
    found, error = described(row.example)
    assert found.example == row.example
    assert error.hint


@rows("row", [row for row in EXAMPLES if row.corrected])
def test_a_hint_that_is_followed_gives_a_text_that_parses(described: Any, row: SyntaxErrorRow) -> None:
    _, error = described(row.example)
    assert row.corrected
    parse_program(row.corrected)
    clauses = [clause for clause in re.split("; |, as in ", error.hint) if "write" in clause]
    # In a hint `...` means any operand, and `condition` for any condition.
    patterns = [
        re.escape(code).replace(re.escape("..."), ".+").replace("condition", ".+")
        for clause in clauses
        for code in CODE.findall(clause)
    ]
    assert not patterns or any(re.search(pattern, row.corrected) for pattern in patterns)


def test_only_what_mg_does_not_do_has_no_corrected_text() -> None:
    lacking = ["10,20,30", "[1, 2, 3]", "x inf", "1j", "lim x", "x + ∞", "x→0", "0:1", "∫x"]
    assert [row.example for row in EXAMPLES if row.corrected is None] == lacking
