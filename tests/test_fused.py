"""The loop that is written for large graphs: the same gradients as the plain one, to the last bit."""

import random

import pytest
from graphs import POINTS, bind, random_graph, variables

from mgcli import Value, fused, value
from mgcli.operations import OPERATIONS
from mgcli.value import backward_pass, topological


def gradients(root, large):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(value, "LARGE", 0 if large else 10**9)
        error = backward_pass(root)
    return [repr(node.grad) for node in topological(root)] if error is None else str(error)


@pytest.mark.parametrize(
    "operations",
    [tuple(OPERATIONS), (*fused.COMMONEST, "pow"), ("where", "less", "max", "relu", *fused.COMMONEST)],
    ids=["all", "commonest", "choices"],
)
def test_a_large_graph_has_the_gradients_of_a_small_one(operations):
    choose = random.Random(3)
    drawn = [OPERATIONS[name] for name in operations if not OPERATIONS[name].compares]
    judged = 0
    while judged < 200:
        root = random_graph(choose, drawn, most=12)
        bind(root, {"x": choose.choice(POINTS), "y": choose.choice(POINTS)})
        if root.data == root.data and variables(root):
            large = gradients(root, large=True)
            assert large == gradients(root, large=False)
            judged += isinstance(large, list)


def test_the_derivatives_of_the_commonest_are_in_the_loop(monkeypatch):
    called = []
    monkeypatch.setattr(fused, "hand_down", lambda node, incoming: called.append(node._operation.name))
    a, b = Value(2.0), Value(3.0)
    root = (a * b + a - b) / b + (-a).tanh()
    order = sorted(topological(root), key=lambda node: -node._serial)
    mark = []
    for node in order:
        node.grad = mark
    root.grad = 1.0
    fused.written(OPERATIONS[name] for name in fused.COMMONEST)(order, mark)
    assert called == ["tanh"]


def test_a_graph_that_is_large():
    a, b = Value(0.5), Value(-0.75)
    x = a * b
    for number in range(value.LARGE):
        x = x * b + a if number % 2 else x + a * b
    assert gradients(x, large=True) == gradients(x, large=False)
