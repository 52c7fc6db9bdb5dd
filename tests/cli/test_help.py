"""`mg help`: the pages, as a terminal and as a pipe get them. What they show is run by test_manual.py."""

import pty
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder
from running import Run

ROOT = Path(__file__).parents[2]
TOPICS = sorted(path.stem for path in (ROOT / "mgcli/manual").glob("*.md"))


HESSIAN = """\
# mg hessian: the matrix of second derivatives

    mg hessian [EXPRESSION] [-NAME VALUE]... [--wrt NAME]... [--formulas]
               [--latex] [--digits N] [--exact N] [--json]

The second derivatives at a point, one row and one column for each variable.
Each pair is computed once, so the matrix is exactly symmetric. The last line
says whether it is definite, and what its eigenvalues are. (For one variable
there is no such line: the sign says as much.)

    $ mg hessian "x**2*y + exp(y)" -x 1 -y 0
           x    y
    x    0.0  2.0
    y    2.0  1.0

    indefinite: a saddle shape (eigenvalues -1.56155 and 2.56155)

Where the gradient is 0, the line says what the point is: a minimum, a maximum
or a saddle. There is no verdict if an eigenvalue is so close to zero that the
entries, which have 9 correct digits, do not tell its sign:

    $ mg hessian "x**4 + x**2 + y**2" -x 0 -y 0
           x    y
    x    2.0  0.0
    y    0.0  2.0

    positive definite: a minimum (eigenvalues 2.0 and 2.0)
    $ mg hessian "(x + y)**2" -x 1 -y 2
           x    y
    x    2.0  2.0
    y    2.0  2.0

    too close to singular to tell (eigenvalues 0.0 and 4.0)

`--wrt NAME`, repeated, selects some of the variables:

    $ mg hessian "a*x**2 + b*x" -a 1 -b 2 -x 3 --wrt x --wrt a
           a    x
    a    0.0  6.0
    x    6.0  2.0

    indefinite: a saddle shape (eigenvalues -5.08276 and 7.08276)

## As formulas

`--formulas` needs no values. Each pair is printed once, as `d2_dx_dy`, or
`d2L_dx_dy` where the result is called `L`; the output is an expression that mg
reads again.

    $ mg hessian "x**2*y + exp(y)" --formulas
    d2_dx2 = 2*y
    d2_dx_dy = 2*x
    d2_dy2 = exp(y)

`--latex` writes the matrix in LaTeX, of formulas or of numbers.

    $ mg hessian "x**2*y + exp(y)" --formulas --latex
    \\mathbf{H}_{f} = \\left(\\begin{array}{cc} 2y & 2x \\\\ 2x & e^{y} \\end{array}\\right)

The numbers are as accurate as those of mg grad; `--exact N` prints
`N` significant digits.

    $ mg hessian "sin(x)/x" -x 1e-9
                           x
    x    -0.3333333333333333
    $ mg hessian "sin(x)/x" -x 0.1 --exact 25
                                    x
    x    -0.3323339284171301285521427

Higher derivatives of one variable come from mg diff --order. The
JSON document of `--json` is described in mg help json.
"""


def test_a_page_is_indented_text_without_fences_and_addresses(mg: Run) -> None:
    assert mg("help hessian") == (0, HESSIAN, "")


@pytest.mark.parametrize("topic", TOPICS)
def test_no_markup_of_the_web_is_left_in_a_page(mg: Run, topic: str) -> None:
    shown = mg(f"help {topic}").stdout
    assert [mark for mark in ("```", "](", "![") if mark in shown] == []


def test_the_list_of_topics_names_each_page_and_fits_in_a_terminal(mg: Run) -> None:
    status, stdout, stderr = mg("help")
    lines = stdout.splitlines()
    assert (status, stderr) == (0, "")
    assert sorted(line.split()[0] for line in lines if line.startswith("  ")) == TOPICS
    assert [line for line in lines if len(line) > 80] == []


def test_a_terminal_gets_a_page_through_its_pager(mg: Run, mg_process: Run, tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text(f"cat > {tmp_path}/paged\n")
    _, its_end = pty.openpty()
    done = mg_process("help", "slope", env={"PAGER": f"sh {pager}"}, stdin=its_end, stdout=its_end)
    assert done[::2] == (0, "")
    assert (tmp_path / "paged").read_text().rstrip("\n") == mg("help slope").stdout.rstrip("\n")


def test_each_help_text_ends_with_its_page(mg: Run) -> None:
    assert mg("grad --help").stdout.endswith("\n\n  More, with examples: mg help grad\n")


def test_the_pages_are_in_the_wheel_and_the_changelog_is_in_the_source(tmp_path: Path) -> None:
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    source = next(SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    with zipfile.ZipFile(wheel) as packed:
        assert [topic for topic in TOPICS if f"mgcli/manual/{topic}.md" not in packed.namelist()] == []
    with tarfile.open(source) as packed:
        assert [name for name in packed.getnames() if name.endswith("/CHANGELOG.md")]
