"""Spark: dataframes with what a program adds, through a server of Spark Connect that needs no Java (pysail)."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import Run

from mgcli import ExpressionError
from mgcli.tables import Counts, add_columns
from mgcli.tables.plan import Options, TableError, planned

pytest.importorskip("pyspark.sql", reason="pyspark-client is not installed")
pytest.importorskip("pyarrow", reason="Spark needs pyarrow")
pl = pytest.importorskip("polars", reason="the rows are compared with those of polars")
server_of_sail = pytest.importorskip("pysail.spark", reason="pysail is not installed")

from sparks import FORMULAS, bits, without_rows, write_special  # noqa: E402

from mgcli.language.parser import parse_program  # noqa: E402
from mgcli.tables.spark import counted  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore"), pytest.mark.usefixtures("main_file")]


@pytest.fixture(scope="module")
def remote() -> Iterator[str]:
    """Return the address of a server."""
    os.environ.setdefault("RUST_LOG", "error")
    server = server_of_sail.SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    yield f"sc://localhost:{server.listening_address[1]}"
    server.stop()


@pytest.fixture
def session(remote: str) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    made = SparkSession.builder.remote(remote).create()
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def on_both(mg: Run, remote: str, folder: Path, formula: str, *options: str) -> None:
    """Compute a table by both engines, and compare rows and reports."""
    line = ["table", formula, str(folder / "in.parquet"), "--json", *options, "--out"]
    there = folder / "there"
    here = mg(*line, "here.parquet")
    found = mg(*line, str(there), "--engine", "spark", "--remote", remote)
    assert (found.exit_code, found.stderr.count("error")) == (here.exit_code, 0), found.stderr
    assert without_rows(json.loads(found.stdout)) == without_rows(json.loads(here.stdout))
    assert bits(there) == bits(folder / "here.parquet")


@pytest.mark.parametrize("formula", FORMULAS)
def test_special_rows_are_those_of_the_local_engine_to_the_last_bit(
    mg: Run, remote: str, folder: Path, formula: str
) -> None:
    write_special(folder / "in.parquet")
    on_both(mg, remote, folder, formula)


def test_so_are_rows_with_uncertainties_without_those_that_have_no_result(mg: Run, remote: str, folder: Path) -> None:
    write_special(folder / "in.parquet")
    frame = pl.read_parquet("in.parquet")
    frame.with_columns(x_u=frame["y"].abs(), k=pl.lit(2**53 + 1)).write_parquet("in.parquet")
    options = ["--uncertainty", "--on-fault", "skip", "--prefix", "my_", "--wrt", "x", "--of", "s"]
    on_both(mg, remote, folder, "s = x*k; p = s*y", *options)


def test_so_are_two_million_rows(mg: Run, remote: str, folder: Path) -> None:
    rows = pl.int_range(2_000_000, eager=True).alias("row")
    # Pseudo-random numbers of both signs; every thousandth cell is empty.
    numbers = {
        name: ((rows * factor) % 1_000_003 / 500_001.5 - 1.0).set(rows % 1000 == index, None)
        for index, (name, factor) in enumerate([("U", 7919), ("I", 104_729), ("phi", 1_299_709)])
    }
    pl.DataFrame({"row": rows, **numbers}).write_parquet("in.parquet")
    # The server divides the rows as it likes, so that any of them may be the example: it is the same in all.
    on_both(mg, remote, folder, "P = U*I*cos(phi) + log(max(U + 0.9999, 0))")


def test_a_csv_file_is_read_as_text(mg: Run, remote: str, folder: Path) -> None:
    text = '\ufeffx;X;note\r\n1;2;"a ""b"";"\r\n n/a ;3;"two\nlines"\r\n;4;\r\n'
    (folder / "in.csv").write_text(text, newline="")
    path = folder / "in.csv"
    found = mg("table", "x*X", str(path), "--out", str(folder / "out.csv"), "--engine", "spark", "--remote", remote)
    assert found == (
        1,
        f"{folder}/out.csv: 3 rows, columns added: value, dvalue_dx, dvalue_dX\n",
        "2 rows have no value: 1 not a number (x: 'n/a', where X=3), 1 empty cell (x, where X=4)\n",
    )
    written = [each.read_text() for each in (folder / "out.csv").glob("*.csv")]
    assert written == [
        'x;X;note;value;dvalue_dx;dvalue_dX\n1;2;"a ""b"";";2.0;2.0;1.0\n n/a ;3;"two\nlines";;;\n;4;;;;\n'
    ]


MISTAKES = {
    "a file that is not there": ("none.parquet", [], 2, "the cluster has no Parquet files {}"),
    "an empty file": ("empty.csv", [], 2, "{} is empty, or the cluster has no such file"),
    "a row that is too long": ("long.csv", [], 2, "a row of {} has another number of cells than the first line"),
    "a file that is not UTF-8": ("latin.csv", [], 2, "{} is not UTF-8"),
    "a column twice": ("twice.csv", [], 2, "two columns of {} have the same name"),
    "no Parquet file": ("bad.parquet", [], 1, "Spark failed: Parquet error: "),
    "a row without a result": ("fault.csv", ["--on-fault", "stop"], 1, "log is not defined at -1.0"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_what_is_wrong_with_a_table_has_its_message_and_writes_nothing(
    mg: Run, remote: str, folder: Path, name: str
) -> None:
    file, options, status, message = MISTAKES[name]
    (folder / "empty.csv").touch()
    (folder / "long.csv").write_text("x,y\n1,2\n1,2,3\n")
    (folder / "latin.csv").write_bytes(b"x,y\n1,\xe9\n")
    (folder / "twice.csv").write_text("x,y,y\n1,2,3\n")
    (folder / "bad.parquet").write_text("hello")
    (folder / "fault.csv").write_text("x\n1\n-1\n")
    path, out = str(folder / file), str(folder / "out")
    found = mg("table", "log(x)", path, "--out", out, "--engine", "spark", "--remote", remote, *options)
    assert (found.exit_code, found.stdout) == (status, "")
    assert found.stderr.startswith(f"error: {message.format(path)}")
    assert "Traceback" not in found.stderr
    assert not (folder / "out").exists()


def test_a_folder_that_exists_is_not_overwritten(mg: Run, remote: str, folder: Path) -> None:
    write_special(folder / "in.parquet")
    line = ["table", "x", str(folder / "in.parquet"), "--engine", "spark", "--remote", remote, "--out"]
    out = str(folder / "out")
    assert mg(*line, out).exit_code == 1
    assert mg(*line, out) == (
        2,
        "",
        f"error: {out} already exists on the cluster\nhint: choose another folder, or remove this one\n",
    )


def frame(session: Any, **columns: Any) -> Any:
    import pyarrow as pa

    return session.createDataFrame(pa.table(columns))


def test_a_dataframe_gets_columns_for_a_job_of_the_user(session: Any) -> None:
    readings = frame(session, U=[12.0, 6.0, None], Current=[2.0, 0.0, 1.0], place=["a", "b", "c"])
    found = add_columns(readings, "R = U/I", columns={"I": "Current"}, wrt=["U"])
    assert found.columns == ["U", "Current", "place", "R", "dR_dU"]
    assert [tuple(row) for row in found.orderBy("place").collect()] == [
        (12.0, 2.0, "a", 6.0, 0.5),
        (6.0, 0.0, "b", None, None),
        (None, 1.0, "c", None, None),
    ]
    shorter = add_columns(readings, "k*U", values={"k": 2.0}, only=True, on_fault="skip", prefix="my_")
    assert sorted(map(tuple, shorter.collect())) == [(12.0, 6.0, 2.0), (24.0, 12.0, 2.0)]


def test_a_program_without_columns_repeats_its_number(session: Any) -> None:
    found = add_columns(frame(session, a=["x", "y"]), "2*k", values={"k": 3.0}, only=True)
    assert [tuple(row) for row in found.collect()] == [(6.0, 2.0)] * 2


def test_a_dataframe_that_does_not_fit_is_an_error(session: Any) -> None:
    import datetime

    dates = frame(session, day=[datetime.date(2024, 1, 1)], U=[1.0])
    with pytest.raises(TableError, match="the column day of the dataframe has dates or times, not numbers"):
        add_columns(dates, "day*U")
    with pytest.raises(TableError, match="V has no value: there is no such column in the dataframe"):
        add_columns(dates, "U*V")
    with pytest.raises(ExpressionError, match="the dataframe already has a column U"):
        add_columns(dates, "U = 2*k", values={"k": 1.0})


def test_counts_can_be_had_without_the_rows(session: Any) -> None:
    rows = frame(session, x=["1", "-1", "n/a", None])
    program = parse_program("log(x)")
    totals = counted(rows, planned(program, rows.columns, "rows", {}, Options()))
    assert str(totals) == (
        "4 rows\n3 rows have no value: 1 not a number (x: 'n/a'), 1 empty cell (x), "
        "1 undefined (log is not defined at -1.0, where x=-1)"
    )


def test_an_example_has_the_cells_of_its_row_because_rows_have_no_numbers(mg: Run, remote: str, folder: Path) -> None:
    (folder / "in.csv").write_text("U,I,I_u,place\n1,2,0.1,a\n1,,0.1,b\n3,0,0.1,c\nn/a,4,0.1,d\n2,1,-1,e\n")
    line = ["table", "R = U/I", str(folder / "in.csv"), "--uncertainty", "--engine", "spark", "--remote", remote]
    assert mg(*line, "--out", str(folder / "out")).stderr == (
        "4 rows have no value: 1 not a number (U: 'n/a', where I=4, I_u=0.1), 1 empty cell (I, where U=1, I_u=0.1), "
        "1 undefined (division is not defined at 3.0/0.0, where U=3, I=0, I_u=0.1), "
        "1 negative (I_u: -1.0, where U=2, I=1)\n"
    )
    found = mg(*line, "--json", "--out", str(folder / "other"))
    assert [cause["cells"] for cause in json.loads(found.stdout)["faults"]] == [
        {"I": "4", "I_u": "0.1"},
        {"U": "1", "I_u": "0.1"},
        {"U": "3", "I": "0", "I_u": "0.1"},
        {"U": "2", "I": "1"},
    ]
    stopped = mg(*line, "--on-fault", "stop", "--out", str(folder / "third"))
    assert stopped.stderr == "error: the cell of I is empty, where U=1, I_u=0.1\n"


def test_counts_belong_to_one_dataframe(session: Any) -> None:
    counts = Counts()
    with pytest.raises(ValueError, match="nothing is counted yet"):
        counts.get()
    add_columns(frame(session, x=[1.0]), "x", counts=counts)
    with pytest.raises(ValueError, match="these counts belong to another dataframe"):
        add_columns(frame(session, x=[1.0]), "x", counts=counts)
