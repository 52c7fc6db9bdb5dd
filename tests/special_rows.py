"""Rows that engines disagree about, and what `compile` gives for each: missing, infinite, on a kink, at an edge."""

import itertools
import math
from typing import Any

import numpy as np

from mgcli import EvaluationError, parse_program
from mgcli import compile as compiled

SPECIAL = (math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 0.5, 3.0)

POINTS = list(itertools.product(SPECIAL, SPECIAL))
"""The numbers of x and y in each row."""

FORMULAS = (
    "x*y + x/y",
    "sqrt(x)*y - x**3",
    "log(x) + atan2(y, x)",
    "where(x > y, x*x, sqrt(y))",
    "where(x > 0, 1/x, y)*2",
    "max(x, y)*x",
    "min(sqrt(x), y)",
    "relu(x)*y + abs(x - y)",
    "max(x, 2)*min(y, 1/x)",
)


def expected_rows(text: str, array: Any = lambda number: np.array([number])) -> list[list[float]]:
    """Return value and gradient that `compile` gives for each row alone, nan where there is none.

    A value that is not finite is none, and has no gradient. array: what a number becomes before it is an argument.
    """
    function: Any = compiled(parse_program(text).root)
    rows = []
    for point in POINTS:
        try:
            value, gradient = function(*map(array, point))
            row = [float(np.squeeze(number)) for number in (value, *gradient)]
        except EvaluationError:
            row = function._at_point(*point)
        rows.append(row if math.isfinite(row[0]) else [math.nan] * len(row))
    return rows
