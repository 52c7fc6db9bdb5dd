"""The same graph again with other values: compiled once, against micrograd, which builds it each time."""

from __future__ import annotations

from time import process_time
from typing import Any

from mgcli import Value
from mgcli import compile as compiled
from mgcli.value import forward_pass, topological


def neuron(value: Any, inputs: list[Any], rounds: int) -> Any:
    a, b, c, d = inputs
    x = a * b + c
    for _ in range(rounds):
        x = ((x * d + a).relu() * b - c / 1.5) * 0.9 + d**2
    return x


def seconds(step: Any, steps: int) -> float:
    best = float("inf")
    for _ in range(3):
        start = process_time()
        for _ in range(steps):
            step()
        best = min(best, (process_time() - start) / steps)
    return best


def main() -> None:
    from micrograd.engine import Value as Micro

    numbers = [0.5, -1.25, 0.75, 0.3]
    for rounds in (2, 20, 100):
        inputs = [Micro(number) for number in numbers]

        def micrograd_step(inputs: list[Any] = inputs, rounds: int = rounds) -> None:
            for leaf in inputs:
                leaf.grad = 0
            neuron(Micro, inputs, rounds).backward()

        leaves = [Value(number) for number in numbers]
        root = neuron(Value, leaves, rounds)
        start = process_time()
        function = compiled(root)
        once = process_time() - start
        micrograd_step()
        root.backward()
        _, gradient = function(*numbers)
        assert gradient == tuple(leaf.grad for leaf in leaves)
        assert all(abs(a - b.grad) <= 1e-12 * abs(a) for a, b in zip(gradient, inputs, strict=True))
        nodes = topological(root)

        def graph_step(nodes: list[Value] = nodes, root: Value = root) -> None:
            forward_pass(nodes)
            root.backward()

        steps = 4000 // rounds
        theirs, graph = seconds(micrograd_step, steps // 10), seconds(graph_step, steps)
        ours = seconds(lambda function=function: function(*numbers), steps)
        print(
            f"{len(nodes):5} nodes: micrograd / compiled {theirs / ours:.0f} (goal: at least 30); paid back after "
            f"{once / (theirs - ours):.1f} steps of micrograd, {once / (graph - ours):.0f} of mg's graph (goal: 50)"
        )


if __name__ == "__main__":
    main()
