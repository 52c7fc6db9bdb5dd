"""The start of the installed command, whole processes in turn, against Python with what the command is built on.

Run it with the Python of an environment into which mg is installed (not editable).
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from time import perf_counter

RUNS = 25
MG = str(Path(sysconfig.get_path("scripts")) / "mg")
GRAD = [MG, "grad", "a*b+c", "-a", "2", "-b", "-3", "-c", "10"]
COMPLETION = {"_MG_COMPLETE": "zsh_complete", "COMP_WORDS": "mg ", "COMP_CWORD": "1"}


def seconds(command: list[str], environment: dict[str, str]) -> float:
    start = perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - start


def ratio(command: list[str], modules: str, **extra: str) -> tuple[float, float]:
    """Return the median time of the command, and of its ratio to that of importing `modules`, pair by pair."""
    other = [sys.executable, "-c", f"import {modules}"]
    pairs = [(seconds(command, os.environ | extra), seconds(other, dict(os.environ))) for _ in range(RUNS + 1)][1:]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[0] / pair[1] for pair in pairs)


def show(what: str, command: list[str], modules: str, goal: float, **extra: str) -> None:
    time, relative = ratio(command, modules, **extra)
    print(f"{what:32} {1000 * time:4.0f} ms   {relative:.2f} of 'import {modules}' (goal: at most {goal})")


def first_run() -> None:
    """Time the first run after an install that did not compile the package."""
    import mgcli

    package = Path(mgcli.__file__).parent
    times = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(7):
            copy = Path(folder, str(number))
            shutil.copytree(package, copy / "mgcli", ignore=shutil.ignore_patterns("__pycache__"))
            times.append(seconds(GRAD, os.environ | {"PYTHONPATH": str(copy)}))
    other = statistics.median(seconds([sys.executable, "-c", "import click, lark"], dict(os.environ)) for _ in times)
    time = statistics.median(times)
    print(
        f"{'its first run':32} {1000 * time:4.0f} ms   {time / other:.2f} of 'import click, lark' (goal: at most 1.6)"
    )


def main() -> None:
    show("mg grad 'a*b+c' ...", GRAD, "click, lark", 0.9)
    first_run()
    show("mg --help", [MG, "--help"], "click", 1.3)
    show("mg --version", [MG, "--version"], "click", 1.3)
    show("completion of 'mg '", [MG], "click", 1.3, **COMPLETION)


if __name__ == "__main__":
    os.environ["MG_NO_STATE"] = "1"
    main()
