"""Derivatives of a list of formulas: how long they are beside a reference, how long they take, and that none is wrong.

    python tests/benchmarks/simplify.py FILE [--worst 10]

A line of FILE is a program, a tab, the variable, and, after another tab, the length of the reference:
`str(sympy.simplify(sympy.diff(...)))`. A length that is 0 or less, or missing, does not count. A public list of
integrals, such as the test suite of Rubi, makes a good file.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from graphs import exact_value, variables
from mpmath import mp

from mgcli import parse_program
from mgcli.calculus.differentiation import derivative, run
from mgcli.notation import equations, names_of_shared, program

TRIES = 60
POINTS = 3


class Result(NamedTuple):
    """What became of one formula: the text, its length beside that of the reference, seconds, points that agree."""

    text: str
    formula: str
    ratio: float | None
    seconds: float
    agreed: int
    wrong: bool


def judged(raw: Any, formula: Any, seed: int) -> tuple[int, bool]:
    """Compare the formula with the products of the chain rule as they are, at random points with 60 digits."""
    choose = random.Random(seed)
    names = {**variables(raw), **variables(formula)}
    agreed = 0
    for number in range(TRIES):
        low = 0.1 if number % 3 == 0 else -2.0
        point = {name: round(choose.uniform(low, 2.0 if number % 2 else 0.9), 3) for name in names}
        expected = exact_value(raw, point)
        if mp.isnan(expected) or abs(expected) > 1e20:
            continue
        got = exact_value(formula, point)
        if mp.isnan(got) or abs(got - expected) > mp.mpf(10) ** -20 * (1 + abs(expected)):
            return agreed, True
        agreed += 1
        if agreed == POINTS:
            break
    return agreed, False


def measured(line: str) -> Result:
    """Differentiate one formula."""
    text, name, *rest = line.split("\t")
    source = parse_program(text)
    x = source.node(name)
    started = time.process_time()
    found = derivative(source.root, x)
    seconds = time.process_time() - started
    formula = program(equations({"": found}, names_of_shared([found])), "; ")
    reference = int(rest[0]) if rest else 0
    whole = program(equations({"": found}, {}), "; ")
    ratio = min(len(formula), len(whole)) / reference if reference > 0 else None
    agreed, wrong = judged(run(source.root, [x]).totals[0], found, len(text))
    return Result(text, formula, ratio, seconds, agreed, wrong)


def main() -> None:
    """Print the figures, and the worst lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--worst", type=int, default=10)
    options = parser.parse_args()
    results = [measured(line) for line in options.file.read_text().splitlines()]
    ratios = [result.ratio for result in results if result.ratio is not None]
    times = [result.seconds for result in results]
    print(f"{len(results)} formulas, {sum(result.agreed == POINTS for result in results)} judged at {POINTS} points")
    print(f"wrong: {sum(result.wrong for result in results)}")
    print(f"length: median {median(ratios):.2f}, over 4 times {sum(ratio > 4 for ratio in ratios)} of {len(ratios)}")
    print(f"seconds: median {median(times):.3f}, largest {max(times):.2f}")
    for result in results:
        if result.wrong:
            print(f"WRONG {result.text}\n    {result.formula}")
    for result in sorted(results, key=lambda result: -(result.ratio or 0))[: options.worst]:
        print(f"{result.ratio or 0:.2f} {result.text}\n    {result.formula}")
    for result in sorted(results, key=lambda result: -result.seconds)[: options.worst]:
        print(f"{result.seconds:.2f} s {result.text}")


if __name__ == "__main__":
    main()
