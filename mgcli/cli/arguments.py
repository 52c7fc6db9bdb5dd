"""Sorting the arguments of a command: `mg COMMAND [EXPRESSION] [-NAME VALUE]... [options]`.

The value of a variable looks like an option, and only the command knows its options; so the
arguments are sorted here, and Click gets only the options.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

import click

from mgcli.graph.names import NAME, normalized

BINDING = rf"(--?)({NAME})(?:=((?s:.*)))?"
"""An argument that names a variable, with its value after an equals sign, or without it."""

Options = Mapping[str, click.Parameter]
"""The options of a command, each by its name with the dashes."""


class ArgumentsError(Exception):
    """A mistake in the arguments, as data; `mgcli.cli.guesses` words the message.

    kind: which mistake.
    text: the wrong argument.
    arguments: those before it.
    following: the argument after it, if it plays a part.
    """

    def __init__(self, kind: str, text: str, arguments: Arguments, following: str | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.text = text
        self.arguments = arguments
        self.following = following


class Arguments:
    """The arguments that are not options: the expression, and the text of each variable's value.

    several: whether the command takes more than one expression.
    """

    def __init__(self, options: Options | None = None, *, several: bool = False) -> None:
        self.expressions: list[str] = []
        self.several = several
        self.values: dict[str, str] = {}
        self.options: Options = options or {}

    @property
    def expression(self) -> str | None:
        """The expression, the first if there are several; None if there is none."""
        return self.expressions[0] if self.expressions else None

    def add_expression(self, text: str) -> None:
        """Take `text` as the expression. Raises ArgumentsError for a second one, unless the command takes several."""
        if self.expressions and not (self.several and _may_be_further(text)):
            raise ArgumentsError("two expressions", text, self)
        self.expressions.append(text)

    def add_value(self, name: str, text: str) -> None:
        """Take `text` as the value of `name`. Raises click.UsageError for a second one."""
        name = normalized(name)
        if name in self.values:
            raise click.UsageError(f"{name} is given twice: {self.values[name]} and {text}\nhint: give it one value")
        self.values[name] = text


def _may_be_further(text: str) -> bool:
    """Return whether `text` may be a further expression, rather than part of one without quotes, or a value."""
    return ":" not in text and not re.fullmatch(rf"\W*|{NAME}\s*=\s*[-+.\d]+", text)


def split(
    args: Iterable[str], options: Options, kind: type[Arguments] = Arguments, *, several: bool = False
) -> tuple[Arguments, list[str]]:
    """Return the expression and the values among `args`, and the arguments that are left for Click.

    several: whether the command takes more than one expression. Raises ArgumentsError and click.UsageError.
    """
    arguments = kind(options, several=several)
    for_click: list[str] = []
    seen: set[str | None] = set()
    rest = iter(args)
    for argument in rest:
        name, equals, _ = argument.partition("=")
        if argument == "--":
            words = list(rest)
            if words:
                arguments.add_expression(" ".join(words))
        elif name in options:
            for_click.append(argument)
            if takes_value(options[name]):
                _refuse_second(options[name], seen)
                if not equals:
                    for_click.append(_option_value(name, rest, arguments))
        elif binding := re.fullmatch(BINDING, argument):
            dashes, variable, value = binding.groups()
            if value is None:
                value = next(rest, None)
                if value is None or _is_option(value, options):
                    raise ArgumentsError("no value", dashes + variable, arguments)
            arguments.add_value(variable, value)
        else:
            arguments.add_expression(argument)
    return arguments, for_click


def takes_value(option: click.Parameter) -> bool:
    """Return whether a value follows `option`."""
    return isinstance(option, click.Option) and not (option.is_flag or option.count)


def _refuse_second(option: click.Parameter, seen: set[str | None]) -> None:
    """Refuse an option that is given twice: Click would silently ignore the first value."""
    if option.name in seen and not option.multiple:
        raise click.UsageError(f"{option.opts[0]} is given twice\nhint: give it one value")
    seen.add(option.name)


def _is_option(text: str, options: Collection[str]) -> bool:
    return text == "--" or text.partition("=")[0] in options


def _option_value(option: str, rest: Iterator[str], arguments: Arguments) -> str:
    """Return the argument after `option`. Raises ArgumentsError if that is not a value."""
    options = arguments.options
    value = next(rest, None)
    if value is None or _is_option(value, options):
        raise ArgumentsError("no option value", option, arguments)
    if option == "--let" and "=" not in value:
        following = next(rest, None)
        is_value = following is not None and following not in options and not re.fullmatch(BINDING, following)
        raise ArgumentsError("no binding", value, arguments, following if is_value else None)
    return value


def options_of(context: click.Context) -> dict[str, click.Parameter]:
    """Return the options of the command that runs."""
    return {
        option: parameter
        for parameter in context.command.get_params(context)
        for option in (*parameter.opts, *parameter.secondary_opts)
    }


def binding(name: str, value: str, options: Collection[str]) -> str:
    """Return how the command line gives `value` to the variable `name`."""
    if f"--{name}" in options:
        return f"--let {name}={value}"
    return f"-{name} {value}" if len(name) == 1 else f"--{name} {value}"
