"""Random programs of the whole language, and command lines for everything that can be computed about one.

`python tests/programs.py 30000` puts that many through every analysis and every form of output, and prints the
shortest program of each kind of failure; this takes hours.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from inspect import signature
from types import FrameType
from typing import Any, NamedTuple, NoReturn

from click.testing import CliRunner, Result
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from mgcli.cli.group import cli
from mgcli.graph.table import FUNCTIONS

VARIABLES = ["x", "y", "α", "e", "lambda", "sin", "_"]
NUMBERS = ["0", "1", "2", "3", "-1", "0.5", ".25", "1e-3", "1_000", "7", "10", "1e20", "1e-300", "1e308", "pi", "tau"]
VALUES = ["0", "1", "-1", "0.5", "2", "3", "-2.5", "1/3", "1e-8", "40", "-800", "1e200", "0.0001"]
OPERATORS = ["+", "-", "*", "/", "**", "^"]
COMPARISONS = ["<", "<=", ">", ">=", "==", "!="]
CALLS = [(name, operation.arity) for name, operation in sorted(FUNCTIONS.items()) if operation.operands[0] != "n"]
ORDERED = [name for name, operation in sorted(FUNCTIONS.items()) if operation.operands[0] == "n"]
KINDS = ["leaf", "operator", "operator", "operator", "sign", "call", "call", "choice", "extreme", "own", "order"]

TIME_LIMIT = 20
"""The seconds of processor time of one command after which the long run calls it a failure."""


class Case(NamedTuple):
    """A program, and a value for each of its variables."""

    text: str
    values: dict[str, str]

    def bindings(self) -> list[str]:
        return [word for name, value in self.values.items() for word in ("--let", f"{name}={value}")]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a program with names, user-defined functions, conditions, choices, special numbers and reuse."""
    variables = draw(st.lists(st.sampled_from(VARIABLES), min_size=1, max_size=3, unique=True))
    names = list(variables)
    functions: list[tuple[str, int]] = []
    lines = []
    for number in range(draw(st.integers(0, 4))):
        if draw(st.integers(0, 3)) == 0:
            parameters = ["u", "t"][: draw(st.integers(1, 2))]
            body = draw(expressions([*names, *parameters], functions, 2))
            lines.append(f"f{number}({', '.join(parameters)}) = {body}")
            functions = [*functions, (f"f{number}", len(parameters))]
        else:
            lines.append(f"n{number} = {draw(expressions(names, functions, 2))}")
            names = [*names, f"n{number}"]
    lines.append(draw(expressions(names, functions, 3)))
    text = draw(st.sampled_from(["; ", "\n"])).join(lines)
    return Case(text, {name: draw(st.sampled_from(VALUES)) for name in variables})


@st.composite
def expressions(draw: st.DrawFn, names: Sequence[str], functions: Sequence[tuple[str, int]], depth: int) -> str:
    def inner() -> str:
        return draw(expressions(names, functions, depth - 1))

    def listed(count: int) -> str:
        return ", ".join(inner() for _ in range(count))

    kind = draw(st.sampled_from(KINDS)) if depth else "leaf"
    if kind == "operator":
        return f"({inner()} {draw(st.sampled_from(OPERATORS))} {inner()})"
    if kind == "sign":
        return f"{draw(st.sampled_from('-+'))}{inner()}"
    if kind == "choice":
        return f"where({inner()} {draw(st.sampled_from(COMPARISONS))} {inner()}, {listed(2)})"
    if kind == "extreme":
        name, arity = draw(st.sampled_from([("max", 2), ("min", 2), ("clamp", 3), ("where", 3)]))
        return f"{name}({listed(arity)})"
    if kind == "order":
        return f"{draw(st.sampled_from(ORDERED))}({draw(st.integers(0, 3))}, {inner()})"
    if kind == "call" or (kind == "own" and functions):
        name, arity = draw(st.sampled_from(functions if kind == "own" else CALLS))
        return f"{name}({listed(arity)})"
    # Names more often than numbers, and the last ones most: so parts are used again.
    return draw(st.one_of(st.sampled_from(names), st.sampled_from(names[-2:]), st.sampled_from(NUMBERS)))


COMMANDS = {
    "eval": "",
    "eval --json": "",
    "grad": "",
    "grad --json": "",
    "grad --relative": "",
    "explain": "",
    "explain --latex": "",
    "explain --json": "",
    "diff --steps": "",
    "diff --latex": "",
    "diff --order 2": "",
    "diff --steps --json": "",
    "hessian": "",
    "hessian --formulas": "",
    "hessian --json": "",
    "check": "",
    "check --json": "",
    "draw --format dot": "",
    "draw --format svg": "",
    "slope --json": "--wrt",
    "descend --steps 3": "",
    "descend --steps 3 --method adam --json": "",
    "eval --json -": "sweep",
    "plot": "sweep",
    "plot --derivative --json": "sweep",
}
"""Each analysis in each form of its output, and what it takes beside the program and its values."""


def command_line(command: str, case: Case) -> list[str]:
    words = [word for word in command.split() if word != "-"]
    variable, *_ = case.values
    extra = COMMANDS[command]
    values = case.bindings()
    if extra == "--wrt":
        values += ["--wrt", variable]
    elif extra == "sweep":
        values = [*values[2:], "--let", f"{variable}=-1:2:0.5"]
    return [words[0], *values, *words[1:], "--", case.text]


def failure(command: str, case: Case) -> str | None:
    """Return what is wrong with the way in which a command ended; None if it gave a result or an error of mg's own."""
    done = _run(command, case)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        frames = traceback.extract_tb(done.exception.__traceback__)
        return f"{type(done.exception).__name__} in {os.path.basename(frames[-1].filename)}, {frames[-1].name}"  # noqa: PTH119
    if done.exit_code not in (0, 1, 2):
        return f"exit status {done.exit_code}"
    if done.exit_code and not done.stderr and not done.stdout:
        return f"exit status {done.exit_code} without a word"
    if command.startswith("explain") and done.exit_code and not _run("grad", case).exit_code:
        return "refused where grad has an answer"
    # Where a note says that a gradient may be wrong, differences may confirm that it is.
    if command.startswith("check") and "disagrees" in done.stderr and "may be wrong" not in done.stderr:
        return "the gradient disagrees with the differences"
    if "--json" in command and done.stdout:
        try:
            json.loads(done.stdout, parse_constant=_refuse)
        except ValueError as error:
            return f"JSON: {error}"
    return None


def _run(command: str, case: Case) -> Result:
    apart: dict[str, Any] = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}
    return CliRunner(**apart).invoke(cli, command_line(command, case), prog_name="mg", env={"MG_NO_STATE": "1"})


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


class TooLongError(BaseException):
    """A command takes longer than `TIME_LIMIT`."""


def _too_long(number: int, frame: FrameType | None) -> NoReturn:
    raise TooLongError


def failures(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the kind of each failure of a program, with the command."""
    for command in COMMANDS:
        signal.setitimer(signal.ITIMER_PROF, TIME_LIMIT)
        try:
            kind = failure(command, case)
        except TooLongError:
            kind = f"more than {TIME_LIMIT} s"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if kind:
            yield f"{command.split()[0]}: {kind}", command


def main(count: int, start: int) -> int:
    shortest: dict[str, tuple[str, Case]] = {}
    done: list[Any] = []

    @seed(start)
    @settings(
        max_examples=count, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
    )
    @given(cases())
    def run(case: Case) -> None:
        done.append(None)
        for kind, command in failures(case):
            if kind not in shortest or len(case.text) < len(shortest[kind][1].text):
                shortest[kind] = command, case
                print(f"{len(done)}: {kind}\n  mg {command}  {case.bindings()}\n  {case.text!r}", flush=True)
        if len(done) % 100 == 0:
            print(f"{len(done)} programs, {len(shortest)} kinds of failure", file=sys.stderr, flush=True)

    signal.signal(signal.SIGPROF, _too_long)
    run()
    print(f"{len(done)} programs x {len(COMMANDS)} commands: {len(shortest)} kinds of failure")
    for kind, (command, case) in sorted(shortest.items()):
        print(f"\n{kind}\n  mg {command} {' '.join(case.bindings())}\n  {case.text!r}")
    return 1 if shortest else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30_000, int(sys.argv[2]) if len(sys.argv) > 2 else 0))
