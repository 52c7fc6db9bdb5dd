"""What was counted in the rows of a table, in words."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from mgcli.analysis.tallies import (
    DERIVATIVE,
    EMPTY,
    INPUT,
    KINK,
    LARGE,
    ROUNDED,
    TEXT,
    UNCERTAINTY,
    UNDERFLOW,
    Cause,
    Counted,
    Tally,
)
from mgcli.render.visible import visible_name

LONGEST = 40
"""The characters that are shown of a cell."""

MOST = 8
"""The cells that are shown of a row."""


class _Wording(NamedTuple):
    """What is wrong, said of one row, and of many."""

    one: str
    many: str
    is_text: bool = False
    """Whether the example is the text of a cell."""


_WORDINGS = {
    EMPTY: _Wording("the cell of {about} is empty", "empty cell"),
    TEXT: _Wording("{example} is not a number ({about})", "not a number", is_text=True),
    LARGE: _Wording("{example} is too large for a float ({about})", "too large for a float", is_text=True),
    INPUT: _Wording("{about} is {example}", "nan or infinite"),
    UNCERTAINTY: _Wording("the uncertainty {about} is negative: {example}", "negative"),
}


def _wording(cause: Cause, counted: Counted) -> _Wording | None:
    """Return how to say what is wrong with an input; None where the example says it, as of a result."""
    return None if cause.kind == UNCERTAINTY and cause.about == counted.example else _WORDINGS.get(cause.kind)


def words(cause: Cause, counted: Counted) -> str:
    """Return what is wrong in the first row of a cause."""
    wording = _wording(cause, counted)
    text = counted.example
    if wording is not None:
        text = wording.one.format(about=cause.about, example=_example(wording, counted))
    return ", ".join(filter(None, [text, _cells(counted)]))


def _example(wording: _Wording, counted: Counted) -> str:
    return quoted(counted.example) if wording.is_text else counted.example


def quoted(text: str) -> str:
    """Return the text of a cell in quotes, cut if it is long."""
    shown = visible_name(text)
    return f"'{shown if len(shown) <= LONGEST else shown[: LONGEST - 3] + '...'}'"


def faults_text(faults: Tally, rows: int, uncertain: Collection[str] = (), *, skipped: bool = False) -> str:
    """Return how many rows have no result and why: 3 rows have no value: 2 empty cells (I), ...

    uncertain: what the columns of uncertainties are called.
    """
    without = "value"
    if all(cause.kind == DERIVATIVE for cause, _ in faults):
        without = "derivative"
    elif all(cause.kind == UNCERTAINTY or cause.about in uncertain for cause, _ in faults):
        without = "uncertainty"
    have = "row has" if rows == 1 else "rows have"
    most_first = sorted(faults, key=lambda item: (-item[1].rows, item[1].first))
    end = f", and {'is' if rows == 1 else 'are'} left out" if skipped else ""
    return f"{rows:,} {have} no {without}{end}: {', '.join(_counted(cause, each) for cause, each in most_first)}"


def _counted(cause: Cause, counted: Counted) -> str:
    many = f"{counted.rows:,}"
    wording = _wording(cause, counted)
    if wording is None:
        what = "without a derivative" if cause.kind == DERIVATIVE else "undefined"
        return f"{many} {what} {_first(counted, '', counted.example)}"
    if cause.kind == EMPTY:
        cells = f"{many} {wording.many}{'' if counted.rows == 1 else 's'}"
        return f"{cells} {_first(counted._replace(first=0), cause.about, '')}"
    return f"{many} {wording.many} {_first(counted, cause.about, _example(wording, counted))}"


def _first(counted: Counted, about: str, example: str, row: str = "row") -> str:
    """Return what is known of the first row of a cause, in parentheses: (x, row 87: 'n/a')."""
    where = ", ".join(filter(None, [about, f"{row} {counted.first:,}" if counted.first else ""]))
    known = ", ".join(filter(None, [": ".join(filter(None, [where, example])), _cells(counted)]))
    return f"({known})" if known else ""


def _cells(counted: Counted) -> str:
    """Return what the columns have in the first row of a cause, if that has no number: where x=1.0, y=2.0."""
    shown = [f"{visible_name(name)}={visible_name(text)[:LONGEST]}" for name, text in counted.cells]
    return f"where {', '.join([*shown[:MOST], *(['...'] if len(shown) > MOST else [])])}" if shown else ""


def notes_text(cause: Cause, counted: Counted) -> str:
    """Return a note on rows whose numbers deserve a second look."""
    rows = f"{counted.rows:,} row{'' if counted.rows == 1 else 's'}"
    row = "row" if counted.rows == 1 else "the first is row"
    if cause.kind == KINK:
        first = _first(counted, "", counted.example, row)
        return f"{rows} on a kink, where a derivative may be a convention {first}"
    if cause.kind == UNDERFLOW:
        return f"{rows} where a product is too small for all its digits {_first(counted, '', '', row)}".rstrip()
    assert cause.kind == ROUNDED
    first = _first(counted, cause.about, counted.example, row)
    return f"{rows} where a whole number has more digits than a float {first}"
