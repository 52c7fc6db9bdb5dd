"""`mg functions`: the table of operations, made readable."""

import json
import shlex

import pytest
from rows import rows
from running import Run

from mgcli.analysis.reference import Entry, entries, entry
from mgcli.cli.commands.functions import example_command
from mgcli.graph.table import FAMILIES, FUNCTIONS, TABLE
from mgcli.language.parser import parse_program

CALLED = [operation for operation in TABLE if operation.names]


def test_a_function_is_described_in_full_with_an_example(mg: Run) -> None:
    result = mg("functions", "sqrt")
    assert result.exit_code == 0
    assert result.stdout == (
        """\
sqrt(x)      square root
  domain     x >= 0
  d/dx       1/(2*sqrt(x))
  except     none at x = 0
  example    mg grad "sqrt(x)" -x 2
"""
    )


def test_an_alias_leads_to_its_function_and_several_are_described_one_after_the_other(mg: Run) -> None:
    assert mg("functions", "ln", "atan2").stdout == (
        """\
log(x)       natural logarithm
  also       ln
  domain     x > 0
  d/dx       1/x
  example    mg grad "log(x)" -x 2

atan2(x, y)  angle of the point with ordinate x and abscissa y, in radians
  domain     all numbers
  d/dx       y/(x**2 + y**2)
  d/dy       -x/(x**2 + y**2)
  except     none at (0, 0); 1/y at x = 0 with y < 0, where it jumps
  example    mg grad "atan2(x, y)" -x 1 -y 2
"""
    )


def test_power_is_listed_under_its_name(mg: Run) -> None:
    assert mg("functions", "pow").stdout == (
        """\
pow(x, y)    x to the power of y, also written x**y and x^y
  domain     x > 0; x = 0 with y >= 0; x < 0 with y whole
  d/dx       y*x**(y - 1)
  d/dy       x**y*log(x)
  except     d/dx is 0 at y = 0, d/dy is 0 at x = 0; there is no d/dy at x < 0
  example    mg grad "pow(x, y)" -x 2 -y 3
"""
    )


def test_the_list_has_every_function_and_fits_80_columns(mg: Run) -> None:
    listed = mg("functions").stdout
    blocks = listed.rstrip("\n").split("\n\n")
    titles = [title for title in FAMILIES if title != "comparisons"]
    index, blocks = blocks[: len(titles)], blocks[len(titles) :]
    names = [operation.name for operation in CALLED]
    assert [block.splitlines()[0] for block in index] == titles
    indexed = [name for block in index for line in block.splitlines()[1:] for name in line.split()]
    assert indexed == [block.split("(")[0] for block in blocks] == names
    assert max(map(len, listed.splitlines())) <= 80
    told = mg("functions", *names).stdout.rstrip("\n").split("\n\n")
    assert blocks == [block.partition("\n  example ")[0] for block in told]
    assert blocks[names.index("tanh")] == (
        "tanh(x)      hyperbolic tangent\n  also       th\n  domain     all numbers\n  d/dx       1 - tanh(x)**2"
    )


@rows("name", [operation.name for operation in CALLED])
def test_each_example_works_when_pasted(mg: Run, name: str) -> None:
    operation = FUNCTIONS[name]
    program, *arguments = shlex.split(example_command(entry(name)))
    result = mg(*arguments, "--json")
    document = json.loads(result.stdout)
    assert program == "mg"
    assert (result.exit_code, result.stderr) == (0, "")
    assert list(document["variables"].values()) == list(operation.example)


@rows("one", list(entries()))
def test_each_derivative_as_written_is_the_one_that_grad_computes(mg: Run, one: Entry) -> None:
    document = json.loads(mg(*shlex.split(example_command(one))[1:], "--json").stdout)
    gradient = document.get("gradient", {})
    assert list(gradient) == list(one.derivatives())
    for name, written in one.derivatives().items():
        program = parse_program(written)
        program.bind({operand: one.example[operand] for operand in program.variables})
        assert program.root.data == pytest.approx(gradient[name], rel=1e-12)


def test_json_is_one_document(mg: Run) -> None:
    assert json.loads(mg("functions", "ln", "--json").stdout) == {
        "functions": [
            {
                "name": "log",
                "aliases": ["ln"],
                "expression": "log(x)",
                "description": "natural logarithm",
                "domain": "x > 0",
                "derivative": {"x": "1/x"},
                "convention": "",
                "latex": {"expression": r"\ln x", "derivative": {"x": r"\frac{1}{x}"}},
                "example": {"command": 'mg grad "log(x)" -x 2', "variables": {"x": 2.0}},
            }
        ]
    }
    assert len(json.loads(mg("functions", "--json").stdout)["functions"]) == len(CALLED)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tnah", "error: unknown function tnah\nhint: did you mean tanh?\n"),
        ("tahn", "error: unknown function tahn\nhint: did you mean tanh?\n"),
        ("SIN", "error: unknown function SIN\nhint: did you mean sin?\n"),
        ("tanh(x)", "error: unknown function tanh(x)\nhint: did you mean tanh?\n"),
        ("pi", "error: unknown function pi\nhint: it is a constant, 3.141592653589793\n"),
        ("gelu", "error: unknown function gelu\nhint: write x*normcdf(x)\n"),
        ("zzz", "error: unknown function zzz\nhint: see 'mg functions' for the list\n"),
    ],
)
def test_an_unknown_function_gets_the_nearest_known_one(mg: Run, name: str, message: str) -> None:
    result = mg("functions", "sin", name)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", message)


def test_it_leaves_the_last_expression_alone(mg: Run) -> None:
    mg("eval", "x*y", "-x", "3", "-y", "4")
    mg("functions", "tanh")
    assert mg("eval").stdout == "12.0\n"
