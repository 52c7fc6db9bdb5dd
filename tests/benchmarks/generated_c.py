"""The C that `mg code` writes of a graph of some 800 lines, against the C that CasADi generates of the same.

Both are compiled by one compiler with the same flags, and called in turn in one process: the fastest of many short
runs counts. Needs gcc, and CasADi (`pip install casadi`), which mg itself does not.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import casadi  # type: ignore[import-not-found, unused-ignore]

from mgcli import Value
from mgcli.codegen.source import source

ROUNDS = 90
NAMES = "abcd"
FLAGS = ["-O2", "-ffp-contract=off"]

DRIVER = """
#include <stdio.h>
#include <time.h>
int f(double a, double b, double c, double d, double *value, double gradient[4]);
int g(const double **arg, double **res, long long *iw, double *w, int mem);

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9*t.tv_nsec;
}

int main(void)
{
    double best[2] = {1e9, 1e9}, point[4] = {0.5, -1.25, 0.75, 0.3}, value[2] = {0.0}, gradient[2][4] = {{0.0}};
    static double work[1000000];
    const double *arguments[1] = {point};
    double *results[2] = {&value[1], gradient[1]};
    for (int run = 0; run < 400; run++) {
        for (int which = 0; which < 2; which++) {
            const double start = now();
            for (int call = 0; call < 500; call++) {
                point[0] = 0.5 + 1e-9*call;
                if (which == 0)
                    f(point[0], point[1], point[2], point[3], &value[0], gradient[0]);
                else
                    g(arguments, results, 0, work, 0);
            }
            const double taken = (now() - start)/500.0;
            if (taken < best[which])
                best[which] = taken;
        }
    }
    printf("%.9g %.9g %.17g %.17g\\n", best[0], best[1], value[0] - value[1], gradient[0][3] - gradient[1][3]);
    return 0;
}
"""


def neuron(relu: Callable[[Any], Any], a: Any, b: Any, c: Any, d: Any) -> Any:
    x = a * b + c
    for _ in range(ROUNDS):
        x = (relu(x * d + a) * b - c / 1.5) * 0.9 + d**2
    return x


def by_mg() -> str:
    leaves = [Value(0.0, name) for name in NAMES]
    root = neuron(Value.relu, *leaves)
    return source("c", "f", f"a neuron, {ROUNDS} times", [root], leaves, dict(zip(NAMES, leaves, strict=True)))


def by_casadi(folder: Path) -> str:
    point = casadi.SX.sym("p", 4)
    value = neuron(lambda x: casadi.fmax(x, 0), *(point[index] for index in range(4)))
    function = casadi.Function("g", [point], [value, casadi.gradient(value, point)])
    generator = casadi.CodeGenerator("casadi.c")
    generator.add(function)
    generator.generate(f"{folder}/")
    return (folder / "casadi.c").read_text()


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = {"mg": by_mg(), "CasADi": by_casadi(folder)}
        (folder / "mg.c").write_text(texts["mg"])
        (folder / "main.c").write_text(DRIVER)
        files = [folder / file for file in ("mg.c", "casadi.c", "main.c")]
        subprocess.run(["gcc", *FLAGS, *files, "-o", folder / "main", "-lm"], check=True)
        printed = subprocess.run([folder / "main"], check=True, capture_output=True, text=True).stdout
    ours, theirs, *differences = map(float, printed.split())
    lines = {who: len(text.splitlines()) for who, text in texts.items()}
    print(f"{'':8}{'a call':>10}{'lines':>8}")
    for who, taken in (("mg", ours), ("CasADi", theirs)):
        print(f"{who:8}{taken * 1e6:7.3f} us{lines[who]:8}")
    ratio, share = ours / theirs, lines["mg"] / lines["CasADi"]
    print(f"time: {ratio:.2f} of CasADi's; lines: {share:.0%}; differences {differences[0]:.1e}, {differences[1]:.1e}")
    return 0 if ratio <= 1.1 and share <= 0.6 else 1


if __name__ == "__main__":
    sys.exit(main())
