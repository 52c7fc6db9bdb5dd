"""`mg code`: what it writes, line by line, and what it refuses. The functions are run by codegen/test_languages.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running import Run

from mgcli.codegen.source import LANGUAGES

GOLDEN = Path(__file__).parents[1] / "data/code"

PROGRAMS = {
    "logistic": '"log(1 + exp(-a*b))"',
    "pieces": '"g = 9.81; e = g*t; L = where(e > v, sqrt(e - v), e**3) + max(t, v)" --name pieces --wrt t --wrt v',
    "polar": '"x = r*cos(t); y = r*sin(t)" --of x --of y --name polar',
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_is_written_as_before(mg: Run, program: str, language: str, request: pytest.FixtureRequest) -> None:
    """After a change on purpose: pytest tests/cli/test_code.py --update, and read the difference."""
    written = mg(f"code {PROGRAMS[program]} --language {language}").stdout
    golden = GOLDEN / f"{program}.{language}.txt"
    if request.config.getoption("update"):
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text(encoding="utf-8")


def test_the_same_expression_gives_the_same_bytes(mg: Run, tmp_path: Path) -> None:
    line = 'code "x*erf(y) + gamma(z)" --language javascript'
    first = mg(line).stdout
    apart = subprocess.run(
        [sys.executable, "-m", "mgcli", "code", "x*erf(y) + gamma(z)", "--language", "javascript"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "MG_NO_STATE": "1"},
        cwd=Path(__file__).parents[2],
    )
    assert first == mg(line).stdout == apart.stdout


@pytest.mark.parametrize(
    ("file", "opening"),
    [
        ("f.c", "#include <math.h>\n"),
        ("f.h", "#ifndef F_H\n"),
        ("F.H", "#ifndef F_H\n"),
        ("f.rs", "/// `x*y`: value and gradient with respect to x and y.\n"),
        ("f.js", "/**\n * x*y: value"),
        ("f.mjs", "/**\n * x*y: value"),
        ("f.py", "import math\n"),
    ],
)
def test_the_suffix_says_which_language(mg: Run, tmp_path: Path, file: str, opening: str) -> None:
    assert mg("code", "x*y", "--out", str(tmp_path / file)) == (0, "", "")
    assert (tmp_path / file).read_text().startswith(opening)


def test_a_language_that_is_given_counts_more_than_the_suffix(mg: Run, tmp_path: Path) -> None:
    assert mg("code", "x*y", "--language", "numpy", "--out", str(tmp_path / "f.py"))[0] == 0
    assert "import numpy" in (tmp_path / "f.py").read_text()
    assert mg("code", "x*y", "--language", "rust", "--out", str(tmp_path / "f.h"))[0] == 0


def test_a_number_with_a_name_is_a_default_or_a_constant(mg: Run) -> None:
    line = 'code "g = 9.81; m*g*h"'
    assert "def f(m, h, g=9.81):" in mg(f"{line} --language python").stdout
    assert "def f(m, h, g=1.62):" in mg(f"{line} -g 1.62 --language python").stdout
    assert "export function f(m, h, g = 9.81) {" in mg(f"{line} --language javascript").stdout
    assert "int f(double m, double h, double *value, double gradient[2])" in mg(f"{line} --language c").stdout
    assert "pub fn f(m: f64, h: f64, g: f64)" in mg(f"{line} --language rust --wrt g").stdout
    assert "int f(double a, double b, double *value" in mg('code "a = 2; b = 3; a*b" --language c').stdout


def test_a_value_that_is_not_used_is_noted(mg: Run) -> None:
    shown = mg("code m*g -m 2 -g 9.81 --language c")
    assert (shown.exit_code, shown.stderr) == (0, "note: m, g are arguments of the function, so no value is used\n")
    assert mg("code 'g = 9.81; m*g' -g 1.62 --language c").stderr == ""


def test_names_are_those_of_the_user_where_they_are_legal(mg: Run) -> None:
    line = "code 'double = α*x1 + in; L = double*value*gamma' --value-only"
    c = mg(f"{line} --language c").stdout
    assert "int f(double x2, double x1, double in, double value_, double gamma, double *value)" in c
    assert "   x2 is α.\n" in c
    assert "const double double_ = x2*x1 + in;" in c
    assert "fn f(x2: f64, x1: f64, in_: f64, value_: f64, gamma: f64)" in mg(f"{line} --language rust").stdout
    assert "function f(α, x1, in_, value_, gamma)" in mg(f"{line} --language javascript").stdout
    assert "def f(α, x1, in_, value_, gamma):" in mg(f"{line} --language python").stdout


def test_more_than_eight_arguments_are_an_array(mg: Run) -> None:
    line = "code a*b*c*d*e*f*g*h*i --wrt a --language"
    c = mg(f"{line} c").stdout
    assert "int f(const double inputs[9], double *value, double gradient[1])" in c
    assert "The inputs are a, b, c, d, e, f, g, h and i." in c
    assert "pub fn f(inputs: &[f64; 9])" in mg(f"{line} rust").stdout
    assert "def f(a, b, c, d, e, f, g, h, i):" in mg(f"{line} python").stdout


def test_a_comment_cannot_end_early(mg: Run) -> None:
    program = '# a */ comment, """quoted"""\nL = (a*\n  b)  # */'
    shown = mg("code", program, "--language", "c").stdout
    assert "/* L = (a* b): value and gradient" in shown
    assert shown.partition("int f")[0].count("*/") == 1


def test_a_long_program_is_cut_in_the_comment(mg: Run) -> None:
    shown = mg("code", " + ".join(f"x{index}*x" for index in range(100)), "--language", "rust").stdout
    assert max(map(len, shown.partition("pub fn")[0].splitlines())) < 120


ADD = "hint: add --language c, rust, javascript, numpy or python\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("code x*y", f"no language is given\n{ADD}"),
        ("code x*y --out f.txt", f"the name of f.txt does not say which language\n{ADD}"),
        ("code x --language c --name for", "for cannot be the name of a function in C\nhint: choose another --name\n"),
        ("code x --language rust --header", "--header is for C\nhint: leave it out, or add --language c\n"),
        (
            "code x --language c --value-only --wrt x",
            "--value-only and --wrt cannot be combined\nhint: leave out one of them\n",
        ),
        (
            "code 'y = x' --language c --hessian --of y",
            "--hessian and --of cannot be combined\nhint: leave out one of them\n",
        ),
    ],
)
def test_a_wrong_use_is_status_2_with_what_to_do(mg: Run, line: str, message: str) -> None:
    assert mg(line) == (2, "", f"error: {message}")


def test_second_derivatives_are_with_respect_to_arguments(mg: Run) -> None:
    status, _, stderr = mg("code 'e = x*y; e**2' --language c --hessian --wrt e")
    assert (status, stderr.splitlines()[0]) == (2, "error: e depends on other variables")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_language_does_not_have_is_an_error_that_points(mg: Run, language: str) -> None:
    status, stdout, stderr = mg(f"code 'a*besselj(1, x)' --language {language}")
    assert (status, stdout) == (1, "")
    assert stderr.startswith("error: besselj cannot be written in ")
    assert stderr.endswith("  a*besselj(1, x)\n    ^^^^^^^^^^^^^\n")
    _, _, stderr = mg(f"code 'a*sinc(x)' --language {language}")
    assert stderr.startswith("error: the derivative of sinc cannot be written in ")
    assert stderr.endswith("    ^^^^^^^\nhint: leave out the derivatives: --value-only\n")
    assert mg(f"code 'a*sinc(x)' --language {language} --value-only")[0] == 0


def test_a_part_that_is_never_defined_is_an_error_only_where_it_is_needed(mg: Run) -> None:
    assert mg("code 'x + log(-1)' --language c")[::2] == (
        1,
        "error: log is not defined at -1.0\n  x + log(-1)\n      ^^^^^^^\n",
    )
    assert mg("code 'x*1e300*1e300' --language c")[::2] == (
        1,
        "error: a derivative is undefined or overflows, whatever the variables are\n"
        "hint: leave out the derivatives: --value-only\n",
    )
    assert "x > 0.0 ? x : NAN" in mg("code 'where(x > 0, x, log(-1))' --language c").stdout


@pytest.mark.parametrize(("short", "language"), [("js", "javascript"), ("PY", "python"), ("rs", "rust")])
def test_a_language_may_be_named_by_its_suffix(mg: Run, short: str, language: str) -> None:
    assert mg("code", "x*y", "--language", short) == mg("code", "x*y", "--language", language)
