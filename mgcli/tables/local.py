"""The engine of this machine: polars reads and writes, threads compute, and the rows keep their order.

Batches are computed by as many threads as there are processors, and written in the order in which they were read.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic
from typing import Any, NamedTuple

import polars as pl

from mgcli.analysis.tallies import Tally
from mgcli.codegen.arrays import cores
from mgcli.errors import EvaluationError
from mgcli.render.tallies import words
from mgcli.render.visible import visible_name
from mgcli.tables.cells import added_series, cells_of, note_rounded
from mgcli.tables.csv_files import CsvSource, RowError, Rows
from mgcli.tables.outputs import CsvOutput, ParquetOutput, Source
from mgcli.tables.parquet_files import ParquetSource
from mgcli.tables.plan import SKIP, STOP, Plan, Report, TableError
from mgcli.tables.targets import Target

PARQUET = (".parquet", ".pq")
"""The suffixes of Parquet files."""

_TEXT = (".csv", ".tsv", ".txt", ".tab", ".dat")
"""The suffixes of files that are written as CSV."""


class Computed(NamedTuple):
    """A batch that is ready to be written: the numbers of rows, what was counted, and the output."""

    rows: int
    written: int
    refused: int
    faults: Tally
    notes: Tally
    output: Any


Watch = Callable[[Iterator[Computed], Callable[[], int], int], Iterable[Computed]]
"""Passes the batches on; its other arguments: a function that returns how much is read, and how much there is or 0."""


def open_source(path: str) -> Source:
    """Return the table that is read: CSV, or Parquet if it has that suffix, is a folder or a pattern.

    Raises TableError, and OSError where there is no such file.
    """
    return ParquetSource(path) if is_parquet(path) else CsvSource(path)


def is_parquet(path: str) -> bool:
    """Return whether a path is that of Parquet files, by its name or its first bytes."""
    if path == "-" or path.lower().endswith(PARQUET):
        return path != "-"
    if not os.path.isfile(path):
        return os.path.isdir(path)
    with open(path, "rb") as file:
        return file.read(4) == b"PAR1"


def refuse_out(source: Source, out: str) -> None:
    """Refuse to write to the file that is read, or under the suffix of another format. Raises TableError."""
    if out == "-":
        return
    suffix = os.path.splitext(out.lower().removesuffix(".gz"))[1]
    if suffix not in ("", *_TEXT, *PARQUET):
        raise TableError(f"the suffix of {visible_name(out)} is not a table format", hint="use .csv or .parquet")
    if not os.path.exists(out):
        return
    for file in source.files:
        if os.path.samefile(file, out):
            raise TableError(f"{visible_name(out)} is the table itself", hint="write to another file")


def run(source: Source, plan: Plan, out: str, watch: Watch) -> Report:
    """Write the table `source`, with what the plan adds, to `out`, "-" for standard output.

    Raises TableError where the file cannot be read, OSError where it cannot be written, and EvaluationError at the
    first row without a result if the plan stops there; then nothing is written.
    """
    started = monotonic()
    if isinstance(source, ParquetSource):
        source.check(plan.read)
    output = ParquetOutput(source, plan) if out.lower().endswith(PARQUET) else CsvOutput(source, plan, out)
    faults, notes = Tally(), Tally()
    rows = written = refused = 0
    with (
        _writing(out),
        Target(out, whole=plan.options.on_fault == STOP) as target,
        output.writer(target.path) as write,
    ):
        try:
            for done in watch(_computed(source, plan, output), source.done, source.size):
                faults.include(done.faults, rows)
                notes.include(done.notes, rows)
                rows, written, refused = rows + done.rows, written + done.written, refused + done.refused
                if faults and plan.options.on_fault == STOP:
                    cause, counted = faults.first()
                    raise EvaluationError(f"row {counted.first}: {words(cause, counted)}")
                write(done.output)
        except RowError as error:
            raise TableError(f"row {rows + error.row} of {source.source}: {error.message}", hint=error.hint) from None
    return Report(rows, written, refused, faults, notes, monotonic() - started)


@contextmanager
def _writing(out: str) -> Iterator[None]:
    """Name the file in the error that it cannot be written."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, None if out == "-" else out) from None


def _computed(source: Source, plan: Plan, output: CsvOutput | ParquetOutput) -> Iterator[Computed]:
    """Yield the batches in their order, computed by as many threads as there are processors."""
    keep = not plan.options.only

    def work(batch: bytes | pl.DataFrame) -> Computed:
        if isinstance(batch, pl.DataFrame):
            numbers = {name: batch[name] for name in plan.read}
            rows = Rows(batch.height, numbers, batch if keep else None, as_lines=False)
        else:
            assert isinstance(source, CsvSource)
            rows = source.rows(batch, plan.read, keep=keep, lines=output.as_lines)
        return _batch(rows, plan, output)

    batches = source.batches(plan.read, keep=keep) if isinstance(source, ParquetSource) else source.blocks()
    threads = cores()
    waiting: deque[Future[Computed]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for batch in batches:
                waiting.append(pool.submit(work, batch))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _batch(rows: Rows, plan: Plan, output: CsvOutput | ParquetOutput) -> Computed:
    """Compute what is added to some rows."""
    cells = {column: cells_of(numbers) for column, numbers in rows.numbers.items()}
    added = plan.function(
        {name: cells[column] for name, column in plan.columns.items()},
        {name: cells[column] for name, column in plan.uncertainties.items()},
        rows.height,
    )
    for column, numbers in rows.numbers.items():
        note_rounded(column, numbers, added.notes)
    series = added_series(plan.added, added.columns)
    height, refused = rows.height, int(added.refused.sum())
    if plan.options.on_fault == SKIP and refused:
        sound = pl.Series("sound", ~added.refused)
        series = [each.filter(sound) for each in series]
        rows = rows._replace(height=height - refused, kept=None if rows.kept is None else rows.kept.filter(sound))
    return Computed(height, rows.height, refused, added.faults, added.notes, output.encoded(rows, series))
