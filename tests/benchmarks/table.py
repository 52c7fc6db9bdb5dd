"""`mg table` against the same written by hand as expressions of polars and as SQL of DuckDB.

Parquet and CSV, 4 columns in, 9 out. Each runs as a process of its own, one after the other, so that the memory is its
own; the ratio is that of the times from start to end, where the output does not exist yet. Needs polars and duckdb;
`--rows` shortens it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TEXT = "sin(a*b)*exp(-c*c) + log(1 + a*a)/(2 + b*b) - sqrt(1 + c*c + d*d) + tanh(c*d) - d*a"

GENERATE = """
import numpy as np, polars as pl, sys
rows, path = int(sys.argv[1]), sys.argv[2]
source = np.random.default_rng(1)
frame = pl.DataFrame({name: source.uniform(0.5, 2.0, rows) for name in "abcd"})
(frame.write_parquet if path.endswith("parquet") else frame.write_csv)(path)
"""

POLARS = """
import polars as pl, sys
path, out = sys.argv[1:]
table = (pl.scan_parquet if path.endswith("parquet") else pl.scan_csv)(path)
a, b, c, d = map(pl.col, "abcd")
bell, sine, cosine = (-c * c).exp(), (a * b).sin(), (a * b).cos()
inside, below = 1.0 + a * a, 2.0 + b * b
quotient, root, tangent = inside.log() / below, (1.0 + c * c + d * d).sqrt(), (c * d).tanh()
slope, wave = 1.0 - tangent * tangent, cosine * bell
table = table.with_columns(
    value=sine * bell + quotient - root + tangent - d * a,
    dvalue_da=wave * b + 2.0 * a / inside / below - d,
    dvalue_db=wave * a - quotient / below * 2.0 * b,
    dvalue_dc=-2.0 * c * sine * bell - c / root + slope * d,
    dvalue_dd=-d / root + slope * c - a,
)
(table.sink_parquet if out.endswith("parquet") else table.sink_csv)(out)
"""

DUCKDB = """
import duckdb, sys
path, out = sys.argv[1:]
form = "(format parquet, compression zstd)" if out.endswith("parquet") else ""
duckdb.sql("set preserve_insertion_order = true")
duckdb.sql(f'''copy (
    select a, b, c, d,
        sine*bell + quotient - root + tangent - d*a as value,
        wave*b + 2.0*a/inside/below - d as dvalue_da,
        wave*a - quotient/below*2.0*b as dvalue_db,
        -2.0*c*sine*bell - c/root + slope*d as dvalue_dc,
        -d/root + slope*c - a as dvalue_dd
    from (
        select *, ln(inside)/below as quotient, 1.0 - tangent*tangent as slope, cosine*bell as wave
        from (
            select *, exp(-c*c) as bell, sin(a*b) as sine, cos(a*b) as cosine, 1.0 + a*a as inside,
                2.0 + b*b as below, sqrt(1.0 + c*c + d*d) as root, tanh(c*d) as tangent
            from '{path}'
        )
    )
) to '{out}' {form}''')
"""


def measured(words: list[str]) -> tuple[float, float]:
    """Return the seconds and the megabytes that a process takes."""
    # The largest memory of a child is that of all children so far: each is measured by a parent of its own.
    parent = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
    parent += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    # An installed package has its bytecode.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", parent, *words], check=True, capture_output=True, text=True, env=environment
    )
    return time.perf_counter() - start, float(done.stdout.splitlines()[-1])


def compare(suffix: str, rows: int, times: int, folder: Path) -> None:
    source, out = str(folder / f"in.{suffix}"), str(folder / f"out.{suffix}")
    subprocess.run([sys.executable, "-c", GENERATE, str(rows), source], check=True)
    ways = {
        "mg table": [sys.executable, "-m", "mgcli", "table", TEXT, source, "--out", out],
        "polars": [sys.executable, "-c", POLARS, source, out],
        "DuckDB": [sys.executable, "-c", DUCKDB, source, out],
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for turn in range(times):
        # Each begins as often as the others: what one leaves to the disk is in the way of the next.
        names = list(ways)
        for name in names[turn % 3 :] + names[: turn % 3]:
            Path(out).unlink(missing_ok=True)
            found[name].append(measured(ways[name]))
    seconds = {name: statistics.median(time for time, _ in each) for name, each in found.items()}
    for name, each in found.items():
        memory = max(size for _, size in each)
        print(f"{suffix}, {rows:,} rows, {name}: {seconds[name]:.2f} s, {memory:.0f} MB")
    goals = {"parquet": "at most 1.1 of the faster one", "csv": "at most 1.2 of polars, 0.6 of DuckDB"}
    ratios = ", ".join(f"{seconds['mg table'] / seconds[name]:.2f} of {name}" for name in ("polars", "DuckDB"))
    print(f"{suffix}: mg table takes {ratios} (goal: {goals[suffix]})", flush=True)
    Path(source).unlink()
    Path(out).unlink()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=16_000_000, help="rows of Parquet; CSV has an eighth")
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compare("csv", options.rows // 8, options.times, Path(folder))
        compare("parquet", options.rows, options.times, Path(folder))


if __name__ == "__main__":
    main()
