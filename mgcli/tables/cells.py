"""Columns of polars as numbers: what is empty, what is a text, and which digits are lost."""

from __future__ import annotations

import numpy as np
import polars as pl

from mgcli.analysis.tables import Cells
from mgcli.analysis.tallies import ROUNDED, Cause, Tally
from mgcli.tables.texts import EXACT, SPACES

WIDE = [kind for name in ("Int64", "UInt64", "Int128", "UInt128") if (kind := getattr(pl, name, None))]
"""The types of the whole numbers that may have more digits than a float."""


def is_read(kind: pl.DataType) -> bool:
    """Return whether a column of this type can be read as numbers."""
    texts = (pl.String, pl.Categorical, pl.Enum, pl.Null, pl.Boolean)
    return kind.is_numeric() or isinstance(kind, texts)


def cells_of(column: pl.Series) -> Cells:
    """Return a column as numbers."""
    kind = column.dtype
    if isinstance(kind, (pl.String, pl.Categorical, pl.Enum)):
        return _texts(column.cast(pl.String))
    numbers = column if kind == pl.Float64 else column.cast(pl.Float64, strict=False)
    empty = numbers.is_null().to_numpy() if numbers.null_count() else None
    return Cells(_array(numbers), empty)


def _texts(column: pl.Series) -> Cells:
    stripped = column.str.strip_chars(SPACES)
    numbers = stripped.cast(pl.Float64, strict=False)
    empty = stripped.is_null() | (stripped == "")
    odd = ~empty & (numbers.is_null() | ~numbers.is_finite())
    unread = {}
    if odd.any():
        rows = odd.arg_true()
        unread = dict(zip(rows.to_list(), stripped.gather(rows).to_list(), strict=True))
    return Cells(_array(numbers), empty.to_numpy() if empty.any() else None, unread)


def _array(numbers: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    array: np.ndarray[tuple[int], np.dtype[np.float64]] = numbers.to_numpy()
    return array


def note_rounded(name: str, column: pl.Series, notes: Tally) -> None:
    """Count the whole numbers that have more digits than a float."""
    if column.dtype not in WIDE or column.is_empty():
        return
    large = (column > EXACT) | (column < -EXACT) if column.dtype.is_signed_integer() else column > EXACT
    if not large.any():
        return
    whole = column.filter(large).cast(pl.Int128 if hasattr(pl, "Int128") else pl.Float64)
    lost = whole.cast(pl.Float64).cast(whole.dtype, strict=False) != whole
    if lost.any():
        rows = large.arg_true().filter(lost)
        notes.add(Cause(ROUNDED, name), int(rows[0]) + 1, str(column[int(rows[0])]), len(rows))


def added_series(names: list[str], columns: list[np.ndarray[tuple[int], np.dtype[np.float64]]]) -> list[pl.Series]:
    """Return the columns to add, null where there is no number."""
    return [pl.Series(name, column, nan_to_null=True) for name, column in zip(names, columns, strict=True)]
