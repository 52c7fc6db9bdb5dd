"""Results as text: numbers, aligned tables, strict JSON."""

import io
import json
import sys
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mgcli.cli.output import echo_json, echo_lines
from mgcli.render.tables import columns, number, table

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
        (nan, 3, "nan"),
        (-inf, None, "-inf"),
    ],
)
def test_a_number_is_always_written_as_a_float(value: float, digits: int | None, written: str) -> None:
    assert number(value, digits) == written


def test_a_table_has_its_first_column_on_the_left_and_the_others_on_the_right() -> None:
    rows = [["a", "2.0", "-10.0"], ["alpha", "-3.25", "1.0"], ["b", "1.0", ""]]
    assert list(table(["", "value", "gradient"], rows)) == [
        "         value  gradient",
        "a          2.0     -10.0",
        "alpha    -3.25       1.0",
        "b          1.0",
    ]


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


@given(
    st.recursive(
        finite | st.text() | st.none() | st.booleans(), lambda part: st.lists(part) | st.dictionaries(st.text(), part)
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
