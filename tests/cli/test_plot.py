"""`mg plot`."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from running import Run

from mgcli.cli import progress

PARABOLA = ["3*x**2 - 4*x + 5", "-x", "-5:5:0.25"]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_picture_in_the_terminal(mg: Run) -> None:
    assert mg("plot", "1/x", "-x", "-5:5:0.25", "--tangent", "-1") == (
        1,
        GOLDEN,
        "error: undefined at 1 of 40 points (nan)\n",
    )


GOLDEN = """\
                                        1/x
  ┌────────────────────────────────────────────────────────────────────────────┐
 2┤        ·                                 ⠸⡀                                │
  │         ·                                 ⢣                                │
  │          ··                               ⠈⢆                               │
  │            ··                              ⠈⢢                              │
 1┤              ··                              ⠑⢄                            │
  │                ··                              ⠉⠒⠤⣀                        │
  │                  ··                                ⠉⠒⠢⠤⢄⣀⣀⣀⡀               │
  │                    ··                                      ⠈⠉⠉⠉⠑⠒⠒⠒⠒⠒⠤⠤⠤⠤⠤⠤│
 0┤                      ··                                                    │
  │⠒⠒⠒⠒⠒⠒⠢⠤⠤⠤⠤⠤⣀⣀⣀⣀        ·                                                   │
  │                ⠉⠉⠉⠉⠒⠒⠤⢄⣀⡀·                                                 │
  │                         ⠈⠑⠢⢄⡀                                              │
-1┤                             ⠈⠢⡄                                            │
  │                               ⠈⢆                                           │
  │                                 ⢇·                                         │
  │                                 ⠘⡄··                                       │
-2┤                                  ⠱⡀ ··                                     │
  └────────┬──────────────┬──────────────┬───────────────┬──────────────┬──────┘
          -4             -2              0               2              4
                                         x
                   ⠒⠒⠒ f(x)   ··· tangent at x = -1, slope -1
"""


def test_without_a_terminal_the_picture_is_plain_text_of_80_by_24(mg_process: Run) -> None:
    result = mg_process("plot", *PARABOLA, env={"COLUMNS": "200", "LINES": "60", "PYTHONIOENCODING": "utf-8"})
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\x1b" not in result.stdout
    assert len(result.stdout.splitlines()) == 23
    assert max(map(len, result.stdout.splitlines())) == 80


def test_a_terminal_without_braille_gets_ascii(mg_process: Run) -> None:
    result = mg_process("plot", *PARABOLA, "--derivative", "--tangent", "2", env={"PYTHONIOENCODING": "ascii"})
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.isascii()
    assert result.stdout.endswith("*** f(x)   ooo df/dx   ... tangent at x = 2, slope 8\n")


@pytest.mark.parametrize(("name", "beginning"), [("c.svg", b"<?xml"), ("c.PNG", b"\x89PNG"), ("c.pdf", b"%PDF-")])
def test_the_suffix_says_what_is_written(mg: Run, tmp_path: Path, name: str, beginning: bytes) -> None:
    assert mg("plot", *PARABOLA, "--derivative", "--tangent", "2", "--out", name) == (0, "", "")
    assert (tmp_path / name).read_bytes().startswith(beginning)


@pytest.mark.slow
def test_the_same_expression_gives_the_same_file(mg_process: Run, tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        assert mg_process("plot", *PARABOLA, "--derivative", "--out", name) == (0, "", "")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_a_picture_goes_to_standard_output(mg: Run) -> None:
    status, stdout, stderr = mg("plot", *PARABOLA, "--out", "-", "--format", "svg")
    assert (status, stdout[:5], stderr) == (0, "<?xml", "")


def test_points_without_a_value_are_counted_and_the_picture_is_written(mg: Run, tmp_path: Path) -> None:
    assert mg("plot log(x) -x -2:2:0.5 --out log.svg") == (1, "", "error: undefined at 5 of 8 points (nan)\n")
    assert (tmp_path / "log.svg").exists()


def test_a_derivative_that_is_not_wanted_is_not_counted(mg: Run) -> None:
    assert mg("plot sqrt(x) -x 0:2:0.5").exit_code == 0
    result = mg("plot sqrt(x) -x 0:2:0.5 --derivative")
    assert (result.exit_code, result.stderr) == (1, "error: undefined at 1 of 4 points (nan)\n")


def test_two_sweeps_give_a_contour_map(mg: Run, tmp_path: Path) -> None:
    assert mg("plot 'k*(x - 1)**2 + log(y)' -k 3 -x -4:6:1 -y -1:3:1 --out map.svg") == (
        1,
        "",
        "error: undefined at 20 of 40 points (nan)\n",
    )
    assert rb"<!-- $f\left(x, y\right)$ -->" in (tmp_path / "map.svg").read_bytes()


# A range without a step


def test_a_range_without_a_step_is_drawn_from_end_to_end(mg: Run) -> None:
    assert mg("plot sin(x) -x 0:10 --derivative") == (0, EVEN, "")


EVEN = """\
                                       sin(x)
    ┌──────────────────────────────────────────────────────────────────────────┐
   1┤••••    ⣀⠴⠊⠉⠉⠓⢤⡀                           ••••••     ⢀⡴⠚⠉⠉⠓⢦⡀            │
    │   •••⢀⡜⠁      ⠙⢄                        •••     ••  ⡴⠋      ⠙⢦           │
    │     ⢠⠎         ⠈⢣⡀                     ••        •⢀⠞          ⢳⡀         │
    │    ⣰⠃••          ⢳⡀                   ••         ⢠⠏••          ⠱⡄        │
 0.5┤   ⣰⠃  ••          ⢳⡀                 ••         ⢠⠏  ••          ⠹⡄       │
    │  ⢰⠃    ••          ⢳⡀               ••         ⢠⠏    ••          ⠹⡄      │
    │ ⢠⠇      ••          ⢳              ••         ⢠⠏      ••          ⠱⡀     │
    │⢠⠏        ••          ⢧            ••         ⢀⡎        ••          ⢳⡀    │
   0┤⠏          ••         ⠈⢇          ••          ⡞          ••          ⢣    │
    │            ••         ⠈⣆        ••          ⡜            ••         ⠈⢧   │
    │             ••         ⠘⣆      ••          ⡼⠁             ••         ⠈⢇  │
    │              ••         ⠘⡆    ••          ⡰⠁               ••         ⠘⣆ │
-0.5┤               ••         ⠘⡄  ••          ⡰⠁                 ••         ⠘⣆│
    │                ••         ⠘⣄••          ⡰⠁                   ••         ⠈│
    │                 ••         ⠘⢦         ⢀⡜⠁                     ••         │
    │                  •••     •• ⠈⠳⡄      ⣠⠞                        •••    •••│
    │                    •••••••    ⠈⠲⢤⣀⣀⡤⠞⠁                           ••••••  │
    └┬──────────────┬─────────────┬──────────────┬─────────────┬──────────────┬┘
     0              2             4              6             8             10
                                          x
                              ⠒⠒⠒ f(x)   ••• df/dx
"""


def test_a_range_without_a_step_has_its_ends_and_a_thousand_points(mg: Run) -> None:
    written = json.loads(mg("plot x**2 -x 3:-1 --derivative --json").stdout)
    points = written["variables"]["x"]
    assert (len(points), points[0], points[-1]) == (1000, 3.0, -1.0)
    assert points == sorted(points, reverse=True)
    assert written["value"] == [point**2 for point in points]
    assert written["gradient"]["x"] == [2 * point for point in points]


def test_a_map_has_a_hundred_points_along_each_range_without_a_step(mg: Run) -> None:
    written = json.loads(mg("plot x*y -x 0:1 -y 0:3:1 --json").stdout)
    assert [len(row) for row in written["value"]] == [100] * 3
    assert [written["variables"]["x"][index] for index in (0, -1)] == [0.0, 1.0]
    assert written["variables"]["y"] == [0.0, 1.0, 2.0]
    assert [len(row) for row in json.loads(mg("plot x*y -x 0:3:1 -y 0:1 --json").stdout)["value"]] == [3] * 100


def test_a_pole_in_the_middle_of_a_range_without_a_step_is_not_a_point_of_it(mg: Run) -> None:
    assert mg("plot sin(x)/x -x -5:5 --json").exit_code == 0


@pytest.mark.parametrize("bounds", ["1:1.000000000000002", "1:1.000000000000002:1e-17", "0:1e-320:1e-322"])
def test_points_that_are_the_same_float_are_drawn(mg: Run, bounds: str) -> None:
    done = mg(f"plot x**2 -x {bounds} --derivative --out c.png")
    assert (done.exit_code, done.stdout) == (0, "")
    assert re.fullmatch(r"note: rounding may move the curve visibly at \d+ of \d+ points\n", done.stderr)


def test_a_curve_that_rounding_moves_is_reported(mg: Run) -> None:
    done = mg("plot x**6-6*x**5+15*x**4-20*x**3+15*x**2-6*x+1 -x 0.995:1.005:0.001 --json")
    assert done.exit_code == 0
    assert done.stderr == "note: rounding may move the curve visibly at 9 of 10 points\n"
    assert mg("plot (x-1)**6 -x 0.995:1.005:0.001 --json").stderr == ""


# JSON


def test_json_holds_the_points(mg: Run) -> None:
    assert mg("plot a*x**2 -a 2 -x 0:3:1 --json") == (
        0,
        '{"expression": "a*x**2", "variables": {"a": 2.0, "x": [0.0, 1.0, 2.0]}, '
        '"value": [0.0, 2.0, 8.0], "rounding": [0.0, 0.0, 0.0]}\n',
        "",
    )


def test_json_holds_the_derivative_and_the_tangent_if_wanted(mg: Run) -> None:
    result = mg("plot x**2 -x 0:3:1 --derivative --tangent 1.5 --json")
    assert json.loads(result.stdout) == {
        "expression": "x**2",
        "variables": {"x": [0.0, 1.0, 2.0]},
        "value": [0.0, 1.0, 4.0],
        "rounding": [0.0, 0.0, 0.0],
        "gradient": {"x": [0.0, 2.0, 4.0]},
        "tangent": {"x": 1.5, "value": 2.25, "slope": 3.0},
    }


def test_json_of_two_sweeps_holds_a_row_for_each_point_of_the_second(mg: Run) -> None:
    result = mg("plot x*y**2 -x 0:3:1 -y 1:3:1 --derivative --json")
    assert json.loads(result.stdout) == {
        "expression": "x*y**2",
        "variables": {"x": [0.0, 1.0, 2.0], "y": [1.0, 2.0]},
        "value": [[0.0, 1.0, 2.0], [0.0, 4.0, 8.0]],
        "rounding": [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
        "gradient": {"x": [[1.0, 1.0, 1.0], [4.0, 4.0, 4.0]], "y": [[0.0, 2.0, 4.0], [0.0, 4.0, 8.0]]},
    }


def test_json_and_a_picture_come_together(mg: Run, tmp_path: Path) -> None:
    assert mg("plot x**2 -x 0:3 --json --out c.png").stdout.startswith('{"expression": "x**2"')
    assert (tmp_path / "c.png").exists()


# The memory


def test_the_last_expression_and_its_sweep_are_used_again(mg: Run) -> None:
    mg("eval x**2 -x -5:5")
    status, stdout, stderr = mg("plot")
    assert (status, stderr) == (0, "using the last expression: x**2 with x = -5:5\n")
    assert stdout.splitlines()[0].strip() == "x**2"


# What is refused


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x -x 1:1", "the value of x: no points from 1.0 to 1.0\nhint: write two different ends"),
        (
            "x**2",
            "no variable is swept\nhint: write a range for its value, as in -x -5:5",
        ),
        (
            "x**2 -x 3",
            "no variable is swept\nhint: write a range for its value, as in -x -5:5",
        ),
        (
            "a*rate -a 3",
            "no variable is swept\nhint: write a range for its value, as in --rate -5:5",
        ),
        ("2+3", "the expression has no variable\nhint: write one, as in x**2 with -x -5:5"),
        ("a*x -x 0:3", "a has no value\n  a*x\n  ^\nhint: give it a value: -a VALUE"),
        (
            "x*y*z -x 0:3 -y 0:3 -z 0:3",
            "x, y and z are swept\nhint: sweep one or two of them, and give the others one value",
        ),
        ("x*y -x 0:3 -y 0:3", "a contour map, here of x and y, needs a file\nhint: add --out map.png"),
        (
            "x*y -x 0:3 -y 0:3 --tangent 1 --out c.png",
            "--tangent needs one swept variable, not x and y\nhint: give one of them one value",
        ),
        (
            "x*y -x 0:1:1 -y 0:3 --out c.png",
            "a contour map needs at least two points of x\nhint: take a smaller step",
        ),
        (
            "x*y -x 0:1e4:1 -y 0:1e4:1 --out c.png",
            "more than 10,000,000 points\nhint: take larger steps",
        ),
        ("x -x 0:3 --tangent y", "--tangent y: y has no value\nhint: write a number, such as 2"),
        (
            "x -x 0:3 --tangent log(-1)",
            "--tangent log(-1): log is not defined at -1.0\nhint: write a number, such as 2",
        ),
        (
            "x -x 0:3 --out c.jpg",
            "the suffix of c.jpg is not a picture format\nhint: use one of .svg, .png, .pdf",
        ),
        ("x -x 0:3 --out c", "c has no suffix\nhint: use one of .svg, .png, .pdf"),
        ("x -x 0:3 --out -", "--out - needs a format\nhint: add --format svg"),
        ("x -x 0:3 --format png", "--format png needs --out\nhint: add --out FILE, or --out - for standard output"),
        (
            "x -x 0:3 --out - --format png --json",
            "--out - and --json both write to standard output\nhint: write the picture to a file",
        ),
    ],
)
def test_a_plot_that_cannot_be_made_is_an_error_with_a_remedy(
    mg: Run, tmp_path: Path, line: str, expected: str
) -> None:
    assert mg(f"plot {line}") == (2, "", f"error: {expected}\n")
    assert list(tmp_path.glob("c*")) == []


def test_a_tangent_where_there_is_no_derivative_is_an_error_that_points(mg: Run) -> None:
    assert mg("plot 1+sqrt(x) -x 0:3 --tangent 0") == (
        1,
        "",
        "error: the derivative of sqrt is not defined at 0.0\n  1+sqrt(x)\n    ^^^^^^^\n",
    )
    assert mg("plot 1+log(x) -x 1:3 --tangent -1") == (
        1,
        "",
        "error: log is not defined at -1.0\n  1+log(x)\n    ^^^^^^\n",
    )


def test_a_kink_has_no_tangent(mg: Run) -> None:
    assert mg("plot abs(t) -t -1:1:0.5 --tangent 0 --json") == (
        1,
        "",
        "error: no tangent at t = 0.0: abs has a kink at 0.0: the slope is -1 on the left and 1 on the right\n"
        "  abs(t)\n  ^^^^^^\n",
    )
    assert mg("plot max(t**2,3*t**2) -t -1:1 --tangent 0").exit_code == 0


def test_a_tangent_may_touch_beside_the_sweep(mg: Run) -> None:
    result = mg("plot x**2 -x 0:3 --tangent 2*pi --json")
    assert json.loads(result.stdout)["tangent"]["slope"] == pytest.approx(12.566370614359172, rel=1e-15)


@pytest.mark.parametrize(
    ("module", "requirement", "extra", "what"),
    [
        ("matplotlib", "matplotlib", ["--out", "c.svg"], "a picture in a file"),
        ("plotext", "'plotext<6'", [], "a picture in the terminal"),
    ],
)
def test_without_the_library_the_error_has_the_command_that_installs_it(
    mg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, requirement: str, extra: list[str], what: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert mg("plot", *PARABOLA, *extra) == (
        1,
        "",
        f"error: {what} needs {module}, which is not installed\n"
        f"hint: install it: python -m pip install {requirement}\n",
    )
    assert not (tmp_path / "c.svg").exists()


def test_json_needs_no_extra(mg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("matplotlib", "plotext"):
        monkeypatch.setitem(sys.modules, module, None)
    assert mg("plot", *PARABOLA, "--json").exit_code == 0


def test_a_file_that_cannot_be_written_is_an_error(mg: Run) -> None:
    assert mg("plot", *PARABOLA, "--out", "nowhere/c.svg") == (
        1,
        "",
        "error: cannot write nowhere/c.svg: No such file or directory\n"
        "hint: there is no folder nowhere; make it first\n",
    )


# Long work


@pytest.mark.parametrize(("extra", "length"), [("--json", 50), ("-y 0:9:1 --json", 9)])
def test_a_sweep_is_watched(mg: Run, monkeypatch: pytest.MonkeyPatch, extra: str, length: int) -> None:
    watched = []

    class Recorded(progress.Watched[Any]):
        def __init__(self, items: Any, length: Any) -> None:
            watched.append(length)
            super().__init__(items, length)

    monkeypatch.setattr("mgcli.cli.commands.plot.Watched", Recorded)
    assert mg(f"plot {'x*y' if '-y' in extra else 'x*x'} -x 0:50:1 {extra}").exit_code == 0
    assert watched == [length]


@pytest.mark.parametrize("extra", ["", "-y 0:9:1 --out c.png"])
def test_an_interrupt_ends_it_without_a_picture(
    mg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extra: str
) -> None:
    from mgcli.language.program import Program

    evaluate = Program.evaluate
    calls: list[None] = []

    def interrupted(self: Program) -> bool:
        calls.append(None)
        if len(calls) == 5:
            signal.raise_signal(signal.SIGINT)
        return evaluate(self)

    monkeypatch.setattr(Program, "evaluate", interrupted)
    result = mg(f"plot x**2+{'y' if extra else 'x'} -x 0:9:1 {extra}")
    assert (result.exit_code, result.stdout) == (130, "")
    assert list(tmp_path.glob("c*")) == []


@pytest.mark.parametrize("line", ["plot x**2 -x 0:3 --json", "eval 1"])
def test_no_drawing_library_is_loaded_before_it_is_needed(line: str) -> None:
    code = (
        "import sys\nfrom mgcli.cli.group import cli\n"
        "try:\n    cli(sys.argv[1:])\n"
        "finally:\n    assert not {'matplotlib', 'numpy', 'plotext'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code, *line.split()], check=True, stdout=subprocess.DEVNULL)


# Several expressions


def test_several_expressions_are_curves_of_one_picture(mg: Run) -> None:
    assert mg("plot", "x**2", "2*x", "-x", "0:2") == (0, TWO, "")


TWO = """\
                                    x**2, 2*x
 ┌─────────────────────────────────────────────────────────────────────────────┐
4┤                                                                          ⢀••│
 │                                                                     •••⣠⠴⠋  │
 │                                                                ••••••⡠⠞⠁    │
 │                                                           ••••••  ⣀⠴⠋       │
3┤                                                       •••••    ⢀⡤⠚⠁         │
 │                                                  ••••••     ⢀⣠⠖⠉            │
 │                                             ••••••        ⣠⠔⠋               │
 │                                        ••••••         ⢀⣠⠔⠋                  │
2┤                                    •••••           ⢀⡠⠖⠋                     │
 │                               ••••••            ⣀⡤⠚⠉                        │
 │                          ••••••             ⢀⣠⠖⠋⠁                           │
 │                     ••••••              ⢀⣠⠴⠚⠉                               │
1┤                 •••••               ⣀⡤⠖⠋⠁                                   │
 │            ••••••             ⢀⣀⡤⠴⠚⠉⠁                                       │
 │       ••••••            ⢀⣀⡠⠤⠖⠊⠉                                             │
 │  ••••••         ⢀⣀⣀⡤⠤⠖⠒⠋⠉                                                   │
0┤⣀⣀⣀⣀⣀⣀⣠⠤⠤⠤⠤⠴⠒⠒⠒⠉⠉⠉                                                           │
 └┬──────────────────┬──────────────────┬──────────────────┬──────────────────┬┘
  0                 0.5                 1                 1.5                 2
                                        x
                               ⠒⠒⠒ x**2   ••• 2*x
"""


def test_each_expression_takes_the_values_of_its_own_variables(mg: Run) -> None:
    written = json.loads(mg("plot", "a*x", "b*x", "5", "-a", "2", "-b", "3", "-x", "0:3:1", "--json").stdout)
    x, rounding = [0.0, 1.0, 2.0], [0.0, 0.0, 0.0]
    assert written["curves"] == [
        {"expression": "a*x", "variables": {"a": 2.0, "x": x}, "value": [0.0, 2.0, 4.0], "rounding": rounding},
        {"expression": "b*x", "variables": {"b": 3.0, "x": x}, "value": [0.0, 3.0, 6.0], "rounding": rounding},
        {"expression": "5", "variables": {"x": x}, "value": [5.0, 5.0, 5.0], "rounding": rounding},
    ]


def test_several_expressions_have_a_derivative_each(mg: Run) -> None:
    curves = json.loads(mg("plot", "x**2", "5", "-x", "0:3:1", "--derivative", "--json").stdout)["curves"]
    assert [curve["gradient"] for curve in curves] == [{"x": [0.0, 2.0, 4.0]}, {"x": [0.0, 0.0, 0.0]}]
    legend = mg("plot", "x**2", "5", "-x", "0:3", "--derivative").stdout.splitlines()[-1]
    assert legend.strip() == "⠒⠒⠒ x**2   ••• 5   +++ derivative of x**2   ××× derivative of 5"


def test_undefined_points_of_several_expressions_are_counted_together(mg: Run) -> None:
    result = mg("plot", "log(x)", "1/x", "x", "-x", "-1:2:1")
    assert (result.exit_code, result.stderr) == (1, "error: undefined at 3 of 9 points (nan)\n")


def test_all_of_several_expressions_are_remembered_and_other_commands_use_the_first(mg: Run) -> None:
    mg("plot", "x**2", "a*x", "-a", "3", "-x", "0:2")
    assert mg("plot").stderr == "using the last expressions: x**2, a*x with a = 3, x = 0:2\n"
    assert mg("eval -x 4") == (0, "16.0\n", "using the first of the last 2 expressions: x**2 with x = 4\n")
    assert mg("plot -x 1:2 --json").stderr == "using the last expressions: x**2, a*x with a = 3, x = 1:2\n"
    mg("eval 2*x -x 1")
    assert mg("eval").stderr == "using the last expression: 2*x with x = 1\n"


def test_one_of_several_expressions_may_come_from_a_file(mg: Run, tmp_path: Path) -> None:
    (tmp_path / "f.mg").write_text("x**2")
    for line in ("plot f.mg 2*x", "plot 2*x --file f.mg"):
        curves = json.loads(mg(f"{line} -x 0:2:1 --json").stdout)["curves"]
        assert sorted(curve["expression"] for curve in curves) == ["2*x", "x**2"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "a + b -a 1 -b 0:1",
            "two expressions: a and +\nhint: put the expression in quotes, and each value after its name",
        ),
        ("x**2 x=-5:5", "two expressions: x**2 and x=-5:5\nhint: write -x -5:5"),
        ("x x**2 -x 0:1 --tangent 1", "--tangent needs one expression, not 2\nhint: plot one of them"),
        (
            "x*y x -x 0:1 -y 0:1 --out c.png",
            "a contour map, here of x and y, shows one expression, not 2\nhint: plot one of them",
        ),
        ("x x*y -x 0:1", "y has no value\n  x*y\n    ^\nhint: give it a value: -y VALUE"),
        ("x y -z 1 -x 0:1", "the expression has no variable z\nhint: it has x"),
        (
            "e=2*a a+e -e 0:1 -a 1",
            "e is defined by the expression, so it takes no value\n  e=2*a\n  ^\n"
            "hint: delete 'e = ...' from the expression, or choose another name",
        ),
    ],
)
def test_several_expressions_that_do_not_fit_are_an_error(mg: Run, line: str, expected: str) -> None:
    assert mg(f"plot {line}") == (2, "", f"error: {expected}\n")


# A constant


def test_a_constant_is_a_level_line(mg: Run) -> None:
    written = json.loads(mg("plot 5 -t -1:1:1 --derivative --json").stdout)
    assert (written["variables"], written["value"], written["gradient"]) == (
        {"t": [-1.0, 0.0]},
        [5.0, 5.0],
        {"t": [0.0, 0.0]},
    )
    status, stdout, stderr = mg("plot 5 -t -1:1")
    assert (status, stderr) == (0, "")
    assert stdout.count("⠒" * 70) == 1
    assert mg("plot a*b -a 2 -b 3 -t 0:1").exit_code == 0


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x**2 -t 0:1", "the expression has no variable t\nhint: it has x"),
        ("5 -t 1", "the expression has no variable t\nhint: it has none"),
        ("5 -tangent 0:1", "the expression has no variable tangent\nhint: did you mean --tangent?"),
    ],
)
def test_a_range_for_a_name_that_an_expression_lacks_is_an_error_unless_it_is_constant(
    mg: Run, line: str, expected: str
) -> None:
    assert mg(f"plot {line}") == (2, "", f"error: {expected}\n")


# The look


def test_labels_limits_and_size_are_chosen(mg: Run) -> None:
    line = ["plot", "x**2", "-x", "-5:5", "--title", "The square", "--xlabel", "side", "--ylabel", "area"]
    assert mg(*line, "--xlim", "0:2", "--ylim", "0:4", "--size", "40x15") == (0, CHOSEN, "")


CHOSEN = """\
               The square
area
 ┌─────────────────────────────────────┐
4┤                                  ⢀⡴⠊│
 │                                ⣠⠖⠉  │
 │                             ⣠⠔⠋     │
2┤                          ⣀⠴⠋⠁       │
 │                      ⢀⡠⠖⠋           │
 │                  ⣀⡠⠔⠊⠁              │
 │            ⢀⣀⡤⠴⠚⠉⠁                  │
0┤⣀⣀⣀⣀⣠⠤⠤⠤⠖⠒⠚⠉⠁                        │
 └┬─────────────────┬─────────────────┬┘
  0                 1                 2
                  side
                ⠒⠒⠒ f(x)
"""


def test_a_range_on_a_logarithmic_axis_has_points_by_factors(mg: Run) -> None:
    written = json.loads(mg("plot 1/x -x 0.01:100 --log x --json").stdout)
    points = written["variables"]["x"]
    assert (len(points), points[0], points[-1]) == (1000, 0.01, 100.0)
    assert points[500] / points[499] == pytest.approx(points[1] / points[0])
    assert json.loads(mg("plot 1/x -x 1:5:1 --log x --json").stdout)["variables"]["x"] == [1.0, 2.0, 3.0, 4.0]
    written = json.loads(mg("plot x*y -x 1:2 -y 0.01:100 --log y --json").stdout)
    assert written["variables"]["x"][50] - written["variables"]["x"][49] == pytest.approx(1 / 99)
    assert written["variables"]["y"][1] / written["variables"]["y"][0] == pytest.approx(1e4 ** (1 / 99))


def test_values_that_a_logarithmic_axis_does_not_show_are_counted(mg: Run) -> None:
    result = mg("plot x**3 -x -2:3:1 --log y")
    assert (result.exit_code, result.stderr) == (
        0,
        "note: a logarithmic axis does not show 3 values that are not positive\n",
    )


@pytest.mark.parametrize(
    "name", ["c.png", pytest.param("c.svg", marks=pytest.mark.slow), pytest.param("c.pdf", marks=pytest.mark.slow)]
)
def test_a_file_has_a_look_too(mg: Run, tmp_path: Path, name: str) -> None:
    look = ["--title", "$x^2$ for $$", "--xlabel", r"$\alpha$", "--ylabel", "y", "--xlim", "1:2", "--log", "xy"]
    assert mg("plot", "x**2", "-x", "0.5:3", *look, "--size", "8x6cm", "--out", name) == (0, "", "")
    content = (tmp_path / name).read_bytes()
    # 8 cm are 472 dots, and 226.77 points.
    size = {"c.png": b"IHDR\x00\x00\x01\xd8\x00\x00\x01b", "c.svg": b'width="226.77', "c.pdf": b"[ 0 0 226.77"}
    assert size[name] in content


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "x -x 0:1 --log x",
            "x reaches 0.0, and a logarithmic axis has only positive numbers\n"
            "hint: begin above 0, as in -x 1e-3:10, or leave out --log x",
        ),
        (
            "x -x 1:2 --log y --ylim 0:1",
            "--ylim 0:1 begins at 0.0, and a logarithmic axis has no 0\nhint: begin above 0, as in --ylim 1e-3:10",
        ),
        ("x -x 1:2 --xlim 3", "--xlim takes LOW:HIGH, not 3\nhint: write two numbers, as in --xlim -1:1"),
        ("x -x 1:2 --xlim 3:1", "--xlim 3:1: nothing lies between\nhint: write the lower number first"),
        ("x -x 1:2 --ylim 0:y", "--ylim y: y has no value\nhint: write a number, such as 1"),
        (
            "x -x 1:2 --size 9",
            "--size in the terminal takes columns and lines, from 40x11 to 1000x1000, not 9\nhint: write 100x30",
        ),
        (
            "x -x 1:2 --size 1000x900 --out c.png",
            "--size takes a width and a height from 1 to 60 inches, not 1000x900\nhint: write 8x5, 16x9cm or 800x600px",
        ),
    ],
)
def test_a_look_that_is_not_possible_is_an_error(mg: Run, line: str, expected: str) -> None:
    assert mg(f"plot {line}") == (2, "", f"error: {expected}\n")


def test_letters_without_a_font_get_a_warning(mg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mgcli.render.lettering._other_fonts", lambda: iter(()))
    line = ["plot", "温度**2 + α", "--温度", "-5:5", "-α", "1"]
    assert mg(*line, "--out", "c.png") == (
        0,
        "",
        "warning: no font on this machine has 温度, so the picture shows boxes instead\n"
        "hint: install a font that has them, such as Noto, or write the picture as svg\n",
    )
    assert mg(*line, "--out", "c.svg") == (0, "", "")
    assert mg(*line) == mg(*line)


def test_curves_have_the_colour_of_their_legend(mg: Run) -> None:
    stdout = mg("plot", "x", "2*x", "-x", "0:1", "--color").stdout
    assert stdout.endswith("\x1b[38;5;33m⠒⠒⠒ x\x1b[0m   \x1b[38;5;166m••• 2*x\x1b[0m\n")
    assert stdout.splitlines()[2].endswith("\x1b[38;5;166m•\x1b[0m\x1b[38;5;166m•\x1b[0m│")
