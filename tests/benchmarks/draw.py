"""`mg draw --out g.svg` with the renderer that is installed with mg, as whole processes.

Run it with the Python of an environment into which mg is installed (not editable).
"""

from __future__ import annotations

import os
import statistics
import sys
import sysconfig
import tempfile
from pathlib import Path

from start import seconds

RUNS = 15
MG = str(Path(sysconfig.get_path("scripts")) / "mg")


def program(lines: int) -> str:
    """Return a program of which each line uses the line before twice: four nodes a line."""
    return "\n".join(["x0 = a", *(f"x{line} = x{line - 1}*b + sin(x{line - 1})" for line in range(1, lines))])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = ["--out", str(Path(folder, "g.svg"))]
        small = [MG, "draw", "e = a*b; d = e + c; L = d*b", "-a", "2", "-b", "0.5", "-c", "1", *out]
        other = [sys.executable, "-c", "import click, lark, graphviz"]
        pairs = [(seconds(small, dict(os.environ)), seconds(other, dict(os.environ))) for _ in range(RUNS)]
        time, relative = statistics.median(a for a, _ in pairs), statistics.median(a / b for a, b in pairs)
        print(f"10 nodes: {1000 * time:.0f} ms   {relative:.2f} of 'import click, lark, graphviz' (goal: at most 1.3)")
        large = [MG, "draw", program(250), "-a", "2", "-b", "0.5", *out]
        time = statistics.median(seconds(large, dict(os.environ)) for _ in range(3))
        print(f"1,000 nodes: {time:.2f} s (goal: under 3 s)")


if __name__ == "__main__":
    os.environ["MG_NO_STATE"] = "1"
    main()
