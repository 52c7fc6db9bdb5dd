"""A compiled graph against the graph it was made from, bit by bit."""

import math
import pickle
import random
import re
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from graphs import SPECIAL_NUMBERS, compile_from, random_graph_of_the_table, varying_leaves
from references import WITHOUT_DERIVATIVE
from rows import rows

import mgcli
from mgcli import EvaluationError, ExpressionError, Value, functions, parse, parse_program
from mgcli import compile as compiled
from mgcli.analysis.points import Sweep
from mgcli.analysis.sweep import sweep
from mgcli.codegen import function as module
from mgcli.codegen.function import Compiled, Repeated
from mgcli.graph.evaluation import first_error, forward_pass
from mgcli.graph.node import topological
from mgcli.graph.operation import Operation
from mgcli.graph.table import TABLE
from mgcli.graph.value import make


def bits(number: float) -> str:
    return repr(float(number))


def by_the_graph(root: Value, leaves: list[Value], numbers: Sequence[float]) -> str | tuple[str, list[str]]:
    """Return the value and the gradient, or the message of the graph's error."""
    for leaf, number in zip(leaves, numbers, strict=True):
        leaf.data = number
    forward_pass(topological(root))
    try:
        if root.data != root.data:
            raise first_error(root) or EvaluationError("the result is not a number")
        root.backward()
    except EvaluationError as error:
        return error.message
    return bits(root.data), [bits(leaf.grad) for leaf in leaves]


def by_the_compiled(function: Compiled, numbers: Sequence[float]) -> str | tuple[str, list[str]]:
    try:
        value, gradient = function(*numbers)
    except EvaluationError as error:
        return error.message
    return bits(value), [bits(slope) for slope in gradient]


@pytest.mark.parametrize("seed", range(40))
def test_it_gives_the_bits_and_the_errors_of_the_graph_on_random_graphs(seed: int) -> None:
    source = random.Random(seed)
    answered = 0
    for _ in range(25):
        root = random_graph_of_the_table(source, source.randrange(1, 9))
        leaves = varying_leaves(root)
        function = compiled(root)
        for _ in range(4):
            numbers = [source.choice(SPECIAL_NUMBERS) for _ in leaves]
            expected = by_the_graph(root, leaves, numbers)
            assert by_the_compiled(function, numbers) == expected
            answered += not isinstance(expected, str)
    assert answered > 20


# Without a derivative anywhere there is nothing to compile.
COMPILED = [operation for operation in TABLE if (operation.name, 0) not in WITHOUT_DERIVATIVE]


@rows("operation", COMPILED)
def test_it_runs_every_operation_of_the_table_without_the_graph(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves = [Value(number, name) for number, name in zip(operation.example, "xyz", strict=False)]
    root = make(operation, leaves, math.nan)
    expected = by_the_graph(root, leaves, operation.example)
    function = compiled(root)
    monkeypatch.setattr(function, "_of_graph", None)
    assert by_the_compiled(function, operation.example) == expected


def test_its_source_is_the_two_passes_to_read() -> None:
    L = parse("e = a*b; d = e + c; L = d*f + tanh(d)", a=2, b=-3, c=10, f=-2)
    assert (
        compiled(L, wrt=["a", "e"]).source
        == """\
def function(a, b, c, f):
    e = a*b
    d = e + c
    L = d*f + tanh(d)
    v1 = exp(-2.0*abs(d))
    v2 = 1.0 + v1
    grad_d = 4.0*v1/(v2*v2) + f
    grad_a = grad_d*b
    return L, (grad_a + 0.0, grad_d + 0.0), ()
"""
    )


def test_a_comparison_is_written_as_one() -> None:
    assert (
        compiled(parse("relu(x)*where(x >= y, x, 2)")).source
        == """\
def function(x, y):
    v1 = x if x > 0.0 else 0.0
    v2 = x if x >= y else 2.0
    grad_x = (v1 if x >= y else 0.0) + (v2 if x > 0.0 else 0.0)
    return v1*v2, (grad_x + 0.0, 0.0), (x, y)
"""
    )


def test_a_branch_is_computed_where_it_is_taken() -> None:
    function = compiled(parse("where(x > 0 , y*log(x), 5*x)"))
    assert (
        function.source
        == """\
def function(x, y):
    v1 = log(x)
    grad_y = v1 if x > 0.0 else 0.0
    grad_x = (5.0 if x <= 0.0 else 0.0) + (y*(1.0/x) if x > 0.0 else 0.0)
    return (y*v1 if x > 0.0 else 5.0*x), (grad_x + 0.0, grad_y + 0.0), (x,)
"""
    )


def test_a_long_sum_goes_over_several_lines() -> None:
    lines = compiled(parse(" + ".join(f"x*(y + {index})*(z + {index})" for index in range(9))), wrt="x").source.split(
        "\n"
    )
    summed = [line for line in lines if "grad_x" in line]
    assert summed[0].startswith("    grad_x = ")
    assert summed[1].startswith("    grad_x += ")
    assert summed[-1].endswith("(grad_x + 0.0,), ()")
    assert max(map(len, lines)) < 90


def test_arguments_go_by_index_or_by_name_and_have_the_graphs_numbers() -> None:
    function = compiled(parse("a*b + c", a=2, b=-3, c=10))
    assert function.variables == ("a", "b", "c")
    assert function() == (4.0, (-3.0, 2.0, 1.0))
    assert function(1, 1) == (11.0, (1.0, 1.0, 1.0))
    assert function(1.0, c=0) == (-3.0, (-3.0, 1.0, 1.0))
    with pytest.raises(TypeError, match="at most 3 arguments, not 4"):
        function(1, 2, 3, 4)
    with pytest.raises(TypeError, match="there is no variable d; the variables are a, b, c"):
        function(d=1)
    with pytest.raises(TypeError, match="a is given twice"):
        function(1, a=1)
    with pytest.raises(TypeError, match="no value for b"):
        compiled(parse("a*b"))(1)


def test_nan_may_be_given() -> None:
    with pytest.raises(EvaluationError, match="the result is not a number"):
        compiled(parse("x*y"))(math.nan, y=2.0)


@pytest.mark.parametrize("text", ["where(x > y, 1, 2)", "where(x, x*2, 3)*0 + relu(y)", "max(x, floor(y))*0"])
@pytest.mark.parametrize("point", [(math.nan, 1.0), (-2.0, math.nan)])
def test_nan_is_refused_where_the_value_does_not_show_it(text: str, point: tuple[float, float]) -> None:
    root = parse(text)
    assert by_the_compiled(compiled(root), point) == by_the_graph(root, varying_leaves(root), point)


def test_after_a_point_without_a_value_no_gradient_of_another_point_comes_back() -> None:
    function = compiled(parse("where(x > 0, log(x), 5*x)"))
    assert function(-1.0) == (-5.0, (5.0,))
    with pytest.raises(EvaluationError, match="the result is not a number"):
        function(math.nan)


def test_variables_may_be_called_as_the_parameters_are() -> None:
    assert compiled(parse("self*text"))(self=3.0, text=2.0) == (6.0, (2.0, 3.0))
    assert parse("text*2", text=3).data == 6.0


def test_it_can_differentiate_by_nodes_and_by_labels() -> None:
    L = parse("e = a*b; L = e*e", a=2, b=3)
    e = next(node for node in topological(L) if node.label == "e")
    assert compiled(L, wrt=[e, "a", L, "b"])() == (36.0, (12.0, 36.0, 1.0, 24.0))
    assert compiled(L, wrt=[])() == (36.0, ())
    assert compiled(L, wrt=[Value(1.0)])() == (36.0, (0.0,))
    with pytest.raises(ExpressionError) as refused:
        compiled(L, wrt=["ee"])
    assert str(refused.value) == "the expression has no variable ee\nhint: did you mean e?"
    with pytest.raises(ExpressionError, match="it has"):
        compiled(L, wrt=["nothing"])


def test_an_error_has_the_message_of_the_graph() -> None:
    function = compiled(parse("a + log(b)"))
    with pytest.raises(EvaluationError) as refused:
        function(1, -2)
    assert str(refused.value) == "log is not defined at -2.0"
    assert refused.value.span == (4, 10)
    assert str(function.refusal(1, 0)) == "log is not defined at 0.0"
    assert function.refusal(1, 2) is None
    assert str(compiled(parse("sqrt(x)")).refusal(0)) == "the derivative of sqrt is not defined at 0.0"
    assert str(compiled(parse("log(0)*x")).refusal(1)) == "log is not defined at 0.0"
    assert str(compiled(parse("1e308*10*0*x")).refusal(1)) == "multiplication overflows at 1e+308*10.0"


@pytest.mark.parametrize(
    "text", ["1/(x*1e200*1e200)", "atan(x*1e200*1e200)", "max(x*1e200*1e200, 0)", "exp(-(x*1e200)**2)"]
)
def test_an_overflow_that_the_value_does_not_show_is_refused_too(text: str) -> None:
    assert "overflows" in str(compiled(parse(text)).refusal(5))


def test_a_gradient_that_overflows_before_it_ends_at_a_comparison_is_refused_too() -> None:
    root = functions.greater(Value(1.0, "x"), 3.0) * 1e200 * 1e200
    error = compiled(root).refusal()
    assert error
    assert error.message == "the gradient overflows"


def test_the_graph_is_left_as_it_was() -> None:
    root = parse("log(x)*y", x=2, y=3)
    root.backward()
    before = [(node.data, node.grad, node.error) for node in topological(root)]
    function = compiled(root)
    function(1.0, 1.0)
    function.refusal(-1.0, 1.0)
    assert [(node.data, node.grad, node.error) for node in topological(root)] == before


def test_a_branch_not_taken_neither_fails_nor_is_differentiated() -> None:
    x = Value(2.0, "x")
    root = functions.where(functions.greater(x, 0.0), functions.log(x), 0.0)
    function = compiled(root)
    assert function(-1.0) == (0.0, (0.0,))
    assert function(2.0) == (math.log(2.0), (0.5,))


@pytest.mark.parametrize(
    "label",
    ["lambda", "exp", "function", "grad_x", "v1", "x_1", "abs", "a b", "", "ﬁ", "fi", "None", "__debug__", "self"],
)
def test_any_label_gives_a_valid_source(label: str) -> None:
    x, y = Value(0.5, label), Value(2.0, "x")
    root = (x * y).exp() * y + abs(x)
    root.backward()
    function = compiled(root)
    assert function() == (root.data, (x.grad, y.grad))
    assert len(set(function.variables)) == 2


def test_a_constant_graph_is_a_function_of_nothing() -> None:
    assert compiled(parse("2*pi"))() == (math.tau, ())


@pytest.mark.parametrize("size", [5_000, pytest.param(100_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("shape", ["chain", "wide", "sum of one variable"])
def test_a_large_graph_is_compiled(shape: str, size: int) -> None:
    x, y = Value(0.5, "x"), Value(0.25, "y")
    root = x * y
    others = [root] * (size // 2)
    if shape == "wide":
        others = [x * y for _ in range(size // 3)]
    for other in others:
        root = root + (other if shape == "wide" else x) if shape != "chain" else root * y + x
    root.backward()
    function = compiled(root)
    assert function.source.startswith("def function(x, y):")
    assert function(0.5, 0.25) == (root.data, (x.grad, y.grad))


def test_a_larger_graph_is_evaluated_node_by_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_NODES", 3)
    function = compiled(parse("a*b + c", a=2, b=-3, c=10))
    assert function() == (4.0, (-3.0, 2.0, 1.0))
    assert function.source == "# This graph is not compiled; it is evaluated node by node.\n"


def test_it_is_found_in_the_package_and_needs_no_numpy() -> None:
    assert mgcli.compile is compiled
    assert "numpy" not in module.__dict__
    assert sys.modules["mgcli.codegen.function"] is module


def test_it_is_compiled_at_once_if_that_is_known_to_pay_and_otherwise_later(monkeypatch: pytest.MonkeyPatch) -> None:
    compile_from(monkeypatch, 3)
    x = Value(2.0, "x")
    root = x * x
    sooner, later, never = (Repeated(root, [x], [x], times=times) for times in (3, 0, 2))
    assert [sooner([3.0]) for _ in range(2)] == [(9.0, (6.0,), ())] * 2
    assert [later([3.0]) for _ in range(5)] == [None] * 3 + [(9.0, (6.0,), ())] * 2
    assert [never([3.0]) for _ in range(2)] == [None] * 2
    assert sooner([1e200]) is None


def test_a_small_graph_is_evaluated_more_often_before_it_is_compiled() -> None:
    def evaluations(size: Any) -> Any:
        x = Value(1.0, "x")
        root = x
        for _ in range(size):
            root = root + x
        repeated = Repeated(root, [x], [])
        return next(times for times in range(10**6) if repeated([1.0]))

    assert evaluations(1) > evaluations(10) > evaluations(5_000) == evaluations(10_000) > 0


SWEPT = [
    ("x**2*sin(x) - 3/x", {}),
    ("k = 2; y = k*log(x); unused = exp(y); y*z + relu(x)", {"z": 3.0}),
    ("p = sqrt(x); max(p, z)**3", {"z": 0.5}),
    ("q = z; x", {"z": 1.0}),
    ("log(z)*x", {"z": -1.0}),
    ("x", {}),
    ("atan(1/x)", {}),
    ("bad = log(-x*x); x + 1", {}),
]


@pytest.mark.parametrize(("text", "values"), SWEPT)
@pytest.mark.parametrize("wrt", [None, [], "all"])
def test_a_sweep_gives_the_same_digits_with_and_without_compiling(
    text: str, values: dict[str, float], wrt: list[Any] | str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    make = module._function

    def noted(*given: Any) -> Any:
        written.append(1)
        return make(*given)

    monkeypatch.setattr(module, "_function", noted)
    tables = []
    for times in (0, 10**9):
        compile_from(monkeypatch, times)
        program = parse_program(text)
        wanted = program.known() if wrt == "all" else wrt
        swept = sweep(program, values, "x", Sweep(-2.0, 2.0, 0.25), wanted)
        columns = {name: (bytes(column.data), bytes(column.grad)) for name, column in swept.columns.items()}
        tables.append((swept.refused, bytes(swept.result.data), columns))
    assert tables[0] == tables[1]
    assert len(written) == ("log(z)" not in text)


def test_threads_do_not_disturb_each_other() -> None:
    function = compiled(parse("where(x > 0, log(x), x**2) + sin(x*3)*x", x=1.0))
    points = [-1.0, -2.0, -3.0, -4.0]
    expected = [function(point) for point in points]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda point: [function(point) for _ in range(300)], points))
    finally:
        sys.setswitchinterval(before)
    assert found == [[answer] * 300 for answer in expected]


def test_a_compiled_function_can_be_pickled() -> None:
    function = compiled(parse("x*y", x=2.0, y=3.0), wrt=["y"])
    assert pickle.loads(pickle.dumps(function))(5.0) == function(5.0) == (15.0, (5.0,))


def test_a_condition_that_is_not_a_number_is_refused() -> None:
    c, x = Value(1.0, "c"), Value(2.0, "x")
    function = compiled(functions.where(c, x, 3 * x), wrt=[x])
    assert function(1.0, 2.0) == (2.0, (1.0,))
    with pytest.raises(EvaluationError, match="the result is not a number"):
        function(math.nan, 2.0)


@pytest.mark.parametrize(
    ("text", "point", "message"),
    [
        ("t = y*y; where(y < t, 0.5, t)", (1e200,), "multiplication overflows at 1e+200*1e+200"),
        ("t = a*1e200*1e200; where(c > 0, t, 0) + 1/t", (2.0, -1.0), "multiplication overflows at 2e+200*1e+200"),
    ],
)
def test_a_branch_not_taken_that_is_used_elsewhere_must_be_defined(
    text: str, point: tuple[float, ...], message: str
) -> None:
    with pytest.raises(EvaluationError, match=re.escape(message)):
        compiled(parse(text))(*point)


def test_a_pickled_function_has_its_arguments_in_their_order_and_their_numbers() -> None:
    x, y = Value(1.0, "x"), Value(2.0, "y")
    function = compiled(y - x)
    x.data = 7.0
    again = pickle.loads(pickle.dumps(function))
    assert again.variables == function.variables == ("x", "y")
    assert again(10.0, 1.0) == (-9.0, (-1.0, 1.0))
    assert again() == function() == (1.0, (-1.0, 1.0))


def test_a_deep_compiled_function_is_pickled_without_recursion() -> None:
    x = Value(1.0, "x")
    root = x
    for _ in range(5000):
        root = root + 1
    assert pickle.loads(pickle.dumps(compiled(root)))(2.0) == (5002.0, (1.0,))


def test_of_several_roots_it_gives_the_bits_of_each_graph() -> None:
    source = random.Random(16)
    refused = 0
    for _ in range(60):
        roots = [random_graph_of_the_table(source, source.randrange(1, 6)) for _ in range(3)]
        functions_of_one = [compiled(root) for root in roots]
        together = compiled(roots)
        for _ in range(3):
            numbers = {id(leaf): source.choice(SPECIAL_NUMBERS) for leaf in together._leaves}
            point = [numbers[id(leaf)] for leaf in together._leaves]
            try:
                each = [one(*(numbers[id(leaf)] for leaf in one._leaves)) for one in functions_of_one]
            except EvaluationError:
                refused += 1
                with pytest.raises(EvaluationError):
                    together(*point)
                continue
            values, rows = together(*point)
            assert list(map(bits, values)) == [bits(value) for value, _ in each]
            for one, (_, gradient), row in zip(functions_of_one, each, rows, strict=True):
                slopes = dict(zip(map(id, one._leaves), gradient, strict=True))
                assert [bits(slopes.get(id(leaf), 0.0)) for leaf in together._leaves] == list(map(bits, row))
    assert 20 < refused < 160


def test_several_results_share_their_steps_and_are_read_by_name() -> None:
    program = parse_program("s = sin(t); x = r*s; y = r*s**2")
    function = compiled([program.node("x"), program.node("y")])
    assert function.source.count("sin(t)") == 1
    assert function(2.0, 0.0) == function(t=2.0, r=0) == function(2, 0)
    assert compiled([program.node("x")], "r")(0.5, 3.0) == ((3.0 * math.sin(0.5),), ((math.sin(0.5),),))
    assert pickle.loads(pickle.dumps(function))(0.5, 2.0) == function(0.5, 2.0)
    with pytest.raises(EvaluationError, match="log is not defined"):
        compiled([parse("x + 1"), parse("log(y)")])(1.0, -1.0)
    names: Any = ("x",)
    with pytest.raises(TypeError, match="a graph is given by its root"):
        compiled(names)


def test_a_large_graph_of_several_results_is_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_NODES", 1)
    program = parse_program("x = r*t; y = r + t")
    assert compiled([program.node("x"), program.node("y")])(2.0, 3.0) == ((6.0, 5.0), ((3.0, 2.0), (1.0, 1.0)))
