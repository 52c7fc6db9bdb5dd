"""`--of` and `--along`: several results of one program, and the derivative along a direction."""

import json
from textwrap import dedent

import pytest
from running import Run

SPHERE = "'x = r*sin(t)*cos(q); y = r*sin(t)*sin(q); z = r*cos(t)' -r 2 -t 0.5 -q 1"
PAIR = "'s = a + b; p = a*b' -a 2 -b 3"


def test_a_row_for_each_result(mg: Run) -> None:
    assert mg(f"grad {SPHERE} --of x --of y --of z --digits 6") == (
        0,
        dedent("""\
                    value         r          t          q
            x    0.518069  0.259035    0.94832  -0.806845
            y    0.806845  0.403423    1.47692   0.518069
            z     1.75517  0.877583  -0.958851        0.0
            """),
        "",
    )


def test_only_some_of_the_columns(mg: Run) -> None:
    expected = "     value    b\np      6.0  2.0\ns      5.0  1.0\n"
    assert mg(f"grad {PAIR} --of p --of s --of p --wrt b") == (0, expected, "")


def test_the_matrix_as_json(mg: Run) -> None:
    result = mg(f"grad {PAIR} --of s --of p --json")
    assert json.loads(result.stdout) == {
        "expression": "s = a + b; p = a*b",
        "variables": {"a": 2.0, "b": 3.0},
        "values": {"s": 5.0, "p": 6.0},
        "rounding": {"s": 0.0, "p": 0.0},
        "jacobian": {"s": {"a": 1.0, "b": 1.0}, "p": {"a": 3.0, "b": 2.0}},
    }


def test_numbers_that_have_a_name_are_the_columns_where_there_is_no_variable(mg: Run) -> None:
    assert mg("grad 'a = 2; s = 3*a; q = s' --of s --of q") == (
        0,
        "     value    a\ns      6.0  3.0\nq      6.0  3.0\n",
        "",
    )


def test_the_values_alone(mg: Run) -> None:
    assert mg(f"eval {PAIR} --of p --of s") == (0, "p = 6.0\ns = 5.0\n", "")
    document = json.loads(mg(f"eval {PAIR} --of p --json").stdout)
    assert (document["values"], document["named"]) == ({"p": 6.0}, {"s": 5.0, "p": 6.0})


def test_over_a_sweep(mg: Run) -> None:
    assert mg("eval 's = a + 1; p = log(a)' -a 0:2:1 --of s --of p") == (
        1,
        dedent("""\
              a    s    p
            0.0  1.0  nan
            1.0  2.0  0.0
            """),
        "error: undefined at 1 of 2 points (nan)\n",
    )
    assert mg("grad 's = a + b; p = a*b' -a 0:2:1 -b 3 --of s --of p --wrt a") == (
        0,
        dedent("""\
              a    s  ds/da    p  dp/da
            0.0  3.0    1.0  0.0    3.0
            1.0  4.0    1.0  3.0    3.0
            """),
        "",
    )
    document = json.loads(mg("grad 's = a + 1; p = a*a' -a 0:2:1 --of p --json").stdout)
    assert (document["values"], document["jacobian"]) == ({"p": [0.0, 1.0]}, {"p": {"a": [0.0, 2.0]}})


def test_along_a_direction(mg: Run) -> None:
    assert mg(f"grad {PAIR} --of s --of p --along a=1,b=-1/2") == (
        0,
        dedent("""\
                 value  along
            s      5.0    0.5
            p      6.0    2.0
            """),
        "",
    )
    assert mg("grad a*b -a 2 -b 3 --along 'b = max(1, 2)'") == (
        0,
        dedent("""\
                     value  along
            value      6.0    4.0
            """),
        "",
    )
    document = json.loads(mg(f"grad {PAIR} --along a=1 --json").stdout)
    assert document["along"] == {"direction": {"a": 1.0}, "derivative": {"p": 3.0}}


def test_results_are_marked_in_a_drawing_and_each_has_its_gradient(mg: Run) -> None:
    drawn = mg(f"draw {PAIR} --of s --of p").stdout
    assert '[label="{ a | data 2.0000 | grad s 1.0000 | grad p 3.0000 }" shape=record]' in drawn
    assert drawn.count("style=bold") == 2
    assert "log" in mg("draw 's = log(a); p = a' -a -2 --of s --of p").stderr
    bare = mg("draw 's = a + 1; p = a*a' --of s --of p")
    assert (bare.exit_code, bare.stdout.count("style=bold"), bare.stdout.count("grad")) == (0, 2, 0)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--of w", "the expression has no result w\nhint: its results are s, p"),
        ("--of pp", "the expression has no result pp\nhint: did you mean p?"),
        ("--of a", "a is a variable, not a result\n  s = a + b; p = a*b\n      ^\nhint: its results are s, p"),
        ("--of s --relative", "--of and --relative cannot be combined\nhint: leave out one of them"),
        ("--of s --exact 5", "--of and --exact cannot be combined\nhint: leave out one of them"),
        ("--along a=1 --wrt a", "--along and --wrt cannot be combined\nhint: leave out one of them"),
        ("--along a", "--along a: a is not NAME=NUMBER\nhint: write --along a=1,b=1"),
        ("--along a=", "--along a=: a= is not NAME=NUMBER\nhint: write --along a=1,b=1"),
        ("--along a=1,", "--along a=1,: nothing is not NAME=NUMBER\nhint: write --along a=1,b=1"),
        ("--along a=1,a=2", "--along a=1,a=2: a is given twice\nhint: give it one number"),
        ("--along c=1", "the expression has no variable c\nhint: it has s, a, b, p"),
        (
            "--along s=1",
            "--along s=1: s depends on variables\nhint: a direction has numbers for variables, such as a",
        ),
        ("--along a=log(0)", "--along log(0): log is not defined at 0.0\nhint: write a number, such as 0.5"),
    ],
)
def test_mistakes(mg: Run, line: str, message: str) -> None:
    assert mg(f"grad {PAIR} {line}") == (2, "", f"error: {message}\n")


def test_a_sweep_has_no_direction(mg: Run) -> None:
    assert mg("grad a -a 0:1 --along a=1") == (
        2,
        "",
        "error: a is swept, and --along is for one point\nhint: give a one value\n",
    )
