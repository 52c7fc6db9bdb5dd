"""The formulas of second derivatives, as they are printed, are in proportion to the program."""

from collections.abc import Callable
from typing import Any

import pytest
from families import branches, leaky_layers, reused_maxima
from running import Run


@pytest.mark.parametrize("family", [reused_maxima, leaky_layers, branches])
def test_the_formulas_of_a_program_with_many_choices_grow_in_proportion(mg: Run, family: Callable[..., Any]) -> None:
    lengths = [len(mg("hessian", family(lines), "--formulas").stdout) for lines in (6, 12)]
    assert lengths[1] < 4 * lengths[0]
