"""Every command on programs of n, 2n and 4n lines: seconds, and how long its output is beside its input.

A command is in proportion where both numbers of the last columns, the growth from 2n to 4n lines, are about 2.
Text is at most 50 times as long as the program and its graph, which is as long as what `draw` prints. `check` checks
every gradient of a program that takes less than two seconds, and of a longer one as many as take a time in proportion.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import process_time

from click.testing import CliRunner

sys.path.append(str(Path(__file__).parents[1]))

from families import FAMILIES

from mgcli.cli.group import cli

LINES = 50

COMMANDS = [
    "eval - -x 1.1 -y 0.9",
    "grad - -x 1.1 -y 0.9",
    "explain - -x 1.1 -y 0.9",
    "check - -x 1.1 -y 0.9",
    "draw -",
    "diff -",
    "diff - --steps",
    "hessian - -x 1.1 -y 0.9",
    "hessian - --formulas",
]


def measured(command: str, text: str) -> tuple[float, int]:
    """Return the seconds that `command` takes on `text`, and the length of what it prints."""
    start = process_time()
    done = CliRunner().invoke(cli, command.split(), input=text, prog_name="mg", catch_exceptions=False)
    return process_time() - start, len(done.stdout)


def main() -> None:
    for family in FAMILIES:
        print(family.__name__.replace("_", " "))
        for command in COMMANDS:
            sizes = [family(LINES * times) for times in (1, 2, 4)]
            measured(command, sizes[0])
            (first, _), (second, middle), (third, longest) = (measured(command, text) for text in sizes)
            print(
                f"  {command:26} {first:6.2f} {second:6.2f} {third:6.2f} s   output {longest / len(sizes[2]):6.1f} "
                f"x input   grows {third / second:4.1f} x in time, {longest / middle:4.1f} x in length"
            )


if __name__ == "__main__":
    main()
