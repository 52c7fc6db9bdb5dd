"""Straight-line code by itself: run as a language runs it that raises no error, it answers where the graph does."""

import math
import operator
import random
from collections.abc import Callable
from typing import Any

import pytest
from graphs import SPECIAL_NUMBERS, random_graph_of_the_table, varying_leaves
from references import WITHOUT_DERIVATIVE

from mgcli import Value, parse
from mgcli.codegen.every_node import every_node
from mgcli.codegen.python import FORMS
from mgcli.codegen.straight_line import Code, straight_line
from mgcli.codegen.terms import OPPOSITES, Term, Terms
from mgcli.graph.chain_rule import backward_pass, local_derivative
from mgcli.graph.evaluation import forward_pass
from mgcli.graph.floats import FLOATS
from mgcli.graph.node import topological
from mgcli.graph.table import TABLE, is_primitive
from mgcli.graph.value import make


def quotient(x: Any, y: Any) -> Any:
    if y != 0.0:
        return x / y
    return math.nan if x == 0.0 or x != x else math.copysign(math.inf, x) * math.copysign(1.0, y)


ARITHMETIC: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": quotient,
    "neg": operator.neg,
    "abs": abs,
    "greater": operator.gt,
    "less": operator.lt,
    "equal": operator.eq,
    "greater_equal": operator.ge,
    "less_equal": operator.le,
    "not_equal": operator.ne,
    "both": lambda first, second: first and second,
    "either": lambda first, second: first or second,
    "where": lambda condition, x, y: x if condition else y,
}


def computed(function: str, operands: list[float]) -> float:
    """Return what C computes: nan or infinity, and no error."""
    if function in ARITHMETIC:
        return float(ARITHMETIC[function](*operands))
    try:
        return float(getattr(FLOATS, function)(*operands))
    except OverflowError:
        return math.inf
    except (ValueError, ZeroDivisionError):
        return math.nan


def run(code: Code, numbers: list[float]) -> list[tuple[float, list[float]]] | None:
    """Return the values and the derivatives of each root, None where something is not finite."""
    known = dict(zip(code.arguments, numbers, strict=True))

    def number(term: Any) -> Any:
        return known[term] if term.number is None else term.number

    for term in code.steps:
        known[term] = computed(term.function, [number(operand) for operand in term.operands])
    if not all(math.isfinite(number(term)) for term in code.results):
        return None
    return [
        (number(value), [number(slope) for slope in slopes])
        for value, slopes in zip(code.values, code.derivatives, strict=True)
    ]


def by_the_graph(
    roots: list[Value], leaves: list[Value], numbers: list[float]
) -> list[tuple[float, list[float]]] | None:
    for leaf, number in zip(leaves, numbers, strict=True):
        leaf.data = number
    forward_pass(topological(*roots))
    answers = []
    for root in roots:
        if root.data != root.data or backward_pass(root):
            return None
        reached = set(topological(root))
        answers.append((root.data, [leaf.grad if leaf in reached else 0.0 for leaf in leaves]))
    return answers


@pytest.mark.parametrize("seed", range(12))
def test_it_gives_the_bits_and_the_errors_of_the_graph(seed: int) -> None:
    source = random.Random(seed)
    answered = refused = 0
    for _ in range(40):
        root = random_graph_of_the_table(source, source.randrange(1, 20))
        leaves = varying_leaves(root)
        try:
            code = straight_line([root], leaves, leaves)
        except (ValueError, ArithmeticError):
            continue
        for _ in range(4):
            numbers = [source.choice(SPECIAL_NUMBERS) for _ in leaves]
            expected = by_the_graph([root], leaves, numbers)
            assert repr(run(code, numbers)) == repr(expected)
            answered += expected is not None
            refused += expected is None
    assert answered > 20
    assert refused > 5


def test_several_roots_share_their_steps() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    shared = (x * y).exp()
    code = straight_line([shared * x, shared + y], [x, y], [x, y])
    assert [term.function for term in code.steps].count("exp") == 1
    assert run(code, [0.5, 0.25]) == by_the_graph([shared * x, shared + y], [x, y], [0.5, 0.25])


def code_of(text: str) -> Code:
    root = parse(text)
    leaves = varying_leaves(root)
    return straight_line([root], leaves, leaves)


def test_a_branch_not_taken_is_a_choice_not_a_product_with_0() -> None:
    code = code_of("where(x == 0, 1, y*sin(x)/x)")
    assert run(code, [0.0, 3.0]) == [(1.0, [0.0, 0.0])]
    assert run(code_of("relu(x)/x*0 + where(x > 0, log(x), 0)"), [-1.0]) == [(-0.0, [0.0])]


def test_an_infinite_gradient_that_a_closed_branch_hides_is_refused() -> None:
    assert run(code_of("relu(x)*y*y"), [-1.0, 1e200]) is None


def test_equal_terms_are_one_and_so_are_sums_and_products_the_other_way_round() -> None:
    terms: Any = Terms()
    x, y = terms.argument(), terms.argument()
    assert x * y + 2 is y * x + 2.0
    assert x - y is not y - x
    assert x != y
    assert terms.exp(x) is terms.exp(x)


def test_numbers_are_folded() -> None:
    terms: Any = Terms()
    x = terms.argument()
    assert terms.log(2.0) == math.log(2.0)
    assert (x * 1) is (1.0 * x) is (x / 1) is (+x) is terms.neg(-x) is terms.pow(x, 1) is x
    assert x * -1 is x / -1 is -x
    assert terms.sub(terms.number(3.0), terms.one).number == 2.0
    assert (terms.number(0.5) * 4 + 1).number == 3.0
    assert terms.where(2.0, x, 0.0) is x


def test_nothing_is_folded_that_would_change_a_float() -> None:
    terms: Any = Terms()
    x = terms.argument()
    for term in (x + 0.0, x * 0.0, 0.0 / x, x - x, x / x, terms.pow(x, 0.0), 0.0 - x):
        assert term.operands
    assert terms.number(-0.0) is not terms.number(0.0)
    with pytest.raises(ValueError, match="inf cannot be written"):
        terms.number(math.inf)


def test_a_choice_of_1_and_0_is_its_condition() -> None:
    terms: Any = Terms()
    x, y = terms.argument(), terms.argument()
    positive = terms.greater(x, 0.0)
    assert terms.where(positive, 1, 0) is positive
    assert 1 - positive is terms.where(positive, 0, 1) is terms.where(positive, 0.0, 1.0)
    assert (1 - positive).function == OPPOSITES["greater"]
    assert terms.where(terms.where(y, 2, 0), x, 3) is terms.where(y, x, 3)
    assert terms.where(terms.where(y, 0, 1), x, 3) is terms.where(y, 3, x)


def test_every_step_of_every_operation_is_one_that_a_language_must_write() -> None:
    functions: set[str] = set()
    for operation in TABLE:
        leaves = [Value(number, name) for number, name in zip(operation.example, "xyz", strict=False)]
        wrt = leaves[1:] if (operation.name, 0) in WITHOUT_DERIVATIVE else leaves
        code = straight_line([make(operation, leaves, math.nan)], leaves, wrt)
        functions.update(term.function for term in code.steps)
    assert functions - {"both", "either"} == FORMS.keys() - {"both", "either"} - COMPOSED


COMPOSED = {operation.name for operation in TABLE if operation.names and not is_primitive(operation)} - {"abs"}
"""What the table makes of other functions is none of a language's business."""


def test_the_code_of_every_node_gives_all_numbers() -> None:
    root = parse("e = a*b; relu(e)*tanh(e + c) - where(a > 0, sqrt(a), log(-1))")
    nodes, leaves = topological(root), varying_leaves(root)
    code = every_node(nodes)
    point = [2.0, -3.0, 0.5]
    known = dict(zip(code.arguments, point, strict=True))

    def number(term: Term) -> float:
        return known[term] if term.number is None else term.number

    for term in code.steps:
        known[term] = computed(term.function, [number(operand) for operand in term.operands])
    for leaf, data in zip(leaves, point, strict=True):
        leaf.data = data
    forward_pass(nodes)
    for node, value, slopes in zip(nodes, code.values, code.derivatives, strict=True):
        assert number(value) == node.data or node.data != node.data
        expected = [local_derivative(node, index) if each.varies else 0.0 for index, each in enumerate(node.operands)]
        assert [number(slope) for slope in slopes] == expected


def test_a_function_of_a_choice_between_numbers_is_a_choice_between_its_values() -> None:
    terms: Any = Terms()
    x = terms.argument()
    chosen = terms.exp(terms.where(terms.greater(x, 0), 1, terms.where(terms.less(x, -1), 2, 0)))
    assert [chosen.function, chosen.operands[1].number] == ["where", math.exp(1.0)]
    assert [term.number for term in chosen.operands[2].operands[1:]] == [math.exp(2.0), 1.0]
    assert terms.exp(terms.less(x, 0)).operands[1].number == math.exp(1.0)
    for term in (terms.log(terms.greater(x, 0)), terms.exp(terms.where(x, 1, x)), terms.exp(terms.where(x, 1, 1e9))):
        assert term.function in ("log", "exp")
