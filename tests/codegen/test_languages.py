"""The functions that mg writes in other languages, compiled and run: C gives the bits of the graph."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compilers import RUN, Answer, Case, compile_only, loaded
from graphs import SPECIAL_NUMBERS, random_graph_of_the_table, varying_leaves
from mpmath import mp
from references import WITHOUT_DERIVATIVE

import mgcli
from mgcli import EvaluationError, Value, parse, parse_program
from mgcli import compile as compiled
from mgcli.codegen.source import LANGUAGES, source
from mgcli.codegen.straight_line import straight_line
from mgcli.graph.node import topological
from mgcli.graph.operation import Operation
from mgcli.graph.table import ALL_OPERATIONS, TABLE
from mgcli.graph.value import constant, make
from mgcli.render.code import function_source


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


def functions_of(operation: Operation) -> set[str]:
    """Return the functions that a language must have for an operation and its derivatives."""
    root, leaves = of_the_table(operation)
    return {term.function for term in straight_line([root], leaves, varying_leaves(root)).steps}


def of_the_table(operation: Operation) -> tuple[Value, list[Value]]:
    """Return the operation on variables; what it has no derivative with respect to is a constant."""
    operands = [
        constant(number) if (operation.name, index) in WITHOUT_DERIVATIVE else Value(number, "xyz"[index])
        for index, number in enumerate(operation.example)
    ]
    root = make(operation, operands, math.nan)
    return root, varying_leaves(root)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_operation_is_written_or_is_an_error(language: str) -> None:
    for operation in TABLE:
        root, leaves = of_the_table(operation)
        lacking = {name for name in functions_of(operation) if name in OPERATIONS_OF_MPMATH}
        wrt = {leaf.label: leaf for leaf in leaves}
        if not lacking:
            assert source(language, "f", operation.name, [root], leaves, wrt)
            continue
        with pytest.raises(EvaluationError, match=" cannot be written in "):
            source(language, "f", operation.name, [root], leaves, wrt)


OPERATIONS_OF_MPMATH = {name for name, operation in ALL_OPERATIONS.items() if operation.mpmath}
"""What no library of a language computes."""


FRAMES = {
    "value": "x*sin(y)",
    "unused": "where(1 > 2, x, y)",
    "many": "a*b*c*d*e*f*g*h*i + 0*j",
    "none": "2 + 3",
    "lost": "where(1 > 2, a*b*c*d*e*f*g*h*i*j, 3)",
    "alike": "alike_cbrt*cbrt(alike)*alike_pow**alike + v1*v2",
    "names": "double = α*In; L = double*gamma + value/while_ + __a__ + X2*y1",
    "helpers": "gamma(x) + lgamma(x)*digamma(y) + polygamma(2, x) + erf(x)*erfc(y) + cbrt(x)**y + 2**x + x % y"
    " + fmod(x, y) + asinh(x) + acosh(y) + atanh(x) + hypot(x, y) + round(x) + floor(y) + ceil(x) + trunc(y) + x**0.5",
    "choices": "where(x > 0, where(y < 1, 2, 3), 4)*abs(where(x == y, 1, 2)) + cos(where(x >= y, 1, 0))"
    " + where(x*y, x, log(-1))",
    "Upper": "max(x, y)*min(x, y)*relu(x) + clamp(x, 0, y)*sigmoid(x) + x**y + atan2(x, y) + log10(x)*log2(y)*log1p(x)",
}


def frames(language: str) -> str:
    """Return functions of every shape, in one file."""
    texts = []
    for name, text in FRAMES.items():
        program = parse_program(text)
        texts.append(function_source(program, language, name))
        texts.append(function_source(program, language, f"{name}_value", with_derivatives=False))
        if name in ("many", "choices", "Upper"):
            texts.append(function_source(program, language, f"{name}_twice", with_hessian=True))
    several = parse_program("x = r*cos(t); y = r*sin(t); k = 3")
    texts.append(function_source(several, language, "several", of=["x", "y"]))
    texts.append(function_source(several, language, "values", of=["x", "k"], with_derivatives=False))
    return "\n\n".join(texts)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_functions_of_every_shape_compile_without_a_warning(language: str, tmp_path: Path) -> None:
    compile_only(language, frames(language), tmp_path)


JUDGED: dict[str, tuple[Callable[[Any], Any], list[float]]] = {
    "gamma(x)": (mp.gamma, [0.1, 0.5, 1.5, 3.7, 9.99, 10.5, 50.3, 170.2, -0.5, -3.3, -20.7, 5.0, 23.0]),
    "lgamma(x)": (lambda x: mp.log(abs(mp.gamma(x))), [0.1, 0.9, 1.0001, 1.9, 3.2, 8.8, 12.5, 300.0, -0.3, -10.9]),
    "digamma(x)": (mp.digamma, [0.1, 1.4616, 1.5, 3.3, 11.9, 12.1, 1e5, -0.3, -7.8]),
    "polygamma(1, x)": (lambda x: mp.polygamma(1, x), [0.1, 1.5, 30.0, -0.3, -7.8]),
    "polygamma(4, x)": (lambda x: mp.polygamma(4, x), [0.1, 1.5, 30.0, -0.3]),
    "erf(x)": (mp.erf, [1e-9, 0.1, 0.5, 1.0, 1.9, 2.1, 5.0, -0.7, -3.0]),
    "erfc(x)": (mp.erfc, [1e-9, 0.1, 0.49, 0.51, 1.0, 1.9, 2.1, 5.0, 20.0, 26.5, -0.7, -3.0]),
    "cbrt(x)": (lambda x: mp.sign(x) * mp.cbrt(abs(x)), [1e-300, 0.1, 2.0, 27.0, 1e300, -5.0]),
    "asinh(x)": (mp.asinh, [1e-10, 0.1, 1.9, 2.1, 1e9, 1e300, -0.7]),
    "acosh(x)": (mp.acosh, [1.0000001, 1.5, 2.5, 1e9, 1e300]),
    "atanh(x)": (mp.atanh, [1e-10, 0.1, 0.49, 0.51, 0.999999, -0.7]),
    "hypot(x, 2)": (lambda x: mp.hypot(x, 2), [0.0, 1e-200, 1e200, 1.5, -3.3, 5e-324]),
}
"""Functions, what they are, and points."""

MOST_ULPS = 7.0
"""How far a helper may be off, in units of the last place."""


@pytest.mark.slow
@pytest.mark.parametrize("language", JUDGES)
def test_helpers_are_accurate(language: str, tmp_path: Path) -> None:
    cases = [
        case_of(language, f"f{index}", parse(text), [[point] for point in points])
        for index, (text, (_, points)) in enumerate(JUDGED.items())
    ]
    for (text, (exact, points)), answers in zip(JUDGED.items(), RUN[language](cases, tmp_path), strict=True):
        for point, answer in zip(points, answers, strict=True):
            assert answer is not None, (text, point)
            with mp.workdps(40):
                wanted = mp.re(exact(mp.mpf(point)))
                error = abs(answer[0] - wanted) / math.ulp(float(wanted))
            assert error <= MOST_ULPS, (text, point, answer[0], float(wanted))


@pytest.mark.parametrize("text", ["x**2*y + exp(x*y)*tanh(y)", "log(1 + exp(-x*y))", "where(x > y, x**3*y, sin(x*y))"])
def test_second_derivatives_are_those_of_mg(text: str) -> None:
    case = Case("f", function_source(parse_program(text), "python", "f", with_hessian=True), 0, [])
    for x, y in ((0.5, -1.25), (2.0, 0.75), (-1.5, 3.0)):
        value, gradient, upper = loaded(case)(x, y)
        known = mgcli.hessian(text, x=x, y=y)
        rows = [[*row.values()] for row in known.hessian.values()]
        assert upper == pytest.approx([rows[0][0], rows[0][1], rows[1][1]], rel=1e-12)
        assert (value, [*gradient]) == (known.value, [*known.gradient.values()])


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
