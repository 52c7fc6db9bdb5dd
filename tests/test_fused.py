"""The loop that is written for large graphs: the same gradients as the plain one, to the last bit."""

import pytest
from graphs import POINTS, bind, graphs
from hypothesis import given, settings
from hypothesis import strategies as st

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
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_large_graph_has_the_gradients_of_a_small_one(operations, data):
    root = data.draw(graphs(operations=operations))
    bind(root, {"x": data.draw(st.sampled_from(POINTS)), "y": data.draw(st.sampled_from(POINTS))})
    if root.data == root.data:
        assert gradients(root, large=True) == gradients(root, large=False)


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


def test_a_graph_of_a_hundred_thousand_nodes():
    a, b = Value(0.5), Value(-0.75)
    x = a * b
    for number in range(value.LARGE):
        x = x * b + a if number % 2 else x + a * b
    assert gradients(x, large=True) == gradients(x, large=False)
