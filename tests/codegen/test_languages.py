"""The functions that mg writes in other languages, compiled and run: C gives the bits of the graph."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from compilers import RUN, Answer, Case, loaded
from graphs import SPECIAL_NUMBERS, random_graph_of_the_table, varying_leaves

from mgcli import EvaluationError, Value, parse
from mgcli import compile as compiled
from mgcli.codegen.source import source
from mgcli.graph.node import topological


def case_of(language: str, name: str, root: Value, points: Sequence[Sequence[float]]) -> Case:
    leaves = varying_leaves(root)
    text = source(language, name, "a graph", [root], leaves, {leaf.label: leaf for leaf in leaves})
    return Case(name, text, 1 + len(leaves), points)


def random_cases(language: str, count: int, seed: int) -> list[tuple[Value, Case]]:
    """Return random graphs that a language can compute, each at the special points and at others."""
    numbers = random.Random(seed)
    found: list[tuple[Value, Case]] = []
    while len(found) < count:
        root = random_graph_of_the_table(numbers, numbers.randrange(1, 9))
        leaves = varying_leaves(root)
        points = [[numbers.choice(SPECIAL_NUMBERS) for _ in leaves] for _ in range(25)]
        points += [[numbers.uniform(-3.0, 3.0) for _ in leaves] for _ in range(15)]
        try:
            case = case_of(language, f"f{len(found)}", root, points)
        except (EvaluationError, ValueError, ArithmeticError):
            # A Bessel function, or a constant part without a value.
            continue
        if leaves:
            found.append((root, case))
    return found


def by_compile(root: Value, points: Sequence[Sequence[float]]) -> list[Answer]:
    function = compiled(root)
    answers: list[Answer] = []
    for point in points:
        try:
            value, gradient = function(*point)
            answers.append([value, *gradient])
        except EvaluationError:
            answers.append(None)
    return answers


def same_bits(got: float, wanted: float) -> bool:
    return got == wanted and math.copysign(1.0, got) == math.copysign(1.0, wanted)


def near(got: float, wanted: float) -> bool:
    return math.isclose(got, wanted, rel_tol=1e-13, abs_tol=1e-13)


JUDGES: dict[str, Callable[[float, float], bool]] = {
    "c": same_bits,
    "rust": same_bits,
    "javascript": near,
    "python": same_bits,
}
"""When a number of each language counts as the one of `compile`."""


ROUNDED = {"gamma", "factorial", "lgamma"}
"""The operations whose last digits are not those of mg in other languages."""


def assert_same(language: str, found: Sequence[tuple[Value, Case]], folder: Path) -> None:
    answered = refused = 0
    for (root, case), answers in zip(found, RUN[language]([case for _, case in found], folder), strict=True):
        used = {node.operation.name for node in topological(root) if node.operation}
        judge = near if used & ROUNDED else JUDGES[language]
        for point, got, wanted in zip(case.points, answers, by_compile(root, case.points), strict=True):
            shown = f"{case.source}\n{point}\n{got}\n{wanted}"
            assert (got is None) == (wanted is None), shown
            answered += got is not None
            refused += got is None
            if got is not None and wanted is not None:
                assert all(map(judge, got, wanted)), shown
    assert answered > 5
    assert refused > 5


PROGRAM = "e = a*b; d = e + c; L = d*tanh(a) + where(a > 0, log(a), cbrt(b)) + c**3 % 5"
POINTS = [[a, b, c] for a in (2.0, 0.0, -1.5) for b in (-3.0, 0.0) for c in (0.7, -10.0, 1e200)]


@pytest.mark.parametrize("language", JUDGES)
def test_a_function_gives_the_numbers_of_the_graph_and_refuses_where_it_does(language: str, tmp_path: Path) -> None:
    root = parse(PROGRAM)
    assert_same(language, [(root, case_of(language, "f", root, POINTS))], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
@pytest.mark.parametrize("language", JUDGES)
def test_random_functions_do_too(language: str, seed: int, tmp_path: Path) -> None:
    assert_same(language, random_cases(language, 60, seed), tmp_path)


def assert_same_arrays(found: Sequence[tuple[Value, Case]]) -> None:
    """Compare functions of numpy with `compile` on arrays, at all points at once and at a single one."""
    for root, case in found:
        arrays = [np.array(numbers) for numbers in zip(*case.points, strict=True)]
        value, gradient = compiled(root)(*arrays)
        got, slopes = loaded(case)(*arrays)
        for computed, wanted in zip([got, *slopes], [value, *gradient], strict=True):
            np.testing.assert_allclose(computed, wanted, rtol=1e-11, atol=1e-300, err_msg=case.source)
        alone, _ = loaded(case)(*case.points[0])
        assert isinstance(alone, float)


def test_a_function_of_numpy_gives_what_compile_gives_on_arrays() -> None:
    root = parse(PROGRAM)
    assert_same_arrays([(root, case_of("numpy", "f", root, POINTS))])


@pytest.mark.slow
def test_random_functions_of_numpy_do_too() -> None:
    assert_same_arrays(random_cases("numpy", 60, 1))
