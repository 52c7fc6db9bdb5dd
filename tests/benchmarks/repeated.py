"""The same graph again with other values: compiled once, against micrograd, which builds it each time.

Then what asks a graph again and again, `sweep`, `descend` and `plot`: against the same work done node by node
on the graph, and in micrograd where that can do it. Compiling is part of the time of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time
from typing import Any

from micrograd.engine import Value as Micro

import mgcli.codegen.python  # noqa: F401, what compiles is loaded: a few ms of a process
from mgcli import Value, parse_program
from mgcli import compile as compile_graph
from mgcli.analysis.curves import slope_curve, value_curve
from mgcli.analysis.descent import descend, parameters
from mgcli.analysis.points import Sweep
from mgcli.analysis.sweep import grid, sweep
from mgcli.codegen import function
from mgcli.graph.evaluation import forward_pass
from mgcli.graph.node import topological

NUMBERS = [0.5, -1.25, 0.75, 0.3]
TEXT = "x = a*b + c; y = (relu(x*d + a)*b - c/1.5)*0.9 + d**2; (relu(y*d + a)*b - c/1.5)*0.9 + d**2"


def neuron(a: Any, b: Any, c: Any, d: Any, rounds: int = 2) -> Any:
    x = a * b + c
    for _ in range(rounds):
        x = ((x * d + a).relu() * b - c / 1.5) * 0.9 + d**2
    return x


def seconds(work: Callable[[], Any], times: int = 1) -> float:
    best = float("inf")
    for _ in range(5):
        start = process_time()
        for _ in range(times):
            work()
        best = min(best, (process_time() - start) / times)
    return best


def in_micrograd(numbers: list[float], rounds: int = 2) -> tuple[float, list[float]]:
    leaves = [Micro(number) for number in numbers]
    a, b, c, d = leaves
    root = neuron(a, b, c, d, rounds)
    root.backward()
    return root.data, [leaf.grad for leaf in leaves]


def of_a_graph(rounds: int, first: bool) -> None:
    leaves = [Value(number) for number in NUMBERS]
    a, b, c, d = leaves
    root = neuron(a, b, c, d, rounds)
    start = process_time()
    function = compile_graph(root)
    once = process_time() - start if first else seconds(lambda: compile_graph(root))
    nodes = topological(root)

    def node_by_node() -> None:
        forward_pass(nodes)
        root.backward()

    node_by_node()
    value, gradient = function(*NUMBERS)
    assert (value, gradient) == (root.data, tuple(leaf.grad for leaf in leaves))
    assert all(abs(a - b) <= 1e-12 * abs(a) for a, b in zip(gradient, in_micrograd(NUMBERS, rounds)[1], strict=True))
    theirs = seconds(lambda: in_micrograd(NUMBERS, rounds), 400 // rounds)
    graph, ours = seconds(node_by_node, 2000 // rounds), seconds(lambda: function(*NUMBERS), 4000 // rounds)
    print(
        f"{len(nodes):5} nodes{', the first of a process' if first else ''}: micrograd / compiled {theirs / ours:.0f} "
        f"(goal: at least 30); paid back after {once / (theirs - ours):.1f} steps of micrograd, "
        f"{once / (graph - ours):.0f} of mg's graph (goal: 50)"
    )


@contextmanager
def never_compiled() -> Iterator[None]:
    usual, function.PAID_BACK = function.PAID_BACK, 10**9
    try:
        yield
    finally:
        function.PAID_BACK = usual


def of_work(what: str, work: Callable[[], Any], theirs: Callable[[], Any] | None = None) -> None:
    ours, result = seconds(work), repr(work())
    with never_compiled():
        graph = seconds(work)
        assert repr(work()) == result
    micrograd = f", micrograd / compiled {seconds(theirs) / ours:.0f}" if theirs else ""
    print(f"{what}: {1000 * ours:.1f} ms; node by node / compiled {graph / ours:.1f}{micrograd}")


def main() -> None:
    for rounds, first in ((2, True), (2, False), (20, False), (100, False)):
        of_a_graph(rounds, first)
    program = parse_program(TEXT)
    values = dict(zip("abcd", NUMBERS, strict=True))
    points = Sweep(0.0, 2.0, 0.001)

    def swept() -> Any:
        table = sweep(program, values, "a", points, values)
        return table.result.data, [table.columns[name].grad for name in values]

    def descended() -> Any:
        program.bind(values)
        moving = parameters(program)
        return list(descend(program, moving, rate=1e-4, steps=2000))[-1]

    def descended_in_micrograd() -> None:
        numbers = NUMBERS
        for _ in range(2000):
            _, gradient = in_micrograd(numbers)
            numbers = [number - 1e-4 * slope for number, slope in zip(numbers, gradient, strict=True)]

    def curves() -> Any:
        table = sweep(parse_program("sin(1/x)"), {}, "x", Sweep(-1.0, 1.0, 0.001), ["x"])
        value = value_curve(table)
        return value.gaps, slope_curve(table, value).gaps

    def mapped() -> Any:
        side = Sweep(-2.0, 2.0, 0.05)
        rows = grid(parse_program("(1 - x)**2 + 100*(y - x**2)**2"), {}, ("x", "y"), side, side, ["x", "y"])
        return [row.result.data for row in rows]

    of_work("sweep of 2,000 points", swept, lambda: [in_micrograd([point, *NUMBERS[1:]]) for point in points])
    of_work("descend, 2,000 steps", descended, descended_in_micrograd)
    of_work("plot of sin(1/x) and its derivative, 2,000 points", curves)
    of_work("plot of a map, 80 x 80 points", mapped)


if __name__ == "__main__":
    main()
