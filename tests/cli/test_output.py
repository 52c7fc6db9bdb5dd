"""Results as text: numbers, aligned tables, strict JSON."""

import io
import json
import os
import pty
import sys
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from running import Run

from mgcli.cli.output import echo_json, echo_lines
from mgcli.render.tables import Streamed, apart, columns, number, table

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite)
def test_a_number_as_it_is_written_gives_the_same_float_back(value: float) -> None:
    assert float(number(value)) == value


@given(finite, st.integers(1, 17))
def test_a_number_that_is_rounded_has_no_more_than_so_many_significant_digits(value: float, digits: int) -> None:
    written = number(value, digits)
    significant = written.split("e")[0].replace(".", "").lstrip("-0").rstrip("0")
    assert len(significant) <= digits
    assert float(written) == float(f"{value:.{digits}g}")


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (4.0, None, "4.0"),
        (4, None, "4.0"),
        (0.1 + 0.2, None, "0.30000000000000004"),
        (0.1 + 0.2, 3, "0.3"),
        (123456.0, 2, "120000.0"),
        (-2 / 3, 4, "-0.6667"),
        (1e300, None, "1e+300"),
        (1.7e308, 1, "2e+308"),
        (299792458.0, 4, "2.998e+08"),
        (299792458.0, 9, "299792458.0"),
        (999999.5, 6, "1e+06"),
        (999999.0, 6, "999999.0"),
        (-0.00012345, 3, "-0.000123"),
        (0.000012345, 3, "1.23e-05"),
        (0.1 + 0.2, 17, "0.30000000000000004"),
        (1e-12, 17, "1e-12"),
        (1.7976931348623157e308, 17, "1.7976931348623157e+308"),
        (nan, 3, "nan"),
        (-inf, None, "-inf"),
    ],
)
def test_a_number_is_always_written_as_a_float(value: float, digits: int | None, written: str) -> None:
    assert number(value, digits) == written


@pytest.mark.parametrize(
    ("values", "digits", "written"),
    [
        ([2 / 3, 0.6666], 3, ["0.6667", "0.6666"]),
        ([2 / 3, 0.5], 3, ["0.667", "0.5"]),
        ([0.1 + 0.2, 0.3], 6, ["0.30000000000000004", "0.3"]),
        ([1.5, 1.5], 1, ["2.0", "2.0"]),
        ([1 / 3, 1 / 3], None, ["0.3333333333333333", "0.3333333333333333"]),
        ([], 6, []),
    ],
)
def test_different_numbers_have_the_digits_that_tell_them_apart(
    values: list[float], digits: int | None, written: list[str]
) -> None:
    assert apart(values, digits) == written


@given(st.lists(finite, max_size=4), st.integers(1, 17))
def test_different_numbers_are_never_written_alike(values: list[float], digits: int) -> None:
    assert len({*apart(values, digits)}) >= len({*values})


def test_a_table_has_its_first_column_on_the_left_and_the_others_on_the_right() -> None:
    rows = [["a", "2.0", "-10.0"], ["alpha", "-3.25", "1.0"], ["b", "1.0", ""]]
    assert list(table(["", "value", "gradient"], rows)) == [
        "         value  gradient",
        "a          2.0     -10.0",
        "alpha    -3.25       1.0",
        "b          1.0",
    ]


WIDE = ["", "value", "gradient"], [["a", "2.0", "-10.0"], ["alpha", "-3.25", ""]]


def test_a_table_that_is_too_wide_is_a_block_for_each_row() -> None:
    width = max(map(len, table(*WIDE)))
    assert list(table(*WIDE, width)) == list(table(*WIDE))
    assert list(table(*WIDE, width - 1)) == [
        "a",
        "value     2.0",
        "gradient  -10.0",
        "",
        "alpha",
        "value     -3.25",
        "gradient",
    ]


def test_columns_that_are_too_wide_are_a_block_for_each_point() -> None:
    header, values = ["x", "dL/dx"], [[0.0, 10.0], [0.25, -1 / 3]]
    assert list(columns(header, values, 2, 11)) == list(columns(header, values, 2))
    assert list(columns(header, values, 2, 10)) == ["x      0.0", "dL/dx  0.25", "", "x      10.0", "dL/dx  -0.33"]


def test_a_table_that_grows_too_wide_leaves_out_columns_and_repeats_its_head() -> None:
    rows = [["0", "1.0", "2.0", "3.0"]] * 1000 + [["1000", "-1.5e-300", "2.0", "3.0"]]
    table = Streamed(["step", "a", "b", "norm"], iter(rows), 20, range(1, 3))
    lines = list(table)
    assert lines[:2] == ["step    a    b  norm", "   0  1.0  2.0   3.0"]
    assert lines[1001:] == ["step  norm", "1000   3.0"]
    assert table.left_out == 2


@pytest.mark.parametrize(
    ("line", "columns", "output"),
    [
        (
            "eval x/3 -x 1:3",
            "20",
            "x      1.0\nvalue  0.3333333333333333\n\nx      2.0\nvalue  0.6666666666666666\n",
        ),
        (
            "hessian x*y -x 1 -y 2 --digits 3",
            "12",
            "x\nx  0.0\ny  1.0\n\ny\nx  1.0\ny  0.0\n\nindefinite: a saddle shape (eigenvalues -1.0 and 1.0)\n",
        ),
        ("eval x/3 -x 1:3", "80", "  x               value\n1.0  0.3333333333333333\n2.0  0.6666666666666666\n"),
    ],
)
def test_a_terminal_that_is_too_narrow_gets_blocks(mg_process: Run, line: str, columns: str, output: str) -> None:
    read, its_end = pty.openpty()
    done = mg_process(*line.split(), env={"COLUMNS": columns, "NO_COLOR": "1"}, stdout=its_end)
    assert (done.exit_code, done.stderr) == (0, "")
    assert os.read(read, 10_000).decode().replace("\r\n", "\n") == output


@pytest.mark.parametrize("columns", ["20", "200"])
def test_a_pipe_gets_the_whole_table_whatever_the_width_of_the_terminal(
    mg: Run, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert mg("eval x/3 -x 1:3").stdout == "  x               value\n1.0  0.3333333333333333\n2.0  0.6666666666666666\n"


def test_columns_are_aligned_on_the_right() -> None:
    assert list(columns(["x", "value"], [[0.0, 10.0], [0.25, -1 / 3]], 2)) == [
        "   x  value",
        " 0.0   0.25",
        "10.0  -0.33",
    ]


def test_columns_without_rows_are_their_titles() -> None:
    assert list(columns(["x", "dL/dx"], [[], []], None)) == ["x  dL/dx"]


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2500])
def test_however_many_lines_there_are_all_are_written(capsys: pytest.CaptureFixture[str], count: int) -> None:
    lines = [f"line {index}" for index in range(count)]
    echo_lines(iter(lines))
    assert capsys.readouterr().out.splitlines() == lines


def test_json_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    echo_json({"value": 1e-05, "named": {"e": [1.0, 2]}, "expression": "a\nb"})
    assert capsys.readouterr() == ('{"value": 1e-05, "named": {"e": [1.0, 2]}, "expression": "a\\nb"}\n', "")


def test_in_json_a_number_that_is_not_finite_is_null_wherever_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    echo_json({"value": nan, "named": {"e": {"data": [1.0, inf], "grad": -inf}}})
    assert capsys.readouterr() == (
        '{"value": null, "named": {"e": {"data": [1.0, null], "grad": null}}}\n',
        "warning: 3 numbers are not finite, written as null\n",
    )


def test_of_one_such_number_the_warning_speaks_in_the_singular(capsys: pytest.CaptureFixture[str]) -> None:
    echo_json([nan])
    assert capsys.readouterr() == ("[null]\n", "warning: 1 number is not finite, written as null\n")


@settings(max_examples=settings().max_examples // 2)
@given(
    st.recursive(
        finite | st.text() | st.none() | st.booleans(),
        lambda part: st.lists(part) | st.dictionaries(st.text(), part),
        max_leaves=20,
    )
)
def test_what_is_finite_comes_back_from_json_as_it_was(document: dict[str, Any] | float | list[Any] | str) -> None:
    stdout, sys.stdout = sys.stdout, io.StringIO()
    try:
        echo_json(document)
        written = sys.stdout.getvalue()
    finally:
        sys.stdout = stdout
    assert json.loads(written) == document


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("utf-8", '{"α": 1.0}'), ("UTF8", '{"α": 1.0}'), ("ascii", '{"\\u03b1": 1.0}'), ("latin-1", '{"\\u03b1": 1.0}')],
)
def test_json_escapes_what_the_encoding_of_the_output_may_not_have(
    monkeypatch: pytest.MonkeyPatch, encoding: str, written: str
) -> None:
    output = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", output)
    echo_json({"α": 1.0})
    assert output.buffer.getvalue().decode("utf-8").strip() == written
