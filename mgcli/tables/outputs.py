"""How the rows of a table are written: as lines of CSV, or to a Parquet file."""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl

from mgcli.tables.csv_files import CsvSource, Rows
from mgcli.tables.parquet_files import ParquetSink, ParquetSource
from mgcli.tables.plan import Plan, TableError

Source = CsvSource | ParquetSource

PIECE = 1 << 17
"""The bytes that are written at a time: larger writes were measured to take up to ten times as long."""


class CsvOutput:
    """CSV, with the separator and the line ends of the source; compressed if its name ends in .gz."""

    as_lines = True

    def __init__(self, source: Source, plan: Plan, out: str) -> None:
        self._separator, self._line_end = ",", "\n"
        names = "" if plan.options.only else _record(source.names, ",")
        if isinstance(source, CsvSource):
            self._separator, self._line_end = source.separator, source.line_end
            names = "" if plan.options.only else source.header
        elif not plan.options.only:
            for name, kind in source.schema.items():
                if kind.is_nested():
                    hint = "write a Parquet file, or leave the other columns out"
                    raise TableError(f"the column {name} of {source.source} does not fit in CSV: {kind}", hint=hint)
        added = _record(plan.added, self._separator)
        self._header = f"{names}{self._separator if names else ''}{added}{self._line_end}".encode()
        self._compressed = out.lower().endswith(".gz")

    def encoded(self, rows: Rows, added: Sequence[pl.Series]) -> list[bytes]:
        """Return rows as bytes, in parts."""
        frame = pl.DataFrame(list(added)) if rows.kept is None else rows.kept.hstack(list(added))
        # Lines have their own quotes, and numbers need none.
        style: Any = "never" if rows.as_lines or rows.kept is None else "necessary"
        written: Any = _Written()
        frame.write_csv(
            written,
            include_header=False,
            separator=self._separator,
            line_terminator=self._line_end,
            quote_style=style,
            # An empty line would be no row.
            null_value='""' if frame.width == 1 else None,
        )
        return self._packed(written.parts)

    def _packed(self, parts: list[bytes]) -> list[bytes]:
        return [gzip.compress(b"".join(parts), 6)] if self._compressed else parts

    @contextmanager
    def writer(self, path: str | None) -> Iterator[Callable[[list[bytes]], object]]:
        """Yield what writes encoded rows to a file, or to standard output."""
        header = self._packed([self._header])
        if path is not None:
            with open(path, "wb") as file:

                def write_pieces(parts: list[bytes]) -> None:
                    for part in parts:
                        pieces = memoryview(part)
                        for start in range(0, len(pieces), PIECE):
                            file.write(pieces[start : start + PIECE])

                write_pieces(header)
                yield write_pieces
            return
        # Where the first rows cannot be read, nothing is written.
        pending = header
        output = sys.stdout.buffer

        def write(parts: list[bytes]) -> None:
            output.write(b"".join(pending + parts))
            pending.clear()

        yield write
        write([])
        output.flush()


class ParquetOutput:
    """A Parquet file; a column of CSV is one of text there."""

    as_lines = False

    def __init__(self, source: Source, plan: Plan) -> None:
        kept: dict[str, Any] = {}
        if not plan.options.only:
            kept = dict.fromkeys(source.names, pl.String) if isinstance(source, CsvSource) else dict(source.schema)
            if len(kept) < len(source.names):
                raise TableError(f"two columns of {source.source} have the same name", hint="rename one of them")
        self._names = list(kept)
        self._schema = {**kept, **dict.fromkeys(plan.added, pl.Float64)}

    def encoded(self, rows: Rows, added: Sequence[pl.Series]) -> pl.DataFrame:
        """Return rows as a frame."""
        if rows.kept is None:
            return pl.DataFrame(list(added))
        kept = rows.kept.rename(dict(zip(rows.kept.columns, self._names, strict=True)))
        return kept.hstack(list(added))

    @contextmanager
    def writer(self, path: str | None) -> Iterator[Callable[[pl.DataFrame], object]]:
        """Yield what writes frames to a file."""
        assert path is not None
        sink = ParquetSink(path, self._schema)
        try:
            yield sink.write
        except BaseException:
            sink.abandon()
            raise
        sink.finish()


class _Written(io.RawIOBase):
    """What polars writes, as it is: without a copy."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self.parts.append(bytes(part))
        return len(part)


def _record(cells: Sequence[str], separator: str) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator="").writerow(cells)
    return written.getvalue()
