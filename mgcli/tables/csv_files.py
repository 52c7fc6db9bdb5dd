"""CSV: blocks of whole records, the numbers in them, and the lines that are written again as they are.

A block is cut where a record ends, so that blocks can be read at the same time and written in their order. Every cell
is read as text first, or as a number where all cells of a column are numbers; what is not a number is counted, and the
line stays as it is.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from math import isfinite
from typing import IO, Any, NamedTuple

import numpy as np
import polars as pl

from mgcli.render.visible import visible_name
from mgcli.tables.plan import TableError
from mgcli.tables.texts import cells_of_line, separator_of

BLOCK = 4 << 20
"""The bytes that are read at a time."""

LONGEST = 64 << 20
"""The bytes of the longest record."""

_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BLANK_LINES = re.compile(rb"^\r?\n", re.MULTILINE)
_PART = 1 << 16


class RowError(TableError):
    """An error in a row of a block, whose number in the file is not known yet; `row` counts from 1."""

    def __init__(self, row: int, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.row = row


class Rows(NamedTuple):
    """The rows of a block.

    numbers: the columns that are read. kept: the other cells, as whole lines or by columns, None if they are left out.
    """

    height: int
    numbers: dict[str, pl.Series]
    kept: pl.DataFrame | None
    as_lines: bool


class CsvSource:
    """A CSV file, or standard input.

    names: those of its columns, without the blanks around them. separator, line_end: as in the first line.
    header: that line as it is. source: what messages call the file. size: its bytes, 0 if they are not known.
    """

    def __init__(self, path: str) -> None:
        self.source = "standard input" if path == "-" else visible_name(path)
        self.files = [] if path == "-" else [path]
        opened: IO[bytes] = sys.stdin.buffer if path == "-" else _opened(path, self.source)
        self.size = 0 if path == "-" else os.fstat(opened.fileno()).st_size
        self._counted = _Counted(opened)
        raw = io.BufferedReader(self._counted, 1 << 16)
        self._file: Any = raw
        if raw.peek(2)[:2] == _GZIP:
            self._file = gzip.GzipFile(fileobj=raw)
        try:
            self._rest = self._read(1 << 16).removeprefix(_BOM)
            header = self._header()
        except BaseException:
            self.__exit__()
            raise
        self.line_end = "\r\n" if header.endswith("\r") else "\n"
        self.header = header.rstrip("\r\n")
        self.separator = separator_of(self.header)
        self.names = [name.strip() for name in cells_of_line(self.header, self.separator)]
        # With a first line of its own, a short first row of a block is a row like the others.
        self._first_line = self.separator.join(self._all()).encode() + b"\n"

    def __enter__(self) -> CsvSource:
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()
        self._counted.close()

    def done(self) -> int:
        """Return the number of bytes that have been read."""
        return self._counted.count

    def _read(self, size: int) -> bytes:
        try:
            content: bytes = self._file.read(size)
        except (EOFError, gzip.BadGzipFile, OSError) as error:
            reason = getattr(error, "strerror", None) or "it is cut short, or not gzip"
            raise TableError(f"cannot read {self.source}: {reason}") from None
        except Exception as error:  # zlib.error, without loading zlib for every file
            raise TableError(f"cannot read {self.source}: {error}") from None
        return content

    def _header(self) -> str:
        """Take the first record that is not blank off what was read."""
        if self._rest.startswith(_UTF16):
            raise self._not_utf8("it begins like UTF-16", "UTF-16")
        if self._rest.startswith(b"PK\x03\x04"):
            raise TableError(f"{self.source} is not a CSV file but a spreadsheet or an archive", hint="save it as CSV")
        while True:
            self._rest = self._rest.lstrip(b"\r\n")
            end = self._first_end()
            if end:
                break
            more = self._read(BLOCK)
            if not more:
                end = len(self._rest)
                break
            self._rest += more
            self._check_length(self._rest)
        header, self._rest = self._rest[:end], self._rest[end:]
        if not header.strip():
            raise TableError(f"{self.source} is empty", hint="its first line must have the names of the columns")
        try:
            text = header.decode()
        except UnicodeDecodeError as error:
            raise self._not_utf8(f"byte {error.start + 1} is {header[error.start]:#04x}") from None
        if "\r" in text.rstrip("\r\n") and not self._rest:
            raise TableError(
                f"the lines of {self.source} end with a carriage return alone", hint="convert it: tr '\\r' '\\n'"
            )
        return text.removesuffix("\n")

    def _first_end(self) -> int:
        """Return the end of the first record of what was read, 0 if that is not in it."""
        position = self._rest.find(b"\n") + 1
        while position and self._rest.count(b'"', 0, position) % 2:
            position = self._rest.find(b"\n", position) + 1
        return position

    def _not_utf8(self, what: str, encoding: str = "LATIN1") -> TableError:
        return TableError(f"{self.source} is not UTF-8: {what}", hint=f"convert it: iconv -f {encoding} -t UTF-8")

    def blocks(self) -> Iterator[bytes]:
        """Yield the rest of the file in blocks of whole records, each after a line with the indices of the columns."""
        rest = self._rest
        self._rest = b""
        while chunk := self._read(BLOCK):
            has_quotes = b'"' in chunk or b'"' in rest
            if has_quotes:
                rest, chunk = b"", rest + chunk
            end = self._end_of_quoted(chunk) if has_quotes else chunk.rfind(b"\n") + 1
            if end:
                block = b"".join((self._first_line, rest, memoryview(chunk)[:end]))
                rest = chunk[end:]
                del chunk
                yield block
            else:
                rest += chunk
                self._check_length(rest)
        rest = rest.rstrip(b"\r\n")
        if rest:
            if _is_open(rest, self.separator):
                raise self._unclosed()
            yield self._first_line + rest

    def _check_length(self, data: bytes) -> None:
        if len(data) > LONGEST:
            raise self._unclosed()

    def _unclosed(self) -> TableError:
        return TableError(f"a quote in {self.source} is never closed", hint='a cell that begins with " ends with one')

    def _end_of_quoted(self, data: bytes) -> int:
        """Return where the last whole record of `data` ends, 0 if there is none."""
        numbers = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(numbers == 10)
        if _is_quoted_well(data, self.separator):
            quotes = np.flatnonzero(numbers == 34)
            outside = ends[np.searchsorted(quotes, ends) % 2 == 0]
        else:
            spans = [found.span() for found in _quoted(self.separator).finditer(data)]
            starts = np.array([start for start, _ in spans] or [len(data)])
            stops = np.array([stop for _, stop in spans] or [len(data)])
            which = np.searchsorted(starts, ends, side="right") - 1
            outside = ends[(which < 0) | (ends >= stops[np.maximum(which, 0)])]
        return int(outside[-1]) + 1 if len(outside) else 0

    def rows(self, block: bytes, wanted: Sequence[str], *, keep: bool, lines: bool) -> Rows:
        """Return the rows of a block. Raises RowError.

        wanted: the columns to read as numbers. keep: whether the other cells are needed, with `lines` as whole lines
        where a line is a record.
        """
        if b'"' not in block:
            return self._unquoted(block, wanted, keep, lines)
        frame = self._quoted(block)
        numbers = self._numbers(frame, wanted)
        if keep and lines:
            whole = self._lines(block)
            if whole.height == frame.height and not _has_short_rows(frame):
                return Rows(frame.height, numbers, whole, as_lines=True)
        return Rows(frame.height, numbers, frame if keep else None, as_lines=False)

    def _unquoted(self, block: bytes, wanted: Sequence[str], keep: bool, lines: bool) -> Rows:
        last = str(len(self.names) - 1)
        indices = self._indices(wanted)
        whole = keep and not lines
        read = None if whole else list(dict.fromkeys([*indices.values(), last]))
        frame = self._frame(block, set(indices.values()), read)
        is_odd = frame[last].null_count() > 0
        if is_odd and len(self.names) > 1 and (without := re.sub(_BLANK_LINES, b"", block)) != block:
            return self._unquoted(without, wanted, keep, lines)
        numbers = {name: frame[index] for name, index in indices.items()}
        # A row with a cell too many and one with a cell too few could make up for each other, but the last cell of
        # the latter is empty.
        if not whole and (is_odd or _count(block, self.separator) != (frame.height + 1) * (len(self.names) - 1)):
            text = self._lines(block).to_series()
            cuts = text.str.count_matches(self.separator, literal=True)
            self._refuse_long(cuts)
            missing = len(self.names) - 1 - cuts.cast(pl.Int64)
            if keep and (missing > 0).any():
                return Rows(frame.height, numbers, self._completed(text, missing), as_lines=True)
        if not keep:
            return Rows(frame.height, numbers, None, as_lines=False)
        return Rows(frame.height, numbers, self._lines(block) if lines else frame, as_lines=lines)

    def _completed(self, text: pl.Series, missing: pl.Series) -> pl.DataFrame:
        """Return the lines with the separators that they lack."""
        padding = pl.lit(self.separator).repeat_by(missing).list.join("")
        return text.to_frame().select(pl.col("") + padding)

    def _refuse_long(self, cuts: pl.Series) -> None:
        long = cuts > len(self.names) - 1
        if long.any():
            row = int(long.arg_max() or 0)
            raise _too_long(row + 1, int(cuts[row]) + 1, len(self.names), self.separator)

    def _quoted(self, block: bytes) -> pl.DataFrame:
        """Return the cells of a block that has quotes."""
        is_plain = len(self.names) == 1 or not _BLANK_LINES.search(block)
        if is_plain and _is_quoted_well(block, self.separator):
            with suppress(pl.exceptions.PolarsError):
                return self._read_csv(block, dict.fromkeys(self._all(), pl.String), None, '"')
        return self._by_module(block)

    def _by_module(self, block: bytes) -> pl.DataFrame:
        """Return the cells as Python's own module reads them, row by row: it also reads what is not quoted well."""
        width = len(self.names)
        csv.field_size_limit(LONGEST)
        cells: list[list[str | None]] = []
        records = csv.reader(io.StringIO(self._text(block), newline=""), delimiter=self.separator)
        for row in islice(records, 1, None):
            if not row and width > 1:
                continue
            if len(row) > width:
                raise _too_long(len(cells) + 1, len(row), width, self.separator)
            cells.append([*(cell or None for cell in row), *[None] * (width - len(row))])
        return pl.DataFrame(cells, schema=dict.fromkeys(self._all(), pl.String), orient="row")

    def _frame(self, block: bytes, floats: Collection[str], read: list[str] | None) -> pl.DataFrame:
        """Return the cells of columns of a block without quotes, those of `floats` as floats if all of them are."""
        schema: dict[str, Any] = dict.fromkeys(self._all(), pl.String)
        if floats and read is not None:
            with suppress(pl.exceptions.PolarsError):
                frame = self._read_csv(block, {**schema, **dict.fromkeys(floats, pl.Float64)}, read, None)
                # A sum is finite only if every number is.
                if all(isfinite(frame[name].sum()) for name in floats):
                    return frame
        try:
            return self._read_csv(block, schema, read, None)
        except pl.exceptions.PolarsError:
            # It says nothing about where.
            return self._by_module(block)

    def _read_csv(
        self, block: bytes, schema: dict[str, Any], read: list[str] | None, quote: str | None
    ) -> pl.DataFrame:
        return pl.read_csv(block, schema=schema, columns=read, separator=self.separator, quote_char=quote)

    def _lines(self, block: bytes) -> pl.DataFrame:
        try:
            # No column that is added is called that.
            return pl.read_lines(block, name="").slice(1)
        except pl.exceptions.PolarsError as error:
            self._text(block)
            raise TableError(f"cannot read {self.source}: {error}") from None

    def _text(self, block: bytes) -> str:
        try:
            return block.decode()
        except UnicodeDecodeError as error:
            row = block.count(b"\n", 0, error.start)
            raise RowError(
                row, f"not UTF-8: {block[error.start]:#04x}", "convert the file: iconv -f LATIN1 -t UTF-8"
            ) from None

    def _numbers(self, frame: pl.DataFrame, wanted: Sequence[str]) -> dict[str, pl.Series]:
        return {name: frame[index] for name, index in self._indices(wanted).items()}

    def _indices(self, wanted: Sequence[str]) -> dict[str, str]:
        return {name: str(self.names.index(name)) for name in wanted}

    def _all(self) -> list[str]:
        return [str(index) for index in range(len(self.names))]


class _Counted(io.RawIOBase):
    """A file that counts the bytes that are read."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        # At most one call of the system, where there is a choice.
        read_into = getattr(self._file, "readinto1", self._file.readinto)
        read = int(read_into(buffer))
        self.count += read
        return read

    def close(self) -> None:
        if self._file is not sys.stdin.buffer:
            self._file.close()
        super().close()


def _opened(path: str, source: str) -> IO[bytes]:
    try:
        return open(path, "rb", buffering=0)
    except OSError as error:
        raise TableError(f"cannot read {source}: {error.strerror}") from None


def _too_long(row: int, cells: int, width: int, separator: str) -> RowError:
    called = {",": "comma", ";": "semicolon", "\t": "tab"}[separator]
    hint = f"quote the cells that have a {called} inside"
    return RowError(row, f"{cells} cells, where the first line has {width}", hint)


def _count(block: bytes, character: str) -> int:
    """Return how often a character is in a block: faster than `bytes.count` where that is often."""
    numbers = np.frombuffer(block, np.uint8)
    # In parts that stay in the processor's cache.
    parts = (numbers[start : start + _PART] for start in range(0, len(numbers), _PART))
    return sum(int(np.count_nonzero(part == ord(character))) for part in parts)


def _has_short_rows(frame: pl.DataFrame) -> bool:
    return frame.width > 1 and bool(frame.to_series(frame.width - 1).null_count())


def _quoted(separator: str) -> re.Pattern[bytes]:
    """Return the pattern of a quoted cell, from its quote to the one that closes it, or to the end."""
    before = re.escape(separator.encode())
    return re.compile(rb"(?:(?<=[\r\n" + before + rb'])|\A)"[^"]*(?:""[^"]*)*(?:"|\Z)')


def _is_open(data: bytes, separator: str) -> bool:
    """Return whether a quoted cell at the end is not closed."""
    last = None
    for found in _quoted(separator).finditer(data):
        last = found
    return last is not None and last.end() == len(data) and (last[0].count(b'"') % 2 == 1)


def _is_quoted_well(data: bytes, separator: str) -> bool:
    """Return whether every quote opens or closes a cell, or is one of two inside it."""
    numbers = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(numbers == 34)
    if not len(quotes):
        return True
    around = np.zeros(256, dtype=bool)
    around[[10, 13, 34, ord(separator)]] = True
    opening, closing = quotes[::2], quotes[1::2]
    before = opening[opening > 0] - 1
    after = closing[closing < len(data) - 1] + 1
    return bool(around[numbers[before]].all() and around[numbers[after]].all())
