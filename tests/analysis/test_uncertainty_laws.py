"""Uncertainties of random models against the `uncertainties` package, and of curved ones against quadrature."""

import math
import random
from typing import Any

import numpy as np
import pytest
import uncertainties
from rows import rows
from uncertainties import umath

from mgcli import compile as compiled
from mgcli import parse_program
from mgcli.analysis.correlations import Quantities
from mgcli.analysis.distributions import normal
from mgcli.analysis.uncertainty import FIRST, propagated

NAMES = ["x", "y", "z"]
SHAPES = [
    "({} + {})", "({} - {})", "{}*{}", "{}/(2 + ({})**2)", "sin({})*{}", "exp(-({})**2)*{}", "({0} - {1})**3",
    "sqrt(1 + ({})**2)*{}", "atan({}) + {}", "log(3 + ({})**2)*{}",
]  # fmt: skip


def random_model(source: Any, depth: int = 2) -> Any:
    if depth == 0:
        return source.choice([*NAMES, *NAMES, "0.5", "3.0"])
    return source.choice(SHAPES).format(*(random_model(source, depth - 1) for _ in range(2)))


def by_the_package(text: Any, values: Any, correlation: Any) -> Any:
    if correlation is None:
        numbers = [uncertainties.ufloat(value, u) for value, u in values.values()]
    else:
        numbers = uncertainties.correlated_values_norm(list(values.values()), correlation)
    known = {name: getattr(umath, name) for name in ("sin", "exp", "sqrt", "atan", "log")}
    result = eval(text, {}, {**known, **dict(zip(values, numbers, strict=True))})
    return (result, 0.0) if isinstance(result, float) else (result.nominal_value, result.std_dev)


@rows("seed", range(200))
def test_random_models_agree_with_the_package(seed: Any) -> None:
    source = random.Random(seed)
    text = f"{random_model(source)} + x*y - z"
    values = {name: (round(source.uniform(-2, 2), 2), 10 ** source.uniform(-6, -4)) for name in NAMES}
    correlation, pairs = None, []
    if seed % 2:
        r = round(source.uniform(-0.9, 0.9), 2)
        correlation = np.array([[1, r, 0], [r, 1, 0], [0, 0, 1.0]])
        pairs = [("x", "y", r)]
    program = parse_program(text)
    program.bind({name: value for name, (value, _) in values.items()})
    quantities = {name: normal(*values[name]) for name in program.variables}
    result = propagated(program, Quantities(quantities, pairs))
    value, u = by_the_package(text, values, correlation)
    assert result.method == FIRST
    assert result.shown.value == pytest.approx(value, rel=1e-12, abs=1e-13)
    assert result.shown.u == pytest.approx(u, rel=1e-12, abs=1e-18)


# Models, and the middle of x and of y. Those with a kink have it where the nodes of a quadrature see it.
MODELS = [
    ("exp(x)", 0.5, 0), ("exp(-x)", 1, 0), ("sin(x)", 1, 0), ("sin(x)", 1.5, 0), ("cos(x)", 0, 0), ("cos(5*x)", 0.4, 0),
    ("x**2", 0, 0), ("x**2", 1, 0), ("x**3", 0.5, 0), ("x**4", 1, 0), ("1/x", 3, 0), ("1/(1 + x**2)", 0, 0),
    ("1/(1 + x**2)", 1, 0), ("log(x)", 4, 0), ("log1p(x**2)", 0.5, 0), ("sqrt(x)", 4, 0), ("sqrt(x**2 + 1)", 0, 0),
    ("tanh(x)", 0, 0), ("tanh(x)", 1.5, 0), ("atan(x)", 0.5, 0), ("erf(x)", 0.3, 0), ("sigmoid(3*x)", 0, 0),
    ("softplus(x)", 0, 0), ("cosh(x)", 0, 0), ("sinh(x)", 1, 0), ("exp(-x**2)", 0, 0), ("exp(-x**2)", 0.7, 0),
    ("x - x**3", 0.6, 0), ("sin(20*x)", 0.1, 0), ("x*y", 1, 2), ("x*y", 0, 0), ("x/y", 1, 4), ("x*exp(-y)", 1, 1),
    ("exp(x*y)", 0.5, 0.5), ("hypot(x, y)", 3, 4), ("sin(x)*cos(y)", 1, 1), ("x**2 + y**2", 0.5, 0), ("x**y", 3, 2),
    ("(x - 1)**2*y", 1, 2), ("atan2(y, x)", 3, 1),
]  # fmt: skip

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(40)
PROBABILITIES = WEIGHTS / WEIGHTS.sum()


def by_quadrature(program: Any, middles: Any, u: Any) -> Any:
    function = compiled(program.root, [])
    columns = [middles[name] + u * NODES for name in function.variables]
    weights = PROBABILITIES
    if len(columns) == 2:
        columns = [grid.ravel() for grid in np.meshgrid(*columns, indexing="ij")]
        weights = np.outer(PROBABILITIES, PROBABILITIES).ravel()
    values, _ = function(*columns)
    # Far out, where a model may have no value, there is no weight.
    values = np.nan_to_num(values)
    mean = float(values @ weights)
    return mean, math.sqrt(float((values - mean) ** 2 @ weights))


def test_most_models_are_linear_enough_within_small_uncertainties() -> None:
    quiet = 0
    for text, x, y in MODELS:
        program = parse_program(text)
        middles = {name: {"x": x, "y": y}[name] for name in program.variables}
        program.bind(middles)
        result = propagated(program, Quantities({name: normal(middle, 0.01) for name, middle in middles.items()}))
        quiet += result.is_linear and result.left_out() is None and result.grid.failure is None
    assert (len(MODELS), quiet) == (40, 29)


@rows("u", [0.01, 0.1, 0.5])
@rows(("text", "x", "y"), MODELS)
def test_what_is_shown_is_right_or_has_a_warning(text: Any, x: Any, y: Any, u: Any) -> None:
    program = parse_program(text)
    middles = {name: {"x": x, "y": y}[name] for name in program.variables}
    program.bind(middles)
    result = propagated(program, Quantities({name: normal(middle, u) for name, middle in middles.items()}))
    mean, deviation = by_quadrature(program, middles, u)
    right = abs(result.shown.value - mean) < 0.05 * deviation and abs(result.shown.u - deviation) < 0.05 * deviation
    warned = not result.is_linear or result.left_out() is not None or result.grid.failure is not None
    assert right or warned
    # A warning is no excuse for being far off.
    if result.samples is None:
        assert result.shown.u == pytest.approx(deviation, rel=0.25)
