"""Numbers and claims of a public list of integrals, judged by mpmath at 60 digits and more.

    python tests/benchmarks/public_list.py LIST [--formulas N] [--claims N] [--skip N]

LIST is a directory of `.m` files with lines `{integrand, variable, steps, antiderivative}`, as that of
github.com/RuleBasedIntegration/MathematicaSyntaxTestSuite, or a bare git repository of it. The list is not
part of mg. Each antiderivative is differentiated at three points: no number that is printed without a note may be
off by more than 1e-9 of itself. Each integrand is claimed as its derivative, which has to agree, and so is
the integrand with a mistake in it, which has to differ.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from math import pi
from pathlib import Path
from random import Random
from time import process_time
from typing import Any, NamedTuple

from mpmath import mp, mpf

from mgcli import parse_program
from mgcli.analysis.claims import judge, read_claims
from mgcli.analysis.trusted import KEPT, differentiated
from mgcli.errors import EvaluationError, MgError

TOLERANCE = 1e-9
POINTS = 3
TRIES = 30

INVERSES = {"Sec": "cos", "Csc": "sin", "Cot": "tan", "Sech": "cosh", "Csch": "sinh", "Coth": "tanh"}
"""What a reciprocal function is one over of, and what an inverse one is the inverse of at one over x."""

FUNCTIONS = {
    "Sqrt": "sqrt",
    "Log": "log",
    "Sin": "sin",
    "Cos": "cos",
    "Tan": "tan",
    "Sinh": "sinh",
    "Cosh": "cosh",
    "Tanh": "tanh",
    "ArcSin": "asin",
    "ArcCos": "acos",
    "ArcTan": "atan",
    "ArcSinh": "asinh",
    "ArcCosh": "acosh",
    "ArcTanh": "atanh",
    "Erf": "erf",
    "Erfc": "erfc",
    "Gamma": "gamma",
    "LogGamma": "lgamma",
    "Exp": "exp",
}

Term = tuple[Any, ...]
"""A formula: ("number", text), ("name", text), ("call", name, term), or an operator and its terms."""

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)|([A-Za-z][A-Za-z0-9]*)|(.))")


class NotTaken(Exception):
    """A formula that mg has no functions for, or that is not real."""


class Reader:
    """Reads a formula in Mathematica's notation."""

    def __init__(self, text: str) -> None:
        self._tokens = [next(part for part in match.groups() if part) for match in TOKEN.finditer(text.strip())]
        self._at = 0

    def term(self) -> Term:
        term = self._sum()
        if self._at != len(self._tokens):
            raise NotTaken(self._tokens[self._at])
        return term

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *wanted: str) -> str:
        found = self._next()
        if found in wanted:
            self._at += 1
            return found
        return ""

    def _sum(self) -> Term:
        term = self._product()
        while operator := self._take("+", "-"):
            term = (operator, term, self._product())
        return term

    def _product(self) -> Term:
        term = self._sign()
        while operator := self._take("*", "/"):
            term = (operator, term, self._sign())
        return term

    def _sign(self) -> Term:
        if self._take("-"):
            return ("neg", self._sign())
        return self._sign() if self._take("+") else self._power()

    def _power(self) -> Term:
        base = self._atom()
        return ("^", base, self._sign()) if self._take("^") else base

    def _atom(self) -> Term:
        if self._take("("):
            return self._closed(")", self._sum())
        token = self._next()
        self._at += 1
        if token[:1].isdigit() or token[:1] == ".":
            return ("number", token)
        if not token[:1].isalpha():
            raise NotTaken(token)
        if self._take("["):
            return call(token, self._closed("]", self._sum()))
        if token == "I":
            raise NotTaken(token)
        return ("name", token)

    def _closed(self, bracket: str, term: Term) -> Term:
        if not self._take(bracket):
            raise NotTaken(self._next())
        return term


def call(name: str, operand: Term) -> Term:
    one = ("number", "1")
    if name in FUNCTIONS:
        return ("call", FUNCTIONS[name], operand)
    if name in INVERSES:
        return ("/", one, ("call", INVERSES[name], operand))
    if name.startswith("Arc") and name[3:].capitalize() in INVERSES:
        return ("call", "a" + INVERSES[name[3:].capitalize()], ("/", one, operand))
    raise NotTaken(name)


LEVELS = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "^": 4}


def written(term: Term, above: int = 0) -> str:
    """Return the formula as mg reads it."""
    kind, *parts = term
    if kind == "number":
        return str(parts[0])
    if kind == "name":
        return {"E": "exp(1)", "Pi": "pi"}.get(parts[0]) or str(parts[0])
    if kind == "call":
        return f"{parts[0]}({written(parts[1])})"
    if kind == "^" and parts[0] == ("name", "E"):
        return f"exp({written(parts[1])})"
    level = LEVELS[kind]
    if kind == "neg":
        text = f"-{written(parts[0], level)}"
    elif kind == "^":
        text = f"{written(parts[0], 5)}**{written(parts[1], 4)}"
    else:
        spaces = " " if level == 1 else ""
        text = f"{written(parts[0], level)}{spaces}{kind}{spaces}{written(parts[1], level + 1)}"
    return f"({text})" if level < above else text


Dual = tuple[Any, Any]
"""A number, and its derivative."""


def reals(function: Callable[[Any], Any], x: Any) -> Any:
    found = function(x)
    if isinstance(found, mp.mpc) or not mp.isfinite(found):
        raise ValueError
    return found


SLOPES: dict[str, Callable[[Any, Any], Any]] = {
    "sqrt": lambda x, z: 1 / (2 * z),
    "log": lambda x, z: 1 / x,
    "exp": lambda x, z: z,
    "sin": lambda x, z: mp.cos(x),
    "cos": lambda x, z: -mp.sin(x),
    "tan": lambda x, z: 1 / mp.cos(x) ** 2,
    "sinh": lambda x, z: mp.cosh(x),
    "cosh": lambda x, z: mp.sinh(x),
    "tanh": lambda x, z: 1 / mp.cosh(x) ** 2,
    "asin": lambda x, z: 1 / mp.sqrt(1 - x * x),
    "acos": lambda x, z: -1 / mp.sqrt(1 - x * x),
    "atan": lambda x, z: 1 / (1 + x * x),
    "asinh": lambda x, z: 1 / mp.sqrt(1 + x * x),
    "acosh": lambda x, z: 1 / mp.sqrt(x * x - 1),
    "atanh": lambda x, z: 1 / (1 - x * x),
    "erf": lambda x, z: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x),
    "erfc": lambda x, z: -2 / mp.sqrt(mp.pi) * mp.exp(-x * x),
    "gamma": lambda x, z: z * mp.digamma(x),
    "lgamma": lambda x, z: mp.digamma(x),
}
VALUES = {"lgamma": lambda x: mp.log(abs(mp.gamma(x)))}


def dual(term: Term, values: dict[str, float], by: str) -> Dual:
    """Return the value and the derivative in mpmath's numbers. Raises ValueError where they are not real."""
    kind, *parts = term
    if kind == "number":
        return mpf(float(parts[0])), mpf(0)
    if kind == "name":
        # As in mg, pi is the float that the graph holds.
        constant = {"E": mp.e, "Pi": mpf(pi)}.get(parts[0])
        return (+constant, mpf(0)) if constant is not None else (mpf(values[parts[0]]), mpf(parts[0] == by))
    if kind == "call":
        x, dx = dual(parts[1], values, by)
        z = reals(VALUES.get(parts[0]) or getattr(mp, parts[0]), x)
        return z, dx and SLOPES[parts[0]](x, z) * dx
    x, dx = dual(parts[0], values, by)
    if kind == "neg":
        return -x, -dx
    y, dy = dual(parts[1], values, by)
    if kind in "+-":
        sign = 1 if kind == "+" else -1
        return x + sign * y, dx + sign * dy
    if kind == "*":
        return x * y, dx * y + x * dy
    if kind == "/":
        return x / y, (dx - x / y * dy) / y
    return power(x, dx, y, dy)


def power(x: Any, dx: Any, y: Any, dy: Any) -> Dual:
    if x == 0:
        if dy or y < 0 or (dx and y < 1):
            raise ValueError
        return mpf(y == 0), dx if y == 1 else mpf(0)
    if abs(mp.mag(x) * y) > 1e7:
        raise ValueError
    z = reals(lambda base: base**y, x)
    slope = y * z / x * dx if dx else mpf(0)
    return z, slope + (z * reals(mp.log, x) * dy if dy else 0)


def judged(term: Term, values: dict[str, float], by: str) -> Dual | None:
    """Return the value and the derivative, None where two precisions do not say the same."""
    found = []
    for digits in (60, 240):
        with mp.workdps(digits):
            try:
                found.append(dual(term, values, by))
            except (ArithmeticError, ValueError):
                return None
    few, many = found
    for one, other in zip(few, many, strict=True):
        if abs(one - other) > abs(other) * mpf(10) ** -15:
            return None
    return many


class Entry(NamedTuple):
    """An integral of the list."""

    integrand: Term
    variable: str
    answer: Term


def texts(path: Path) -> Iterator[str]:
    if list(path.glob("**/*.m")):
        for file in sorted(path.glob("**/*.m")):
            yield file.read_text("utf-8", "replace")
        return
    names = subprocess.run(
        ["git", "-C", path, "ls-tree", "-rz", "--name-only", "HEAD"], capture_output=True, check=True
    )
    for name in names.stdout.decode().split("\0"):
        if name.endswith(".m"):
            shown = subprocess.run(["git", "-C", path, "show", f"HEAD:{name}"], capture_output=True, check=True)
            yield shown.stdout.decode("utf-8", "replace")


def entries(path: Path) -> list[Entry]:
    found = []
    for text in texts(path):
        for line in text.splitlines():
            if line.startswith("{") and line.rstrip().endswith("}"):
                parts = split(line.strip()[1:-1])
                if len(parts) < 4 or len(line) > 1500:
                    continue
                try:
                    entry = Entry(Reader(parts[0]).term(), parts[1].strip(), Reader(parts[3]).term())
                except (NotTaken, StopIteration):
                    continue
                found.append(entry)
    Random(0).shuffle(found)
    return found


def split(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]


def names(term: Term) -> set[str]:
    kind, *parts = term
    if kind == "name":
        return {parts[0]} - {"E", "Pi"}
    return set().union(*(names(part) for part in parts if isinstance(part, tuple)))


def point(entry: Entry, random: Random) -> dict[str, float]:
    values = {}
    for name in sorted(names(entry.answer) | names(entry.integrand) | {entry.variable}):
        if name == entry.variable:
            size = random.choice([random.uniform(0.0, 3.0), random.uniform(0.0, 1.0), 10 ** random.uniform(-2.0, 1.3)])
            values[name] = float(f"{random.choice((-1, 1)) * size:.4g}")
        else:
            values[name] = random.choice((1, 1, 1, -1)) * random.randint(1, 64) / 16
    return values


def gradients(chosen: list[Entry], report: Counter[str]) -> None:
    for number, entry in enumerate(chosen):
        random = Random(number)
        text = written(entry.answer)
        try:
            program = parse_program(text)
        except MgError as error:
            report[f"not read: {error}"[:60]] += 1
            continue
        if entry.variable not in program.variables:
            continue
        done = 0
        for _ in range(TRIES):
            values = point(entry, random)
            program.bind({name: values[name] for name in program.variables})
            found = differentiated(program, [entry.variable])
            exact = judged(entry.answer, values, entry.variable)
            if found.error:
                if exact and abs(exact[0]) < 1e300 and abs(exact[1]) < 1e300 and number % 3 == 0:
                    report["refused, though defined"] += 1
                    print(f"refused: {text} at {values}: {found.error.message}; {mp.nstr(exact[1], 17)}", flush=True)
                continue
            gradient = program.node(entry.variable).grad
            (derivative,) = found.derivatives.values()
            done += 1
            report["points"] += 1
            if found.notes:
                report["with a note"] += 1
            elif exact is None:
                report["not judged"] += 1
            elif abs(mpf(gradient) - exact[1]) > TOLERANCE * abs(exact[1]) + 5e-324:
                report["WRONG"] += 1
                print(f"wrong: {text} at {values}: {gradient!r}, exactly {mp.nstr(exact[1], 17)}", flush=True)
            else:
                report["right"] += 1
                report[f"right, {derivative.kind}"] += derivative.kind != KEPT
            if exact and not found.value_notes:
                value = program.root.data
                if abs(mpf(value) - exact[0]) > 2 * TOLERANCE * abs(exact[0]) + 5e-324:
                    report["WRONG value"] += 1
                    print(f"wrong value: {text} at {values}: {value!r}, exactly {mp.nstr(exact[0], 17)}", flush=True)
            if done == POINTS:
                break
        report["formulas"] += done > 0


def verdict(text: str, claim: str, entry: Entry) -> Any:
    program = parse_program(text)
    (read,) = read_claims(program, [f"{entry.variable}: {claim}"])
    try:
        return judge(program, read, {})
    except EvaluationError as error:
        return error.message.split(":")[0]


def mutated(term: Term, random: Random) -> Term:
    """Return a formula with a mistake in it."""
    kind, *parts = term
    inner = [index for index, part in enumerate(parts) if isinstance(part, tuple)]
    if inner and random.random() < 0.7:
        index = random.choice(inner)
        parts[index] = mutated(parts[index], random)
        return (kind, *parts)
    swaps = {"sin": "cos", "cos": "sin", "tan": "sin", "sinh": "cosh", "cosh": "sinh", "tanh": "sinh", "exp": "sinh"}
    if kind == "call" and parts[0] in swaps:
        return ("call", swaps[parts[0]], parts[1])
    if kind in "+-":
        return ({"+": "-", "-": "+"}[kind], *parts)
    if kind == "number":
        return ("number", str(float(parts[0]) + random.choice((1, 2))))
    factor = random.choice([("number", "2"), ("number", "1.001"), ("number", "1.00001")])
    return random.choice([("neg", term), ("*", factor, term)])


def are_equal(entry: Entry, claim: Term, random: Random) -> bool:
    """Return whether a claim is the derivative after all, wherever 40 points say."""
    for _ in range(200):
        values = point(entry, random)
        exact, claimed = judged(entry.answer, values, entry.variable), judged(claim, values, entry.variable)
        if exact and claimed and abs(exact[1] - claimed[0]) > 1e-8 * abs(exact[1]):
            return False
    return True


def claims(chosen: list[Entry], report: Counter[str]) -> None:
    for number, entry in enumerate(chosen):
        random = Random(number)
        text, claim = written(entry.answer), written(entry.integrand)
        wrong = mutated(entry.integrand, random)
        try:
            if entry.variable not in parse_program(text).variables:
                continue
            found = verdict(text, claim, entry)
            found_wrong = verdict(text, written(wrong), entry)
        except MgError:
            report["not read"] += 1
            continue
        report["claims"] += 1
        if isinstance(found, str):
            report[f"true: {found}"] += 1
        elif found.differing:
            worst = {**found.worst.values}
            exact, claimed = judged(entry.answer, worst, entry.variable), judged(entry.integrand, worst, entry.variable)
            if exact and claimed and abs(exact[1] - claimed[0]) > 1e-9 * abs(exact[1]):
                report["not the derivative there"] += 1
            else:
                report["FALSE ALARM"] += 1
                print(f"false alarm: {text} claim {claim} at {worst}: {found.worst}", flush=True)
        else:
            report["true: agrees"] += 1
        if isinstance(found_wrong, str):
            report[f"mutated: {found_wrong}"] += 1
        elif found_wrong.differing:
            report["mutated: differs"] += 1
        elif are_equal(entry, wrong, random):
            report["mutated: the same function"] += 1
        else:
            report["MISSED"] += 1
            print(f"missed: {text} claim {written(wrong)}, for {claim}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("list", type=Path)
    parser.add_argument("--formulas", type=int, default=0)
    parser.add_argument("--claims", type=int, default=0)
    parser.add_argument("--skip", type=int, default=0)
    options = parser.parse_args()
    found = entries(options.list)[options.skip :]
    print(f"{len(found)} formulas that mg can read")
    for work, count in ((gradients, options.formulas), (claims, options.claims)):
        report: Counter[str] = Counter()
        start = process_time()
        work(found[:count], report)
        if count:
            print(f"{work.__name__}, {process_time() - start:.0f} s: {dict(sorted(report.items()))}", flush=True)


if __name__ == "__main__":
    main()
