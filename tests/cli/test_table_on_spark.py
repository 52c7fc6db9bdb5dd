"""`mg table --engine spark` where there is no cluster: each mistake has its message."""

import socket
import sys

import pytest
from running import Run

HINT_REMOTE = "hint: give the address of a server, --remote sc://host:15002, or run mg with spark-submit\n"


def test_remote_is_for_spark(mg: Run) -> None:
    assert mg('table "a*b" x.csv --remote sc://host') == (
        2,
        "",
        "error: --remote is the address of a Spark server\nhint: add --engine spark\n",
    )


def test_spark_writes_a_folder(mg: Run) -> None:
    assert mg('table "a*b" hdfs:///x --engine spark') == (
        2,
        "",
        "error: Spark writes a folder, not standard output\nhint: add --out FOLDER\n",
    )


def test_spark_reads_no_standard_input(mg: Run) -> None:
    assert mg('table "a*b" - --engine spark --out y') == (
        2,
        "",
        "error: Spark does not read standard input\nhint: name a file or a folder of the cluster\n",
    )


def test_a_missing_library_is_named(mg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numpy", reason="tables need numpy")
    for name in ("pyspark", "pyspark.errors"):
        monkeypatch.setitem(sys.modules, name, None)
    assert mg('table "a*b" x.csv --engine spark --out y') == (
        1,
        "",
        "error: --engine spark needs pyspark, which is not installed\n"
        "hint: install it: python -m pip install pyspark-client\n",
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_server_that_is_not_there_is_an_error_at_once(mg: Run) -> None:
    pytest.importorskip("pyspark.errors", reason="pyspark-client is not installed")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert mg(f'table "a*b" x.csv --engine spark --out y --remote sc://127.0.0.1:{port}') == (
        1,
        "",
        f"error: no Spark Connect server at sc://127.0.0.1:{port}: Connection refused\n"
        "hint: start one with sbin/start-connect-server.sh, or correct the address\n",
    )
    assert mg('table "a*b" x.csv --engine spark --out y --remote host:15002') == (
        2,
        "",
        "error: host:15002 is not an address of Spark Connect\nhint: write it as sc://host:15002\n",
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("main_file")
def test_without_a_server_and_without_spark_submit_there_is_no_session(
    mg: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark.sql.connect.session", reason="pyspark-client is not installed")
    monkeypatch.delenv("SPARK_REMOTE", raising=False)
    status, stdout, stderr = mg('table "a*b" x.csv --engine spark --out y')
    assert (status, stdout) == (1, "")
    assert stderr.startswith("error: there is no Spark session: ")
    assert stderr.endswith(HINT_REMOTE)
