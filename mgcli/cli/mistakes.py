"""The table of mistakes on the command line: the message for each, and the remedies to choose from.

A row fits if its pattern matches the wrong argument and every field of its remedy is known (see
`mgcli.cli.guesses`); the first row that fits gives the remedy. `example` is a command line with this
mistake, and `followed` is what a user writes who follows the remedy: a test runs both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import Formatter
from typing import NamedTuple

Fact = Callable[[], "str | None"]
"""What fills a field of a remedy; None where it does not apply."""

A_VALUE = "a value is a number or a constant expression, as in pi/4"


class Row(NamedTuple):
    """One remedy."""

    pattern: str
    remedy: str
    example: str
    followed: str


class Mistake(NamedTuple):
    """The message for a mistake, and the remedies to choose from."""

    message: str
    rows: tuple[Row, ...]


MISTAKES = {
    "two expressions": Mistake(
        "two expressions: {first} and {text}",
        (
            Row("--file .*", "give one of the two", "eval x --file program.mg", "eval --file program.mg -x 1"),
            Row(".*", "did you mean {switch}?", "diff x**2 -json -x 3", "diff x**2 --json -x 3"),
            Row(".*", "{taken} was taken as the value of {taker}", "eval x*y -x -y 3", "eval x*y -x 1 -y 3"),
            Row(".*", "write {meant}", "eval x**2 x=2", "eval x**2 -x 2"),
            Row(".*", "for your derivative, write {claim}", "check x**2 2*x", "check x**2 --claim 2*x"),
            Row(
                r"[^\W\d]\w*",
                "to differentiate with respect to {text}, write {wrt}",
                "diff x**2 x",
                "diff x**2 --wrt x",
            ),
            Row(
                r".*\.(svg|png|jpe?g|pdf|dot|html|csv|parquet|c|h|rs|m?js|py)",
                "to write this file, add {out}",
                "draw x g.dot",
                "draw x --out - --format dot",
            ),
            Row(
                ".*",
                "put the expression in quotes, and each value after its name",
                "eval a + b -a 1 -b 2",
                "eval 'a + b' -a 1 -b 2",
            ),
        ),
    ),
    "no value": Mistake(
        "no value follows {text}",
        (
            Row("--?(h|help)", "for help, write --help", "eval x -h", "eval x --help"),
            Row(".*", "did you mean {option}?", "diff x**2 -latex", "diff x**2 --latex"),
            Row(".*", "write {meant}", "eval x**2 -x2", "eval x**2 -x 2"),
            Row("--.*", "did you mean {misspelled}?", "diff x**2 --step", "diff x**2 --steps"),
            Row("--.*", "{elsewhere}", "descend x**2 -x 1 --latex", "grad x**2 -x 1 --latex"),
            Row("--.*", "did you mean {near}?", "eval x -x 1 --josn", "eval x -x 1 --json"),
            Row(
                "--(?P<name>.*)",
                "see '{command} --help' for the options; for the variable {name}, write {text} VALUE",
                "draw x*json -x 1 --json",
                "draw x*json -x 1 --json 2",
            ),
            Row(
                ".*",
                "write {text} VALUE; for the expression {text}, write -- {text}",
                "eval x -x",
                "eval x -x 3",
            ),
        ),
    ),
    "no option value": Mistake(
        "no value follows {text}",
        (
            Row(".*", "write {text} {metavar}, as in {shown}", "grad a -a 1 --wrt", "grad a -a 1 --wrt a"),
            Row(".*", "write {text} {metavar}", "eval -x 1 --file", "eval -x 1 --file program.mg"),
        ),
    ),
    "no binding": Mistake(
        "--let takes NAME=VALUE, not {text}",
        (Row(r"\s*(?P<name>[^\W\d]\w*)\s*", "write --let {name}={value}", "eval x --let x 3", "eval x --let x=3"),),
    ),
    "no expression": Mistake(
        "no expression, and no earlier one to use again{why}",
        (
            Row(".*", "did you mean {option}?", "grad -json 3", "grad x -x 3 --json"),
            Row(".*", "write one, as in {shown}", "eval", 'eval "a*b + c" -a 2 -b -3 -c 10'),
        ),
    ),
    "no variable": Mistake(
        "the expression has no variable {text}",
        (
            Row(".*[0-9]", "write {spaced}", "eval a*b -a2 -b3", "eval a*b -a 2 -b 3"),
            Row(
                ".*",
                "{taken} was taken as the value of {text}; if {taken} is the expression, write -- {taken} at the end",
                "eval -x -x 3",
                "eval -x 3 -- -x",
            ),
            Row(".*", "{product}", "eval xy -x 2 -y 3", "eval x*y -x 2 -y 3"),
            Row(".*", "for the function, write {call}", "grad sin -x 1", "grad sin(x) -x 1"),
            Row(".*", "did you mean {option}?", "diff x**2 -wrt x", "diff x**2 --wrt x"),
            Row(".*", "did you mean {near}?", "eval alpha --alhpa 1", "eval alpha --alpha 1"),
            Row("..+", "did you mean {habit}?", "descend x -x 1 --lr 0.1", "descend x -x 1 --rate 0.1"),
            Row("at|point|value|values", "for the value write {only}", "diff x**2 --at 3", "diff x**2 -x 3"),
            Row(".*", "{has}; for {lettered}", "slope x**2 -x 3 -h 0.01", "slope x**2 -x 3 --step 0.01"),
            Row("..+", "did you mean {misspelled}?", "descend x -x 1 --step 3", "descend x -x 1 --steps 3"),
            Row("..+", "{elsewhere}", "eval x -x 1 --rate 3", "descend x -x 1 --rate 3"),
            Row(".|.{4,}", "did you mean {near_option}?", "grad a -a 1 --digit 3", "grad a -a 1 --digits 3"),
            Row(".", "{has}", "eval x*y -x 1 -y 2 -z 3", "eval x*y -x 1 -y 2"),
            Row(".*", "{has}; see '{command} --help' for the options", "draw a*b --width 300", "draw a*b"),
        ),
    ),
    "no option or variable": Mistake(
        "no option {text}",
        (
            Row(
                ".*",
                "it took {taken} for its value; without it, write {command} {taken}",
                "grad --quiet a*b -a 1",
                "grad a*b -a 1 -b 2",
            ),
            Row(".*", "did you mean {near_option}?", "eval --digit 3", "eval --digits 3"),
            Row(".*", "did you mean {near}?", "eval --alhpa 2", "eval --alpha 2"),
            Row(".*", "see '{command} --help' for the options", "eval --quiet 3", "eval --help"),
        ),
    ),
    "empty value": Mistake("the value of {name} is empty", (Row(".*", A_VALUE, "eval x -x ''", "eval x -x pi/4"),)),
    "no sweep": Mistake(
        "{name} is swept ({text}), and this command takes one value",
        (Row(".*", "write {meant}", "slope x -x 0:1", "slope x -x 0"),),
    ),
    "list": Mistake(
        "the value of {name}: {text} is a list",
        (
            Row(".*", "a list is written {list}", "eval x -x [1,2,3]", "eval x -x 1,2,3"),
            Row(".*", "a list has three numbers or more; a range is {range}", "eval x -x [1,2]", "eval x -x 1:3"),
            Row(".*", "this command takes one value", "slope x -x 1,2,3", "slope x -x 1"),
        ),
    ),
    "two numbers": Mistake(
        "the value of {name}: {text} is not one number",
        (
            Row(".*", "write {decimal}, or {interval} for a range", "eval x -x -5,5", "eval x -x -5.5"),
            Row(".*", "a range is written {interval}", "eval x -x -5..5", "eval x -x -5:5"),
        ),
    ),
    "no number": Mistake(
        "the value of {name}: {text} is not one number",
        (
            Row(".*", "a list is written 1,2,4, and a range {range}", "eval x -x '1 2 3'", "eval x -x 1,2,3"),
            Row(".*", A_VALUE, "slope x -x '0;1'", "slope x -x 1"),
        ),
    ),
    "unit": Mistake(
        "the value of {name}: {text} is not one number",
        (
            Row(
                r".*[0-9.]\s*m",
                "values have no units: write {number}, or {number}e-3 for the prefix",
                "eval x -x 5m",
                "eval x -x 5e-3",
            ),
            Row(".*", "values have no units: write {number}", "eval x -x 2.2kΩ", "eval x -x 2.2e3"),
        ),
    ),
    "no range": Mistake(
        "the value of {name}: {text} is neither a range nor a list",
        (
            Row(
                ".*",
                "write start:stop, start:stop:step or start:stop:/points, and a list as 1,2,4",
                "eval x -x 0::1",
                "eval x -x 0:1",
            ),
        ),
    ),
    "no command": Mistake(
        "no command {text}",
        (
            Row(r".*\s.*", "write {command} {quoted}", "'eval x**2' -x 3", "eval x**2 -x 3"),
            Row("version", "write {command} --version", "version", "--version"),
            Row("integra(l|te)", "mg differentiates; it does not integrate", "integrate x", "diff x"),
            Row(
                "solve|roots?|zeros?",
                "mg does not solve equations; mg eval with a range shows where the sign changes",
                "solve x",
                "eval x -x 0:1",
            ),
            Row(".*", "did you mean {near}?", "evl 2+3", "eval 2+3"),
            Row(".*", "see '{command} --help' for the list", "quux", "--help"),
        ),
    ),
    "no option": Mistake(
        "no option {text}",
        (
            Row(".*", "did you mean {near}?", "functions ln --jsn", "functions ln --json"),
            Row(".*", "{elsewhere}", "functions ln --latex", "diff 'log(x)' --latex"),
            Row(".*", "see '{command} --help' for the options", "functions ln --width 3", "functions --help"),
            Row(
                ".*",
                "options come after the command: mg grad ... {text}",
                "--json grad x -x 1",
                "grad x -x 1 --json",
            ),
        ),
    ),
}
"""The mistakes, each with its remedies, the most likely first."""


def answer(kind: str, text: str, **facts: Fact) -> tuple[str, str | None]:
    """Return the message for a mistake of that kind in the argument `text`, and the remedy if one fits."""
    mistake = MISTAKES[kind]
    facts["text"] = lambda: text
    message = mistake.message.format_map(_known(mistake.message, {}, facts))
    for row in mistake.rows:
        found = re.fullmatch(row.pattern, text, re.DOTALL)
        if found:
            known = _known(row.remedy, found.groupdict(), facts)
            if None not in known.values():
                return message, row.remedy.format_map(known)
    return message, None


def _known(template: str, groups: Mapping[str, str], facts: Mapping[str, Fact]) -> dict[str, str | None]:
    fields = [field for _, field, _, _ in Formatter().parse(template) if field]
    return {field: groups[field] if field in groups else facts[field]() for field in fields}
