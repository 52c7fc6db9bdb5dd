"""The command line of one expression: `mg COMMAND [EXPRESSION] [-NAME VALUE]... [options]`.

A variable's value looks like an option, and the options of a command are known to Click alone; so
the arguments are told apart here, and Click gets those that are its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

import click

from mgcli.graph.names import nearest_option, normalized

if TYPE_CHECKING:
    pass

MOST_LISTED = 6
"""The most options or names that a message lists."""

BINDING = r"(--?)([^\W\d]\w*)(?:=((?s:.*)))?"

# What gives a variable its value where that is not understood: -x2.5 and x=2.
_ATTACHED = r"--?(?P<name>[^\W\d]+)(?P<value>\.?[0-9][0-9.eE+-]*)"
_EQUATED = r"(?P<name>[^\W\d]\w*)\s*=\s*(?P<value>[+-]?\.?[0-9][0-9.eE:/*+-]*)"


class Arguments:
    """What stands on the command line beside the options: the expression, and the text of each value."""

    def __init__(self, options: Collection[str] = ()) -> None:
        self.expression: str | None = None
        self.values: dict[str, str] = {}
        self.options = options

    def add_expression(self, text: str) -> None:
        """Take `text` as the expression; a second one is an error."""
        if self.expression is not None:
            hint = "put the expression between quotes, and a value behind its name"
            if text.startswith("--file "):
                hint = "give one of the two"
            elif odd := self._odd_value():
                hint = odd
            elif value := self.value_meant(text, self.expression) or self.value_meant(self.expression, text):
                hint = f"write {value}"
            raise click.UsageError(f"two expressions: {self.expression} and {text}\nhint: {hint}")
        self.expression = text

    def option_meant(self) -> str | None:
        """Return the option that was written with one dash, and was taken for a variable."""
        return next((f"--{name}" for name in self.values if f"--{name}" in self.options), None)

    def value_meant(self, text: str, expression: str) -> str | None:
        """Return how the value is written that `text` gives to a variable of `expression`, if it does: -x2, x=2."""
        found = re.fullmatch(_ATTACHED, text) or re.fullmatch(_EQUATED, text)
        names = set(re.findall(r"\w+", expression)) if found else ()
        if not found or found["name"] not in names or text.lstrip("-") in names:
            return None
        return way(found["name"], found["value"], self.options)

    def _odd_value(self) -> str | None:
        for name, value in self.values.items():
            if re.fullmatch(BINDING, value):
                is_option = f"--{name}" in self.options
                return f"did you mean --{name}?" if is_option else f"{name} took {value} for its value"
        return None

    def add_value(self, name: str, text: str) -> None:
        """Take `text` as the value of `name`; a second one is an error."""
        name = normalized(name)
        if name in self.values:
            raise click.UsageError(f"{name} is given twice: {self.values[name]} and {text}\nhint: give it one value")
        self.values[name] = text


def split(args: Iterable[str], options: dict[str, bool]) -> tuple[Arguments, list[str]]:
    """Tell the arguments of an expression from the options.

    `options` maps each option to whether a value follows it. Returns what is the expression's, and
    the options with their values. Raises click.UsageError.
    """
    arguments = Arguments(options)
    for_click: list[str] = []
    rest = iter(args)
    for argument in rest:
        name, equals, _ = argument.partition("=")
        if argument == "--":
            words = list(rest)
            if words:
                arguments.add_expression(" ".join(words))
        elif name in options:
            for_click.append(argument)
            if options[name] and not equals:
                for_click.append(_option_value(name, rest, options))
        elif binding := re.fullmatch(BINDING, argument):
            dashes, variable, value = binding.groups()
            if value is None:
                value = next(iter(_take(rest, 1)), None)
                if value is None or value == "--" or value.partition("=")[0] in options:
                    raise _no_value(dashes + variable, variable, arguments)
            arguments.add_value(variable, value)
        else:
            arguments.add_expression(argument)
    return arguments, for_click


def _take(rest: Iterable[str], number: int) -> list[str]:
    return [argument for _, argument in zip(range(number), rest, strict=False)]


def _option_value(option: str, rest: Iterator[str], options: Collection[str]) -> str:
    """Return what follows `option`. Raises click.UsageError where that is no value."""
    value = next(rest, None)
    if value is None or value == "--" or value.partition("=")[0] in options:
        raise click.UsageError(f"no value follows {option}\nhint: {_option_hint(option)}")
    if option == "--let" and "=" not in value:
        following = next(rest, None)
        is_value = following is not None and following not in options and not re.fullmatch(BINDING, following)
        raise not_let(value, following if is_value else None)
    return value


def _option_hint(option: str) -> str:
    """Return how `option` is written, with the value that an example of the command's help gives it."""
    command = click.get_current_context().command
    parameter = next(parameter for parameter in command.params if option in parameter.opts)
    metavar = getattr(parameter, "metavar", None) or parameter.type.name.upper()
    example = re.search(rf"^ *mg .*?({option} (?:\"[^\"]*\"|\S+))", command.help or "", re.MULTILINE)
    return f"write {option} {metavar}" + (f", as in {example[1]}" if example else "")


def _no_value(argument: str, variable: str, arguments: Arguments) -> click.UsageError:
    options = arguments.options
    near = nearest_option(variable, options)
    meant = arguments.value_meant(argument, arguments.expression or "")
    if variable in ("h", "help"):
        hint = "for help, write --help"
    elif f"--{variable}" in options:
        hint = f"did you mean --{variable}?"
    elif meant:
        hint = f"write {meant}"
    elif argument.startswith("--") and near:
        hint = f"did you mean {near}?"
    elif argument.startswith("--"):
        command = click.get_current_context().command_path
        hint = f"'{command} --help' lists the options; for the variable {variable}, write {argument} VALUE"
    else:
        hint = f"write {argument} VALUE; for the expression {argument}, write -- {argument}"
    return click.UsageError(f"no value follows {argument}\nhint: {hint}")


def not_let(text: str, following: str | None) -> click.UsageError:
    """Return the error for a `--let` without NAME=VALUE."""
    name = text.strip()
    hint = f"\nhint: write --let {name}={following or 'VALUE'}" if name.isidentifier() else ""
    return click.UsageError(f"--let takes NAME=VALUE, not {text}{hint}")


def options_of(context: click.Context) -> list[str]:
    """Return the options of the command that runs."""
    return [option for parameter in context.command.get_params(context) for option in parameter.opts]


def way(name: str, value: str, options: Collection[str]) -> str:
    """Return how a variable is given its value."""
    if f"--{name}" in options:
        return f"--let {name}={value}"
    return f"-{name} {value}" if len(name) == 1 else f"--{name} {value}"
