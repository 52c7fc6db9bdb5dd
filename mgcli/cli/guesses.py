"""What was meant by a mistake on the command line: the errors, with what fills the rows of `mgcli.cli.mistakes`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import click

from mgcli.cli.arguments import BINDING, Arguments, ArgumentsError, Options, binding, options_of
from mgcli.cli.habits import command_meant, option_by_habit, option_meant
from mgcli.cli.mistakes import Fact, answer
from mgcli.errors import ExpressionError, listed
from mgcli.graph.names import misspelled, nearest

if TYPE_CHECKING:
    from mgcli.language.program import Program

MOST_COMMANDS = 5
"""The maximum number of commands that a hint names; what more have is in their help."""

# A value in a form that is not supported: -x2.5 and x=2.
_ATTACHED = r"--?(?P<name>[^\W\d]+)(?P<value>\.?[0-9][0-9.eE+-]*)"
_EQUATED = r"(?P<name>[^\W\d]\w*)\s*=\s*(?P<value>[+-]?\.?[0-9][0-9.eE:/*+-]*)"


def usage_error(kind: str, text: str, **facts: Fact) -> click.UsageError:
    """Return the error for a mistake on the command line."""
    message, remedy = answer(kind, text, **facts)
    return click.UsageError(f"{message}\nhint: {remedy}" if remedy else message)


def arguments_error(error: ArgumentsError, context: click.Context) -> click.UsageError:
    """Return the error for a mistake in the arguments of the command that `context` runs."""
    text, arguments = error.text, error.arguments
    name, first, options = text.lstrip("-"), arguments.expression or "", arguments.options
    taker, taken = next(
        ((name, value) for name, value in arguments.values.items() if re.fullmatch(BINDING, value)), (None, None)
    )
    found = usage_error(
        error.kind,
        text,
        first=lambda: first,
        switch=lambda: _option_called(taker, options) or _option_misspelled(taker, first, options),
        taker=lambda: taker,
        taken=lambda: taken,
        meant=lambda: _value_meant(text, first, options) or _value_meant(first, text, options),
        option=lambda: _option_called(name, options),
        near=lambda: option_meant(name, options),
        misspelled=lambda: _one_mistake(name, options),
        elsewhere=lambda: _elsewhere(name, context),
        claim=lambda: _claim(text, options),
        wrt=lambda: f"--wrt {text}" if "--wrt" in options and re.search(rf"\b{re.escape(text)}\b", first) else None,
        out=lambda: f"--out {shlex.quote(text)}" if "--out" in options else None,
        command=lambda: context.command_path,
        metavar=lambda: getattr(options[text], "metavar", None) or options[text].type.name.upper(),
        shown=lambda: _example_of_option(text, context),
        value=lambda: error.following or "VALUE",
    )
    found.ctx = context
    return found


def value_error(kind: str, name: str, text: str, **facts: Fact) -> ExpressionError:
    """Return the error for the value `text` of the variable `name`."""
    message, remedy = answer(kind, text, name=lambda: name, **facts)
    return ExpressionError(message, hint=remedy)


def no_expression(arguments: Arguments, why: str) -> click.UsageError:
    """Return the error for a command without an expression; `why` says why none is remembered."""
    return usage_error(
        "no expression",
        "",
        why=lambda: why,
        option=lambda: next(filter(None, (_option_called(name, arguments.options) for name in arguments.values)), None),
        shown=_example,
    )


def _example_of_option(option: str, context: click.Context) -> str | None:
    """Return the first use of `option` in the examples of the command's help."""
    found = re.search(rf"^ *mg .*?({option} (?:\"[^\"]*\"|\S+))", context.command.help or "", re.MULTILINE)
    return found[1] if found else None


def _example() -> str:
    """Return the first example in the help of the command that runs."""
    context = click.get_current_context()
    found = re.search(rf"^ *mg {context.info_name}(.*?)(?=  |$)", context.command.help or "", re.MULTILINE)
    return context.command_path + (found[1] if found else " EXPRESSION")


def no_variable(program: Program, name: str, values: Mapping[str, str]) -> ExpressionError:
    """Return the error for a value of `name`, which is not a variable of `program`; `values` are all that are given."""
    context = click.get_current_context()
    options = options_of(context)
    value = values[name]
    inputs = program.inputs()
    message, remedy = answer(
        "no variable",
        name,
        spaced=lambda: _spaced(name, inputs) if re.fullmatch(BINDING, value) else None,
        taken=lambda: value if re.fullmatch(BINDING, value) else None,
        product=lambda: program.run_together(name, values),
        call=lambda: _call_of(name, program.variables),
        option=lambda: _option_called(name, options),
        near=lambda: nearest(name, inputs),
        habit=lambda: option_by_habit(name, options),
        only=lambda: _only(value, inputs, options),
        has=lambda: f"it has {', '.join(inputs)}" if inputs else "it has none",
        lettered=lambda: _lettered(name, value, context),
        near_option=lambda: option_meant(name, options),
        misspelled=lambda: _one_mistake(name, options),
        elsewhere=lambda: _elsewhere(name, context),
        command=lambda: context.command_path,
    )
    return ExpressionError(message, hint=remedy)


def no_such_option(name: str, arguments: Arguments, program: Program) -> click.UsageError:
    """Return the error for `name`, which neither the command nor the last expression, `program`, has."""
    context = click.get_current_context()
    value = arguments.values[name]
    error = usage_error(
        "no option or variable",
        f"--{name}",
        taken=lambda: shlex.quote(value) if _has_variables(value) else None,
        near_option=lambda: option_meant(name, arguments.options),
        near=lambda: (
            binding(near, "", arguments.options).strip() if (near := nearest(name, program.variables)) else None
        ),
        command=lambda: context.command_path,
    )
    error.ctx = context
    return error


def _has_variables(text: str) -> bool:
    """Return whether `text` is an expression with variables, so that it is not a value."""
    from mgcli.language.parser import parse_program

    try:
        return bool(parse_program(text).variables)
    except ExpressionError:
        return False


def no_command(name: str, commands: list[str], context: click.Context) -> click.UsageError:
    """Return the error for `name`, which is not one of `commands`."""
    error = usage_error(
        "no command",
        name,
        quoted=lambda: _unquoted(name, commands),
        near=lambda: command_meant(name, commands),
        command=lambda: context.command_path,
    )
    error.ctx = context
    return error


def no_option(name: str, context: click.Context) -> str:
    """Return the message about the option `name`, which the current command does not have."""
    near = option_meant(name, options_of(context))
    message, remedy = answer(
        "no option",
        name,
        near=lambda: near and f"{context.command_path} {near}",
        elsewhere=lambda: _elsewhere(name.lstrip("-"), context) if context.parent else None,
        command=lambda: context.command_path if context.parent else None,
    )
    return f"{message}\nhint: {remedy}"


def _value_meant(text: str, expression: str, options: Options) -> str | None:
    """Return how to write the value that `text` gives to a variable of `expression`, if it gives one: -x2, x=2."""
    found = re.fullmatch(_ATTACHED, text) or re.fullmatch(_EQUATED, text)
    names = set(re.findall(r"\w+", expression)) if found else ()
    if not found or found["name"] not in names or text.lstrip("-") in names:
        return None
    return binding(found["name"], found["value"], options)


def _spaced(name: str, inputs: Collection[str]) -> str | None:
    """Return `-a 2` for a2, a variable and its value without the blank between them."""
    variable = name.rstrip("0123456789")
    return f"-{variable} {name[len(variable) :]}" if variable in inputs else None


def _call_of(name: str, variables: Collection[str]) -> str | None:
    """Return `sin(x)` where `sin` is the only variable, which is a function without its operand."""
    from mgcli.graph.table import FUNCTIONS

    called = [variable for variable in variables if variable in FUNCTIONS and FUNCTIONS[variable].arity == 1]
    return f"{called[0]}({name})" if called and len(variables) == 1 else None


def _only(value: str, inputs: Collection[str], options: Options) -> str | None:
    """Return how to give `value` to the only variable; `x=3` names it."""
    name, _, number = value.rpartition("=")
    if len(inputs) != 1 or name.strip() not in ("", *inputs):
        return None
    return binding(next(iter(inputs)), number.strip(), options)


def _unquoted(line: str, commands: Collection[str]) -> str | None:
    """Return a command line that was quoted as a whole, with quotes around the expression only."""
    command, _, expression = line.partition(" ")
    return f"{command} {shlex.quote(expression.strip())}" if command in commands else None


def _option_called(name: str | None, options: Options) -> str | None:
    """Return the option called `name`, which was written with one dash and taken as a variable."""
    option = f"--{name}"
    return option if option in options else None


def _option_misspelled(name: str | None, expression: str, options: Options) -> str | None:
    """Return the option that `name`, which the expression does not contain, was probably meant to be."""
    if name is None or len(name) < 3 or re.search(rf"\b{re.escape(name)}\b", expression):
        return None
    return option_meant(name, options)


def _one_mistake(name: str, options: Options) -> str | None:
    """Return the option that `name` is but for one typing mistake."""
    return f"--{near}" if (near := misspelled(name, [option.lstrip("-") for option in options])) else None


def _elsewhere(name: str, context: click.Context) -> str | None:
    """Return a hint that names the other commands that have the option `name`, None if none has or many have."""
    group = context.find_root().command
    if not isinstance(group, click.Group):
        return None
    option = f"--{name}"
    having = [
        command
        for command in group.list_commands(context)
        if (found := group.get_command(context, command)) and option in options_of(click.Context(found))
    ]
    return f"{option} is an option of mg {listed(having)}" if 0 < len(having) <= MOST_COMMANDS else None


def _claim(text: str, options: Options) -> str | None:
    """Return how to claim the derivative `text`, None where it cannot be one."""
    from mgcli.language.parser import parse_program

    if "--claim" not in options:
        return None
    try:
        parse_program(text)
    except ExpressionError:
        return None
    return f"--claim {shlex.quote(text)}"


def _lettered(letter: str, value: str, context: click.Context) -> str | None:
    """Return how to write the only option with a default whose value has this letter in the help: --step for h."""
    options = [
        option.opts[0]
        for option in context.command.params
        if option.metavar == letter.upper() and context.params.get(option.name or "") is not None
    ]
    return f"the {options[0].lstrip('-')} write {options[0]} {value}" if len(options) == 1 else None
