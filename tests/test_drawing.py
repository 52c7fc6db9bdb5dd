"""The layout of a large drawing."""

from time import perf_counter

import pytest

from mgcli import draw_dot, parse, parse_program

LONG = {
    "one variable over and over": "+".join(["a"] * 500),
    "each line uses the line before": "\n".join(
        ["x0 = a", *(f"x{i} = x{i - 1}*b + sin(x{i - 1})" for i in range(1, 167))]
    ),
    "Horner's rule": "(" * 120 + "a" + "*b + c)" * 120,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_drawing_of_1_000_nodes_takes_seconds(text):
    program = parse_program(text)
    program.bind(dict.fromkeys(program.variables, 0.5))
    start = perf_counter()
    assert draw_dot(program.root).pipe("svg").endswith(b"</svg>\n")
    assert perf_counter() - start < 20


def test_only_a_large_drawing_gives_up_the_best_layout():
    assert "concentrate" not in draw_dot(parse("+".join(["a"] * 50))).source
    assert "concentrate=true" in draw_dot(parse("+".join(["a"] * 300))).source
