"""`mg draw`: the graph of an expression as a picture."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any
from xml.etree import ElementTree

import pytest
from running import Run

from mgcli.render.dot import FORMATS


@pytest.fixture(autouse=True)
def _no_graphviz_in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_dot: None) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def drawn(mg: Run) -> Any:
    """Return a function that runs `mg draw` and shows the tabs of DOT as spaces."""

    def run(line: Any) -> Any:
        result = mg(f"draw {line}")
        return result._replace(stdout=result.stdout.expandtabs(4))

    return run


def words(svg: bytes | str) -> list[str]:
    """Return the words that a picture shows, in alphabetical order."""
    texts = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return sorted(shown for text in texts if (shown := " ".join((text.text or "").split())))


def test_without_out_the_graph_is_written_in_dot(drawn: Any) -> None:
    assert drawn("'e = a*b; d = e + c; L = d*f' -a 2 -b -3 -c 10 -f -2") == (
        0,
        dedent("""\
            digraph {
                graph [ordering=in rankdir=LR]
                0 [label="{ a | data 2.0000 | grad 6.0000 }" shape=record]
                1 [label="{ b | data -3.0000 | grad -4.0000 }" shape=record]
                "2*" [label="*"]
                2 [label="{ e | data -6.0000 | grad -2.0000 }" shape=record]
                "2*" -> 2
                0 -> "2*"
                1 -> "2*"
                3 [label="{ c | data 10.0000 | grad -2.0000 }" shape=record]
                "4+" [label="+"]
                4 [label="{ d | data 4.0000 | grad -2.0000 }" shape=record]
                "4+" -> 4
                2 -> "4+"
                3 -> "4+"
                5 [label="{ f | data -2.0000 | grad 4.0000 }" shape=record]
                "6*" [label="*"]
                6 [label="{ L | data -8.0000 | grad 1.0000 }" shape=record]
                "6*" -> 6
                4 -> "6*"
                5 -> "6*"
            }
            """),
        "",
    )


def test_without_values_the_bare_structure_is_drawn(drawn: Any) -> None:
    assert drawn("'e = a*b; (e + 2)*f'") == (
        0,
        dedent("""\
            digraph {
                graph [ordering=in rankdir=LR]
                0 [label="{ a }" shape=record]
                1 [label="{ b }" shape=record]
                "2*" [label="*"]
                2 [label="{ e }" shape=record]
                "2*" -> 2
                0 -> "2*"
                1 -> "2*"
                3 [label="{ data 2.0000 }" shape=record]
                "4+" [label="+"]
                2 -> "4+"
                3 -> "4+"
                5 [label="{ f }" shape=record]
                "6*" [label="*"]
                "4+" -> "6*"
                5 -> "6*"
            }
            """),
        "",
    )


def test_an_expression_without_variables_is_drawn_with_its_values(drawn: Any) -> None:
    assert drawn("'a = 2; a*pi'") == (
        0,
        dedent("""\
            digraph {
                graph [ordering=in rankdir=LR]
                0 [label="{ a | data 2.0000 | grad 3.1416 }" shape=record]
                1 [label="{ pi | data 3.1416 }" shape=record]
                "2*" [label="*"]
                2 [label="{  | data 6.2832 | grad 1.0000 }" shape=record]
                "2*" -> 2
                0 -> "2*"
                1 -> "2*"
            }
            """),
        "",
    )


@pytest.mark.parametrize(
    ("file", "beginning"),
    [
        ("g.svg", b'<?xml version="1.0"'),
        ("g.SVG", b'<?xml version="1.0"'),
        ("g.png", b"\x89PNG\r\n\x1a\n"),
        ("g.jpg", b"\xff\xd8\xff"),
        ("g.pdf", b"%PDF"),
        ("g.dot", b"digraph {\n"),
        ("a picture.tar.svg", b'<?xml version="1.0"'),
        ("g.picture --format png", b"\x89PNG\r\n\x1a\n"),
        ("g --format svg", b'<?xml version="1.0"'),
    ],
)
def test_out_writes_the_picture_that_the_suffix_or_the_format_says(
    mg: Run, tmp_path: Path, file: str, beginning: bytes
) -> None:
    name, _, form = file.partition(" --format ")
    option = f"--format {form}" if form else ""
    assert mg(f"draw 'a*b' -a 2 -b -3 --out '{name}' {option}") == (0, "", "")
    assert (tmp_path / name).read_bytes().startswith(beginning)


def test_a_picture_shows_the_names_the_numbers_and_the_operations(mg: Run, tmp_path: Path) -> None:
    mg("draw 'e = α*sin(x) + 1' -α -3 -x 0 --out g.svg")
    assert words((tmp_path / "g.svg").read_bytes()) == sorted(
        [
            *("α", "data -3.0000", "grad 0.0000"),
            *("x", "data 0.0000", "grad -3.0000"),
            *("sin", "data 0.0000", "grad -3.0000"),
            *("*", "data -0.0000", "grad 1.0000"),
            "data 1.0000",
            *("+", "e", "data 1.0000", "grad 1.0000"),
        ]
    )


@pytest.mark.parametrize("options", ["--out - --format svg", "--format svg"])
def test_a_picture_goes_to_standard_output(mg: Run, options: str) -> None:
    status, stdout, stderr = mg(f"draw 'a*b' {options}")
    assert (status, stderr) == (0, "")
    assert words(stdout) == ["*", "a", "b"]


@pytest.mark.parametrize(("form", "beginning"), [("png", b"\x89PNG\r\n\x1a\n"), ("jpg", b"\xff\xd8\xff")])
def test_a_picture_on_standard_output_is_not_touched(
    program: Callable[[str], str], tmp_path: Path, form: str, beginning: bytes
) -> None:
    out = tmp_path / "out"
    command = [program("mg"), "draw", "a*b", "--out", "-", "--format", form]
    with out.open("wb") as file:
        assert subprocess.run(command, stdout=file, check=False).returncode == 0
    subprocess.run([*command[:3], "--out", f"g.{form}"], check=True)
    assert out.read_bytes().startswith(beginning)
    assert out.read_bytes() == (tmp_path / f"g.{form}").read_bytes()


def test_dot_is_the_same_whichever_option_selects_it(mg: Run, tmp_path: Path) -> None:
    bare = mg("draw 'a*b'").stdout
    assert mg("draw 'a*b' --format dot").stdout == bare
    assert mg("draw 'a*b' --out - --format dot").stdout == bare
    mg("draw 'a*b' --out g.dot")
    assert (tmp_path / "g.dot").read_text() == bare


NOT_DEFINED = """\
digraph {
    graph [ordering=in rankdir=LR]
    0 [label="{ y | data 1.0000 | grad nan }" shape=record]
    1 [label="{ a | data 2.0000 | grad nan }" shape=record]
    2 [label="{ b | data -3.0000 | grad nan }" shape=record]
    "3*" [label="*"]
    3 [label="{  | data -6.0000 | grad nan }" shape=record]
    "3*" -> 3
    1 -> "3*"
    2 -> "3*"
    "4log" [label=log]
    4 [label="{  | data nan | grad nan }" color=red fontcolor=red shape=record tooltip="log is not defined at -6.0"]
    "4log" -> 4
    3 -> "4log"
    "5+" [label="+"]
    5 [label="{  | data nan | grad nan }" color=red fontcolor=red shape=record tooltip="not defined"]
    "5+" -> 5
    0 -> "5+"
    4 -> "5+"
}
"""


def test_a_value_that_is_not_defined_is_drawn_in_red_and_the_status_is_1(drawn: Any) -> None:
    assert drawn("'y + log(a*b)' -a 2 -b -3 -y 1") == (
        1,
        NOT_DEFINED,
        dedent("""\
            error: log is not defined at -6.0
              y + log(a*b)
                  ^^^^^^^^
            """),
    )


def test_an_undefined_derivative_is_drawn_next_to_those_that_are_defined(drawn: Any) -> None:
    assert drawn("'sqrt(x) + y' -x 0 -y 1") == (
        1,
        dedent("""\
            digraph {
                graph [ordering=in rankdir=LR]
                0 [label="{ x | data 0.0000 | grad nan }" shape=record]
                "1sqrt" [label=sqrt]
                1 [label="{  | data 0.0000 | grad 1.0000 }" shape=record]
                "1sqrt" -> 1
                0 -> "1sqrt"
                2 [label="{ y | data 1.0000 | grad 1.0000 }" shape=record]
                "3+" [label="+"]
                3 [label="{  | data 1.0000 | grad 1.0000 }" shape=record]
                "3+" -> 3
                1 -> "3+"
                2 -> "3+"
            }
            """),
        dedent("""\
            error: the derivative of sqrt is not defined at 0.0
              sqrt(x) + y
              ^^^^^^^
            """),
    )


def test_a_picture_of_an_undefined_expression_is_still_written(mg: Run, tmp_path: Path) -> None:
    assert mg("draw '2/x' -x 0 --out g.svg") == (
        1,
        "",
        dedent("""\
            error: division is not defined at 2.0/0.0
              2/x
              ^^^
            """),
    )
    svg = (tmp_path / "g.svg").read_text()
    assert "data nan" in words(svg)
    assert re.search(r'<polygon [^>]*stroke="red"', svg)
    assert "division is not defined at 2.0/0.0" in svg


def test_a_statement_that_the_result_does_not_use_is_not_drawn(mg: Run) -> None:
    status, stdout, stderr = mg("draw 'u = log(-1); a*2' -a 1")
    assert status == 0
    assert stderr == "warning: u, which the result does not use, is undefined: log is not defined at -1.0\n"
    assert "log" not in stdout


def test_the_same_expression_gives_the_same_file(mg_process: Run, tmp_path: Path) -> None:
    for number in ("1", "2"):
        given = ("e = a*b + a/c; e*e + sin(a)", "-a", "2", "-b", "3", "-c", "4")
        hashes = {"PYTHONHASHSEED": number}
        assert mg_process("draw", *given, "--out", f"{number}.svg", env=hashes) == (0, "", "")
    assert (tmp_path / "1.svg").read_bytes() == (tmp_path / "2.svg").read_bytes()


def test_a_picture_that_cannot_be_made_leaves_the_file_as_it_was(
    mg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    (tmp_path / "g.pdf").write_text("the picture of yesterday")
    status, stdout, stderr = mg("draw 'a*b' --out g.pdf")
    assert (status, stdout) == (1, "")
    assert stderr.startswith("error: a pdf without an installed Graphviz needs matplotlib")
    assert (tmp_path / "g.pdf").read_text() == "the picture of yesterday"


@pytest.mark.parametrize("line", ["draw 'a*' --out g.svg", "draw 'a*b' -a 2 --out g.svg", "draw a -a 0:3 --out g.svg"])
def test_a_wrong_command_line_writes_nothing(mg: Run, tmp_path: Path, line: str) -> None:
    assert mg(line).exit_code == 2
    assert not (tmp_path / "g.svg").exists()


def test_a_link_is_followed_and_the_file_keeps_its_permissions(mg: Run, tmp_path: Path) -> None:
    file, link = tmp_path / "file.svg", tmp_path / "link.svg"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    assert mg("draw 'a*b' --out link.svg") == (0, "", "")
    assert link.is_symlink()
    assert file.read_text().startswith("<?xml")
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.svg", "link.svg", "nothing"]


def test_help_lists_the_formats(mg: Run) -> None:
    assert f"({', '.join(FORMATS)}, html)" in " ".join(mg("draw --help").stdout.split())


def test_a_variable_without_a_value_beside_a_number_that_has_a_name_is_the_bare_structure(mg: Run) -> None:
    assert mg("draw 'a = 2; a*b'") == (
        0,
        """digraph {
	graph [ordering=in rankdir=LR]
	0 [label="{ a }" shape=record]
	1 [label="{ b }" shape=record]
	"2*" [label="*"]
	0 -> "2*"
	1 -> "2*"
}
""",
        "",
    )


def test_operands_are_in_their_order_from_top_to_bottom(mg: Run) -> None:
    svg = mg("draw", "b**a - a/b", "--out", "-", "--format", "svg").stdout
    heights = {name: float(re.findall(rf'y="([-0-9.]+)"[^>]*>{name}</text>', svg)[0]) for name in "ab"}
    assert heights["a"] < heights["b"]


def boxes(dot: str) -> list[str]:
    """Return what the boxes of a drawing show, in its order; the space on a worksheet is ___."""
    shown = [line.split('label="')[1].split('"')[0] for line in dot.splitlines() if "shape=record" in line]
    return [each.removeprefix("{ ").removesuffix(" }").replace(r"\ " * 10, "___") for each in shown]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ("--digits 3", ["a | data 2.0 | grad 3.14", "b | data 3.14 | grad 2.0", "L | data 6.28 | grad 1.0"]),
        ("--no-grad", ["a | data 2.0000", "b | data 3.1416", "L | data 6.2832"]),
        ("--compact --no-grad", ["a | data 2.0000", "b | data 3.1416", "* | L | data 6.2832"]),
        ("--no-data", ["a | data 2.0000 | grad ___", "b | data 3.1416 | grad ___", "L | data ___ | grad ___"]),
        ("--no-data --no-grad", ["a | data 2.0000", "b | data 3.1416", "L | data ___"]),
    ],
)
def test_options_choose_what_the_boxes_show(mg: Run, options: str, shown: list[str]) -> None:
    status, stdout, stderr = mg(f"draw 'L = a*b' -a 2 -b 3.14159 {options}")
    assert (status, boxes(stdout), stderr) == (0, shown, "")


def test_a_worksheet_without_values_leaves_all_of_it_open_but_constants(mg: Run) -> None:
    assert boxes(mg("draw 'e = 2*a; e - pi' --no-data").stdout) == [
        "data 2.0000",
        "a | data ___ | grad ___",
        "e | data ___ | grad ___",
        "pi | data 3.1416",
        " | data ___ | grad ___",
    ]


def test_a_worksheet_of_two_results_has_space_for_each_gradient(mg: Run) -> None:
    shown = boxes(mg("draw 's = a + 1; p = 2*a' -a 3 --of s --of p --no-data").stdout)
    assert shown[0] == "a | data 3.0000 | grad s ___ | grad p ___"


def test_without_gradients_an_undefined_one_is_no_error(mg: Run) -> None:
    assert mg("draw 'sqrt(x)' -x 0").exit_code == 1
    assert mg("draw 'sqrt(x)' -x 0 --no-grad").exit_code == 0
    assert mg("draw 'log(x)' -x 0 --no-grad").exit_code == 1


def test_the_paths_to_a_name_are_highlighted(drawn: Any) -> None:
    assert drawn("'e = a*b; e + c' --highlight b --direction tb") == (
        0,
        dedent("""\
            digraph {
                graph [ordering=in rankdir=TB]
                0 [label=a shape=record]
                1 [label=b color=royalblue penwidth=2 shape=record]
                "2*" [label="*" color=royalblue penwidth=2]
                2 [label=e color=royalblue penwidth=2 shape=record]
                "2*" -> 2 [color=royalblue penwidth=2]
                0 -> "2*"
                1 -> "2*" [color=royalblue penwidth=2]
                3 [label=c shape=record]
                "4+" [label="+" color=royalblue penwidth=2]
                2 -> "4+" [color=royalblue penwidth=2]
                3 -> "4+"
            }
            """),
        "",
    )


@pytest.mark.parametrize(
    ("option", "status", "message"),
    [
        ("--highlight u", 0, "note: u is not highlighted: the result does not use it\n"),
        ("--highlight nothing", 2, "error: the expression has no variable nothing\nhint: it has u, a\n"),
    ],
)
def test_what_is_not_in_the_picture_cannot_be_highlighted(mg: Run, option: str, status: int, message: str) -> None:
    result = mg(f"draw 'u = a*2; a*3' {option}")
    assert (result.exit_code, result.stderr) == (status, message)


def test_a_number_computed_from_constants_is_not_shown_in_the_bare_structure(mg: Run) -> None:
    assert boxes(mg("draw 'k = 2*3; k*x' --compact").stdout) == ["data 2.0000", "data 3.0000", "* | k", "x", "*"]


@pytest.mark.parametrize("text", ["x*-3", "x**-3", "x - -3", "-3 + x"])
def test_a_negative_number_is_one_box(mg: Run, text: str) -> None:
    assert sorted(boxes(mg(f"draw '{text}'").stdout)) == ["data -3.0000", "x"]
