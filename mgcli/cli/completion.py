"""Completion in bash, zsh and fish: Click's own, and the names in the expression already typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)

from mgcli.cli.arguments import Arguments, binding
from mgcli.errors import MgError

if TYPE_CHECKING:
    from mgcli.language.program import Program

# The line in a start-up file may come before the one that turns completion on.
_WITH_COMPINIT = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n"


class _WholeWord(ShellComplete):
    """A shell that replaces the whole word: --format=p becomes --format=png."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return the candidates for `incomplete`."""
        option, equals, _ = incomplete.partition("=")
        found = super().get_completions(args, incomplete)
        if option.startswith("--") and equals:
            for item in found:
                item.value = f"{option}={item.value}"
        return found


class _Bash(_WholeWord, BashComplete):
    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one to complete, and that one: bash splits --format=p into three."""
        args, incomplete = super().get_completion_args()
        if incomplete == "=" and args:
            incomplete = ""
        elif len(args) > 1 and args[-1] == "=":
            args.pop()
        joined: list[str] = []
        for word in args:
            if joined and joined[-1].startswith("-") and (word == "=" or joined[-1].endswith("=")):
                joined[-1] += word
            else:
                joined.append(word)
        return joined, incomplete


class _Zsh(_WholeWord, ZshComplete):
    source_template = ZshComplete.source_template.replace("\n", f"\n\n{_WITH_COMPINIT}", 1)


class _Fish(_WholeWord, FishComplete):
    pass


SHELLS = {"bash": _Bash, "zsh": _Zsh, "fish": _Fish}
"""The shells that are supported."""


def install() -> None:
    """Register these classes with Click."""
    for name, shell in SHELLS.items():
        add_completion_class(shell, name)


def script(shell: str, group: click.Command, program: str) -> str:
    """Return what a start-up file of `shell` evaluates to complete the arguments of `program`."""
    return SHELLS[shell](group, {}, program, f"_{program.upper()}_COMPLETE").source()


def names_typed(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the variables and names of the expression, for an option that takes one."""
    program = _program(context)
    return [CompletionItem(name) for name in program.known() if name.startswith(incomplete)] if program else []


def results_typed(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the names that the expression gives to results, for an option that takes one."""
    program = _program(context)
    return [CompletionItem(name) for name in program.names if name.startswith(incomplete)] if program else []


def function_names(incomplete: str) -> list[CompletionItem]:
    """Return the names of functions."""
    from mgcli.graph.table import FUNCTIONS

    return [CompletionItem(name) for name in FUNCTIONS if name.startswith(incomplete)]


def bindings(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return -NAME for each variable of the expression that has no value yet."""
    program = _program(context)
    if program is None:
        return []
    arguments: Arguments = context.params["arguments"]
    ways = [binding(name, "", arguments.options).strip() for name in program.variables if name not in arguments.values]
    return [CompletionItem(way) for way in ways if way.startswith(incomplete) and not way.startswith("--let")]


def _program(context: click.Context) -> Program | None:
    """Return the program on the command line, or else the last one; None if there is none, or it has a mistake."""
    from mgcli.cli import memory
    from mgcli.language.parser import parse_program

    text = context.params["arguments"].expression
    try:
        if text is None:
            last = memory.recall()
            text = last.expression if last else None
        return None if text is None else parse_program(text)
    except (MgError, memory.UnreadableError):
        return None
