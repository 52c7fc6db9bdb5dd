"""`mg descend`."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from operator import length_hint
from pathlib import Path
from typing import Any

import pytest
from running import Run

from mgcli.cli import progress
from mgcli.cli.commands import descend

NOTEBOOK = ["e = a*b; d = e + c; L = d*f", "-a", "2", "-b", "-3", "-c", "10", "-f", "-2"]


def test_the_step_of_the_notebook(mg: Run) -> None:
    result = mg("descend", *NOTEBOOK, "--rate", "0.01", "--steps", "1", "--ascend")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        """\
step        L     a      b     c      f     norm
   0     -8.0   2.0   -3.0  10.0   -2.0  8.48528
   1  -7.2865  2.06  -3.04  9.98  -1.96  8.33468

L = -7.2865

     value  gradient
a     2.06    5.9584
b    -3.04   -4.0376
c     9.98     -1.96
f    -1.96    3.7176
"""
    )


def test_a_run_that_its_steps_ended_on_a_slope_is_said_not_to_have_converged(mg: Run) -> None:
    assert (
        mg("descend", "(x - 3)**2", "-x", "0", "--steps", "5").stderr
        == "note: not converged after 5 steps: the norm is 5.42352\n"
    )
    assert mg("descend", "(x - 3)**2", "-x", "0", "--rate", "0.1").stderr == ""


def test_the_figure_of_the_notebook(mg: Run) -> None:
    result = mg("descend", *NOTEBOOK, "--rate", "0.02", "--steps", "1", "--ascend")
    assert "\nL = -6.58637\n" in result.stdout


def test_the_last_expression_is_used_again(mg: Run) -> None:
    mg("grad", *NOTEBOOK)
    result = mg("descend", "--steps", "1", "--ascend")
    assert result.exit_code == 0
    assert "\nL = -7.2865\n" in result.stdout
    assert (
        result.stderr == "using the last expression: e = a*b; d = e + c; L = d*f with a = 2, b = -3, c = 10, f = -2\n"
    )


def test_a_descent_that_converges_says_so(mg: Run) -> None:
    result = mg("descend", "(x - 1)**2", "-x", "5", "--rate", "0.25", "--tolerance", "0.1", "--every", "2")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        """\
step        value        x    norm
   0         16.0      5.0     8.0
   2          1.0      2.0     2.0
   4       0.0625     1.25     0.5
   6   0.00390625   1.0625   0.125
   7  0.000976562  1.03125  0.0625

converged after 7 steps
value = 0.000976562

       value  gradient
x    1.03125    0.0625
"""
    )


def test_a_tolerance_that_is_not_reached_gets_a_warning(mg: Run) -> None:
    result = mg("descend", "x**2", "-x", "1", "--steps", "2", "--tolerance", "1e-3", "--rate", "0.25")
    assert result.exit_code == 0
    assert result.stderr == "warning: not converged after 2 steps: the norm is 0.5\n"


def test_a_step_out_of_the_domain_stops_at_the_last_good_point(mg: Run) -> None:
    result = mg("descend", "y = x + 1; log(x) + y", "-x", "0.05", "--every", "1")
    assert result.exit_code == 1
    assert result.stdout == (
        """\
step     value     x  norm
   0  -1.94573  0.05  21.0

value = -1.94573

     value  gradient
x     0.05      21.0
"""
    )
    assert result.stderr == (
        """\
error: step 1 goes too far: log is not defined at -0.15999999999999998
  y = x + 1; log(x) + y
             ^^^^^^
hint: a smaller --rate takes smaller steps
"""
    )


def test_what_was_undefined_from_the_start_is_not_blamed_on_the_step_size(mg: Run) -> None:
    result = mg("descend", "a = sqrt(c); where(x > 0.95, x**2, a)", "-x", "1", "-c", "-3", "--fix", "c")
    assert result.exit_code == 1
    assert result.stderr == (
        "error: step 3 uses what is undefined from the start: sqrt is not defined at -3.0\n"
        "  a = sqrt(c); where(x > 0.95, x**2, a)\n"
        "      ^^^^^^^\n"
        "warning: a, which the result does not use, is undefined: sqrt is not defined at -3.0\n"
    )


def test_a_descent_that_overflows_stops_at_the_last_good_point(mg: Run) -> None:
    result = mg("descend", "x**2", "-x", "1", "--rate", "1.1", "--steps", "10000", "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert document["outcome"] == "stopped"
    assert document["steps"] == document["trace"]["step"][-1] == 1946
    assert document["variables"]["x"] == document["trace"]["variables"]["x"][-1]
    assert document["value"] == document["variables"]["x"] ** 2
    assert document["error"] == ("step 1947 goes too far: power overflows at (-1.465163377526391e+154)**2.0")
    assert result.stderr.startswith("error: step 1947 goes too far")


def test_a_value_that_is_worse_at_the_end_is_a_divergence(mg: Run) -> None:
    result = mg("descend", "x**2", "-x", "1", "--rate", "1.5", "--steps", "3")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-4:] == ["value = 64.0", "", "     value  gradient", "x     -8.0     -16.0"]
    assert result.stderr == (
        "error: diverged: the value rose from 1.0 to 64.0\nhint: a smaller --rate takes smaller steps\n"
    )
    up = mg("descend", "--ascend", "-x**2", "-x", "1", "--rate", "1.5", "--steps", "3")
    assert up.exit_code == 1
    assert up.stderr.startswith("error: diverged: the value fell from -1.0 to -64.0\n")


def test_a_descent_that_goes_back_and_forth_gets_a_warning(mg: Run) -> None:
    result = mg("descend", "(x - 1)**2", "-x", "5", "--rate", "1", "--every", "50")
    assert (result.exit_code, result.stdout.splitlines()[:4]) == (
        0,
        ["step  value    x  norm", "   0   16.0  5.0   8.0", "  50   16.0  5.0   8.0", " 100   16.0  5.0   8.0"],
    )
    assert result.stderr == (
        "warning: not converged: no improvement in the last 50 steps\nhint: a smaller --rate takes smaller steps\n"
    )
    up = mg("descend", "--ascend", "-x**2", "-x", "1", "--rate", "1", "--steps", "1", "--tolerance", "1e-3", "--json")
    assert (up.exit_code, json.loads(up.stdout)["outcome"]) == (0, "restless")
    assert up.stderr == (
        "warning: not converged: no improvement in the last step\n"
        "hint: a smaller --rate takes smaller steps\n"
        "warning: not converged after 1 step: the norm is 2.0\n"
    )


def test_json_is_one_document(mg: Run) -> None:
    result = mg(
        "descend", "e = x - k; e**2", "-x", "5", "-k", "1", "--fix", "k", "--rate", "0.25", "--steps", "2", "--json"
    )
    assert (result.exit_code, result.stderr) == (0, "note: not converged after 2 steps: the norm is 2.0\n")
    assert json.loads(result.stdout) == {
        "expression": "e = x - k; e**2",
        "variables": {"x": 2.0, "k": 1.0},
        "value": 1.0,
        "rounding": 0.0,
        "gradient": {"x": 2.0},
        "named": {"e": 1.0},
        "steps": 2,
        "outcome": "steps",
        "error": None,
        "trace": {
            "step": [0, 1, 2],
            "value": [16.0, 4.0, 1.0],
            "norm": [8.0, 4.0, 2.0],
            "variables": {"x": [5.0, 3.0, 2.0]},
        },
    }


def test_about_twenty_rows_are_shown_of_many_steps_the_last_one_included(mg: Run) -> None:
    trace = json.loads(mg("descend", "x**2", "-x", "1", "--steps", "1.001e3", "--rate", "1e-6", "--json").stdout)[
        "trace"
    ]
    assert trace["step"] == [*range(0, 1001, 51), 1001]


def test_every_step_can_be_shown_in_columns(mg: Run) -> None:
    result = mg("descend", "x**2", "-x", "1", "--steps", "2500", "--rate", "1e-3", "--every", "1")
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:2502]] == [str(step) for step in range(2501)]
    assert len({len(line) for line in lines[:1000]}) == 1


def test_digits_round_the_table_and_the_end(mg: Run) -> None:
    result = mg("descend", "x**2/3", "-x", "1", "--steps", "1", "--digits", "3")
    assert result.stdout == (
        """\
step  value      x   norm
   0  0.333    1.0  0.667
   1  0.329  0.993  0.662

value = 0.329

     value  gradient
x    0.993     0.662
"""
    )


def test_of_many_variables_the_table_shows_five_and_the_end_all(mg: Run) -> None:
    names = "abcdefg"
    values = [argument for name in names for argument in (f"-{name}", "1")]
    result = mg("descend", " + ".join(f"{name}**2" for name in names), *values, "--steps", "1")
    lines = result.stdout.splitlines()
    assert result.stderr == "the table of steps leaves out f, g; --json has them\n"
    assert lines[0].split() == ["step", "value", *"abcde", "norm"]
    assert [line.split()[0] for line in lines[-7:]] == list(names)
    assert max(map(len, lines)) <= 80


def test_a_rate_and_a_tolerance_may_be_constant_expressions(mg: Run) -> None:
    plain = mg("descend", "x**2", "-x", "1", "--rate", "0.25", "--tolerance", "0.125")
    assert plain.exit_code == 0
    assert mg("descend", "x**2", "-x", "1", "--rate", "1/4", "--tolerance", "2**-3") == plain


def test_what_the_result_does_not_use_may_have_no_value(mg: Run) -> None:
    result = mg("descend", "w = log(y); x**2", "-x", "1", "-y", "-1", "--steps", "1")
    assert result.exit_code == 0
    assert result.stderr == "warning: w, which the result does not use, is undefined: log is not defined at -1.0\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x**2"], "x has no value\n  x**2\n  ^\nhint: give it a value: -x VALUE"),
        (["x**2", "-x", "0:1:0.1"], "x is swept (0:1:0.1), and this command takes one value\nhint: write -x VALUE"),
        (["x**2", "-x", "1", "--fix", "y"], "the expression has no variable y\nhint: it has x"),
        (["x**2", "-x", "1", "--fix", "x"], "no variable is left to move\nhint: fix fewer than x"),
        (["2*3"], "the expression has no variable to move\nhint: a number with a name moves too: x = 2"),
        (
            ["x**2", "-x", "1", "--rate", "-0.1"],
            "--rate takes a positive number, not -0.1\nhint: to ascend, add --ascend",
        ),
        (
            ["x**2", "-x", "1", "--rate", "0"],
            "--rate takes a positive number, not 0.0\nhint: write a small number, as in --rate 0.01",
        ),
        (
            ["x**2", "-x", "1", "--rate", "nan"],
            "--rate nan: nan has no value\nhint: numbers are finite: there is no nan",
        ),
        (
            ["x**2", "-x", "1", "--tolerance", "1/0"],
            "--tolerance 1/0: division is not defined at 1.0/0.0\nhint: write a number, such as 1e-6",
        ),
        (
            ["x**2", "-x", "1", "--tolerance", "-1"],
            "--tolerance takes a number that is not negative, not -1.0\nhint: write a small number, as in 1e-6",
        ),
        (
            ["x**2", "-x", "1", "--steps", "2.5"],
            "invalid value for '--steps': 2.5 is not a whole number\nhint: see 'mg descend --help' for its usage",
        ),
        (
            ["x**2", "-x", "1", "--every", "few"],
            "invalid value for '--every': few is not a whole number\nhint: see 'mg descend --help' for its usage",
        ),
        (
            ["x**2", "-x", "1", "--method", "newton"],
            "--method takes gd, momentum or adam\nhint: see 'mg descend --help' for its usage",
        ),
    ],
)
def test_what_cannot_be_done_is_an_error_with_a_remedy(mg: Run, arguments: list[str], message: str) -> None:
    result = mg("descend", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"error: {message}\n")


def test_a_start_outside_the_domain_is_an_error_as_in_grad(mg: Run) -> None:
    for extra in [], ["--json"]:
        result = mg("descend", "log(x)", "-x", "-1", *extra)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "error: log is not defined at -1.0\n  log(x)\n  ^^^^^^\n"


ENDLESS = ["(x - 1)**2", "-x", "5", "--rate", "1e-9", "--steps", "1000000000"]


def test_an_interrupt_shows_the_last_point(mg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(progress.Watched[Any]):
        def __iter__(self) -> Iterator[Any]:
            for number, item in enumerate(super().__iter__()):
                if number == 1000:
                    signal.raise_signal(signal.SIGINT)
                yield item

    monkeypatch.setattr(descend, "Watched", Interrupted)
    # A process that a shell starts in the background ignores the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    result = mg("descend", *ENDLESS, "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 130
    assert document["outcome"] == "interrupted"
    assert 1000 <= document["steps"] == document["trace"]["step"][-1] <= 1001
    assert document["value"] == (document["variables"]["x"] - 1) ** 2
    assert result.stderr == f"interrupted after {document['steps']} steps\n"
    assert signal.signal(signal.SIGINT, before) is signal.default_int_handler


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is a signal")
def test_an_interrupted_process_prints_its_table_and_no_traceback(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "mgcli", "descend", *ENDLESS, "--every", "1"]
    with subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        first, *_ = (process.stdout.readline() for _ in range(10))
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert first.split() == ["step", "value", "x", "norm"]
    assert rest.splitlines()[-2].split() == ["value", "gradient"]
    assert errors.startswith("interrupted after ")
    assert errors.count("\n") == 1


class Terminal:
    """Standard error as a terminal."""

    def __init__(self) -> None:
        self.written = ""

    def isatty(self) -> Any:
        return True

    def write(self, text: Any) -> None:
        self.written += text

    def flush(self) -> None:
        pass


def test_long_work_has_a_progress_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    seconds = count()
    monkeypatch.setattr(progress, "monotonic", lambda: next(seconds) * progress.PATIENCE / 50)
    assert list(progress.Watched(range(30), 30)) == list(range(30))
    assert terminal.written == ""
    assert list(progress.Watched(range(100), 100)) == list(range(100))
    assert "100%" in terminal.written


def test_a_watched_loop_has_a_length_hint() -> None:
    assert length_hint(progress.Watched(iter("abc"), 3)) == 3


def test_quick_work_and_output_that_is_not_a_terminal_have_no_progress_bar(
    monkeypatch: pytest.MonkeyPatch, mg: Run
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert list(progress.Watched(range(1000), 1000)) == list(range(1000))
    assert terminal.written == ""
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    assert mg("descend", "x**2", "-x", "1", "--steps", "1000").stderr == ""
