"""The engine of this machine: what is kept, in which order, and what becomes of the file."""

import csv
import gzip
import io
import math
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from running import Run
from special_rows import FORMULAS, POINTS, expected_rows

from mgcli import compile as compiled
from mgcli import parse_program
from mgcli.tables.plan import Options, TableError, planned

pl = pytest.importorskip("polars", reason="mg table needs polars")

from mgcli.tables import csv_files, local, parquet_files  # noqa: E402
from mgcli.tables.csv_files import CsvSource  # noqa: E402

READINGS = 'time,U,I,note\n08:00,230,2.5,\n08:01,n/a,1,x\n08:02,229.5,,"a, b"\n08:03,231,0,y\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def table(text: str, path: str, out: str, **options: Any) -> Any:
    """Write a table without a command line, and return the report."""
    with local.open_source(path) as source:
        plan = planned(parse_program(text), source.names, source.source, {}, Options(**options))
        return local.run(source, plan, out, lambda items, done, size: items)


def rows_of(path: str) -> list[list[str]]:
    """Return the rows of a CSV file, without the first line."""
    with Path(path).open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))[1:]


def numbers(count: int, seed: int = 1) -> Any:
    source = np.random.default_rng(seed)
    return pl.DataFrame({"n": np.arange(count), "x": source.uniform(-1, 2, count), "y": source.uniform(0.5, 2, count)})


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_both_kinds_of_files_give_the_numbers_of_compile(suffix: str) -> None:
    frame = numbers(5000)
    (frame.write_csv if suffix == "csv" else frame.write_parquet)(f"in.{suffix}")
    report = table("log(x)*y", f"in.{suffix}", "out.parquet")
    found = pl.read_parquet("out.parquet")
    value, gradient = compiled("log(x)*y")(frame["x"].to_numpy(), frame["y"].to_numpy())
    for name, expected in zip(("value", "dvalue_dx", "dvalue_dy"), (value, *gradient), strict=True):
        assert np.array_equal(found[name].fill_null(np.nan).to_numpy(), expected, equal_nan=True)
    assert found["n"].cast(pl.Int64).to_list() == list(range(5000))
    assert (report.rows, report.refused) == (5000, int(np.isnan(value).sum()))


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("is_missing", [False, True], ids=["nan", "null"])
def test_each_special_row_is_that_of_compile_to_the_last_bit(text: str, is_missing: bool) -> None:
    frame = pl.DataFrame(dict(zip("xy", zip(*POINTS, strict=True), strict=True)))
    (frame.fill_nan(None) if is_missing else frame).write_parquet("in.parquet")
    report = table(text, "in.parquet", "out.parquet", only=True)
    found = pl.read_parquet("out.parquet")
    assert not any(found[name].is_nan().any() or found[name].is_infinite().any() for name in found.columns)
    rows, expected = found.fill_null(math.nan).rows(), expected_rows(text)
    np.testing.assert_array_equal(rows, expected)
    np.testing.assert_array_equal(np.signbit(rows), np.signbit(expected))
    assert report.refused == sum(any(map(math.isnan, row)) for row in expected)


def test_blocks_are_cut_where_records_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_files, "BLOCK", 16)
    records = ['1,"a\nb"', '2,""', '3,"c ""d"" e"', "4,x", '5,"\n\n"', "6,long long long long long", "7,"]
    Path("in.csv").write_text("x,note\n" + "\n".join(records))
    report = table("2*x", "in.csv", "out.csv", wrt=[])
    assert report.rows == 7
    assert [row[:2] for row in rows_of("out.csv")] == [
        ["1", "a\nb"],
        ["2", ""],
        ["3", 'c "d" e'],
        ["4", "x"],
        ["5", "\n\n"],
        ["6", "long long long long long"],
        ["7", ""],
    ]


@pytest.mark.parametrize("seed", range(20))
def test_any_table_is_kept_whatever_the_size_of_the_blocks(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(seed)
    parts = ["a", ",", ";", '"', "\n", "\r\n", "é", " ", "1", "\t", "'"]
    rows = [
        [str(index), "".join(source.choices(parts, k=source.randrange(5))), f"{source.uniform(-9, 9)}"]
        for index in range(60)
    ]
    written = io.StringIO()
    csv.writer(written, lineterminator=source.choice(["\n", "\r\n"])).writerows([["n", "text", "x"], *rows])
    Path("in.csv").write_bytes(written.getvalue().encode())
    monkeypatch.setattr(csv_files, "BLOCK", source.choice([7, 64, 1000]))
    table("2*x", "in.csv", "out.csv", wrt=[])
    found = rows_of("out.csv")
    assert [row[:3] for row in found] == rows
    assert [float(row[3]) for row in found] == [2 * float(row[2]) for row in rows]


def test_lines_are_written_as_they_are() -> None:
    Path("in.csv").write_bytes(b'x;"text"\r\n 1;"quoted"\r\n2.50;\xc3\xa4\r\n')
    table("x", "in.csv", "out.csv", wrt=[])
    assert Path("out.csv").read_bytes() == b'x;"text";value\r\n 1;"quoted";1.0\r\n2.50;\xc3\xa4;2.5\r\n'


def test_a_result_may_have_any_name_beside_lines_that_are_short() -> None:
    Path("in.csv").write_text("a,text,b\n2,x\n3,y,4\n\n")
    for name in ("line", "column_0", "missing"):
        table(f"{name} = 2*a", "in.csv", "out.csv", wrt=[])
        assert Path("out.csv").read_text() == f"a,text,b,{name}\n2,x,,4.0\n3,y,4,6.0\n"


def test_a_cell_of_a_megabyte_and_300_columns_are_kept() -> None:
    long = "x" * 1_000_000
    names = [f"c{index}" for index in range(298)]
    Path("in.csv").write_text(",".join(["a", *names, "b"]) + "\n" + ",".join(["2", long, *["1"] * 297, "3"]) + "\n")
    table("a*b", "in.csv", "out.csv", wrt=[])
    assert Path("out.csv").read_text().endswith(",1,3,6.0\n")
    assert long in Path("out.csv").read_text()


def test_a_number_of_a_million_digits_is_too_large(mg: Run) -> None:
    Path("in.csv").write_text(f"a\n{'1' * 1_000_000}\n3\n")
    shown = "1 row has no value: 1 too large for a float (a, row 1: '1111111111111111111111111111111111111...')\n"
    assert mg("table a in.csv --only --no-gradient --out out.csv") == (1, "out.csv: 2 rows, columns: value\n", shown)
    assert Path("out.csv").read_text() == 'value\n""\n3.0\n'


def test_compressed_files_are_read_and_written(mg: Run) -> None:
    Path("in.csv.gz").write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 100_000))
    assert mg("table a*b in.csv.gz --out out.csv.gz --no-gradient").exit_code == 0
    assert gzip.decompress(Path("out.csv.gz").read_bytes()) == b"a,b,value\n" + b"1,2,2.0\n" * 100_000


def test_a_compressed_file_that_is_cut_short_writes_nothing(mg: Run) -> None:
    Path("in.csv.gz").write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 1_000_000)[:-20])
    message = "error: cannot read in.csv.gz: it is cut short, or not gzip\n"
    assert mg("table a*b in.csv.gz --out out.csv") == (2, "", message)
    assert files() == ["in.csv.gz"]


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more", b"PAR1" + b"x" * 1000 + b"PAR1"])
def test_a_parquet_file_that_is_cut_short_is_an_error(content: bytes, mg: Run) -> None:
    Path("in.parquet").write_bytes(content)
    status, stdout, stderr = mg("table a*b in.parquet --out out.parquet")
    assert (status, stdout) == (2, "")
    assert stderr.startswith("error: cannot read in.parquet: ")
    assert files() == ["in.parquet"]


def test_a_parquet_file_whose_last_rows_are_damaged_writes_nothing(mg: Run) -> None:
    numbers(50_000).write_parquet("in.parquet", row_group_size=10_000, compression="uncompressed")
    content = bytearray(Path("in.parquet").read_bytes())
    damaged = len(content) * 3 // 4
    content[damaged : damaged + 200_000] = b"\xff" * 200_000
    Path("in.parquet").write_bytes(bytes(content))
    Path("out.parquet").write_text("as it was")
    status, _, stderr = mg("table x*y in.parquet --out out.parquet")
    assert (status, stderr[:32]) == (2, "error: cannot read in.parquet: p")
    assert Path("out.parquet").read_text() == "as it was"


def test_rows_that_are_not_read_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers(300).write_parquet("in.parquet")
    source: Any = local.open_source("in.parquet")
    source.size = 301
    plan = planned(parse_program("x"), source.names, source.source, {}, Options())
    with pytest.raises(TableError, match=r"only 300 of the 301 rows of in\.parquet can be read"):
        local.run(source, plan, "out.csv", lambda items, done, size: items)
    assert files() == ["in.parquet"]


def test_types_of_parquet_become_numbers(mg: Run) -> None:
    from decimal import Decimal

    pl.DataFrame(
        {
            "whole": [1, 2, 2**53 + 1],
            "single": pl.Series([0.5, 1.5, 2.5], dtype=pl.Float32),
            "flag": [True, False, True],
            "money": [Decimal("1.25")] * 3,
            "text": ["1", " 2 ", "x"],
        }
    ).write_parquet("in.parquet")
    status, stdout, stderr = mg("table whole*single+flag+money+text in.parquet --only --no-gradient")
    assert (status, stdout) == (1, 'value\n3.75\n6.25\n""\n')
    assert stderr == (
        "3 rows, columns: value\n1 row has no value: 1 not a number (text, row 3: 'x')\n"
        "note: 1 row where a whole number has more digits than a float (whole, row 3: 9007199254740993)\n"
    )


def test_dates_and_lists_are_no_numbers(mg: Run) -> None:
    from datetime import date

    pl.DataFrame({"t": [date(2024, 1, 1)], "l": [[1.0]], "x": [1.0]}).write_parquet("in.parquet")
    assert mg("table t*x in.parquet --only") == (
        2,
        "",
        "error: the column t of in.parquet has dates or times, not numbers\n"
        "hint: convert it to a number first, such as the seconds since some moment\n",
    )
    assert mg("table l*x in.parquet --only").stderr == (
        "error: the column l of in.parquet has List(Float64), not numbers\n"
    )
    assert mg("table 2*x in.parquet").exit_code == 2
    assert mg("table 2*x in.parquet --out out.parquet").exit_code == 0
    assert pl.read_parquet("out.parquet").columns == ["t", "l", "x", "value", "dvalue_dx"]


def test_nan_and_infinities_do_not_get_out(mg: Run) -> None:
    pl.DataFrame({"x": [float("nan"), float("inf"), 2.0, None]}).write_parquet("in.parquet")
    status, _, stderr = mg("table x in.parquet --out out.parquet")
    found = pl.read_parquet("out.parquet")
    assert found["value"].to_list() == [None, None, 2.0, None]
    assert found["dvalue_dx"].to_list() == [None, None, 1.0, None]
    assert (status, stderr) == (1, "3 rows have no value: 2 nan or infinite (x, row 1: nan), 1 empty cell (x)\n")


def test_a_folder_and_a_pattern_are_files_one_after_the_other(mg: Run, folder: Path) -> None:
    (folder / "runs").mkdir()
    for index in (2, 1, 3):
        pl.DataFrame({"x": [float(index)]}).write_parquet(f"runs/{index}.parquet")
    for path in ("runs", "runs/*.parquet"):
        assert mg("table", "2*x", path, "--no-gradient").stdout == "x,value\n1.0,2.0\n2.0,4.0\n3.0,6.0\n"
    assert mg("table", "2*x", "runs/[12].parquet", "--only", "--no-gradient").stdout == "value\n2.0\n4.0\n"
    assert mg("table", "2*x", "none/*.parquet").stderr == "error: none/*.parquet has no Parquet files\n"


def test_the_table_itself_is_not_written_to(mg: Run, folder: Path) -> None:
    Path("in.csv").write_text(READINGS)
    os.link("in.csv", "same.csv")
    for name in ("in.csv", "./in.csv", "same.csv"):
        assert mg("table", "U*I", "in.csv", "--out", name) == (
            2,
            "",
            f"error: {name} is the table itself\nhint: write to another file\n",
        )
    assert Path("in.csv").read_text() == READINGS


def test_stopping_at_a_fault_writes_nothing(mg: Run) -> None:
    Path("in.csv").write_text(READINGS)
    Path("out.csv").write_text("as it was")
    message = "error: row 2: 'n/a' is not a number (U)\n"
    assert mg("table U*I in.csv --out out.csv --on-fault stop") == (1, "", message)
    assert mg("table U*I in.csv --on-fault stop") == (1, "", message)
    assert Path("out.csv").read_text() == "as it was"
    assert mg("table I/time in.csv --on-fault stop --column time=I --column I=I -I 1").exit_code == 1
    assert files() == ["in.csv", "out.csv"]


def test_the_first_fault_is_the_first_of_the_rows_whatever_its_column(mg: Run) -> None:
    Path("in.csv").write_text("a,b\n1,\nx,1\n")
    assert mg("table a*b in.csv --on-fault stop").stderr == "error: row 1: the cell of b is empty\n"


def test_rows_without_a_result_are_skipped(mg: Run) -> None:
    Path("in.csv").write_text(READINGS)
    status, stdout, stderr = mg("table U/I in.csv --on-fault skip --no-gradient")
    assert (status, stdout) == (1, "time,U,I,note,value\n08:00,230,2.5,,92.0\n")
    assert stderr == (
        "1 row, columns added: value\n3 rows have no value, and are left out: 1 not a number (U, row 2: 'n/a'), "
        "1 empty cell (I), 1 undefined (row 4: division is not defined at 231.0/0.0)\n"
    )


def test_what_a_killed_run_left_is_removed_by_the_next(mg: Run) -> None:
    Path("in.csv").write_text(READINGS)
    Path(".out.csv.mg-0123456789abcdef").write_text("half of it")
    mg("table U*I in.csv --out out.csv")
    assert files() == ["in.csv", "out.csv"]


def test_a_file_that_cannot_be_written_is_named(mg: Run) -> None:
    Path("in.csv").write_text("a\n1\n")
    assert mg("table a in.csv --out no/out.csv") == (
        1,
        "",
        "error: cannot write no/out.csv: No such file or directory\nhint: there is no folder no; make it first\n",
    )
    assert mg("table a in.csv --out .").stderr.startswith("error: cannot write .: ")
    if Path("/dev/full").exists():
        assert mg("table a in.csv --out /dev/full") == (
            1,
            "",
            "error: cannot write /dev/full: No space left on device\n",
        )


def test_rows_in_another_order_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers(300).write_parquet("in.parquet")
    monkeypatch.setattr(parquet_files, "BATCH", 100)
    source: Any = local.open_source("in.parquet")
    batches = list(source._scanned.with_row_index(source._index).collect_batches(chunk_size=100))

    class Reordered:
        def with_row_index(self, name: str) -> "Reordered":
            return self

        def collect_batches(self, **options: Any) -> Any:
            return reversed(batches)

    source._scanned = Reordered()
    plan = planned(parse_program("x"), source.names, source.source, {}, Options())
    with pytest.raises(TableError, match="were read in another order"):
        local.run(source, plan, "out.csv", lambda items, done, size: items)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_two_million_rows_keep_their_order_and_are_those_of_the_kernel(suffix: str) -> None:
    frame = numbers(2_000_000)
    (frame.write_csv if suffix == "csv" else frame.write_parquet)(f"in.{suffix}")
    table("sin(x)*y + log(x)", f"in.{suffix}", f"out.{suffix}")
    found = (pl.read_csv if suffix == "csv" else pl.read_parquet)(f"out.{suffix}")
    assert (found["n"] == frame["n"]).all()
    value, (by_x, by_y) = compiled("sin(x)*y + log(x)")(frame["x"].to_numpy(), frame["y"].to_numpy())
    for name, expected in (("value", value), ("dvalue_dx", by_x), ("dvalue_dy", by_y)):
        assert np.array_equal(found[name].fill_null(np.nan).to_numpy(), expected, equal_nan=True)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_run_that_is_killed_leaves_the_target_whole_or_as_it_was(
    suffix: str, program: Callable[[str], str], mg: Run
) -> None:
    numbers(600_000).write_parquet("in.parquet")
    command = [program("mg"), "table", "sin(x)*y", "in.parquet", "--out", f"out.{suffix}"]
    target = Path(f"out.{suffix}")
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    seconds = time.monotonic() - started
    whole = target.read_bytes()
    source = random.Random(4)
    for attempt in range(10):
        before = b"as it was" if attempt % 2 else whole
        target.write_bytes(before)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(source.uniform(0.3, 1.1) * seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert target.read_bytes() in (before, whole)
    subprocess.run(command, check=True, capture_output=True)
    assert files() == ["in.parquet", target.name]


@pytest.mark.slow
def test_an_interrupt_leaves_the_target_as_it_was(program: Callable[[str], str]) -> None:
    numbers(3_000_000).write_parquet("in.parquet")
    for suffix in ("csv", "parquet"):
        target = Path(f"out.{suffix}")
        target.write_text("as it was")
        process = subprocess.Popen(
            [program("mg"), "table", "sin(x)*y", "in.parquet", "--out", target.name], stderr=subprocess.PIPE
        )
        while not [name for name in files() if ".mg-" in name] and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate()
        assert (process.returncode, stderr.strip()) == (130, b"")
        assert target.read_text() == "as it was"
    assert files() == ["in.parquet", "out.csv", "out.parquet"]


def test_the_source_says_how_much_of_it_is_read() -> None:
    Path("in.csv").write_text("x\n" + "1\n" * 1000)
    with CsvSource("in.csv") as source:
        blocks = list(source.blocks())
        assert (source.done(), source.size) == (2002, 2002)
    assert b"".join(blocks).count(b"1") == 1000
