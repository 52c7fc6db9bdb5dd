"""Microseconds for each token of a text, from 1,000 tokens to 1,000,000."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

from mgcli import parse_program


def long_sum(tokens: int) -> str:
    return " + ".join(f"x{number % 50}*{number}.5" for number in range(tokens // 4))


def long_program(tokens: int) -> str:
    lines = (f"x{number} = x{number - 1}*b + sin(x{number - 1})" for number in range(1, tokens // 11))
    return "\n".join(["x0 = a", *lines])


def deep_nesting(tokens: int) -> str:
    return "sin(" * (tokens // 3) + "a" + ")" * (tokens // 3)


def microseconds(write: Callable[[int], str], tokens: int) -> float:
    text = write(tokens)
    best = float("inf")
    for _ in range(5 if tokens < 100_000 else 2):
        start = process_time()
        program = parse_program(text)
        best = min(best, process_time() - start)
        del program
    return best / tokens * 1e6


def main() -> None:
    parse_program("1")
    sizes = (1_000, 10_000, 100_000, 1_000_000)
    for write in (long_sum, long_program, deep_nesting):
        times = [microseconds(write, size) for size in sizes]
        listed = "  ".join(f"{size:,}: {time:.2f}" for size, time in zip(sizes, times, strict=True))
        name = write.__name__.replace("_", " ")
        print(f"{name:13} {listed}  µs a token (goal: at most 5); ratio largest/smallest {times[-1] / times[0]:.2f}")


if __name__ == "__main__":
    main()
