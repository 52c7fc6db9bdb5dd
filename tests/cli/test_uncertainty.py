"""`mg uncertainty`, and the values with an uncertainty that all commands read."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from running import Run

from mgcli.cli import uncertain_inputs, uncertain_sweep
from mgcli.cli.progress import Watched
from mgcli.render.budget import measurement

OHM = '"V/I" -V 12+-0.1 -I 2+-0.05'


def test_the_result_its_budget_and_its_interval(mg: Run) -> None:
    assert mg(f"uncertainty {OHM}") == (
        0,
        dedent("""\
            value = 6.00 +- 0.16

                 value     u   df/dx  contribution  share
            I      2.0  0.05    -3.0          0.15  90.0%
            V     12.0   0.1     0.5          0.05  10.0%

            expanded: +- 0.31 (k = 1.96, 95%)
            """),
        "",
    )


def test_exact_variables_are_listed_and_ties_keep_their_order(mg: Run) -> None:
    assert mg("uncertainty 'P = a + b + c*n*m' -a 1+-0.1 -b 1+-0.1 -c 1+-0.2 -n 1 -m 1 --factor 2 --digits 3") == (
        0,
        dedent("""\
            P = 3.000 +- 0.245

                 value    u   df/dx  contribution  share
            c      1.0  0.2     1.0           0.2  66.7%
            a      1.0  0.1     1.0           0.1  16.7%
            b      1.0  0.1     1.0           0.1  16.7%

            exact: n, m
            expanded: +- 0.490 (k = 2)
            """),
        "",
    )


def test_where_first_order_says_nothing_second_order_is_shown(mg: Run) -> None:
    assert mg("uncertainty x**2 -x 0+-10") == (
        0,
        dedent("""\
            value = 100 +- 140

                 value     u   df/dx  contribution  share
            x      0.0  10.0     0.0           0.0      -

            expanded: +- 280 (k = 1.96, 95%)
            """),
        "warning: first order gives 0.0 +- 0.0; the function is not linear enough for it, so second order is shown\n"
        "note: the interval assumes a normal result; --samples gives the actual one\n",
    )


def test_a_point_outside_the_domain_is_pointed_at(mg: Run) -> None:
    status, stdout, stderr = mg("uncertainty '3*log(V)' -V 1+-0.6")
    assert (status, stdout.split("\n")[0]) == (1, "value = -0.4 +- 2.3")
    assert stderr.startswith(
        "warning: log is not defined at V = -0.03923, within 2 uncertainties\n  3*log(V)\n    ^^^^^^\n"
    )
    assert stderr.endswith("error: the result is undefined at 883 of 20,000 samples (4%)\n")


def test_a_derivative_that_is_refused_is_pointed_at(mg: Run) -> None:
    status, stdout, stderr = mg("uncertainty 'cbrt(x)' -x 0+-1")
    assert (status, stdout) == (0, "value = 0.0 +- 0.9\n\ninterval: [-1.242, 1.253] (95%, 20,000 samples)\n")
    assert stderr == (
        "warning: the derivative of cbrt is not defined at 0.0\n  cbrt(x)\n  ^^^^^^^\n"
        "warning: Monte Carlo is shown (20,000 samples)\n"
    )


def test_the_json_document(mg: Run) -> None:
    document = json.loads(mg(f"uncertainty {OHM} --json").stdout)
    assert list(document) == [
        "expression",
        "variables",
        "value",
        "u",
        "method",
        "first",
        "second",
        "grid",
        "expanded",
        "budget",
        "samples",
        "correlation",
    ]
    assert document["variables"]["V"] == {"value": 12.0, "u": 0.1, "nu": None, "distribution": "normal"}
    assert document["u"] == pytest.approx(0.15811388300841897, rel=1e-15)
    assert document["budget"]["I"] == {
        "derivative": -3.0,
        "contribution": pytest.approx(0.15),
        "share": pytest.approx(0.9),
    }
    assert document["expanded"]["k"] == pytest.approx(1.959963984540054)
    assert document["samples"] is None


def test_a_sweep_gives_a_row_for_each_point(mg: Run) -> None:
    assert mg("uncertainty 'V**2' -V 1:4+-1% --digits 3") == (
        0,
        dedent("""\
              V  value     u  expanded
            1.0    1.0  0.02    0.0392
            2.0    4.0  0.08     0.157
            3.0    9.0  0.18     0.353
            """),
        "",
    )
    status, stdout, stderr = mg("uncertainty 'log(V)' -V -1:2:1.5+-0.01 --json")
    assert (status, json.loads(stdout)["value"][0]) == (1, None)
    assert stderr.endswith("error: undefined at 1 of 2 points (nan)\n")


def test_samples_confirm_first_order_or_do_not(mg: Run) -> None:
    samples = mg("uncertainty a+b -a 1+-0.3 -b 2+-0.4 --samples 200000").stdout.split("\n")[-3:]
    assert samples[0] == "Monte Carlo: 3.002 +- 0.500, 95% interval [2.023, 3.983], 200,000 samples"
    assert samples[1].startswith("first order is confirmed: ")
    stdout = mg("uncertainty a+b -a 'uniform(-1, 1)' -b 0+-0.01 --samples 20000").stdout
    assert "first order is not confirmed: " in stdout


def test_the_same_seed_gives_the_same_samples(mg: Run) -> None:
    line = "uncertainty 'exp(a)' -a 1+-0.1 --samples 1000 --json"
    assert mg(line) == mg(f"{line} --seed 0")
    assert mg(line) != mg(f"{line} --seed 1")


def test_auto_draws_until_the_digits_are_settled(mg: Run) -> None:
    document = json.loads(mg("uncertainty a -a 0+-1 --samples auto --json").stdout)["samples"]
    assert document["settled"]
    assert document["number"] % 10_000 == 0
    assert document["interval"] == [pytest.approx(-1.96, abs=0.05), pytest.approx(1.96, abs=0.05)]


def test_one_variable_that_is_not_normal_gets_a_note(mg: Run) -> None:
    assert mg("uncertainty a+b -a 'uniform(-1, 1)' -b 0+-0.1").stderr == (
        "note: a is uniform and has 97% of the share, but the interval assumes a normal result;"
        " --samples gives the actual one\n"
    )


def test_what_looks_like_two_uncertainties_gets_a_note(mg: Run) -> None:
    result = mg("uncertainty a+b -a 12+0.3-0.1 -b 1+-1")
    assert result.stdout.startswith("value = 13.2 +- 1.0\n")
    assert result.stderr == (
        "note: a = 12+0.3-0.1 is a sum; asymmetric uncertainties need a distribution and --samples\n"
    )


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("12+-0.1", "12.0"),
        ("12 ± 5%", "12.0"),
        ("12.00(10)", "12.0"),
        ("uniform(1, 3)", "2.0"),
        ("readings(1, 3)", "2.0"),
    ],
)
def test_other_commands_take_the_middle_and_say_so(mg: Run, value: Any, result: Any) -> None:
    note = "note: the uncertainty of x is left out; mg uncertainty uses it\n"
    assert mg("eval", "x", "-x", value) == (0, f"{result}\n", note)


def test_the_note_comes_once_and_the_memory_keeps_the_uncertainty(mg: Run) -> None:
    assert mg("grad x*y -x 2+-0.1 -y 3(1)").stderr == (
        "note: the uncertainties of x, y are left out; mg uncertainty uses them\n"
    )
    result = mg("uncertainty")
    assert result.stdout.startswith("value = 6.0 +- 2.0\n")
    assert result.stderr == "using the last expression: x*y with x = 2+-0.1, y = 3(1)\n"


def test_arithmetic_stays_arithmetic(mg: Run) -> None:
    assert mg("eval", "x", "-x", "12 + -0.1") == (0, "11.9\n", "")
    assert mg("eval", "x", "-x", "2*(3+-1)") == (0, "4.0\n", "")
    assert mg("eval", "x+-1", "-x", "3") == (0, "2.0\n", "")
    assert mg("eval", "x", "-x", "0.10(2)", "--exact", "20").stdout == "0.10000000000000000000\n"


def test_the_propagation_as_latex(mg: Run) -> None:
    assert mg(f"uncertainty {OHM} --latex") == (
        0,
        dedent(r"""
            \begin{align*}
              f &= \frac{V}{I} \\
               &= 6.00 \pm 0.16 \\
              u(f) &= \sqrt{\left(\frac{\partial f}{\partial V} \, u(V)\right)^{2} + \left(\frac{\partial f}{\partial I} \, u(I)\right)^{2}} \\
               &= \sqrt{\left(\frac{1}{I} \, u(V)\right)^{2} + \left(-\frac{V}{I^{2}} \, u(I)\right)^{2}} \\
               &= \sqrt{\left(0.5 \cdot 0.1\right)^{2} + \left(-3 \cdot 0.05\right)^{2}} \\
               &= 0.158114
            \end{align*}
            """).lstrip(),  # noqa: E501
        "",
    )


@pytest.mark.parametrize(
    "line",
    [
        OHM,
        "'f = a_1*exp(-b**2)' --a_1 12+-0.1 -b 0.2+-0.05 --correlation a_1,b=-0.4",
        "x**2 -x 0+-1",
        "'l*1e9' -l '5.0(1)e-2'",
        "'sqrt(x)' -x 0+-1",
        "'" + " + ".join(f"sin({number}*x)" for number in range(1, 40)) + "' -x 1+-0.001",
    ],
)
def test_each_line_of_latex_can_be_set(mg: Run, line: Any) -> None:
    from matplotlib.mathtext import MathTextParser

    lines = mg(f"uncertainty {line} --latex").stdout.splitlines()
    assert (lines[0], lines[-1]) == (r"\begin{align*}", r"\end{align*}")
    assert all(each.endswith(r" \\") for each in lines[1:-2])
    for each in lines[1:-1]:
        assert each.count("&") == 1
        MathTextParser("agg").parse(f"${each.removesuffix(chr(92) * 2).replace('&', '')}$")


def test_the_shares_as_bars(mg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert mg(f"uncertainty {OHM} --plot") == (
        0,
        dedent("""\
            value = 6.00 +- 0.16
            I  ███████████████████████████     90.0%
            V  ███                             10.0%
            """),
        "",
    )
    negative = mg("uncertainty a+b -a 1+-1 -b 1+-2 --correlation a,b=-0.9 --plot").stdout
    assert negative.count("░") == 11
    picture = tmp_path / "shares.svg"
    assert mg(f"uncertainty {OHM} --plot --out {picture}") == (0, "", "")
    assert picture.read_bytes().count(b"0.0%") == 2


class Interrupted(Watched[Any]):
    """What Ctrl-C during the first item does."""

    def __iter__(self) -> Iterator[Any]:
        for item in super().__iter__():
            yield item
            signal.raise_signal(signal.SIGINT)


def test_ctrl_c_shows_the_samples_that_there_are(mg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uncertain_inputs, "Watched", Interrupted)
    status, stdout, stderr = mg("uncertainty x -x 1+-0.1 --samples 1e6")
    assert status == 130
    assert stdout.endswith("allowed\n")
    assert "10,000 samples" in stdout
    assert stderr == "note: interrupted after 10,000 samples\n"


def test_ctrl_c_shows_the_points_of_a_sweep_that_there_are(mg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uncertain_sweep, "Watched", Interrupted)
    assert mg("uncertainty 2*x -x 0:5:1+-0.1") == (
        130,
        "  x  value    u  expanded\n0.0    0.0  0.2  0.391993\n",
        "note: interrupted after 1 of 5 points\n",
    )


@pytest.mark.parametrize(
    ("value", "u", "digits", "text"),
    [
        # Those of the Particle Data Group.
        (0.827, 0.119, None, "0.83 +- 0.12"),
        (0.827, 0.367, None, "0.8 +- 0.4"),
        (0.827, 0.354, None, "0.83 +- 0.35"),
        (0.827, 0.355, None, "0.8 +- 0.4"),
        (1.2, 0.0949, None, "1.20 +- 0.09"),
        (1.2, 0.0951, None, "1.20 +- 0.10"),
        (1.2, 0.09996, None, "1.20 +- 0.10"),
        (123456.0, 951.0, None, "123500 +- 1000"),
        (100.0, 141.4, None, "100 +- 140"),
        (1.23449e-7, 1.234e-10, None, "(1.2345 +- 0.0012)e-7"),
        (5.0000838e7, 31.7, None, "(5.0000838 +- 0.0000032)e7"),
        (0.0, 3e-9, None, "(0.0 +- 3.0)e-9"),
        (-0.00001, 0.5, None, "0.0 +- 0.5"),
        (999999.7, 1.0, None, "999999.7 +- 1.0"),
        (1.0, 1e9, None, "(0.0 +- 1.0)e9"),
        (6.0, 0.158114, 4, "6.0000 +- 0.1581"),
        (6.0, 0.0999, 1, "6.0 +- 0.1"),
        (6.0, 9.99, 2, "6 +- 10"),
        (12.0, 0.0, None, "12.0 +- 0.0"),
        (0.0, 0.0, 3, "0.0 +- 0.0"),
        (1.0, 1e-30, None, "1.0 +- 1e-30"),
    ],
)
def test_a_value_and_its_uncertainty_are_rounded_to_the_same_place(value: Any, u: Any, digits: Any, text: Any) -> None:
    assert measurement(value, u, digits) == text


def test_a_list_is_no_set_of_readings(mg: Run) -> None:
    assert mg("uncertainty x -x 9.98,10.01,10.02") == (
        2,
        "",
        "error: no variable has an uncertainty\n"
        "hint: repeated readings of one quantity are written -x 'readings(9.98,10.01,10.02)'\n",
    )
    assert mg("uncertainty x -x 'readings(9.98,10.01,10.02)'").stdout.startswith("value = 10.003 +- 0.012\n")


def test_a_sweep_over_a_list_has_uncertainties_too(mg: Run) -> None:
    assert mg("uncertainty 2*x -x 1,2,4+-10%").stdout == (
        "  x  value    u  expanded\n1.0    2.0  0.2  0.391993\n2.0    4.0  0.4  0.783986\n4.0    8.0  0.8   1.56797\n"
    )


@pytest.mark.parametrize(
    ("line", "status", "text"),
    [
        ("y -y 1e308+-1e306 --samples 100", 0, "Monte Carlo: ("),
        ("x -x 2+-1e-9 --samples 100", 0, "first order may be right, but more samples are needed to tell: the ends"),
        ("'where(x == 2, x, log(-x))' -x 2+-0.1 --samples 100", 1, "Monte Carlo: no mean and deviation, 100 samples"),
    ],
)
def test_samples_of_any_size_or_none(mg: Run, line: str, status: int, text: str) -> None:
    result = mg(f"uncertainty {line}")
    assert (result.exit_code, "nan" in result.stdout) == (status, False)
    assert f"\n{text}" in result.stdout
