"""How the arguments of a command are distinguished: the expression, the values, the options."""

import json
from itertools import chain, permutations
from pathlib import Path
from shlex import join
from textwrap import dedent

import pytest
from rows import rows
from running import Run


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("eval a -a 2", "2.0"),
        ("eval a -a=2", "2.0"),
        ("eval a --a 2", "2.0"),
        ("eval a --a=2", "2.0"),
        ("eval a --let a=2", "2.0"),
        ("eval a --let=a=2", "2.0"),
        ("eval a --let 'a = 2'", "2.0"),
        ("eval alpha --alpha 0.5", "0.5"),
        ("eval alpha --alpha=0.5", "0.5"),
        ("eval alpha -alpha 0.5", "0.5"),
        ("eval x1 -x1 3", "3.0"),
        ("eval learning_rate --learning_rate 0.1", "0.1"),
        ("eval _ -_ 3", "3.0"),
        ("eval α -α 3", "3.0"),
        ("eval θ1 --θ1=3", "3.0"),
        ("eval h -h 3", "3.0"),
        ("eval help --let help=3", "3.0"),
    ],
)
def test_a_variable_is_given_its_value_in_each_of_these_forms(mg: Run, line: str, value: str) -> None:
    assert mg(line) == (0, f"{value}\n", "")


@rows(
    ("text", "value"),
    [
        ("-3", "-3.0"),
        ("-3e-5", "-3e-05"),
        ("-.5", "-0.5"),
        ("+3", "3.0"),
        ("1_000", "1000.0"),
        ("-pi/2", "-1.5707963267948966"),
        ("2/3", "0.6666666666666666"),
        ("'-(1 + 2)'", "-3.0"),
        ("'2**0.5'", "1.4142135623730951"),
        ("'-sqrt(4)'", "-2.0"),
    ],
)
@rows("binding", ["-x ", "--x ", "-x=", "--let x="])
def test_a_value_is_any_constant_expression_whatever_it_begins_with(
    mg: Run, binding: str, text: str, value: str
) -> None:
    assert mg(f"eval x {binding}{text}") == (0, f"{value}\n", "")


def test_the_expression_the_values_and_the_options_come_in_any_order(mg: Run) -> None:
    pieces = [["a - b"], ["-a", "1/3"], ["--b=-3"], ["--digits", "3"]]
    for order in permutations(pieces):
        assert mg(join(["eval", *chain(*order)])) == (0, "3.33\n", "")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("eval -x**2 -x 3", "-9.0"),
        ("eval -x 3 -x**2", "-9.0"),
        ("eval '-x + 1' -x 3", "-2.0"),
        ("eval '-sin(x)' -x 0", "-0.0"),
        ("eval -5", "-5.0"),
        ("eval -.5", "-0.5"),
        ("eval --x+1 -x 3", "4.0"),
    ],
)
def test_an_argument_that_is_more_than_dashes_and_a_name_is_the_expression(mg: Run, line: str, value: str) -> None:
    assert mg(line) == (0, f"{value}\n", "")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("eval -x 3 -- -x", "-3.0"),
        ("eval -x 3 -- --x", "3.0"),
        ("eval -x 3 -- -x + 2", "-1.0"),
        ("eval --let json=3 -- -json", "-3.0"),
        ("eval x -x 3 --", "3.0"),
    ],
)
def test_everything_after_two_dashes_is_the_expression(mg: Run, line: str, value: str) -> None:
    assert mg(line) == (0, f"{value}\n", "")


def test_a_value_shadows_a_constant(mg: Run) -> None:
    assert mg("eval 'pi*tau' -pi 3 --tau=2") == (0, "6.0\n", "")


def test_a_name_that_is_an_option_of_this_command_is_the_option(mg: Run) -> None:
    assert mg("eval json --json --let json=3") == (
        0,
        '{"expression": "json", "variables": {"json": 3.0}, "value": 3.0, "rounding": 0.0, "named": {}}\n',
        "",
    )


def test_a_name_that_is_an_option_of_another_command_is_a_variable(mg: Run) -> None:
    assert mg("eval 'out*wrt' --out 3 --wrt=2") == (0, "6.0\n", "")


def test_the_option_of_a_missing_value_is_one_that_works(mg: Run) -> None:
    status, _, stderr = mg("eval 'json*alpha*x'")
    assert status == 2
    assert stderr == dedent("""\
        error: json, alpha and x have no value
          json*alpha*x
          ^^^^
        hint: give them values: --let json=VALUE --alpha VALUE -x VALUE
        """)
    assert mg("eval 'json*alpha*x' --let json=2 --alpha 3 -x 4") == (0, "24.0\n", "")


@pytest.mark.parametrize(
    "values", ["-x 1/0", "-x nope", "-x 0:1:0", "-x ''", "-y 3", "-x 1 --wrt nope"], ids=lambda values: values
)
def test_an_error_in_the_expression_comes_before_errors_in_the_values(mg: Run, values: str) -> None:
    assert mg(f"grad 'x + 2x' {values}") == (
        2,
        "",
        dedent("""\
            error: expected an operator, not x
              x + 2x
                  ^^
            hint: to multiply, write 2*x
            """),
    )


@pytest.mark.parametrize("source", ["-", "--file -"])
@pytest.mark.parametrize(
    "content",
    [
        b"a*b",
        b"a*b\n",
        b"\xef\xbb\xbfa*b\n",
        b"e = a*b\r\ne\r\n",
        b"# the product\n\ne = a*b; e  # of two\n",
        "α = a*b\nα".encode(),
    ],
)
def test_a_program_is_read_from_standard_input(mg: Run, source: str, content: bytes) -> None:
    assert mg(f"eval {source} -a 2 -b -3", stdin=content) == (0, "-6.0\n", "")


def test_a_program_is_read_from_a_file_with_a_byte_order_mark_and_any_ends_of_lines(mg: Run, tmp_path: Path) -> None:
    file = tmp_path / "program.mg"
    file.write_bytes(b"\xef\xbb\xbfe = a*b  # an intermediate\r\n\r\nL = (e\r\n     + c)\r\n")
    assert mg(f"eval --json --file {file} -a 2 -b -3 -c 10") == (
        0,
        '{"expression": "e = a*b  # an intermediate\\r\\n\\r\\nL = (e\\r\\n     + c)\\r\\n", '
        '"variables": {"a": 2.0, "b": -3.0, "c": 10.0}, "value": 4.0, "rounding": 0.0, '
        '"named": {"e": -6.0, "L": 4.0}}\n',
        "",
    )


def test_an_error_in_a_file_shows_its_line(mg: Run, tmp_path: Path) -> None:
    file = tmp_path / "program.mg"
    file.write_text("e = a*b\nL = 2e\n")
    assert mg(f"eval --file {file}") == (
        2,
        "",
        dedent("""\
            error: expected an operator, not e
              L = 2e
                   ^
            hint: an exponent needs digits, as in 2e3; to multiply, write 2*e
            """),
    )


def test_standard_input_that_is_not_utf_8_is_an_error(mg: Run) -> None:
    assert mg("eval -", stdin=b"a*\xff") == (2, "", "error: standard input is not UTF-8: byte 3 is 0xff\n")


@pytest.mark.parametrize("given", ["x", "-"])
def test_an_expression_beside_a_file_is_an_error_that_names_the_file(mg: Run, tmp_path: Path, given: str) -> None:
    file = tmp_path / "program.mg"
    file.write_text("e = a*b\nL = e + 1\n")
    status, stdout, stderr = mg(f"eval {given} --file {file}")
    assert (status, stdout) == (2, "")
    assert stderr.startswith(f"error: two expressions: {given} and ")
    assert "program.mg" in stderr
    assert "L = e + 1" not in stderr


@pytest.mark.parametrize(
    ("sweep", "points"),
    [
        ("0:3", "0.0 1.0 2.0"),
        ("0:1:0.25", "0.0 0.25 0.5 0.75"),
        ("-1:1", "-1.0 0.0"),
        ("3:0:-1", "3.0 2.0 1.0"),
        ("0:0.3:0.1", "0.0 0.1 0.2"),
        ("0:1:1/3", "0.0 0.3333333333333333 0.6666666666666666"),
        ("-pi/2:pi:pi", "-1.5707963267948966 1.5707963267948966"),
        ("2:2.5", "2.0"),
        ("0:1:1e9", "0.0"),
    ],
)
@pytest.mark.parametrize("binding", ["-x ", "--x=", "--let x="])
def test_a_sweep_has_the_points_from_the_start_to_before_the_stop(
    mg: Run, binding: str, sweep: str, points: str
) -> None:
    lines = [line.split()[0] for line in mg(f"eval x {binding}{sweep}").stdout.splitlines()]
    assert lines == ["x", *points.split()]


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("draw x*y --out a.svg --out b.svg", "--out"),
        ("eval --file a --file b", "--file"),
        ("eval x -x 1 --digits 3 --digits=3", "--digits"),
        ("slope x -x 1 --step 0.1 --step 0.2", "--step"),
    ],
)
def test_an_option_of_one_value_is_given_once(mg: Run, line: str, option: str) -> None:
    assert mg(line) == (2, "", f"error: {option} is given twice\nhint: give it one value\n")


def test_a_flag_may_be_repeated_and_so_may_an_option_of_many_values(mg: Run) -> None:
    assert mg("eval x -x 2 --json --json").exit_code == 0
    assert mg("grad x*y --let x=1 --let y=2 --wrt x --wrt y").exit_code == 0


def test_an_empty_expression_after_the_dashes_is_empty_and_not_the_last_one(mg: Run) -> None:
    mg("eval", "x", "-x", "3")
    result = mg("eval", "--", "")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: the expression is empty\nhint: write one, such as a*b + c\n"


# Defaults that a program gives


FALL = "'g = 9.81; h = g*t**2/2'"


def test_a_value_takes_the_place_of_a_number_that_the_program_names(mg: Run) -> None:
    assert mg(f"eval {FALL} -t 2 -g 1.62") == (0, "3.24\n", "")
    assert mg("eval") == (
        0,
        "3.24\n",
        "using the last expression: g = 9.81; h = g*t**2/2 with t = 2, g = 1.62\n",
    )
    assert mg(f"eval {FALL} -t 2") == (0, "19.62\n", "")


def test_a_value_for_the_name_of_an_expression_is_an_error(mg: Run) -> None:
    status, stdout, stderr = mg("eval 'e = a*b; e + 1' -a 1 -b 2 -e 3")
    assert (status, stdout, stderr.splitlines()[0]) == (
        2,
        "",
        "error: e is defined by the expression, so it takes no value",
    )


@pytest.mark.parametrize(
    ("line", "out"),
    [
        (f"grad {FALL} -t 2 -g 1.62", "h = 3.24\n\n     value  gradient\nt      2.0      3.24\ng     1.62       2.0\n"),
        (f"diff {FALL} -g 1.62 --wrt t", "g = 1.62\ng*t\n"),
        (f"eval {FALL} -t 2 -g 1:3", "  g    h\n1.0  2.0\n2.0  4.0\n"),
        (f"eval {FALL} -t 2 -g 1.62 --exact 5", "3.2400\n"),
        (f"hessian {FALL} -t 2 -g 1.62", "        t\nt    1.62\n"),
    ],
)
def test_every_command_takes_it(mg: Run, line: str, out: str) -> None:
    assert mg(line) == (0, out, "")


def test_json_lists_the_value_among_the_variables(mg: Run) -> None:
    found = json.loads(mg(f"eval {FALL} -t 2 -g 1.62 --json").stdout)
    assert (found["variables"], found["named"]) == ({"g": 1.62, "t": 2.0}, {"g": 1.62, "h": 3.24})
    assert json.loads(mg(f"eval {FALL} -t 2 -g 1:3 --json").stdout)["variables"] == {"g": [1.0, 2.0], "t": 2.0}
