"""Tables on a Spark cluster: its session, the files that it reads, and the folder that it writes.

The session is the current one, that of spark-submit, or that of a server. All paths are the cluster's.
"""

from __future__ import annotations

import re
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from mgcli.errors import EngineError, EvaluationError, Remedy
from mgcli.render.visible import visible_name
from mgcli.tables.plan import STOP, Plan, Report, TableError
from mgcli.tables.spark import Counts, computed, counted
from mgcli.tables.texts import cells_of_line, separator_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

CSV = re.compile(r"\.(csv|tsv|txt)(\.[a-z0-9]+)?/?$", re.IGNORECASE)
"""The names of CSV files and folders; others are Parquet."""

CLUSTER = "paths are those of the cluster, not of this machine"

MARK = "\ufffd"
"""What Spark puts in the place of bytes that are not UTF-8."""

NOT_UTF8 = "mg: not UTF-8"
"""The error of a computation that finds them."""

PATIENCE = 10.0
"""The seconds in which a server must answer at first."""


class SparkSource(NamedTuple):
    """A table on the cluster.

    separator: that of a CSV file, None for Parquet. source: what messages call it.
    """

    dataframe: DataFrame
    source: str
    separator: str | None

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return list(self.dataframe.columns)


def open_session(remote: str | None) -> SparkSession:
    """Return the session of the server at `remote`, or that of spark-submit. Raises EngineError, TableError."""
    with _without_warnings():
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession

        try:
            if remote is not None:
                _refuse_silent(remote)
                session = SparkSession.builder.remote(remote).getOrCreate()
                _limit_patience(session)
            else:
                session = SparkSession.builder.getOrCreate()
            # To Spark, the columns a and A are the same unless it is told otherwise.
            session.conf.set("spark.sql.caseSensitive", "true")
        except PySparkException as error:
            raise _no_session(error, remote) from None
        except (ImportError, RuntimeError) as error:
            raise _no_session(error, remote) from None
    return session


def _refuse_silent(remote: str) -> None:
    """Raise an error if nobody answers at an address."""
    found = re.fullmatch(r"sc://(\[[^\]]+\]|[^:/;]+)(?::(\d+))?(/.*)?", remote)
    if not found:
        raise TableError(f"{remote} is not an address of Spark Connect", hint="write it as sc://host:15002")
    host, port = found[1].strip("[]"), int(found[2] or 15002)
    try:
        socket.create_connection((host, port), PATIENCE).close()
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error) or "no answer"
        raise EngineError(
            f"no Spark Connect server at {remote}: {reason}",
            hint="start one with sbin/start-connect-server.sh, or correct the address",
        ) from None


def _limit_patience(session: SparkSession) -> None:
    """Let a client wait for a minute for a server that is gone, instead of ten."""
    from pyspark.sql.connect.client.retries import DefaultPolicy

    session.client.set_retry_policies([DefaultPolicy(max_retries=7, max_backoff=15_000)])


def _no_session(error: Exception, remote: str | None) -> EngineError:
    if remote is None:
        text = "give the address of a server, or run mg with spark-submit"
        return EngineError(f"there is no Spark session: {first_line(error)}", hint=Remedy(text, "remote"))
    return EngineError(f"cannot use the Spark server at {remote}: {first_line(error)}")


def open_source(session: SparkSession, path: str) -> SparkSource:
    """Return a table on the cluster: CSV by its name, otherwise Parquet. Raises TableError, EngineError."""
    source = visible_name(path)
    with _errors(source):
        if CSV.search(path):
            return _csv_source(session, path, source)
        dataframe = session.read.parquet(path)
        if not dataframe.columns:
            raise TableError(f"the cluster has no Parquet files {source}", hint=CLUSTER)
        return SparkSource(dataframe, source, None)


def _csv_source(session: SparkSession, path: str, source: str) -> SparkSource:
    from pyspark.sql import functions as of_spark
    from pyspark.sql.types import StringType, StructField, StructType

    lines = session.read.text(path)
    first = lines.where(of_spark.trim("value") != "").head()
    if first is None:
        hint = f"its first line must have the names of the columns; {CLUSTER}"
        raise TableError(f"{source} is empty, or the cluster has no such file", hint=hint)
    header = first[0].removeprefix("\ufeff").rstrip("\r")
    separator = separator_of(header)
    names = [name.strip() for name in cells_of_line(header, separator)]
    columns = [f"column{index}" for index in range(len(names))]
    # Spark compares the first line of each file with the names; it knows neither twins nor blanks around a name.
    checked = len(set(names)) == len(names) and names == cells_of_line(header, separator)
    schema = StructType([StructField(name, StringType()) for name in (names if checked else columns)])
    # A record with more or fewer cells than the first line is an error; without FAILFAST, cells would be lost.
    options = {"header": True, "sep": separator, "escape": '"', "multiLine": True, "mode": "FAILFAST"}
    cells = session.read.csv(path, schema, enforceSchema=not checked, **options).toDF(*columns)
    return SparkSource(_without_damage(cells).toDF(*names), source, separator)


def _without_damage(dataframe: DataFrame) -> DataFrame:
    """Return the same cells; computing them fails where Spark has put a mark for what is not UTF-8."""
    from pyspark.sql import functions as of_spark

    cells = of_spark.concat_ws("", *dataframe.columns)
    damaged = of_spark.when(of_spark.contains(cells, of_spark.lit(MARK)), of_spark.raise_error(of_spark.lit(NOT_UTF8)))
    return dataframe.where(damaged.isNull())


def run(source: SparkSource, plan: Plan, out: str) -> Report:
    """Write a table with what a plan adds to the folder `out` of the cluster.

    Raises TableError where it cannot be read or the folder exists, EvaluationError at a row without a result if the
    plan stops there, and EngineError for trouble with Spark. A folder that was not finished has no file _SUCCESS.
    """
    from pyspark.errors import UnsupportedOperationException

    started = monotonic()
    _refuse_twins(source, plan)
    with _errors(source.source, out):
        if plan.options.on_fault == STOP:
            # Where a computation fails, Spark leaves an empty folder.
            counted(source.dataframe, plan, source.source)
        try:
            counts = Counts()
            _write(computed(source.dataframe, plan, counts, source.source), source, out)
            totals = counts.get()
        except UnsupportedOperationException:
            # A server that collects nothing while it computes, such as Sail.
            _write(computed(source.dataframe, plan, source=source.source), source, out)
            totals = counted(source.dataframe, plan, source.source)
    return Report(*totals, seconds=monotonic() - started)


def _write(dataframe: DataFrame, source: SparkSource, out: str) -> None:
    if not CSV.search(out):
        dataframe.write.mode("error").parquet(out)
        return
    options = {"header": True, "sep": source.separator or ",", "escape": '"', "emptyValue": ""}
    if out.lower().rstrip("/").endswith(".gz"):
        options["compression"] = "gzip"
    dataframe.write.mode("error").csv(out, ignoreLeadingWhiteSpace=False, ignoreTrailingWhiteSpace=False, **options)


def _refuse_twins(source: SparkSource, plan: Plan) -> None:
    if not plan.options.only and len(set(source.names)) < len(source.names):
        raise TableError(f"two columns of {source.source} have the same name", hint="rename one of them")


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Keep quiet what pyspark says of a newer pandas: that it is not supported, although it works."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


@contextmanager
def _errors(source: str, out: str = "") -> Iterator[None]:
    """Turn what Spark raises into errors of mg."""
    try:
        with _without_warnings():
            yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("grpc", "py4j", "pyspark"):
            raise
        raise _translated(str(error), source, out) from None


def _translated(text: str, source: str, out: str) -> EngineError | EvaluationError | TableError:
    """Return the error of mg for what an exception of Spark says."""
    if found := re.search(r"errors\.EvaluationError: (.*)", text):
        return EvaluationError(found[1])
    if re.search(f"{NOT_UTF8}|invalid UTF-8", text):
        return TableError(f"{source} is not UTF-8", hint="convert it: iconv -f LATIN1 -t UTF-8")
    if "CSV header" in text:
        return TableError(f"the files of {source} do not all have the same first line", hint="read them one by one")
    if re.search("MALFORMED_(CSV_)?RECORD|incorrect number of fields", text):
        hint = "quote the cells that have a separator inside"
        return TableError(f"a row of {source} has another number of cells than the first line", hint=hint)
    if found := re.search(r"No module named '(mgcli|lark|mpmath|numpy|pyarrow)[.']", text):
        hint = "install mg there too, with its extra spark"
        return EngineError(f"the machines of the cluster lack the Python package {found[1]}", hint=hint)
    if re.search(r"PATH_NOT_FOUND|NotFound|No such file", text, re.IGNORECASE):
        return TableError(f"the cluster has no file {source}", hint=CLUSTER)
    if re.search(r"PATH_ALREADY_EXISTS|already exists", text, re.IGNORECASE):
        return TableError(f"{out} already exists on the cluster", hint="choose another folder, or remove this one")
    if re.search("RETRIES_EXCEEDED|UNAVAILABLE", text):
        return EngineError("the Spark server is gone", hint="start it again; its log says why it ended")
    if "UNABLE_TO_INFER_SCHEMA" in text:
        return TableError(f"{source} has no Parquet files", hint="the name of a CSV file ends in .csv, .tsv or .txt")
    return EngineError(f"Spark failed: {first_line(text)}")


def first_line(error: object) -> str:
    """Return what an exception says before its stack trace, or at the end of a traceback."""
    text = str(error)
    if found := re.search(r"^\s*(?::.*?)?\[[A-Z_.]+\] (.*)", text, re.MULTILINE):
        return found[1]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any(line.startswith("Traceback ") for line in lines):
        lines = [line for line in lines if re.match(r"[\w.]+: ", line)] or lines
        return lines[-1]
    return lines[0] if lines else type(error).__name__
