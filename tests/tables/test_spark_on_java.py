"""Spark itself, with Java: a job of spark-submit, and the server of Spark Connect, each on two cores of this machine.

pyspark and the client of the other tests are both a folder `pyspark`, so that it is installed elsewhere, with mg and
pyarrow; MG_PYSPARK_PYTHON is the Python of that environment.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from running import Run

pytest.importorskip("polars", reason="the rows are compared with those of polars")

from sparks import FORMULAS, bits, without_rows, write_special

pytestmark = pytest.mark.slow

QUIET = ["--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=2"]

SUBMITTED = "from mgcli.__main__ import main\n\nmain()\n"

JOB = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pyarrow.parquet
from pyspark.sql import SparkSession
from mgcli.tables import Counts, add_columns

path, out, *formulas = sys.argv[1:]
spark = SparkSession.builder.remote("local[2]").config("spark.ui.enabled", "false").getOrCreate()
# To Spark, the columns x and X of the file are the same unless it is configured otherwise.
spark.conf.set("spark.sql.caseSensitive", "true")
for index, formula in enumerate(formulas):
    counts = Counts()
    found = add_columns(spark.read.parquet(path), formula, counts=counts)
    pyarrow.parquet.write_table(found.toArrow(), f"{out}{index}.parquet")
    totals = counts.get()
    tallies = {
        name: [[*cause, each.rows, each.example] for cause, each in getattr(totals, name)]
        for name in ("faults", "notes")
    }
    print(json.dumps({"rows": totals.rows, "refused": totals.refused, **tallies}))
spark.stop()
"""


@pytest.fixture
def python() -> Path:
    """Return the Python of an environment with pyspark."""
    found = os.environ.get("MG_PYSPARK_PYTHON")
    if not found:
        pytest.skip("MG_PYSPARK_PYTHON is not set: the Python of an environment with mg, pyspark, pandas and pyarrow")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        pytest.skip("there is no Java")
    return Path(found)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    write_special(tmp_path / "in.parquet")
    return tmp_path


def output_of(python: Path, *command: str) -> tuple[int, str, str]:
    # The client of Spark Connect, which other tests use, leaves variables that would make Spark a client too.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SPARK_")}
    environment.update({"PYSPARK_PYTHON": str(python), "MG_NO_STATE": "1", "SPARK_LOCAL_IP": "127.0.0.1"})
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    return done.returncode, done.stdout, done.stderr


def submitted(python: Path, *arguments: str) -> tuple[int, str]:
    """Run mg as a job of spark-submit, which puts all that the job prints into one stream."""
    Path("submitted.py").write_text(SUBMITTED)
    submit = str(python.with_name("spark-submit"))
    status, stdout, _ = output_of(python, submit, "--master", "local[2]", *QUIET, "submitted.py", *arguments)
    return status, stdout


def test_a_job_of_spark_submit_writes_the_rows_of_the_local_engine(mg: Run, python: Path, folder: Path) -> None:
    line = ["table", "max(x, 2)*min(y, 1/x)", "in.parquet", "--json", "--out"]
    here = mg(*line, "here.parquet")
    status, output = submitted(python, *line, "there", "--engine", "spark")
    assert status == here.exit_code == 1, output
    (report,) = (line for line in output.splitlines() if line.startswith("{"))
    assert without_rows(json.loads(report)) == without_rows(json.loads(here.stdout))
    assert bits(folder / "there") == bits(folder / "here.parquet")
    assert "Traceback" not in output
    assert "Warning" not in output


def test_files_of_csv_with_other_columns_are_not_mixed_up(python: Path) -> None:
    Path("runs.csv").mkdir()
    Path("runs.csv/1.csv").write_text("x,y\n1,2\n")
    Path("runs.csv/2.csv").write_text("y,x\n1,2\n")
    status, output = submitted(python, "table", "x/y", "runs.csv", "--out", "there", "--engine", "spark")
    assert status == 2
    assert "error: the files of runs.csv do not all have the same first line\nhint: read them one by one\n" in output
    assert "Traceback" not in output


def test_a_dataframe_of_spark_connect_gets_the_same_columns_and_counts(mg: Run, python: Path, folder: Path) -> None:
    Path("job.py").write_text(JOB)
    status, stdout, stderr = output_of(python, str(python), "job.py", "in.parquet", "there", *FORMULAS)
    assert status == 0, stderr
    reports = [json.loads(line) for line in stdout.splitlines() if line.startswith("{")]
    for index, (formula, report) in enumerate(zip(FORMULAS, reports, strict=True)):
        here = json.loads(mg("table", formula, "in.parquet", "--json", "--out", "here.parquet").stdout)
        assert (report["rows"], report["refused"]) == (here["rows"], here["refused"])
        for kind in ("faults", "notes"):
            causes = [[each["kind"], each["about"], each["count"], each["example"]] for each in here[kind]]
            assert sorted(report[kind]) == sorted(causes)
        assert bits(folder / f"there{index}.parquet") == bits(folder / "here.parquet")
