"""Compiled functions as machine code against the same as Python functions, of 36 and of 800 lines."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from time import perf_counter
from typing import Any

import mgcli

RUNS = 7


def layers(count: int) -> str:
    lines = [f"n{index} = tanh(n{index - 1}*y + {index}*x)*w + exp(-n{index - 1})" for index in range(1, count)]
    return "\n".join(["n0 = x", *lines, f"n{count - 1}"])


PROGRAMS = {
    "products and sums": "a*b*c + a/(b + c)*(a - b)**2 + (a*a + b*b + c*c)*(a + 2*b)/(1 + a*a) + a*b/(c + 1)",
    "three layers": layers(4),
    "70 layers": layers(70),
}


def seconds(function: Callable[..., Any], point: list[float], times: int) -> float:
    start = perf_counter()
    for _ in range(times):
        function(*point)
    return (perf_counter() - start) / times


def main() -> None:
    for title, text in PROGRAMS.items():
        plain = mgcli.compile(text)
        start = perf_counter()
        native = mgcli.compile(text, native=True)
        built = perf_counter() - start
        assert native.native, native.not_native
        point = [0.3 + 0.1 * index for index, _ in enumerate(plain.variables)]
        assert native(*point) == plain(*point)
        lines = len(plain.source.splitlines())
        times = 200_000 // lines
        pairs = [(seconds(plain, point, times), seconds(native, point, times)) for _ in range(RUNS)]
        slow, fast = (min(each) for each in zip(*pairs, strict=True))
        print(
            f"{title:18} {lines:4} lines: {1e9 * slow:8.0f} ns in Python, {1e9 * fast:6.0f} ns as machine code, "
            f"{slow / fast:5.1f} times (goal: at least 8); built in {built:.2f} s"
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        main()
