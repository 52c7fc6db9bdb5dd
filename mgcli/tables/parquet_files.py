"""Parquet: batches of rows in their order, and a file that is written from them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from glob import glob
from queue import Queue
from threading import Thread
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from mgcli.render.visible import visible_name
from mgcli.tables.cells import is_read
from mgcli.tables.plan import TableError

BATCH = 100_000
"""The rows that are computed at a time."""


def files_of(path: str) -> list[str]:
    """Return the files of a path: one file, those in a folder, or those that a pattern matches, in order."""
    if os.path.isdir(path):
        found = glob(os.path.join(glob_escaped(path), "**", "*.parquet"), recursive=True)
    elif os.path.exists(path):
        found = [path]
    else:
        found = [file for file in glob(path, recursive=True) if os.path.isfile(file)]
    if not found:
        raise TableError(f"{visible_name(path)} has no Parquet files")
    return sorted(found)


def glob_escaped(path: str) -> str:
    """Return a path as a pattern that matches only it."""
    from glob import escape

    return escape(path)


class ParquetSource:
    """One Parquet file, or several with the same columns, one after the other.

    names: those of its columns. source: what messages call it. size: the number of its rows.
    """

    def __init__(self, path: str) -> None:
        self.source = visible_name(path)
        self.files = files_of(path)
        self._scanned = pl.scan_parquet(self.files, hive_partitioning=False, glob=False)
        try:
            self.schema = self._scanned.collect_schema()
            self.size = int(self._scanned.select(pl.len()).collect().item())
        except pl.exceptions.PolarsError as error:
            raise self._unreadable(error) from None
        except OSError as error:
            raise TableError(f"cannot read {self.source}: {error}") from None
        self.names = list(self.schema)
        self._index = next(
            f"row{'_' * extra}" for extra in range(len(self.names) + 1) if f"row{'_' * extra}" not in self.schema
        )
        self._done = 0

    def __enter__(self) -> ParquetSource:
        return self

    def __exit__(self, *_: object) -> None:
        """Close nothing: polars has closed the files."""

    def done(self) -> int:
        """Return the number of rows that have been read."""
        return self._done

    def check(self, wanted: Sequence[str]) -> None:
        """Refuse columns that are not numbers. Raises TableError."""
        for name in wanted:
            kind = self.schema[name]
            if not is_read(kind):
                what = "dates or times" if kind.is_temporal() else f"{kind}"
                hint = (
                    "convert it to a number first, such as the seconds since some moment"
                    if kind.is_temporal()
                    else None
                )
                raise TableError(f"the column {name} of {self.source} has {what}, not numbers", hint=hint)

    def batches(self, wanted: Sequence[str], *, keep: bool) -> Iterator[pl.DataFrame]:
        """Yield the rows in batches, in their order."""
        index = self._index
        rows = self._scanned if keep else self._scanned.select(wanted)
        try:
            for frame in rows.with_row_index(index).collect_batches(chunk_size=BATCH, maintain_order=True):
                numbers = frame[index]
                # The library promises the order; a wrong one would be a wrong result, so it is checked.
                if frame.height and (numbers[0] != self._done or numbers[-1] != self._done + frame.height - 1):
                    raise TableError(f"the rows of {self.source} were read in another order")
                self._done += frame.height
                yield frame.drop(index)
            if self._done != self.size:
                raise TableError(f"only {self._done:,} of the {self.size:,} rows of {self.source} can be read")
        except (pl.exceptions.PolarsError, OSError) as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: Exception) -> TableError:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        hint = "is it a whole Parquet file?" if "out of spec" in first.lower() else None
        return TableError(f"cannot read {self.source}: {first}", hint=hint)


class ParquetSink:
    """A Parquet file that is written from batches while they are made."""

    def __init__(self, path: str, schema: dict[str, Any]) -> None:
        self._queue: Queue[pl.DataFrame | BaseException | None] = Queue(2)
        self._failure: BaseException | None = None
        self._source = register_io_source(self._frames, schema=schema)
        self._path = path
        self._thread = Thread(target=self._write, daemon=True)
        self._thread.start()

    def write(self, frame: pl.DataFrame) -> None:
        """Write one batch."""
        while self._thread.is_alive():
            if self._offered(frame):
                return
        raise _as_system_error(self._failure)

    def finish(self) -> None:
        """Write what is left, and close the file."""
        self._end(None)
        if self._failure is not None:
            raise _as_system_error(self._failure)

    def abandon(self) -> None:
        """Stop writing; the file is not whole."""
        self._end(_AbandonedError())

    def _end(self, last: BaseException | None) -> None:
        while self._thread.is_alive() and not self._offered(last):
            pass
        self._thread.join()

    def _offered(self, item: pl.DataFrame | BaseException | None) -> bool:
        from queue import Full

        try:
            self._queue.put(item, timeout=0.1)
        except Full:
            return False
        return True

    def _write(self) -> None:
        try:
            self._source.sink_parquet(self._path, maintain_order=True)
        except BaseException as error:  # it is raised where the writer waits
            self._failure = error

    def _frames(self, *_: object) -> Iterator[pl.DataFrame]:
        while (item := self._queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item


def _as_system_error(failure: BaseException | None) -> BaseException:
    """Return the error of the system that polars reports as one of its own."""
    number = re.search(r"os error (\d+)", str(failure))
    if number and not isinstance(failure, OSError):
        return OSError(int(number[1]), os.strerror(int(number[1])))
    return failure or OSError("the file was not written")


class _AbandonedError(Exception):
    """The writing of a file was given up."""
