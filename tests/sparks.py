"""What the tests of Spark share: rows of all kinds, and their bits."""

import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

SPECIAL = (None, math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 3.0)
"""Missing, undefined, infinite, on a kink, at the edge of a domain, inside it."""

FORMULAS = (
    "x*y + x/y",
    "where(x > 0, 1/x, y)*2",
    "min(sqrt(x), y)",
    "relu(x)*y + abs(x - y)",
    "max(x, 2)*min(y, 1/x)",
)


def write_special(path: Path) -> None:
    """Write a table with every pair of special numbers, and columns that stay as they are."""
    x, y = zip(*itertools.product(SPECIAL, SPECIAL), strict=True)
    rows = range(len(x))
    columns = {"row": rows, "x": x, "X": [f"text {row}" for row in rows], "y": y}
    types = {"row": pl.Int64, "x": pl.Float64, "X": pl.String, "y": pl.Float64}
    pl.DataFrame(columns, schema=types).write_parquet(path)


def bits(path: Path) -> dict[str, list[Any]]:
    """Return the columns of a Parquet file or folder in the order of `row`, floats as their bits."""
    frame = pl.read_parquet(path / "*.parquet" if path.is_dir() else path, glob=True).sort("row")
    return {column.name: _bits(column) for column in frame}


def _bits(column: pl.Series) -> list[Any]:
    if column.dtype != pl.Float64:
        return column.to_list()
    numbers = column.fill_null(0.0).to_numpy().view(np.int64)
    return pl.Series(numbers).set(column.is_null(), None).to_list()


def without_rows(report: Any) -> Any:
    """Return a report of `mg table --json` as Spark gives it: without seconds, and without row numbers or cells."""
    report = {key: value for key, value in report.items() if key not in ("seconds", "out")}
    for key in ("faults", "notes"):
        causes = [{**{name: cause[name] for name in cause if name != "cells"}, "row": None} for cause in report[key]]
        report[key] = sorted(causes, key=lambda cause: (cause["kind"], cause["about"]))
    return report
