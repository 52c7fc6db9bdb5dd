r"""User-defined functions: `f(x, y) = x*y + sin(x)`, expanded at each call.

In a transcript a line is a command; below it stands all that it writes, and `[N]` is the exit status.
"""

import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import Run

from mgcli import parse, parse_program
from mgcli.errors import ExpressionError
from mgcli.graph.node import topological
from mgcli.language import definitions
from mgcli.language.program import Program
from mgcli.notation import statements

TRANSCRIPTS = r"""
$ mg grad 'f(x, y) = x*y + sin(x); f(a, 3)' -a 2
value = 6.909297426825682

     value            gradient
a      2.0  2.5838531634528574
[0]

$ mg grad 'f(x) = x**2; p = f(a); L = p + f(a)' -a 3
L = 18.0

     value  gradient
a      3.0      12.0
p      9.0       1.0
[0]

$ mg eval 'f(x) = log(x); f(a) + 1' -a -1
error: log is not defined at -1.0
  f(x) = log(x); f(a) + 1
                 ^^^^
  f(x) = log(x); f(a) + 1
         ^^^^^^ in f
[1]

$ mg eval 'f(x) = 1/x; g(x) = 2 + f(x - 1); 3*g(a)' -a 1
error: division is not defined at 1.0/0.0
  f(x) = 1/x; g(x) = 2 + f(x - 1); 3*g(a)
                                     ^^^^
  f(x) = 1/x; g(x) = 2 + f(x - 1); 3*g(a)
         ^^^ in f
[1]

$ mg grad 'f(x) = sqrt(x); f(a) + 1' -a 0
error: the derivative of sqrt is not defined at 0.0
  f(x) = sqrt(x); f(a) + 1
                  ^^^^
  f(x) = sqrt(x); f(a) + 1
         ^^^^^^^ in f
[1]

$ mg eval 'f(x) = x**2'
error: the last statement defines a function, so there is no result
  f(x) = x**2
  ^^^^
hint: add an expression, as in '...; f(x)'
[2]

$ mg eval 'a = 3; f(x) = a*x'
error: the last statement defines a function, so there is no result
  a = 3; f(x) = a*x
         ^^^^
hint: add an expression, as in '...; f(x)'
[2]

$ mg eval 'a + 1; f(x) = a*x; f(2)'
error: the value of this statement would be lost
  a + 1; f(x) = a*x; f(2)
  ^^^^^
hint: give it a name, as in 'p = ...'; only the last statement needs none
[2]

$ mg eval 'f(n) = n*f(n - 1); f(5)'
error: f calls itself
  f(n) = n*f(n - 1); f(5)
           ^^^^^^^^
  f(n) = n*f(n - 1); f(5)
  ^^^^ defined here
hint: a function can only call functions defined before it
[2]

$ mg eval 'sin(x) = sin(x*pi/180); sin(90)'
error: sin calls itself
  sin(x) = sin(x*pi/180); sin(90)
           ^^^^^^^^^^^^^
  sin(x) = sin(x*pi/180); sin(90)
  ^^^^^^ defined here
hint: a function can only call functions defined before it: to call mg's own sin, choose another name
[2]

$ mg eval 'L = f(3); f(x) = x; L'
error: f is not defined yet
  L = f(3); f(x) = x; L
      ^
  L = f(3); f(x) = x; L
            ^^^^ defined here
hint: put the definition before its first use
[2]

$ mg eval 'f(x) = g(x); g(x) = f(x); f(1)'
error: g is not defined yet
  f(x) = g(x); g(x) = f(x); f(1)
         ^
  f(x) = g(x); g(x) = f(x); f(1)
               ^^^^ defined here
hint: put the definition before its first use
[2]

$ mg eval 'f(x) = x; g(2)'
error: unknown function g
  f(x) = x; g(2)
            ^
hint: define it first, as in g(x) = x*x; to multiply, write g*(...)
[2]

$ mg eval 'price(x) = x; prize(2)'
error: unknown function prize
  price(x) = x; prize(2)
                ^^^^^
hint: did you mean price?
[2]

$ mg eval 'f(x, y) = x + y; f(3)'
error: f takes 2 operands, not 1
  f(x, y) = x + y; f(3)
                   ^^^^
  f(x, y) = x + y; f(3)
  ^^^^^^^ defined here
hint: write f(x, y)
[2]

$ mg eval 'f(x) = x; f(x) = 2*x; f(3)'
error: f is already defined
  f(x) = x; f(x) = 2*x; f(3)
            ^^^^
  f(x) = x; f(x) = 2*x; f(3)
  ^^^^ first defined here
hint: choose another name
[2]

$ mg eval 'L = sin(1); sin(x) = x; sin(L)'
error: sin is used before it is defined
  L = sin(1); sin(x) = x; sin(L)
              ^^^^^^
  L = sin(1); sin(x) = x; sin(L)
      ^^^ first used here
hint: choose another name
[2]

$ mg eval 'f(x, x) = x; f(3, 4)'
error: two parameters x
  f(x, x) = x; f(3, 4)
       ^
  f(x, x) = x; f(3, 4)
    ^ the first
hint: choose another name
[2]

$ mg eval 'f() = 3; f()'
error: f has no parameters
  f() = 3; f()
  ^^^
hint: to give a name to an expression, write 'f = ...'
[2]

$ mg eval 'f(2) = 3'
error: expected the name of a parameter, not 2
  f(2) = 3
    ^
hint: define a function as in f(x, y) = x*y
[2]

$ mg eval 'f(x + 1) = x'
error: unknown function f
  f(x + 1) = x
  ^
hint: define a function as in f(x, y) = x*y
[2]

$ mg eval 'f(x²) = x' -x 1
error: expected , or ), not ²
  f(x²) = x
     ^
hint: define a function as in f(x, y) = x*y
[2]

$ mg eval 'def f(x) = x; f(2)'
error: there is no def
  def f(x) = x; f(2)
  ^^^
hint: define a function as in f(x, y) = x*y
[2]

$ mg eval 'f = x -> x**2'
error: there is no ->
  f = x -> x**2
        ^^
hint: define a function as in f(x, y) = x*y
[2]

$ mg eval 'y = f(x) = 3'
error: unknown function f
  y = f(x) = 3
      ^
hint: define it first, as in f(x) = x*x; to multiply, write f*(...)
[2]

$ mg eval 'f(x) = x; f(x > 0)' -x 1
error: comparisons are allowed only in a condition
  f(x) = x; f(x > 0)
              ^^^^^
hint: to get 1 where it holds and 0 elsewhere, write where(x > 0, 1, 0)
[2]

$ mg eval 'f(x) = x; 2*f' -x 1
error: the expression has no variable x
hint: it has f
[2]

$ mg eval 'half(x) = x/2; half'
error: half has no value
  half(x) = x/2; half
                 ^^^^
hint: to call the function, write half(...); otherwise give it a value: --half VALUE
[2]
"""

CASES = re.findall(r"^\$ mg (.*)\n((?:.*\n)*?)\[(\d)\]$", TRANSCRIPTS, re.MULTILINE)


@pytest.mark.parametrize(("line", "written", "status"), CASES, ids=[case[0] for case in CASES])
def test_a_command_writes_the_whole_of_this(mg: Run, line: str, written: str, status: str) -> None:
    done = mg(line)
    assert (done.stdout + done.stderr, done.exit_code) == (written, int(status))


def gradients(text: str, **values: float) -> dict[str, tuple[float, float]]:
    program = parse_program(text)
    program.bind(values)
    assert program.error() is None
    assert program.differentiate() is None
    return {name: (program.node(name).data, program.node(name).grad) for name in program.known()}


def operations(program: Program) -> list[str]:
    return [node._op for node in topological(program.root) if node._op]


# Meaning: a call is the body with the operands in place of the parameters


def sums(names: Any) -> Any:
    return st.recursive(
        st.sampled_from([*names, "1", "2.5", "pi"]),
        lambda parts: st.one_of(
            st.builds("({} {} {})".format, parts, st.sampled_from("+-*"), parts),
            st.builds("{}({})".format, st.sampled_from(["sin", "tanh", "exp", "atan"]), parts),
            st.builds("where({} < {}, {}, {})".format, parts, parts, parts, parts),
        ),
        max_leaves=6,
    )


@given(sums(["@x@", "@y@", "a"]), sums(["a", "b"]), sums(["a", "b"]))
def test_a_call_is_the_body_with_the_operands_put_in(body: str, first: str, second: str) -> None:
    call = parse_program(f"f(x, y) = {body.replace('@', '')}; f({first}, {second}) + 0*a + 0*b")
    text = body.replace("@x@", f"({first})").replace("@y@", f"({second})")
    plain = parse_program(f"{text} + 0*a + 0*b")
    results = []
    for program in (call, plain):
        program.bind({"a": 0.4, "b": -0.7})
        failed = program.error() or program.differentiate()
        results.append(
            failed.message if failed else [program.root.data, *[program.node(name).grad for name in ("a", "b")]]
        )
    assert results[0] == results[1] if isinstance(results[1], str) else results[0] == pytest.approx(results[1])


def test_parameters_hide_outer_names_and_outer_names_are_seen() -> None:
    assert parse("x = 5; k = 10; f(x) = k*x; f(2) + x").data == 25.0
    assert parse("f(pi) = pi + 1; f(1)").data == 2.0
    assert parse("f(f) = f*2; f = 4; f(f)").data == 8.0


def test_a_variable_of_a_body_is_one_of_the_program() -> None:
    program = parse_program("f(x) = k*x; y + f(3)")
    assert list(program.variables) == ["k", "y"]
    assert program.functions == ("f",)
    with pytest.raises(ExpressionError, match="k is used before it is defined"):
        parse_program("f(x) = k*x; k = 2; f(3)")


def test_a_parameter_is_not_a_name_of_the_program() -> None:
    program = parse_program("f(x) = x + 1; x = 2; f(x)")
    assert list(program.names) == ["x"]
    assert program.variables == {}


def test_a_user_defined_function_takes_precedence_over_one_of_mg() -> None:
    assert parse("sign(x) = x + 100; f(x) = sign(x); f(1) + sign(2)").data == 203.0
    assert parse("gamma(v, c) = 1/sqrt(1 - v**2/c**2); gamma(0, 1)").data == 1.0
    assert parse("where(x, y, z) = x + y + z; where(1, 2, 3)").data == 6.0


def test_the_head_may_run_over_lines_with_comments() -> None:
    assert parse("f(x, # the first (of two)\n  y   # = the second\n) = x - y\nf(5, 3)").data == 2.0


def test_an_equation_in_a_comment_defines_nothing() -> None:
    assert parse("# f(x) = 2\nL = 3 # f(x) = 4\nL").data == 3.0


def test_a_comparison_of_a_call_is_not_a_definition() -> None:
    assert parse("where(sin(0) == 0, 1, 2)").data == 1.0


# Sharing


def test_equal_calls_share_their_nodes() -> None:
    assert operations(parse_program("f(x) = sin(x); f(a)*f(a)")) == ["sin", "*"]
    assert operations(parse_program("f(x) = sin(x); f(a + 1)*f(a + 1)")) == ["+", "sin", "*"]
    assert operations(parse_program("f(x) = sin(x); f(2)*f(2)")) == ["sin", "*"]
    assert operations(parse_program("f(x) = sin(x); g(x) = f(x) + f(2); g(a) + f(a)*f(2)")) == [
        *("sin", "sin", "+", "*", "+")
    ]


def test_calls_that_only_look_equal_do_not() -> None:
    assert operations(parse_program("f(x) = sin(x); f(a)*f(b)")) == ["sin", "sin", "*"]
    assert parse("f(x) = atan2(x, -1); f(0) - f(-0.0)").data == pytest.approx(2 * math.pi)
    assert operations(parse_program("f(x) = sin(x); p = a + 1; f(p)*f(a + 1)")) == ["+", "sin", "+", "sin", "*"]
    assert operations(parse_program("f(x) = sin(x); c = 2; f(c)*f(2)")) == ["sin", "sin", "*"]


@pytest.mark.parametrize(
    ("text", "of_p"),
    [
        ("f(x) = x**2; p = f(a); L = p + f(a)", 1.0),
        ("f(x) = x**2; L1 = f(a) + 1; p = f(a); L = L1 + p", 1.0),
        ("f(x) = x; p = f(a + 1); L = p + f(a + 1)", 1.0),
        ("f(x) = x; p = f(a*1); g(x) = 3*x; L = p + g(a*1)", 1.0),
        ("f(x) = x; h(x) = 3*x; j(x, y) = x; k(x) = j(x, h(x)); p = k(a + 1); L = p + h(a + 1)", 1.0),
        ("f(x) = 3*x; p = a + 1; L = f(p) + f(a + 1)", 3.0),
        ("f(x) = 3*x; p = a + 1; L = f(p) + f(p)", 6.0),
        ("f(x) = 2; p = f(a); L = p*5 + f(a)", 5.0),
        ("f(x) = x; p = f(2); L = p*5 + f(2)", 5.0),
    ],
)
def test_the_gradient_of_a_name_is_that_of_the_name_alone(text: str, of_p: float) -> None:
    assert gradients(f"{text} + 0*a", a=3.0)["p"][1] == of_p


def test_a_name_for_what_a_function_passes_through_is_an_alias() -> None:
    program = parse_program("f(x) = x; q = f(a); q*2")
    assert program.names["q"] is program.variables["a"]


# Size


def test_calls_that_double_are_as_small_as_they_share() -> None:
    levels = 300
    lines = ["f0(x) = x + x", *(f"f{k}(x) = f{k - 1}(x) + f{k - 1}(x)" for k in range(1, levels)), f"f{levels - 1}(a)"]
    program = parse_program("\n".join(lines))
    assert operations(program) == ["+"] * levels
    program.bind({"a": 1.0})
    assert program.root.data == 2.0**levels
    written = statements(program.root, program.names)
    assert len(written.splitlines()) == levels


def test_calls_that_expand_too_far_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert definitions.MOST_NODES == 1_000_000
    monkeypatch.setattr(definitions, "MOST_NODES", 10_000)
    lines = ["f0(x) = x*x", *(f"f{k}(x) = f{k - 1}(x + {k}) + f{k - 1}(x)" for k in range(1, 40)), "f39(a)"]
    with pytest.raises(ExpressionError) as refused:
        parse_program("\n".join(lines))
    assert refused.value.message == "the calls expand to more than 10,000 nodes"
    assert str(refused.value).splitlines()[1:] == [
        "  f39(a)",
        "  ^^^^^^",
        "  f39(x) = f38(x + 39) + f38(x)",
        "  ^^^^^^ defined here",
        "hint: f39 calls functions that call others, and every call is expanded",
    ]


def test_a_program_without_calls_may_be_larger() -> None:
    count = 20_000
    text = "f(x) = " + " + ".join(["x"] * count) + "\nf(a)"
    assert parse(text, a=1.0).data == count


@pytest.mark.parametrize("count", [1_500, pytest.param(5_000, marks=pytest.mark.slow)])
def test_thousands_of_definitions_that_each_call_the_one_before_are_handled(count: Any) -> None:
    text = "\n".join(["f0(x) = x", *(f"f{k}(x) = f{k - 1}(x) + 1" for k in range(1, count)), f"f{count - 1}(a)"])
    assert gradients(text, a=1.0)["a"] == (1.0, 1.0)
    assert parse(text, a=1.0).data == count


@pytest.mark.parametrize("depth", [3_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_calls_nest_to_any_depth(depth: Any) -> None:
    assert parse("f(x) = x + 1\n" + "f(" * depth + "a" + ")" * depth, a=0.0).data == depth


# Written again


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("f(x) = x**2 + 1; f(a)*b", "(a**2 + 1)*b"),
        ("f(x) = x*x; f(f(a))", "v1 = a*a\nv1*v1"),
        ("f(x) = x + 1; p = f(a); L = p*f(a)", "p = a + 1\nL = p*(a + 1)"),
        ("f(x) = sin(x); v1 = f(a) + f(a); v1*c", "v2 = sin(a)\nv1 = v2 + v2\nv1*c"),
        ("f(x, y) = where(x > y, x, y); f(a, pi)", "where(a > pi, a, pi)"),
        ("f(x) = x; q = f(a); q + 1", "q = a\na + 1"),
    ],
)
def test_a_program_is_written_with_its_calls_expanded(text: str, written: str) -> None:
    program = parse_program(text)
    assert statements(program.root, program.names) == written
    again = parse_program(written)
    assert statements(again.root, again.names) == written


@given(sums(["x", "y"]), sums(["a", "b"]), sums(["a"]))
def test_what_is_written_has_the_same_value_and_gradients(body: str, first: str, second: str) -> None:
    text = f"f(x, y) = {body}\np = f({first}, {second})\nL = p*f({first}, a) + 0*a + 0*b + 0*x + 0*y"
    program = parse_program(text)
    values = {"a": 0.3, "b": -0.6, "x": 1.0, "y": 2.0}
    program.bind(values)
    again = parse_program(statements(program.root, program.names))
    again.bind(values)
    failed = program.error() or program.differentiate()
    assert (again.error() or again.differentiate() or failed).message == failed.message if failed else True
    if not failed:
        assert again.differentiate() is None
        for name in program.known():
            assert again.node(name).data == program.node(name).data
            assert again.node(name).grad == pytest.approx(program.node(name).grad)


def test_an_error_in_a_definition_that_is_never_called_does_not_count() -> None:
    assert parse("f(x) = log(-1)*x; 3").data == 3.0


def test_a_definition_in_a_comment_is_ignored(mg: Run) -> None:
    refused = mg("eval", "a = f(1)\n# f(x) = 2*x\na")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("error: unknown function f\n")
