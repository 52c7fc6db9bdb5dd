"""A line without a command: `mg "a*b" -a 2 -b 3` is `mg grad "a*b" -a 2 -b 3`."""

from __future__ import annotations

import re

import click

from mgcli.cli.arguments import ArgumentsError, Options, split

SUFFIX = ".mg"
"""The suffix of a file that holds an expression."""

# What may be a misspelled command, with or without its arguments.
_WORD = r"[^\W\d][\w-]*(\s.*)?"


def is_without_command(args: list[str], options: Options) -> bool:
    """Return whether `args` give an expression in place of a command; `options` are those of `grad`.

    A single name is the name of a command.
    """
    try:
        text = split(args, options)[0].expression
    except ArgumentsError as error:
        text = error.arguments.expression
    except click.UsageError:
        text = args[0]
    if text is None:
        return False
    return is_program_file(text) or not re.fullmatch(_WORD, text, re.DOTALL) or _is_expression(text)


def is_program_file(text: str) -> bool:
    """Return whether `text` is the name of a file that holds an expression: no expression ends in .mg."""
    return text.endswith(SUFFIX) and text.isprintable()


def _is_expression(text: str) -> bool:
    from mgcli.errors import ExpressionError
    from mgcli.graph.table import FUNCTIONS
    from mgcli.language.parser import parse_program

    if text.isidentifier():
        return False
    if text.split(maxsplit=1)[0] in FUNCTIONS:
        # The parser's error says how `sin x` is written.
        return True
    try:
        parse_program(text)
    except ExpressionError:
        return False
    return True
