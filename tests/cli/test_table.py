"""`mg table`: which columns are read, which are added, what is reported. The files are in tests/tables."""

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from running import Run

from mgcli.cli import tables

pytest.importorskip("polars", reason="mg table needs polars")

READINGS = "U,I,phi,note\n230,2.5,0,ok\n229,,0.1,\n231,4,0,x\n"


@pytest.fixture(autouse=True)
def readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("readings.csv").write_text(READINGS)


def test_value_and_gradient_are_added_to_each_row(mg: Run) -> None:
    assert mg("table", "P = U*I*cos(phi)", "readings.csv", "--out", "power.csv") == (
        1,
        "power.csv: 3 rows, columns added: P, dP_dU, dP_dI, dP_dphi\n",
        "1 row has no value: 1 empty cell (I)\n",
    )
    assert Path("power.csv").read_text() == (
        "U,I,phi,note,P,dP_dU,dP_dI,dP_dphi\n"
        "230,2.5,0,ok,575.0,2.5,230.0,0.0\n"
        "229,,0.1,,,,,\n"
        "231,4,0,x,924.0,4.0,231.0,0.0\n"
    )


@pytest.mark.parametrize("words", [["U*I", "readings.csv"], ["readings.csv", "U*I"], ["readings.csv", "--", "U*I"]])
def test_the_argument_that_names_a_file_is_the_table(words: list[str], mg: Run) -> None:
    assert mg("table", "--no-gradient", "--only", *words).stdout == 'value\n575.0\n""\n924.0\n'


def test_a_file_without_a_suffix_is_one_that_exists(mg: Run) -> None:
    Path("U").write_text("U\n3\n")
    assert mg("table U readings.csv --only --no-gradient").stdout == "value\n230.0\n229.0\n231.0\n"
    assert mg("table 2*U U --only --no-gradient").stdout == "value\n6.0\n"


def test_without_an_expression_the_last_one_is_used_and_columns_replace_its_values(mg: Run) -> None:
    mg("eval U*I+k -U 1 -I 2 -k 3")
    status, stdout, stderr = mg("table readings.csv --only --no-gradient")
    assert (status, stdout) == (1, 'value\n578.0\n""\n927.0\n')
    assert stderr.startswith("using the last expression: U*I+k with U = 1, I = 2, k = 3\n")
    assert "note:" not in stderr


def test_a_value_on_the_command_line_wins_over_a_column_with_a_note(mg: Run) -> None:
    status, stdout, stderr = mg("table U*I readings.csv -I 2 --only --no-gradient")
    assert (status, stdout) == (0, "value\n460.0\n458.0\n462.0\n")
    assert stderr.startswith("note: I is 2 in every row, as given; the column I is not used\n")


def test_a_column_of_another_name(mg: Run) -> None:
    Path("spectrum.csv").write_text("Wave length,n\n2,1.5\n")
    assert mg("table", "x*n", "spectrum.csv", "--column", "x=Wave length").stdout == (
        "Wave length,n,value,dvalue_dx,dvalue_dn\n2,1.5,3.0,1.5,2.0\n"
    )


def test_a_column_for_a_named_number_and_for_a_constant(mg: Run) -> None:
    assert mg("table", "g = 2; g*pi", "readings.csv", "--column", "g=U", "--column", "pi=phi", "--only").stdout == (
        "value,dvalue_dpi\n0.0,230.0\n22.900000000000002,229.0\n0.0,231.0\n"
    )


def test_the_results_come_first_then_the_derivatives_that_were_chosen(mg: Run) -> None:
    words = ["table", "S = U*I; P = S*cos(phi)", "readings.csv", "-I", "2", "--only"]
    assert mg(*words, "--of", "S", "--wrt", "U", "--wrt", "S").stdout.splitlines()[:2] == [
        "P,S,dP_dU,dP_dS,dS_dU,dS_dS",
        "460.0,460.0,2.0,1.0,2.0,1.0",
    ]


def test_uncertainties_come_from_the_columns_that_end_in_u(mg: Run) -> None:
    Path("in.csv").write_text("V,V_u,I,I_u\n12,0.1,2,0.05\n12,,2,0\n12,-1,2,0\n")
    assert mg("table V/I in.csv --uncertainty --no-gradient --only") == (
        1,
        "value,value_u\n6.0,0.158113883008419\n6.0,\n6.0,\n",
        "3 rows, columns: value, value_u\n"
        "2 rows have no uncertainty: 1 empty cell (V_u), 1 negative (V_u, row 3: -1.0)\n",
    )
    assert mg("table U*I readings.csv --uncertainty").stderr == (
        "error: no variable has an uncertainty: readings.csv has no column U_u\n"
        "hint: a column U_u has the standard uncertainties of U\n"
    )


@pytest.mark.parametrize("name", ["r.xlsx", "r.json", "r.json.gz", "r.db"])
def test_a_suffix_of_another_format_is_refused(name: str, mg: Run) -> None:
    message = f"error: the suffix of {name} is not a table format\nhint: use .csv or .parquet\n"
    assert mg("table", "2*U", "readings.csv", "--out", name) == (2, "", message)
    assert not Path(name).exists()


def test_other_suffixes_of_text_and_none_are_csv(mg: Run) -> None:
    for name in ("r", "r.txt", "r.TSV", "r.csv.gz"):
        shown = f"{name}: 3 rows, columns added: value\n"
        assert mg("table", "2*U", "readings.csv", "--out", name, "--no-gradient") == (0, shown, "")
        assert Path(name).exists()


def test_a_name_that_the_table_has_needs_a_prefix(mg: Run) -> None:
    hint = "hint: choose other names for the new columns: --prefix TEXT"
    message = f"error: readings.csv already has a column note\n{hint}\n"
    assert mg("table", "note = 2*U", "readings.csv", "--out", "out.csv") == (2, "", message)
    status, stdout, _ = mg("table", "note = 2*U", "readings.csv", "--prefix", "my ")
    assert (status, stdout.splitlines()[0]) == (0, "U,I,phi,note,my note,my dnote_dU")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "table U*i readings.csv",
            "error: i has no value: there is no such column in readings.csv\n  U*i\n    ^\n"
            "hint: did you mean the column I? write --column 'i=I'\n",
        ),
        (
            "table U*R readings.csv",
            "error: R has no value: there is no such column in readings.csv; its columns are U, I, phi, note\n"
            "  U*R\n    ^\nhint: give it a value, -R VALUE, or its column, --column R=COLUMN\n",
        ),
        (
            "table U*I readings.csv --column I=J",
            "error: readings.csv has no column J\nhint: it has U, I, phi, note\n",
        ),
        (
            "table U*I readings.csv --column I",
            "error: --column takes NAME=COLUMN, not I\nhint: write --column 'x=Wave length'\n",
        ),
        (
            "table U*I readings.csv --column I=U --column I=phi",
            "error: I is given two columns: U and phi\nhint: give it one\n",
        ),
        ("table U*I reading.csv", "error: cannot read reading.csv: No such file or directory\n"),
        (
            "table U*I",
            'error: no table\nhint: write its name, as in mg table "a*b" readings.csv; - is standard input\n',
        ),
        (
            "table R=U/I",
            'error: no table\nhint: write its name, as in mg table "a*b" readings.csv; - is standard input\n',
        ),
        (
            "table readings.txt",
            "error: there is no file readings.txt\n"
            'hint: write its name, as in mg table "a*b" readings.csv; - is standard input\n',
        ),
        (
            "table U*I readings.csv readings.csv",
            "error: two tables: readings.csv and readings.csv\n"
            "hint: several Parquet files are a folder, or a pattern in quotes\n",
        ),
        (
            "table U*I readings.csv --wrt U --no-gradient",
            "error: --wrt and --no-gradient cannot be combined\nhint: leave out one of them\n",
        ),
        ("table U*I readings.csv --json", "error: --json needs a file for the table\nhint: add --out FILE\n"),
        ("table U*I readings.csv --wrt R", "error: the expression has no variable R\nhint: it has U, I\n"),
        (
            "table U*I readings.csv -U 1:5",
            "error: U is swept (1:5), and this command takes one value\nhint: write -U VALUE\n",
        ),
    ],
)
def test_a_mistake_has_a_remedy_and_nothing_is_written(line: str, message: str, mg: Run) -> None:
    assert mg(*line.split(), "--out", "out.csv" if "--json" not in line else "-") == (2, "", message)
    assert not Path("out.csv").exists()


def test_the_report_as_json(mg: Run) -> None:
    status, stdout, stderr = mg("table", "abs(U - 230)/I", "readings.csv", "--out", "out.csv", "--json", "--only")
    document = json.loads(stdout)
    assert document.pop("seconds") >= 0.0
    assert document == {
        "expression": "abs(U - 230)/I",
        "out": "out.csv",
        "rows": 3,
        "written": 3,
        "added": ["value", "dvalue_dU", "dvalue_dI"],
        "refused": 1,
        "faults": [{"kind": "empty", "about": "I", "count": 1, "row": 2, "example": ""}],
        "notes": [
            {"kind": "kink", "about": "abs has a kink", "count": 1, "row": 1, "example": "abs has a kink at 0.0"}
        ],
    }
    assert (status, stderr) == (
        1,
        "1 row has no value: 1 empty cell (I)\n"
        "note: 1 row on a kink, where a derivative may be a convention (row 1: abs has a kink at 0.0)\n",
    )


def test_a_pipe_from_and_to_other_programs(mg: Run) -> None:
    assert mg("table", "2*x", "-", "--no-gradient", stdin=b"x\ty\n1\t2\n") == (
        0,
        "x\ty\tvalue\n1\t2\t2.0\n",
        "1 row, columns added: value\n",
    )


def test_decimal_commas_get_a_hint(mg: Run) -> None:
    assert mg("table", "2*x", "-", stdin=b"x;y\n1,5;2\n").stderr == (
        "1 row, columns added: value, dvalue_dx\n1 row has no value: 1 not a number (x, row 1: '1,5')\n"
        "hint: a number has a decimal point, not a comma: 1.5\n"
    )


def test_without_polars_the_message_says_what_to_install(mg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("mgcli.tables")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "polars", None)
    assert mg("table U*I readings.csv") == (
        1,
        "",
        "error: mg table needs polars, which is not installed\nhint: install it: python -m pip install polars numpy\n",
    )


def test_long_work_on_a_terminal_shows_how_much_of_the_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    read = [0]

    def batches() -> Iterator[int]:
        for size in (10, 40, 100):
            read[0] = size
            yield size

    assert list(tables.watched(batches(), lambda: read[0], 100)) == [10, 40, 100]
    assert terminal.getvalue() == ""
    monkeypatch.setattr(tables, "PATIENCE", -1.0)
    assert list(tables.watched(batches(), lambda: read[0], 100)) == [10, 40, 100]
    shown = terminal.getvalue()
    assert [part in shown for part in ("10%", "40%", "100%")] == [True, True, True]


class Server:
    """A session of Spark Connect, whose server reports stages of so many tasks."""

    def __init__(self) -> None:
        self.handlers: list[Any] = []

    def registerProgressHandler(self, handler: Any) -> None:
        self.handlers.append(handler)

    def report(self, *completed: int, done: bool = False) -> None:
        stages = [SimpleNamespace(num_tasks=10, num_completed_tasks=number) for number in completed]
        for handler in self.handlers:
            handler(stages=stages, inflight_tasks=2, operation_id=None, done=done)


def test_long_work_of_a_spark_server_shows_how_many_tasks_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    server = Server()
    with tables.tasks_watched(server):
        server.report(9)
    assert terminal.getvalue() == ""
    monkeypatch.setattr(tables, "PATIENCE", -1.0)
    server = Server()
    with tables.tasks_watched(server):
        server.report(done=True)
        server.report(3)
        server.report(9, 3)
        server.report(10, 10, done=True)
        server.report(1)
    assert re.findall(r"(\d+)%", terminal.getvalue()) == ["30", "60", "10"]


def test_a_session_of_spark_without_a_server_has_no_bar_of_ours() -> None:
    class Session:
        def registerProgressHandler(self, handler: Any) -> None:
            raise RuntimeError("[ONLY_SUPPORTED_WITH_SPARK_CONNECT]")

    with tables.tasks_watched(Session()):
        pass
