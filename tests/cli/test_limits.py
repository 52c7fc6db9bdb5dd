"""What would take hours stops at once, with an error that says how to ask for less."""

from typing import Any

import pytest
from families import leaky_layers
from running import Run


def variables(count: Any) -> Any:
    return [f"x{index}" for index in range(count)]


def values(names: Any) -> Any:
    return [word for name in names for word in ("--let", f"{name}=1")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["check", leaky_layers(1000), "-x", "1.1", "-y", "0.9"],
            "error: checking 1,001 gradients of 6,996 nodes takes too long\n",
        ),
        (
            ["hessian", " + ".join(variables(501)), *values(variables(501))],
            "error: a matrix of 501 rows and columns takes too long\n",
        ),
        (
            ["hessian", "*".join(variables(200)), "--formulas"],
            "error: a matrix of 20,100 formulas takes too long\n",
        ),
    ],
)
def test_a_task_that_is_larger_than_the_program_is_refused(mg: Run, arguments: Any, message: Any) -> None:
    assert mg(*arguments) == (1, "", f"{message}hint: choose some of them with --wrt NAME\n")


def test_the_hint_works(mg: Run) -> None:
    status, stdout, stderr = mg("check", leaky_layers(1000), "-x", "1.1", "-y", "0.9", "--wrt", "y")
    assert (status, stderr) == (0, "")
    assert stdout.endswith("agrees\n")


def test_a_long_name_moves_only_its_own_line(mg: Run) -> None:
    name = "y" * 10_000
    names = [*variables(100), name]
    printed = mg("grad", " + ".join(names), *values(names)).stdout
    assert f"{name}      1.0       1.0\n" in printed
    assert len(printed) < 2 * len(name)


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("9**9**9*x", "9**387420489\n"),
        ("sqrt(2)**99999999*x", "2**(99999999/2)\n"),
        ("x*3**1e6", "3**1000000\n"),
        ("(2*x)**(1e9 + 0.5)", "2000000001*x**999999999.5*2**(1999999999/2)\n"),
    ],
)
def test_a_power_of_too_many_digits_is_not_written_out(mg: Run, text: str, output: str) -> None:
    assert mg("diff", text) == (0, output, "")
