"""Mistakes on the command line: what each one looks like, the message, and the remedy.

The table is data. A row fits if its pattern matches the wrong argument and every field of its
remedy is known; the first row that fits gives the remedy. `example` is a command line with this
mistake, and `followed` is what a user writes who follows the remedy: a test runs both.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Mapping
from string import Formatter
from typing import TYPE_CHECKING, NamedTuple

import click

from mgcli.cli.arguments import BINDING, Arguments, ArgumentsError, Options, binding, options_of
from mgcli.cli.habits import command_meant, option_by_habit, option_meant
from mgcli.errors import ExpressionError, listed
from mgcli.graph.names import misspelled, nearest

if TYPE_CHECKING:
    from mgcli.language.program import Program

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

MOST_COMMANDS = 5
"""The maximum number of commands that a hint names; what more have is in their help."""

# A value in a form that is not supported: -x2.5 and x=2.
_ATTACHED = r"--?(?P<name>[^\W\d]+)(?P<value>\.?[0-9][0-9.eE+-]*)"
_EQUATED = r"(?P<name>[^\W\d]\w*)\s*=\s*(?P<value>[+-]?\.?[0-9][0-9.eE:/*+-]*)"


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
    """Return how to claim the derivative `text`, None where that is no claim or no formula."""
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
