"""Build a graph of 100,000 nodes and run backward: against micrograd, each measurement a process of its own.

Micrograd's sort recurses: both get the same large stack.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import threading
import tracemalloc
from math import isclose
from time import process_time
from typing import Any

NODES = 100_000
RUNS = 9
SIZES = (1_000, 10_000, 100_000, 1_000_000)


def build_and_differentiate(value: type, nodes: int) -> tuple[Any, Any, Any]:
    a, b = value(0.5), value(-0.75)
    x = a * b
    for number in range(nodes // 2):
        x = x * b + a if number % 2 else x + a * b
    x.backward()
    return x, a, b


def engine(name: str) -> Any:
    if name == "micrograd":
        from micrograd.engine import Value
    else:
        from mgcli import Value
    return Value


def measure(name: str, what: str, nodes: int) -> None:
    value = engine(name)
    if what == "memory":
        tracemalloc.start()
    if what == "held":
        gc.disable()
    start = process_time()
    x, a, b = build_and_differentiate(value, nodes)
    seconds = process_time() - start
    figure = tracemalloc.get_traced_memory()[1] if what == "memory" else seconds
    print(figure, x.data, a.grad, b.grad)


def measured(name: str, what: str, nodes: int = NODES) -> tuple[float, list[float]]:
    command = [sys.executable, __file__, name, what, str(nodes)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figure, *result = map(float, done.stdout.split())
    return figure, result


def main() -> None:
    times, memories = [], []
    for _ in range(RUNS):
        (theirs, their_result), (ours, our_result) = measured("micrograd", "time"), measured("mg", "time")
        # Micrograd's operands are a set: its sums come in another order each time.
        assert all(map(isclose, their_result, our_result))
        times.append((theirs, ours))
    memories = [measured(name, "memory")[0] for name in ("micrograd", "mg")]
    per_node = statistics.median(ours for _, ours in times) / NODES * 1e6
    print(f"build + backward, {NODES:,} nodes: {per_node:.2f} µs a node")
    print(f"micrograd / mg, time:   {statistics.median(a / b for a, b in times):.1f} (goal: at least 6, 8 aimed at)")
    print(f"mg / micrograd, memory: {memories[1] / memories[0]:.3f} (goal: at most 0.25)")
    for what, how in (("held", "the collector held off, as the commands do"), ("time", "the collector as it is")):
        each = [min(measured("mg", what, size)[0] for _ in range(3)) / size * 1e6 for size in SIZES]
        listed = "  ".join(f"{size:,}: {time:.2f}" for size, time in zip(SIZES, each, strict=True))
        print(f"{listed} µs a node, {how}; largest/smallest {each[-1] / each[0]:.2f} (goal: flat)")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        sys.setrecursionlimit(10**7)
        threading.stack_size(1 << 29)
        thread = threading.Thread(target=measure, args=(sys.argv[1], sys.argv[2], int(sys.argv[3])))
        thread.start()
        thread.join()
