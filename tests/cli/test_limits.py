"""What would take hours stops at once, with an error that says how to reduce the work."""

from typing import Any

import pytest
from families import leaky_layers
from running import Run

from mgcli import parse_program
from mgcli.analysis import differences


def variables(count: Any, letter: Any = "x") -> Any:
    return [f"{letter}{index}" for index in range(count)]


def chosen(names: Any) -> Any:
    return [word for name in names for word in ("--wrt", name)]


def values(names: Any) -> Any:
    return [word for name in names for word in ("--let", f"{name}=1")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["check", leaky_layers(1000), "-x", "1.1", "-y", "0.9", *chosen(["x", *variables(1000, "n")])],
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


def test_of_a_long_program_the_first_gradients_are_checked(mg: Run, monkeypatch: Any) -> None:
    monkeypatch.setattr(differences, "UNSELECTED_WORK", 2000)
    point = ["-x", "1.1", "-y", "0.9"]
    status, stdout, stderr = mg("check", leaky_layers(20), *point)
    names = [line.split()[0] for line in stdout.splitlines()[3:]]
    assert names == ["x", "y", *variables(len(names) - 2, "n")]
    assert (status, stderr) == (
        0,
        f"note: the first {len(names)} of 21 gradients are checked; choose others with --wrt NAME\n",
    )
    _, stdout, stderr = mg("check", leaky_layers(20), *point, "--wrt", "n18")
    assert stdout.splitlines()[3].startswith("n18 ")
    assert stderr == ""


@pytest.mark.parametrize("lines", [50, 1000])
def test_a_check_is_in_proportion_to_the_program(lines: Any) -> None:
    program = parse_program(leaky_layers(lines))
    names = differences.names_to_check(program)
    work = len(differences.affordable(program, names)) * len(program.nodes)
    assert len(names) == lines + 1
    assert work <= max(differences.UNSELECTED_WORK, differences.FEWEST * len(program.nodes))


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
        ("(2*x)**(1e9 + 0.5)", "2000000001*2**(1999999999/2)*x**999999999.5\n"),
    ],
)
def test_a_power_of_too_many_digits_is_not_written_out(mg: Run, text: str, output: str) -> None:
    assert mg("diff", text) == (0, output, "")
