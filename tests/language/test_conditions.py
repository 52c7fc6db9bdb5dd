r"""Conditions: `where` and the comparisons, from text to gradient and back to text.

In a transcript a line is a command; below it stands all that it writes, and `[N]` is the exit status.
"""

import math
import operator
import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from running import Run

from mgcli import functions, parse, parse_program
from mgcli.errors import ExpressionError
from mgcli.graph.floats import FLOATS
from mgcli.graph.table import OPERATIONS
from mgcli.graph.value import Value
from mgcli.language.program import Program
from mgcli.notation import LATEX, expression, statements

COMPARISONS = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}

TRANSCRIPTS = r"""
$ mg grad 'where(x > 0, log(x), 0)' -x -1
value = 0.0

     value  gradient
x     -1.0       0.0
[0]

$ mg grad 'where(x > 0, log(x), 0)' -x 2
value = 0.6931471805599453

     value  gradient
x      2.0       0.5
[0]

$ mg eval 'where(x > 0, log(x), 0)' -x -1:2
   x  value
-1.0    0.0
 0.0    0.0
 1.0    0.0
[0]

$ mg eval 'where(x != 0, sin(x)/x, 1)' -x 0
1.0
[0]

$ mg grad 'y = where((x >= 2), x**2, 4*x - 4); y' -x 2
y = 4.0

     value  gradient
x      2.0       4.0
[0]

$ mg explain 'where(x > 0, log(x), 2*x)' -x -1
forward pass
   1  x > 0 = -1.0 > 0.0 = 0.0
   2  2*x = 2.0*-1.0 = -2.0
   3  value = where(x > 0, log(x), 2*x) = where(0.0, nan, -2.0) = -2.0

backward pass, from the result down: dvalue/dvalue = 1.0
  value = where(x > 0, log(x), 2*x)
    dvalue/d(log(x)) = dvalue/dvalue * where(x > 0, 1, 0) = 1.0 * 0.0
      = 0.0, since x > 0 is false
    dvalue/d(2*x) = dvalue/dvalue * where(x > 0, 0, 1) = 1.0 * 1.0 = 1.0
  2*x
    dvalue/dx = dvalue/d(2*x) * 2 = 1.0 * 2.0 = 2.0

chain rule, along each path
  dvalue/dx = dvalue/d(2*x) * d(2*x)/dx = 1.0 * 2.0 = 2.0
[0]

$ mg eval 'where(x > 0, log(-x), 0)' -x 1
error: log is not defined at -1.0
  where(x > 0, log(-x), 0)
               ^^^^^^^
[1]

$ mg eval 'where(log(x) > 0, 1, 0)' -x -1
error: log is not defined at -1.0
  where(log(x) > 0, 1, 0)
        ^^^^^^
[1]

$ mg eval 'where(where(x > 0, 1, 0), 2, 3)' -x 1
2.0
[0]

$ mg eval 'where(where*2 > 3, 1, 0)' --where 2
1.0
[0]

$ mg eval 'x > 0' -x 1
error: comparisons are allowed only in a condition
  x > 0
    ^
hint: write where(condition, p, q), as in where(x > 0, x, 0)
[2]

$ mg eval 'L = a == b' -a 1 -b 2
error: comparisons are allowed only in a condition
  L = a == b
        ^^
hint: one = makes an equation, or a name as in 'L = a*b'; to compare, write where(x == 1, p, q)
[2]

$ mg eval 'sin(x > 0)' -x 1
error: comparisons are allowed only in a condition
  sin(x > 0)
      ^^^^^
hint: to get 1 where it holds and 0 elsewhere, write where(x > 0, 1, 0)
[2]

$ mg eval 'where(x, y > 0, 1)' -x 1 -y 2
error: comparisons are allowed only in a condition
  where(x, y > 0, 1)
           ^^^^^
hint: to get 1 where it holds and 0 elsewhere, write where(y > 0, 1, 0)
[2]

$ mg eval 'max(x, a_rather_long_name > 0)' -x 1
error: comparisons are allowed only in a condition
  max(x, a_rather_long_name > 0)
         ^^^^^^^^^^^^^^^^^^^^^^
hint: to get 1 where it holds and 0 elsewhere, write where(condition, 1, 0)
[2]

$ mg eval '2*(x > 0)' -x 1
error: comparisons are allowed only in a condition
  2*(x > 0)
       ^
hint: write where(condition, p, q), as in where(x > 0, x, 0)
[2]

$ mg eval 'where((x > 0)*2, y, 1)' -x 1 -y 1
error: comparisons are allowed only in a condition
  where((x > 0)*2, y, 1)
         ^^^^^
hint: to get 1 where it holds and 0 elsewhere, write where(x > 0, 1, 0)
[2]

$ mg eval 'where(0 < x < 1, 2, 1)' -x 3
error: comparisons cannot be chained
  where(0 < x < 1, 2, 1)
              ^
hint: for 0 < x < 1, write where(0 < x, where(x < 1, p, q), q)
[2]

$ mg eval 'where(abs(x) < y < 2, 2, 1)' -x 3 -y 1
error: comparisons cannot be chained
  where(abs(x) < y < 2, 2, 1)
                   ^
hint: for 0 < x < 1, write where(0 < x, where(x < 1, p, q), q)
[2]

$ mg eval 'where(> 0, 2, 1)' -x 3
error: expected a number, a name or (, not >
  where(> 0, 2, 1)
        ^
[2]

$ mg eval 'where(x > 0 and x < 1, 2, 1)' -x 3
error: there is no and
  where(x > 0 and x < 1, 2, 1)
              ^^^
hint: if both conditions must hold, write where(x > 0, where(x < 1, p, q), q)
[2]

$ mg eval 'where(x < 0 or x > 1, 2, 1)' -x 3
error: there is no or
  where(x < 0 or x > 1, 2, 1)
              ^^
hint: if one of two conditions is enough, write where(x < 0, p, where(x > 1, p, q))
[2]

$ mg eval 'where(not x, 2, 1)' -x 3
error: there is no not
  where(not x, 2, 1)
        ^^^
hint: swap p and q in where(condition, p, q)
[2]

$ mg eval 'where(x > 0 && x < 1, 2, 1)' -x 3
error: there is no &&
  where(x > 0 && x < 1, 2, 1)
              ^^
hint: if both conditions must hold, write where(x > 0, where(x < 1, p, q), q)
[2]

$ mg eval 'where(x < 0 || x > 1, 2, 1)' -x 3
error: there is no ||
  where(x < 0 || x > 1, 2, 1)
              ^^
hint: if one of two conditions is enough, write where(x < 0, p, where(x > 1, p, q))
[2]

$ mg eval 'where(x = 3, 1, 2)' -x 3
error: unexpected =
  where(x = 3, 1, 2)
          ^
hint: to compare, write ==
[2]

$ mg eval 'where(sin(x) = 3, 1, 2)' -x 3
error: unexpected =
  where(sin(x) = 3, 1, 2)
               ^
hint: to compare, write ==
[2]

$ mg eval 'where(x => 0, 2, 1)' -x 3
error: there is no =>
  where(x => 0, 2, 1)
          ^^
hint: write >=
[2]

$ mg eval 'where(x ≤ 0, 2, 1)' -x 3
error: unexpected character ≤
  where(x ≤ 0, 2, 1)
          ^
hint: write <=
[2]

$ mg eval 'x if x > 0 else 0' -x 3
error: there is no if
  x if x > 0 else 0
    ^^
hint: write where(condition, p, q)
[2]

$ mg eval 'if(x > 0, x, 0)' -x 3
error: unknown function if
  if(x > 0, x, 0)
  ^^
hint: write where(condition, p, q)
[2]

$ mg eval 'x ? 1 : 0' -x 3
error: unexpected character ?
  x ? 1 : 0
    ^
hint: write where(condition, p, q)
[2]

$ mg eval 'where(x > 0, 1)' -x 3
error: where takes 3 operands, not 2
  where(x > 0, 1)
  ^^^^^^^^^^^^^^^
hint: write where(condition, p, q)
[2]

$ mg eval 'x // 3' -x 4
error: there is no floor division
  x // 3
    ^^
hint: write floor(x/y)
[2]
"""

CASES = re.findall(r"^\$ mg (.*)\n((?:.*\n)*?)\[(\d)\]$", TRANSCRIPTS, re.MULTILINE)


@pytest.mark.parametrize(("line", "written", "status"), CASES, ids=[case[0] for case in CASES])
def test_a_command_writes_the_whole_of_this(mg: Run, line: str, written: str, status: str) -> None:
    done = mg(line)
    assert (done.stdout + done.stderr, done.exit_code) == (written, int(status))


numbers = st.floats(-1e6, 1e6) | st.integers(-3, 3).map(float)


@pytest.mark.parametrize("symbol", COMPARISONS)
@given(x=numbers, y=numbers)
def test_a_comparison_holds_where_it_does_in_python(symbol: str, x: float, y: float) -> None:
    chosen = parse(f"where(x{symbol}y, 1, 0)", x=x, y=y)
    assert chosen.data == COMPARISONS[symbol](x, y)


@pytest.mark.parametrize("symbol", COMPARISONS)
def test_a_comparison_is_an_entry_of_the_table(symbol: str) -> None:
    (operation,) = [operation for operation in OPERATIONS.values() if operation.symbol == symbol]
    assert operation.compares
    assert operation.at((1.0, -2.0)) == f"1.0 {symbol} -2.0"
    assert [type(operation.forward(FLOATS, *operands)) for operands in ((1.0, 2.0), (2.0, 2.0))] == [float, float]


BRANCHES = ["log(x)", "sqrt(x)*y", "1/x", "x**y", "y", "asin(x)", "3", "exp(x*1000)", "x*y + sin(x)"]


@given(st.sampled_from(BRANCHES), st.sampled_from(BRANCHES), st.sampled_from([*COMPARISONS]), numbers, numbers)
def test_where_is_the_branch_taken_in_value_and_gradient_whatever_the_other_is(
    p: str, q: str, symbol: str, x: float, y: float
) -> None:
    condition = f"{x!r} {symbol} {y!r}"
    taken = parse_program(f"{p if COMPARISONS[symbol](x, y) else q} + 0*x + 0*y")
    taken.bind({"x": x, "y": y})
    error = taken.error() or taken.differentiate()
    whole = parse_program(f"where({condition}, {p}, {q}) + 0*x + 0*y")
    whole.bind({"x": x, "y": y})
    failed = whole.error() or whole.differentiate()
    assert (failed.message if failed else None) == (error.message if error else None)
    if not error:
        assert whole.root.data == taken.root.data
        for name in "xy":
            assert whole.node(name).grad == taken.node(name).grad


def test_the_condition_has_no_gradient_and_is_not_entered() -> None:
    program = parse_program("where(sqrt(x) >= 0, y, x)")
    program.bind({"x": 0.0, "y": 3.0})
    assert program.differentiate() is None
    assert [program.node(name).grad for name in "xy"] == [0.0, 1.0]


def test_a_condition_may_span_lines_and_be_in_parentheses() -> None:
    assert parse("where(\n ((x\n <= 1)) # no more\n, 2,\n 3)", x=1.0).data == 2.0


def test_two_characters_of_a_comparison_are_one_token() -> None:
    with pytest.raises(ExpressionError, match="unexpected ="):
        parse_program("where(x > = 1, 2, 3)")
    assert parse("where(x>=1,2,3)", x=1.0).data == parse("where(x==1,2,3)", x=1.0).data == 2.0


@pytest.mark.parametrize("depth", [1_500, pytest.param(5_000, marks=pytest.mark.slow)])
def test_conditions_nest_to_any_depth(depth: Any) -> None:
    text = "".join(f"where(x > {k}, {k}, " for k in range(depth)) + "x" + ")" * depth
    assert parse(text, x=-1.0).data == -1.0
    assert parse(text, x=0.5).data == 0.0


# Written again


def leaves(names: str = "xy") -> Any:
    return st.sampled_from(names) | st.integers(0, 3).map(str)


def conditions(parts: Any) -> Any:
    return st.builds("{} {} {}".format, parts, st.sampled_from([*COMPARISONS]), parts) | parts


def bigger(parts: Any) -> Any:
    return st.one_of(
        st.builds("where({}, {}, {})".format, conditions(parts), parts, parts),
        st.builds("({} {} {})".format, parts, st.sampled_from("+-*/"), parts),
        st.builds("clamp({}, {}, {})".format, parts, parts, parts),
        st.builds("-{}".format, parts),
        st.builds("{}({})".format, st.sampled_from(["sign", "floor", "ceil", "gamma", "erfc"]), parts),
    )


def shape(program: Program) -> list[tuple[str, str, str, list[int]]]:
    """Return what a graph is, node by node, without its numbers' identities."""
    numbered: dict[Value, int] = {}
    shapes = []
    for node in program.nodes:
        numbered[node] = len(numbered)
        shapes.append((node._op, node.label, str(node.data), [numbered[operand] for operand in node._prev]))
    return shapes


@given(st.recursive(leaves(), bigger, max_leaves=12))
def test_text_to_graph_to_text_is_the_same_graph(text: str) -> None:
    program = parse_program(text)
    written = statements(program.root, program.names)
    again = parse_program(written)
    assert shape(again) == shape(program)
    assert statements(again.root, again.names) == written


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("where(x >= 0, x, -x)", r"\begin{cases} x & \text{if } x \ge 0 \\ -x & \text{otherwise} \end{cases}"),
        ("where(x != y, 1, 2)", r"\begin{cases} 1 & \text{if } x \ne y \\ 2 & \text{otherwise} \end{cases}"),
        ("where(x, 1, 2)", r"\begin{cases} 1 & \text{if } x \\ 2 & \text{otherwise} \end{cases}"),
        ("floor(x) + ceil(x)", r"\left\lfloor x\right\rfloor + \left\lceil x\right\rceil"),
    ],
)
def test_a_condition_in_latex(text: str, latex: str) -> None:
    program = parse_program(text)
    assert expression(program.root, {leaf: name for name, leaf in program.variables.items()}, LATEX) == latex


def test_a_comparison_used_as_a_number_is_written_so_that_it_can_be_read() -> None:
    x = Value(2.0, "x")
    holds = functions.greater(x, 1)
    names = {x: "x"}
    assert expression(holds, names) == "where(x > 1, 1, 0)"
    assert expression(holds * 3 + x, names) == "where(x > 1, 1, 0)*3 + x"
    assert expression(functions.less(holds, x), names) == "where(where(x > 1, 1, 0) < x, 1, 0)"
    assert expression(holds * 3, names, LATEX) == r"\left[x > 1\right] \cdot 3"
    assert parse(statements(holds * 3 + x), x=2.0).data == (holds * 3 + x).data == 5.0


def test_a_comparison_used_twice_has_no_name_and_is_written_twice() -> None:
    x = Value(2.0, "x")
    square = x * x
    condition = functions.less_equal(square, 4)
    text = statements(functions.where(condition, x, 0) + functions.where(condition, 0, x))
    assert text == "v1 = x*x\nwhere(v1 <= 4, x, 0) + where(v1 <= 4, 0, x)"
    assert parse(text, x=2.0).data == 2.0


def test_a_comparison_with_a_label_is_a_number_of_that_name() -> None:
    x = Value(2.0, "x")
    condition = functions.less_equal(x, 4)
    condition.label = "small"
    assert statements(functions.where(condition, x, 0)) == "small = where(x <= 4, 1, 0)\nwhere(small, x, 0)"


@given(x=numbers, low=numbers, high=numbers)
def test_clamp_is_numpy_s_clip(x: float, low: float, high: float) -> None:
    assume(not math.isnan(x))
    assert parse("clip(x, low, high)", x=x, low=low, high=high).data == min(max(x, low), high)
