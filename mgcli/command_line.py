"""The command line of one expression: `mg COMMAND [EXPRESSION] [-NAME VALUE]... [options]`.

A variable's value looks like an option, and the options of a command are known to Click alone; so
the arguments are told apart here, and Click gets those that are its own.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mgcli.errors import ExpressionError, MgError, UnboundVariableError
from mgcli.suggestions import nearest, nearest_option

if TYPE_CHECKING:
    from mgcli.program import Program
    from mgcli.sweep import Sweep, Swept

T = TypeVar("T")

MOST_LISTED = 6
"""The most options or names that a message lists."""

A_VALUE = "a value is a number or a constant expression, as in pi/4"

_BINDING = r"(--?)([^\W\d]\w*)(?:=((?s:.*)))?"


wrt_option = click.option(
    "--wrt", multiple=True, metavar="NAME", help="Only the gradient of this variable or name; may be repeated."
)


class Arguments:
    """What stands on the command line beside the options: the expression, and the text of each value."""

    def __init__(self) -> None:
        self.expression: str | None = None
        self.values: dict[str, str] = {}

    def add_expression(self, text: str) -> None:
        """Take `text` as the expression; a second one is an error."""
        if self.expression is not None:
            odd = next(
                (f"{name} took {value}" for name, value in self.values.items() if re.fullmatch(_BINDING, value)), None
            )
            hint = f"{odd} for its value" if odd else "put the expression between quotes, and a value behind its name"
            hint = "give one of the two" if text.startswith("--file ") else hint
            raise click.UsageError(f"two expressions: {self.expression} and {text}\nhint: {hint}")
        self.expression = text

    def add_value(self, name: str, text: str) -> None:
        """Take `text` as the value of `name`; a second one is an error."""
        if name in self.values:
            raise click.UsageError(f"{name} is given twice: {self.values[name]} and {text}\nhint: give it one value")
        self.values[name] = text


class Inputs:
    """What a command works on: a program, and its variables' values, of which some may be sweeps."""

    def __init__(self, program: Program, values: dict[str, float], sweeps: dict[str, Sweep]) -> None:
        self.program = program
        self.values = values
        self.sweeps = sweeps

    def bind(self) -> Program:
        """Return the program, evaluated; what is swept stands at its first point.

        Raises ExpressionError for a variable without a value.
        """
        try:
            self.program.bind({**{name: points.start for name, points in self.sweeps.items()}, **self.values})
        except UnboundVariableError as error:
            raise _with_options(error) from None
        return self.program

    def sweep(self, wrt: Iterable[str] | None = None) -> Swept:
        """Return the table of the sweep, with the gradients of `wrt`. Raises ExpressionError for two sweeps."""
        from mgcli.sweep import sweep

        if len(self.sweeps) > 1:
            raise ExpressionError(
                f"{' and '.join(self.sweeps)} are both swept", hint="sweep one variable, and give the others one value"
            )
        ((name, points),) = self.sweeps.items()
        return sweep(self.bind(), self.values, name, points, wrt)


class ExpressionCommand(click.Command):
    """A command that takes an expression and values for its variables.

    Its function gets `arguments: Arguments` first; `inputs` makes the `Inputs` of them.
    """

    def __init__(self, name: str | None, params: list[click.Parameter] | None = None, **extra: Any) -> None:
        shared: list[click.Parameter] = [
            click.Option(
                ["--let"],
                multiple=True,
                metavar="NAME=VALUE",
                help="Give a variable its value; needed where its name is that of an option.",
            ),
            click.Option(
                ["--file"],
                type=click.Path(),
                metavar="FILE",
                help="Read the expression from a file; '-' is standard input.",
            ),
        ]
        super().__init__(name, params=[*(params or []), *shared], **extra)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the pieces of the line that says how the command is called."""
        return ["[EXPRESSION]", "[-NAME VALUE]...", *super().collect_usage_pieces(ctx)]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the expression and the values out of `args`, and leave Click the options."""
        try:
            arguments, options = split(args, self._options(ctx))
        except click.UsageError as error:
            if ctx.resilient_parsing:
                return super().parse_args(ctx, [])
            error.ctx = ctx
            raise
        if not ctx.resilient_parsing:
            self._refuse_twice(ctx, options)
        rest = super().parse_args(ctx, options)
        if not ctx.resilient_parsing:
            for text in ctx.params.pop("let"):
                _let(arguments, text)
            file = ctx.params.pop("file")
            if file is not None:
                arguments.add_expression(f"--file {file}")
                arguments.expression = _read(file)
            elif arguments.expression == "-":
                arguments.expression = _read("-")
        ctx.params["arguments"] = arguments
        return rest

    def _refuse_twice(self, ctx: click.Context, options: list[str]) -> None:
        """Refuse a second value for an option that has one, where Click would drop the first without a word."""
        _, _, given = self.make_parser(ctx).parse_args(list(options))
        seen = set()
        for parameter in given:
            if parameter in seen and isinstance(parameter, click.Option):
                raise click.UsageError(f"{parameter.opts[0]} is given twice\nhint: give it one value", ctx)
            if not (parameter.multiple or getattr(parameter, "is_flag", False)):
                seen.add(parameter)

    def _options(self, ctx: click.Context) -> dict[str, bool]:
        """Return each option of this command, and whether a value follows it."""
        return {
            name: isinstance(parameter, click.Option) and not (parameter.is_flag or parameter.count)
            for parameter in self.get_params(ctx)
            for name in parameter.opts
        }


def split(args: Iterable[str], options: dict[str, bool]) -> tuple[Arguments, list[str]]:
    """Tell the arguments of an expression from the options.

    `options` maps each option to whether a value follows it. Returns what is the expression's, and
    the options with their values. Raises click.UsageError.
    """
    arguments = Arguments()
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
                for_click.extend(_take(rest, 1))
        elif binding := re.fullmatch(_BINDING, argument):
            dashes, variable, value = binding.groups()
            if value is None:
                value = next(iter(_take(rest, 1)), None)
                if value is None or value == "--" or value.partition("=")[0] in options:
                    raise _no_value(dashes + variable, variable, options)
            arguments.add_value(variable, value)
        else:
            arguments.add_expression(argument)
    return arguments, for_click


def _take(rest: Iterable[str], number: int) -> list[str]:
    return [argument for _, argument in zip(range(number), rest, strict=False)]


def _no_value(argument: str, variable: str, options: Iterable[str]) -> click.UsageError:
    near = nearest_option(variable, options)
    if variable in ("h", "help"):
        hint = "for help, write --help"
    elif argument.startswith("--") and near:
        hint = f"did you mean {near}?"
    elif argument.startswith("--"):
        command = click.get_current_context().command_path
        hint = f"'{command} --help' lists the options; for the variable {variable}, write {argument} VALUE"
    else:
        hint = f"write {argument} VALUE; for the expression {argument}, write -- {argument}"
    return click.UsageError(f"no value follows {argument}\nhint: {hint}")


def _let(arguments: Arguments, text: str) -> None:
    name, equals, value = text.partition("=")
    if not equals or not name.strip().isidentifier():
        raise click.UsageError(f"--let takes NAME=VALUE, not {text}")
    arguments.add_value(name.strip(), value)


def _read(file: str) -> str:
    """Return the text of `file`, "-" being standard input."""
    from pathlib import Path

    where = "standard input" if file == "-" else file
    if file == "-" and sys.stdin is None:
        raise click.UsageError("cannot read standard input: it is closed")
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise click.UsageError(f"cannot read {where}: {error.strerror}") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{where} is not UTF-8: byte {error.start + 1} is {content[error.start]:#04x}") from None


def inputs(arguments: Arguments, *, sweeps: bool = False, even: Callable[[int], int] | None = None) -> Inputs:
    """Return the program of `arguments`, or of the last expression where they have none, and its values.

    The expression is kept for the next command as soon as it is understood. `sweeps` says whether
    the command makes sense of a sweep. A range without a step has a step of 1; with `even`, so many
    points, both ends among them, as that gives for the number of sweeps.
    Raises ExpressionError, and click.UsageError where there is no expression.
    """
    from mgcli import memory
    from mgcli.parser import parse_program

    text, texts, remembered = _expression(arguments)
    program = parse_program(text, texts)
    values: dict[str, float] = {}
    swept: dict[str, Sweep] = {}
    kept = dict(remembered)
    count = even(sum(":" in value for value in texts.values())) if even else None
    errors = []
    for name, value in texts.items():
        try:
            _check_name(program, name, value)
            if ":" in value and sweeps:
                swept[name] = _sweep(name, value, count)
            else:
                values[name] = _number(name, value)
            kept[name] = value
        except ExpressionError as error:
            errors.append(error)
    memory.remember(text, kept)
    if errors:
        raise errors[0]
    return Inputs(program, values, swept)


def _expression(arguments: Arguments) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return the expression, the text of each value, and those of them that were kept from before."""
    if arguments.expression is not None:
        return arguments.expression, arguments.values, {}
    from mgcli import memory

    remembered = None
    try:
        remembered = memory.recall()
    except memory.UnreadableError as error:
        click.echo(f"warning: {error}", err=True)
    if remembered is None:
        raise click.UsageError(
            f"no expression, and none before it to use again{memory.why_nothing()}\nhint: write one, as in {_example()}"
        )
    values = {**remembered.values, **arguments.values}
    given = ", ".join(f"{name} = {value}" for name, value in values.items())
    shown = " ".join(remembered.expression.split())
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    click.echo(f"using the last expression: {shown}" + (f" with {given}" if given else ""), err=True)
    return remembered.expression, values, remembered.values


def _example() -> str:
    """Return the first example in the help of the command that runs."""
    context = click.get_current_context()
    found = re.search(rf"^ *mg {context.info_name}(.*?)(?=  |$)", context.command.help or "", re.MULTILINE)
    return context.command_path + (found[1] if found else " EXPRESSION")


def _check_name(program: Program, name: str, value: str) -> None:
    """Refuse a value for a name that the expression does not have, or that it assigns."""
    if name in program.names:
        raise ExpressionError(
            f"{name} is given by the expression, and takes no value",
            text=program.text,
            span=program.first_use[name],
            hint=f"delete '{name} = ...' from the expression, or choose another name",
        )
    if name not in program.variables:
        hint = _known_hint(name, program)
        if re.fullmatch(_BINDING, value):
            hint = f"{name} took {value} for its value; if {value} is the expression, write -- {value} at the end"
        raise ExpressionError(f"the expression has no variable {name}", hint=hint)


def _known_hint(name: str, program: Program) -> str:
    context = click.get_current_context()
    options = [option for parameter in context.command.get_params(context) for option in parameter.opts]
    near = nearest(name, program.variables) or (nearest_option(name, options) if len(name) > 3 else None)
    short = [option for option in options if len(name) == 1 and option.startswith(f"--{name}")]
    if near or len(short) == 1:
        return f"did you mean {near or short[0]}?"
    has = f"it has {', '.join(program.variables)}" if program.variables else "it has none"
    return has if len(name) == 1 else f"{has}; '{context.command_path} --help' lists the options"


def _number(name: str, text: str) -> float:
    from mgcli.parser import constant_value

    if not text.strip():
        raise ExpressionError(f"the value of {name} is empty", hint=A_VALUE)
    if ":" in text:
        raise ExpressionError(
            f"{name} is swept ({text}), and this command takes one value", hint=f"write -{name} VALUE"
        )
    return _about(name, lambda: constant_value(text))


def _sweep(name: str, text: str, count: int | None) -> Sweep:
    from mgcli.parser import constant_value
    from mgcli.sweep import EvenSweep, Sweep

    parts = text.split(":")
    if len(parts) not in (2, 3) or not all(map(str.strip, parts)):
        raise ExpressionError(f"the value of {name}: {text} is no sweep", hint="write start:stop or start:stop:step")
    numbers = [_about(name, lambda part=part: constant_value(part)) for part in parts]  # type: ignore[misc]
    if count is not None and len(numbers) == 2:
        return _about(name, lambda: EvenSweep(numbers[0], numbers[1], count))
    return _about(name, lambda: Sweep(*numbers))


def constant_option(option: str, text: str, example: str) -> float:
    """Return the number that `text`, given for `option`, comes to. Raises click.UsageError with `example`."""
    from mgcli.parser import constant_value

    try:
        return constant_value(text)
    except MgError as error:
        raise click.UsageError(f"{option} {text}: {error.message}\nhint: write a number, such as {example}") from None


def _about(name: str, compute: Callable[[], T]) -> T:
    """Return what `compute` gives; what it refuses is said to be the value of `name`."""
    try:
        return compute()
    except MgError as error:
        hint = error.hint
        if isinstance(error, UnboundVariableError):
            hint = hint or A_VALUE
        raise ExpressionError(
            f"the value of {name}: {error.message}", text=error.text, span=error.span, also=error.also, hint=hint
        ) from None


def _with_options(error: UnboundVariableError) -> UnboundVariableError:
    """Return the error with the options that give the missing values."""
    context = click.get_current_context()
    options = {option for parameter in context.command.get_params(context) for option in parameter.opts}
    ways = [
        f"--let {name}=VALUE" if f"--{name}" in options else f"-{name} VALUE" if len(name) == 1 else f"--{name} VALUE"
        for name in error.names
    ]
    listed = " ".join(ways[:MOST_LISTED]) + (" ..." if len(ways) > MOST_LISTED else "")
    give = f"give {'it a value' if len(ways) == 1 else 'them values'}: {listed}"
    if error.hint:
        give = f"{error.hint} Otherwise {give}" if error.hint.endswith("?") else f"{error.hint}; otherwise {give}"
    return UnboundVariableError(error.names, text=error.text or "", span=error.span or (0, 0), hint=give)
