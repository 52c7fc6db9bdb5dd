"""Mutation testing: break the code in one small way, run the tests that run it, and list what no test noticed.

    python tests/mutate.py                          300 mutants of graph, calculus, simplify and language
    python tests/mutate.py calculus --count 50      fewer, of one room
    python tests/mutate.py graph --seed 1           others

A mutant meets the tests of its room, those of its own file first. One that survives is a gap in these tests, or code
that changes nothing. The work tree is not touched: a copy is.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
ROOMS = ["graph", "calculus", "simplify", "language"]
TIME_LIMIT = 300
"""The seconds after which the tests of a mutant in one file are ended, which counts as noticed."""
MEMORY_LIMIT = 4 << 30
OUTPUT = "output-of-tests"
PRELOADED = ["click.testing", "hypothesis", "lark", "mpmath", "numpy", "pytest", "sympy"]
"""What tests import beside mg: loaded once, before the process of each mutant is forked."""

COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


class Mutant(NamedTuple):
    """A file of the package with one expression replaced."""

    path: Path
    line: int
    before: str
    after: str
    source: str


def mutants(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a file."""
    source = path.read_text(encoding="utf-8")
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    tree = ast.parse(source)
    for node in _expressions(tree):
        if node.end_lineno is None or node.end_col_offset is None:
            continue
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        for changed in _changes(node):
            after = f"({ast.unparse(changed)})"
            whole = source.encode()
            mutated = (whole[:start] + after.encode() + whole[end:]).decode()
            yield Mutant(path.relative_to(ROOT), node.lineno, ast.unparse(node), after, mutated)


def _expressions(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions that the program computes: no annotations, no text, nothing for a type checker alone."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            continue
        if isinstance(node, ast.keyword) and node.arg == "example":
            # Other operands are as good an example.
            continue
        if isinstance(node, ast.expr):
            yield node
        for name, child in ast.iter_fields(node):
            if name not in ("annotation", "returns", "decorator_list"):
                waiting.extend(
                    part for part in (child if isinstance(child, list) else [child]) if isinstance(part, ast.AST)
                )


def _changes(node: ast.expr) -> Iterator[ast.expr]:
    """Yield an expression as it could have been written by mistake."""
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            changed = deepcopy(node)
            changed.ops[index] = COMPARISONS[type(operator)]()
            yield changed
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield ast.Constant(node.value + 1)


def fails(copy: Path, file: str) -> bool:
    """Return whether a test of the file fails in the copy of the tree."""
    return in_process(copy, lambda: run_tests([file]), TIME_LIMIT) != 0


def noticed(mutant: Mutant, copy: Path) -> bool:
    """Return whether a test of the room fails with the mutant in the copy of the tree; those of its file come first."""
    target = copy / mutant.path
    original = target.read_text(encoding="utf-8")
    target.write_text(mutant.source, encoding="utf-8")
    room = mutant.path.parts[1]
    files = sorted(tests_of(room), key=lambda file: Path(file).stem != f"test_{mutant.path.stem}")
    try:
        return any(fails(copy, file) for file in files)
    finally:
        target.write_text(original, encoding="utf-8")


def tests_of(room: str) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / room).glob("test_*.py"))


def run_tests(paths: list[str]) -> int:
    import pytest

    options = ["--exitfirst", "--quiet", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return int(pytest.main([*options, *paths]))


def in_process(copy: Path, work: Callable[[], int], seconds: int) -> int:
    """Return how `work` ends in the copy of the tree, in a process of its own; a signal counts as a failure."""
    if child := os.fork():
        return os.waitpid(child, 0)[1]
    status = 1
    try:
        os.setsid()
        os.chdir(copy)
        sys.path.insert(0, str(copy))
        sys.dont_write_bytecode = True
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        output = os.open(OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        signal.alarm(seconds)
        status = work()
    finally:
        os._exit(status)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", nargs="*", default=ROOMS)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for name in PRELOADED:
        import_module(name)
    found = [
        mutant
        for room in options.rooms
        for path in sorted((ROOT / "mgcli" / room).rglob("*.py"))
        for mutant in mutants(path)
    ]
    drawn = random.Random(options.seed).sample(found, min(options.count, len(found)))
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "tree").resolve()
        shutil.copytree(
            ROOT, copy, ignore=shutil.ignore_patterns(".*cache*", ".git", ".venv", ".hypothesis", "__pycache__")
        )
        for file in [file for room in options.rooms for file in tests_of(room)]:
            if fails(copy, file):
                sys.exit(f"{file} fails without any mutant\n{(copy / OUTPUT).read_text(errors='replace')[-5_000:]}")
        for number, mutant in enumerate(drawn, 1):
            if not noticed(mutant, copy):
                survivors.append(mutant)
                print(f"{mutant.path}:{mutant.line}: {mutant.before}  ->  {mutant.after}", flush=True)
            print(f"{number} of {len(drawn)}", end="\r", file=sys.stderr, flush=True)
    print(f"{len(survivors)} of {len(drawn)} mutants survive ({100 * len(survivors) / max(1, len(drawn)):.1f} %)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
