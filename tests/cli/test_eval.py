"""`mg eval`: the value of an expression."""

import json
from textwrap import dedent

import pytest
from running import Run


def test_the_value_is_alone_on_one_line(mg: Run) -> None:
    assert mg("eval 'a*b + c' -a 2 -b -3 -c 10") == (0, "4.0\n", "")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("0.1 + 0.2", "0.30000000000000004"),
        ("2**-1", "0.5"),
        ("2**3**2", "512.0"),
        ("1e22", "1e+22"),
        ("-2**2", "-4.0"),
        ("pi", "3.141592653589793"),
    ],
)
def test_a_value_has_the_fewest_digits_that_give_it_back(mg: Run, expression: str, value: str) -> None:
    assert mg(f"eval '{expression}'") == (0, f"{value}\n", "")


@pytest.mark.parametrize(
    ("digits", "value"),
    [(1, "70000.0"), (3, "66700.0"), (5, "66667.0"), (7, "66666.67"), (17, "66666.66666666667")],
)
def test_digits_rounds_to_so_many_significant_digits(mg: Run, digits: int, value: str) -> None:
    assert mg(f"eval 200000/3 --digits {digits}") == (0, f"{value}\n", "")


def test_the_last_statement_is_the_result(mg: Run) -> None:
    assert mg("eval 'e = a*b; d = e + c; L = d*f' -a 2 -b -3 -c 10 -f -2") == (0, "-8.0\n", "")


def test_json_holds_the_expression_the_variables_in_order_the_value_and_every_name(mg: Run) -> None:
    assert mg("eval 'e = a*b; L = (e + c)*f' -f -2 -c 10 -b -3 -a 2 --json") == (
        0,
        '{"expression": "e = a*b; L = (e + c)*f", '
        '"variables": {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}, '
        '"value": -8.0, "rounding": 0.0, '
        '"named": {"e": -6.0, "L": -8.0}}\n',
        "",
    )


def test_json_of_a_bare_expression_has_no_names(mg: Run) -> None:
    assert mg("eval 'a/3' -a 2 --json") == (
        0,
        '{"expression": "a/3", "variables": {"a": 2.0}, "value": 0.6666666666666666, '
        '"rounding": 7.9e-17, "named": {}}\n',
        "",
    )


def test_json_names_an_alias_and_what_it_repeats(mg: Run) -> None:
    assert json.loads(mg("eval 'p = a*b; q = p; q + 1' -a 2 -b 3 --json").stdout)["named"] == {"p": 6.0, "q": 6.0}


def test_digits_rounds_nothing_in_json(mg: Run) -> None:
    assert json.loads(mg("eval 2/3 --json --digits 2").stdout)["value"] == 2 / 3


def test_unicode_names_are_written_to_json_as_they_are(mg: Run) -> None:
    assert mg("eval 'α*2' -α 3 --json").stdout == (
        '{"expression": "α*2", "variables": {"α": 3.0}, "value": 6.0, "rounding": 0.0, "named": {}}\n'
    )


def test_a_statement_that_fails_and_is_not_used_is_only_a_warning(mg: Run) -> None:
    assert mg("eval 'b = log(-1); a = 2; a*3'") == (
        0,
        "6.0\n",
        "warning: b, which the result does not use, is undefined: log is not defined at -1.0\n",
    )


def test_in_json_an_unused_name_without_a_value_is_null(mg: Run) -> None:
    assert mg("eval 'b = log(-1); a = 2; a*3' --json") == (
        0,
        '{"expression": "b = log(-1); a = 2; a*3", "variables": {}, "value": 6.0, "rounding": 0.0, '
        '"named": {"b": null, "a": 2.0}}\n',
        "warning: 1 number is not finite, written as null\n"
        "warning: b, which the result does not use, is undefined: log is not defined at -1.0\n",
    )


def test_a_sweep_is_a_table_of_the_variable_and_the_value(mg: Run) -> None:
    assert mg("eval 'x**2' -x -1:1:0.5") == (
        0,
        dedent("""\
               x  value
            -1.0    1.0
            -0.5   0.25
             0.0    0.0
             0.5   0.25
            """),
        "",
    )


def test_the_table_of_a_sweep_is_headed_by_the_name_of_the_result(mg: Run) -> None:
    assert mg("eval 'e = x*y; loss = e + 1' -y 2 -x 0:3") == (
        0,
        dedent("""\
              x  loss
            0.0   1.0
            1.0   3.0
            2.0   5.0
            """),
        "",
    )


def test_digits_rounds_the_table_of_a_sweep(mg: Run) -> None:
    assert mg("eval x/3 -x 0:1:1/4 --digits 2") == (
        0,
        dedent("""\
               x  value
             0.0    0.0
            0.25  0.083
             0.5   0.17
            0.75   0.25
            """),
        "",
    )


def test_json_of_a_sweep_has_lists_for_what_changes(mg: Run) -> None:
    assert mg("eval 'e = x*y; L = e + 1' -x 0:1:0.5 -y 3 --json") == (
        0,
        '{"expression": "e = x*y; L = e + 1", '
        '"variables": {"x": [0.0, 0.5], "y": 3.0}, '
        '"value": [1.0, 2.5], "rounding": [0.0, 1.8e-16], '
        '"named": {"e": [0.0, 1.5], "L": [1.0, 2.5]}}\n',
        "",
    )


def test_an_undefined_point_of_a_sweep_does_not_lose_the_others(mg: Run) -> None:
    assert mg("eval 'log(x)' -x -1:3") == (
        1,
        dedent("""\
               x               value
            -1.0                 nan
             0.0                 nan
             1.0                 0.0
             2.0  0.6931471805599453
            """),
        "error: undefined at 2 of 4 points (nan)\n",
    )


def test_in_json_such_a_point_is_null(mg: Run) -> None:
    assert mg("eval '1/x' -x -1:2 --json") == (
        1,
        '{"expression": "1/x", "variables": {"x": [-1.0, 0.0, 1.0]}, "value": [-1.0, null, 1.0], '
        '"rounding": [0.0, null, 0.0], "named": {}}\n',
        "warning: 1 number is not finite, written as null\nerror: undefined at 1 of 3 points (nan)\n",
    )


def test_an_unused_name_that_fails_makes_no_point_of_a_sweep_undefined(mg: Run) -> None:
    status, stdout, _ = mg("eval 'u = log(x); y = 2*x' -x 0:2")
    assert (status, stdout) == (0, "  x    y\n0.0  0.0\n1.0  2.0\n")


def test_a_long_sweep_is_written_whole(mg: Run) -> None:
    lines = mg("eval x -x 0:2500").stdout.splitlines()
    assert [line.split() for line in lines[1:]] == [[f"{point}.0"] * 2 for point in range(2500)]
    assert {len(line) for line in lines} == {len("2499.0  2499.0")}


def test_two_swept_variables_give_a_table_of_all_pairs(mg: Run) -> None:
    assert mg("eval x*y -x 1:3 -y 1,2,5") == (
        0,
        dedent("""\
              x    y  value
            1.0  1.0    1.0
            1.0  2.0    2.0
            1.0  5.0    5.0
            2.0  1.0    2.0
            2.0  2.0    4.0
            2.0  5.0   10.0
            """),
        "",
    )
    found = json.loads(mg("grad x*y -x 1:3 -y 0:1:/2 --json").stdout)
    assert found["variables"] == {"x": [1.0, 1.0, 2.0, 2.0], "y": [0.0, 1.0, 0.0, 1.0]}
    assert (found["value"], found["gradient"]["x"]) == ([0.0, 1.0, 0.0, 2.0], [0.0, 1.0, 0.0, 1.0])


def test_a_range_is_remembered_as_it_was_typed(mg: Run) -> None:
    mg("eval x -x 0:1:/2")
    assert mg("eval").stderr == "using the last expression: x with x = 0:1:/2\n"
