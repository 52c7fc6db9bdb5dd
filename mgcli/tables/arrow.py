"""Batches of Arrow with the columns that a plan adds, for engines that hand over such batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mgcli.analysis.tables import UNCERTAIN, Cells
from mgcli.analysis.tallies import ROUNDED, Cause, Tally
from mgcli.codegen.arrays import Array, Mask
from mgcli.tables.plan import SKIP, Plan
from mgcli.tables.texts import EXACT, SPACES

NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
"""The texts that are numbers."""


class Computed(NamedTuple):
    """A batch with what a plan adds, the number of rows without a result, and what was counted."""

    batch: pa.RecordBatch
    refused: int
    faults: Tally
    notes: Tally


def computed(batch: pa.RecordBatch, names: Sequence[str], plan: Plan) -> Computed:
    """Return a batch with the columns of a plan after its own, null where a row has no number.

    names: those of the batch's columns, whatever the batch itself calls them.
    """
    read = {name: batch.column(names.index(name)) for name in plan.read}
    cells = {name: cells_of(column) for name, column in read.items()}
    added = plan.function(
        {name: cells[column] for name, column in plan.columns.items()},
        {name: cells[column] for name, column in plan.uncertainties.items()},
        batch.num_rows,
    )
    for name, column in read.items():
        note_rounded(name, column, added.notes)
    columns = [pa.array(column, mask=np.isnan(column)) for column in added.columns]
    whole = appended(batch, dict(zip(plan.added, columns, strict=True)), only=plan.options.only)
    if plan.options.on_fault == SKIP and added.refused.any():
        whole = whole.filter(pa.array(~added.refused))
    faults, notes = (with_cells(tally, batch, names, plan) for tally in (added.faults, added.notes))
    return Computed(whole, int(added.refused.sum()), faults, notes)


def with_cells(tally: Tally, batch: pa.RecordBatch, names: Sequence[str], plan: Plan) -> Tally:
    """Return the counts of a batch with the cells of the first row of each cause, for rows that have no numbers.

    They are those of the columns that are read, without the one that the cause is about and names itself.
    """
    found = Tally()
    for cause, counted in tally:
        about = plan.columns.get(cause.about) or plan.uncertainties.get(cause.about.removesuffix(UNCERTAIN))
        row = counted.first - 1
        texts = {name: batch.column(names.index(name))[row].as_py() for name in plan.read if name != about}
        cells = [(name, "" if cell is None else str(cell)) for name, cell in texts.items()]
        found.add(cause, counted.first, counted.example, counted.rows, cells)
    return found


def appended(batch: pa.RecordBatch, columns: Mapping[str, pa.Array], *, only: bool = False) -> pa.RecordBatch:
    """Return a batch with more columns after its own, or with these only."""
    kept = [] if only else list(zip(batch.schema.names, batch.columns, strict=True))
    whole = [*kept, *columns.items()]
    return pa.RecordBatch.from_arrays([column for _, column in whole], names=[name for name, _ in whole])


def cells_of(column: pa.Array) -> Cells:
    """Return a column as numbers."""
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _texts(column)
    if pa.types.is_decimal(kind):
        # Arrow's own conversion to floats does not always round to the nearest.
        column = column.cast(pa.string())
    numbers = column if pa.types.is_float64(kind) else column.cast(pa.float64(), safe=False)
    return Cells(_array(numbers), _mask(column.is_null()) if column.null_count else None)


def _texts(column: pa.Array) -> Cells:
    stripped = pc.utf8_trim(column, characters=SPACES)
    empty = _mask(pc.fill_null(pc.equal(stripped, ""), True))
    is_number = pc.match_substring_regex(stripped, NUMBER)
    numbers = _array(pc.if_else(is_number, stripped, None).cast(pa.float64()))
    odd = np.flatnonzero(~empty & ~np.isfinite(numbers))
    return Cells(numbers, empty if empty.any() else None, {row: stripped[row].as_py() for row in odd.tolist()})


def _array(numbers: pa.Array) -> Array:
    array: Array = numbers.to_numpy(zero_copy_only=False)
    return array


def _mask(flags: pa.Array) -> Mask:
    mask: Mask = flags.to_numpy(zero_copy_only=False)
    return mask


def note_rounded(name: str, column: pa.Array, notes: Tally) -> None:
    """Count the whole numbers that have more digits than a float."""
    if not pa.types.is_integer(column.type) or column.null_count == len(column):
        return
    ends = pc.min_max(column).as_py()
    if ends["min"] >= -EXACT and ends["max"] <= EXACT:
        return
    rows = [row for row, whole in enumerate(column.to_pylist()) if whole is not None and int(float(whole)) != whole]
    if rows:
        notes.add(Cause(ROUNDED, name), rows[0] + 1, str(column[rows[0]]), len(rows))
