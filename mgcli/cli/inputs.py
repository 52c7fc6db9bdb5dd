"""From arguments to a program with values: what a command works on."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mgcli.cli.arguments import BINDING, MOST_LISTED, Arguments, not_let, options_of, split, way
from mgcli.errors import ExpressionError, MgError, UnboundVariableError
from mgcli.graph.names import nearest, nearest_option, normalized

if TYPE_CHECKING:
    from mgcli.analysis.exact import Exact
    from mgcli.analysis.sweep import Sweep, Swept
    from mgcli.language.program import Program

T = TypeVar("T")

A_VALUE = "a value is a number or a constant expression, as in pi/4"

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


class Inputs:
    """What a command works on: a program, and its variables' values, of which some may be sweeps; `texts` as typed."""

    def __init__(
        self, program: Program, values: dict[str, float], sweeps: dict[str, Sweep], texts: Mapping[str, str]
    ) -> None:
        self.program = program
        self.texts = texts
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

    def exactly(self, digits: int) -> Exact:
        """Return the program at values that are exact as typed, for numbers of so many digits.

        Raises ExpressionError for a sweep, and for a variable without a value.
        """
        from mgcli.analysis.exact import Exact

        for name in self.sweeps:
            raise ExpressionError(f"{name} is swept, and --exact is for one point", hint=f"write -{name} VALUE")
        return Exact(self.bind(), self.texts, digits)

    def without_values(self, asked: Iterable[str] = ()) -> Program:
        """Return the program for what takes no values; say which variables, but those `asked` for, are hardly meant."""
        for note in self.program.notes([*self.values, *asked]):
            click.echo(f"note: {note}", err=True)
        return self.program

    def sweep(self, wrt: Iterable[str] | None = None) -> Swept:
        """Return the table of the sweep, with the gradients of `wrt`. Raises ExpressionError for two sweeps."""
        from mgcli.analysis.sweep import sweep

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


def _let(arguments: Arguments, text: str) -> None:
    name, equals, value = text.partition("=")
    if not equals or not name.strip().isidentifier():
        raise not_let(text, None)
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
    from mgcli.cli import memory
    from mgcli.language.parser import parse_program

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
    return Inputs(program, values, swept, texts)


def _expression(arguments: Arguments) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return the expression, the text of each value, and those of them that were kept from before."""
    if arguments.expression is not None:
        return arguments.expression, arguments.values, {}
    from mgcli.cli import memory

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
        if re.fullmatch(BINDING, value):
            hint = f"{name} took {value} for its value; if {value} is the expression, write -- {value} at the end"
        raise ExpressionError(f"the expression has no variable {name}", hint=hint)


def _known_hint(name: str, value: str, program: Program) -> str:
    context = click.get_current_context()
    options = options_of(context)
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


def _option_of_letter(letter: str, context: click.Context) -> str | None:
    """Return the one option whose value, which it always has, the help calls by this letter: --step for h."""
    options = [
        option.opts[0]
        for option in context.command.params
        if option.metavar == letter.upper() and context.params.get(option.name or "") is not None
    ]
    return options[0] if len(options) == 1 else None


def _number(name: str, text: str, sweeps: bool) -> float:
    from mgcli.language.parser import constant_value

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
    from mgcli.analysis.sweep import EvenSweep, Sweep
    from mgcli.language.parser import constant_value

    parts = text.split(":")
    if len(parts) not in (2, 3) or not all(map(str.strip, parts)):
        raise ExpressionError(f"the value of {name}: {text} is no sweep", hint="write start:stop or start:stop:step")
    numbers = [_about(name, lambda part=part: constant_value(part)) for part in parts]  # type: ignore[misc]
    if count is not None and len(numbers) == 2:
        return _about(name, lambda: EvenSweep(numbers[0], numbers[1], count))
    return _about(name, lambda: Sweep(*numbers))


def constant_option(option: str, text: str, example: str) -> float:
    """Return the number that `text`, given for `option`, comes to. Raises click.UsageError with `example`."""
    from mgcli.language.parser import constant_value

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
    options = options_of(click.get_current_context())
    ways = [way(name, "VALUE", options) for name in error.names]
    listed = " ".join(ways[:MOST_LISTED]) + (" ..." if len(ways) > MOST_LISTED else "")
    give = f"give {'it a value' if len(ways) == 1 else 'them values'}: {listed}"
    if error.hint:
        give = f"{error.hint} Otherwise {give}" if error.hint.endswith("?") else f"{error.hint}; otherwise {give}"
    return UnboundVariableError(error.names, text=error.text or "", span=error.span or (0, 0), hint=give)
