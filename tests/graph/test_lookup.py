"""The nodes of a graph by their labels."""

from collections.abc import Callable
from typing import Any

import pytest

from mgcli import ExpressionError, Value, compile, derivative, parse  # noqa: A004
from mgcli.graph.lookup import nodes_of


def test_a_node_is_given_itself_or_by_its_label() -> None:
    L = parse("e = a*b; L = e*c", a=2, b=3, c=4)
    e = L._prev[0]
    assert nodes_of(L, "e") == nodes_of(L, e) == nodes_of(L, ["e"]) == [e]
    assert nodes_of(L, [e, "L"]) == [e, L]
    assert derivative(L, "e").data == 4.0
    assert compile(L, wrt="e")() == (24.0, (4.0,))
    assert compile(L, wrt=e)() == (24.0, (4.0,))


def test_a_label_that_no_node_has_is_refused() -> None:
    with pytest.raises(ExpressionError) as refused:
        derivative(parse("alpha*b", alpha=1, b=2), "alpa")
    assert str(refused.value) == "the expression has no variable alpa\nhint: did you mean alpha?"
    with pytest.raises(ExpressionError) as refused:
        derivative(Value(2.0), "x")
    assert str(refused.value) == "the expression has no variable x\nhint: it has no variables"


@pytest.mark.parametrize("wanted", [3, None, [3], ["x"], b"x"])
def test_something_that_is_neither_is_a_type_error(wanted: Any) -> None:
    with pytest.raises(TypeError, match="a Value or its label, not"):
        derivative(parse("x**2", x=1), wanted)


def test_something_that_is_not_a_graph_is_a_type_error() -> None:
    calls: list[Callable[[Any], Any]] = [compile, lambda root: derivative(root, "a")]
    for call in calls:
        with pytest.raises(TypeError, match="a graph is given by its root, a Value, not 'int'"):
            call(3)
    with pytest.raises(TypeError, match="a graph is given by its root, a Value, not 'str'"):
        derivative("a*b", "a")  # type: ignore[arg-type]
