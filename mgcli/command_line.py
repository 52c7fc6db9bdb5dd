"""The command line of one expression: `mg COMMAND [EXPRESSION] [-NAME VALUE]... [options]`.

A variable's value looks like an option, and the options of a command are known to Click alone; so
the arguments are told apart here, and Click gets those that are its own.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mgcli.errors import ExpressionError, MgError, UnboundVariableError
from mgcli.names import normalized
from mgcli.suggestions import nearest, nearest_option

if TYPE_CHECKING:
    from mgcli.program import Program
    from mgcli.sweep import Sweep, Swept

T = TypeVar("T")

MOST_LISTED = 6
"""The most options or names that a message lists."""

A_VALUE = "a value is a number or a constant expression, as in pi/4"

_BINDING = r"(--?)([^\W\d]\w*)(?:=((?s:.*)))?"

# What gives a variable its value where that is not understood: -x2.5 and x=2.
_ATTACHED = r"--?(?P<name>[^\W\d]+)(?P<value>\.?[0-9][0-9.eE+-]*)"
_EQUATED = r"(?P<name>[^\W\d]\w*)\s*=\s*(?P<value>[+-]?\.?[0-9][0-9.eE:/*+-]*)"

_LIST = r"[\[({][^,\[\](){}]+(?:,[^,\[\](){}]+)+[\])}]|[^,()]+(?:,[^,()]+){2,}"
_THOUSANDS = r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?"


def named(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Take the names that an option is given as those of the program."""
    return tuple(map(normalized, given))


wrt_option = click.option(
    "--wrt",
    multiple=True,
    callback=named,
    metavar="NAME",
    help="Only the gradient of this variable or name; may be repeated.",
)


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
            if re.fullmatch(_BINDING, value):
                is_option = f"--{name}" in self.options
                return f"did you mean --{name}?" if is_option else f"{name} took {value} for its value"
        return None

    def add_value(self, name: str, text: str) -> None:
        """Take `text` as the value of `name`; a second one is an error."""
        name = normalized(name)
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

    def without_values(self, asked: Iterable[str] = ()) -> Program:
        """Return the program for what takes no values; say which variables, but those `asked` for, are hardly meant."""
        for note in self.program.notes([*self.values, *asked]):
            click.echo(f"note: {note}", err=True)
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
        elif binding := re.fullmatch(_BINDING, argument):
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
        is_value = following is not None and following not in options and not re.fullmatch(_BINDING, following)
        raise _not_let(value, following if is_value else None)
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


def _let(arguments: Arguments, text: str) -> None:
    name, equals, value = text.partition("=")
    if not equals or not name.strip().isidentifier():
        raise _not_let(text, None)
    arguments.add_value(name.strip(), value)


def _not_let(text: str, following: str | None) -> click.UsageError:
    name = text.strip()
    hint = f"\nhint: write --let {name}={following or 'VALUE'}" if name.isidentifier() else ""
    return click.UsageError(f"--let takes NAME=VALUE, not {text}{hint}")


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
    refused = set()
    for name, value in texts.items():
        try:
            _check_name(program, name, texts)
            if ":" in value and sweeps:
                swept[name] = _sweep(name, value, count)
            else:
                values[name] = _number(name, value, sweeps)
            kept[name] = value
        except ExpressionError as error:
            errors.append(error)
            refused.add(name)
    if arguments.expression is None:
        _announce(text, {name: value for name, value in kept.items() if name not in refused}, arguments.values)
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
        meant = arguments.option_meant()
        hint = f"did you mean {meant}?" if meant else f"write one, as in {_example()}"
        raise click.UsageError(f"no expression, and none before it to use again{memory.why_nothing()}\nhint: {hint}")
    return remembered.expression, {**remembered.values, **arguments.values}, remembered.values


def _announce(expression: str, values: Mapping[str, str], typed: Collection[str]) -> None:
    """Say what is used again, `typed` being the names that are given a value now."""
    given = ", ".join(f"{name} = {value}" for name, value in values.items())
    shown = " ".join(expression.split())
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    click.echo(f"using the last expression: {shown}" + (f" with {given}" if given else ""), err=True)
    if not typed and _is_fed():
        click.echo("note: the standard input is not read; to take the expression from there, write -", err=True)


def _is_fed() -> bool:
    """Whether there is something to be read from a pipe or a file at the standard input."""
    try:
        mode = os.fstat(sys.stdin.fileno())
        if stat.S_ISFIFO(mode.st_mode):
            from select import select

            return bool(select([sys.stdin], [], [], 0)[0])
    except (OSError, ValueError, AttributeError):
        return False
    return stat.S_ISREG(mode.st_mode) and mode.st_size > 0


def _example() -> str:
    """Return the first example in the help of the command that runs."""
    context = click.get_current_context()
    found = re.search(rf"^ *mg {context.info_name}(.*?)(?=  |$)", context.command.help or "", re.MULTILINE)
    return context.command_path + (found[1] if found else " EXPRESSION")


def _check_name(program: Program, name: str, texts: dict[str, str]) -> None:
    """Refuse a value for a name that the expression does not have, or that it assigns."""
    if name in program.names:
        raise ExpressionError(
            f"{name} is given by the expression, and takes no value",
            text=program.text,
            span=program.first_use[name],
            hint=f"delete '{name} = ...' from the expression, or choose another name",
        )
    if name not in program.variables:
        value = texts[name]
        hint = program.run_together(name, texts) or _known_hint(name, value, program)
        if re.fullmatch(_BINDING, value):
            hint = f"{name} took {value} for its value; if {value} is the expression, write -- {value} at the end"
        raise ExpressionError(f"the expression has no variable {name}", hint=hint)


def _known_hint(name: str, value: str, program: Program) -> str:
    context = click.get_current_context()
    options = _options(context)
    has = f"it has {', '.join(program.variables)}" if program.variables else "it has none"
    if f"--{name}" in options:
        return f"did you mean --{name}?"
    if near := nearest(name, program.variables):
        return f"did you mean {near}?"
    if option := _option_of_letter(name, context):
        return f"{has}; for the {option.lstrip('-')} write {option} {value}"
    if len(name) not in (2, 3) and (near := nearest_option(name, options)):
        return f"did you mean {near}?"
    return has if len(name) == 1 else f"{has}; '{context.command_path} --help' lists the options"


def _options(context: click.Context) -> list[str]:
    return [option for parameter in context.command.get_params(context) for option in parameter.opts]


def _option_of_letter(letter: str, context: click.Context) -> str | None:
    """Return the one option whose value, which it always has, the help calls by this letter: --step for h."""
    options = [
        option.opts[0]
        for option in context.command.params
        if option.metavar == letter.upper() and context.params.get(option.name or "") is not None
    ]
    return options[0] if len(options) == 1 else None


def way(name: str, value: str, options: Collection[str]) -> str:
    """Return how a variable is given its value."""
    if f"--{name}" in options:
        return f"--let {name}={value}"
    return f"-{name} {value}" if len(name) == 1 else f"--{name} {value}"


def _number(name: str, text: str, sweeps: bool) -> float:
    from mgcli.parser import constant_value

    if not text.strip():
        raise ExpressionError(f"the value of {name} is empty", hint=A_VALUE)
    if ":" in text:
        raise ExpressionError(
            f"{name} is swept ({text}), and this command takes one value", hint=f"write -{name} VALUE"
        )
    if re.fullmatch(_LIST, text.strip()) and not re.fullmatch(_THOUSANDS, text.strip()):
        hint = "a range is start:stop:step, as in 1:4:1" if sweeps else "a value is one number"
        raise ExpressionError(f"the value of {name}: {text} is a list", hint=hint)
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
        hint = error.hint or f"write a number, such as {example}"
        raise click.UsageError(f"{option} {text}: {error.message}\nhint: {hint}") from None


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
    options = _options(click.get_current_context())
    ways = [way(name, "VALUE", options) for name in error.names]
    listed = " ".join(ways[:MOST_LISTED]) + (" ..." if len(ways) > MOST_LISTED else "")
    give = f"give {'it a value' if len(ways) == 1 else 'them values'}: {listed}"
    if error.hint:
        give = f"{error.hint} Otherwise {give}" if error.hint.endswith("?") else f"{error.hint}; otherwise {give}"
    return UnboundVariableError(error.names, text=error.text or "", span=error.span or (0, 0), hint=give)
