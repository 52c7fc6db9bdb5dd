"""From arguments to a program with values: what a command works on."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

from mgcli.cli.arguments import Arguments, binding, options_of
from mgcli.cli.messages import say
from mgcli.errors import ExpressionError, MgError, UnboundVariableError
from mgcli.render.visible import program_line

if TYPE_CHECKING:
    from mgcli.analysis.exact import Exact
    from mgcli.analysis.points import Points
    from mgcli.analysis.quantities import Spread
    from mgcli.analysis.sweep import Swept
    from mgcli.cli.memory import Remembered
    from mgcli.language.program import Program

T = TypeVar("T")

MOST_LISTED = 6
"""The maximum number of missing values that a message lists."""

# Lists as other tools write them: (1, 2), 1,2,3 and 1 2 3.
_LIST = r"[\[({][^,\[\](){}]+(?:,[^,\[\](){}]+)+[\])}]|[^,()]+(?:,[^,()]+){2,}"
_SPACED = r"[+-]?[0-9.]+(?:\s+[+-]?[0-9.]+)+"
_TWO_NUMBERS = r"([+-]?[0-9]+)\s*(,|\.\.)\s*([+-]?[0-9]+)"


_UNCERTAIN = ("+-", "+/-", "±", "(")
"""What a value with an uncertainty contains: 12+-0.1, 12(1), uniform(1, 2)."""


class Inputs:
    """A program, the values of its variables, and the ranges of those that are swept.

    typed: the values and ranges as typed. texts: the same without their uncertainties. spreads: these, where there
    are any.
    """

    def __init__(
        self,
        program: Program,
        values: dict[str, float],
        sweeps: dict[str, Points],
        typed: Mapping[str, str],
        texts: Mapping[str, str],
        spreads: Mapping[str, Spread],
    ) -> None:
        self.program = program
        self.typed = typed
        self.texts = texts
        self.values = values
        self.sweeps = sweeps
        self.spreads = spreads

    @property
    def at_a_point(self) -> bool:
        """Whether the variables have values: one is given, or there are no variables."""
        return not self.program.variables or any(name in self.program.variables for name in self.values)

    def bind(self, instead: str = "") -> Program:
        """Return the program, evaluated, with each swept variable at its first point.

        Raises ExpressionError for a variable without a value; `instead` is what its hint adds.
        """
        try:
            self.program.bind({**{name: points.start for name, points in self.sweeps.items()}, **self.values})
        except UnboundVariableError as error:
            raise _with_options(error, instead) from None
        return self.program

    def exactly(self, digits: int) -> Exact:
        """Return the program at values that are exact as typed, for numbers of so many digits.

        Raises ExpressionError for a sweep, and for a variable without a value.
        """
        from mgcli.analysis.exact import Exact

        for name in self.sweeps:
            raise ExpressionError(f"{name} is swept, and --exact is for one point", hint=f"write -{name} VALUE")
        return Exact(self.bind(), self.texts, digits)

    def of(self, name: str) -> Inputs:
        """Return the same with the result `name` of the program. Raises ExpressionError if it has none."""
        return Inputs(self.program.of(name), self.values, self.sweeps, self.typed, self.texts, self.spreads)

    def without_values(self, named: Iterable[str] = ()) -> Program:
        """Return the program, unevaluated; names that are probably not variables, other than `named`, get a note."""
        for note in self.program.notes([*self.values, *named]):
            say(f"note: {note}")
        return self.program

    def sweep(self, wrt: Iterable[str] | None = None) -> Swept:
        """Return the table of the sweep, with the gradients of `wrt`; of several sweeps, that of all combinations."""
        from mgcli.analysis.sweep import sweep_pairs

        return sweep_pairs(self.bind(), self.values, self.sweeps, wrt)


def inputs(
    arguments: Arguments,
    *,
    sweeps: bool = False,
    uncertainties: bool = False,
    equations: bool = False,
    also: Collection[str] = (),
) -> Inputs:
    """Return the program of `arguments`, or the last one if they have no expression, and its values.

    The expression is kept for the next command as soon as it is parsed.
    sweeps: whether the command accepts ranges. uncertainties: whether it uses them; if not, a note says that they are
    left out. equations: whether it accepts an equation. also: names that are variables, like those that are given a
    value. Raises ExpressionError, and click.UsageError if there is no expression.
    """
    return _all_inputs(arguments, sweeps=sweeps, uncertainties=uncertainties, equations=equations, also=also)[0]


class Even:
    """The points of a range without a step, both ends included, in a command that draws.

    count: how many there are, for the number of ranges. by_factors: whether they are equal factors apart, for the
    first ranges.
    """

    def __init__(self, count: Callable[[int], int], by_factors: Sequence[bool]) -> None:
        self.count = count
        self._by_factors = by_factors

    def is_by_factors(self, index: int) -> bool:
        """Return whether the points of the range at `index` are equal factors apart."""
        return index < len(self._by_factors) and self._by_factors[index]


def several_inputs(arguments: Arguments, even: Even) -> list[Inputs]:
    """Return the programs of `arguments`, or the last ones, each with the values and ranges that it has names for.

    A range for a name that an expression does not have is accepted where the expression is constant: it then gets
    this further variable. See `inputs`.
    """
    return _all_inputs(arguments, sweeps=True, even=even)


def _all_inputs(
    arguments: Arguments,
    *,
    sweeps: bool = False,
    even: Even | None = None,
    uncertainties: bool = False,
    equations: bool = False,
    also: Collection[str] = (),
) -> list[Inputs]:
    from mgcli.cli import memory
    from mgcli.language.parser import parse_program

    given = arguments.expression is not None
    last = _given(arguments) if given else _last(arguments)
    shown = [last.expression, *last.others] if arguments.several else [last.expression]
    others = last.others[len(shown) - 1 :]
    texts = {**last.values, **arguments.values}
    programs = [parse_program(text, [*texts, *also], equations=equations) for text in shown]
    if others:
        # What is kept is for these too.
        texts = {name: text for name, text in texts.items() if name in arguments.values or _takes(programs[0], name)}
    if not given:
        _check_fit(programs, arguments)
    for program in programs:
        _note_letters(program)
    read = _Values(programs, texts, even, sweeps=sweeps)
    kept = {**last.values, **{name: text for name, text in texts.items() if name not in read.errors}}
    if not given:
        used = {name: text for name, text in kept.items() if name in texts and name not in read.errors}
        _announce(shown, len(others), used, arguments.values, last.elsewhere)
    memory.remember(shown[0], kept, [*shown[1:], *others])
    for error in read.errors.values():
        raise error
    if read.spreads and not uncertainties:
        _note_unused(read.spreads)
    return [
        _of_program(program, Inputs(program, read.values, read.sweeps, texts, read.middles, read.spreads))
        for program in programs
    ]


class _Values:
    """What the texts of values are, by the names of the variables: see `Inputs`; `middles` are its `texts`.

    errors: why a text is not a value of its variable, for those that are not.
    """

    def __init__(self, programs: Sequence[Program], texts: dict[str, str], even: Even | None, *, sweeps: bool) -> None:
        self.values: dict[str, float] = {}
        self.sweeps: dict[str, Points] = {}
        self.middles: dict[str, str] = {}
        self.spreads: dict[str, Spread] = {}
        self.errors: dict[str, ExpressionError] = {}
        self._programs = programs
        self._texts = texts
        self._even = even
        self._takes_sweeps = sweeps
        self._count = even.count(sum(map(_is_several, texts.values()))) if even else None
        for name, text in texts.items():
            try:
                self._add(name, text)
            except ExpressionError as error:
                self.errors[name] = error

    def _add(self, name: str, text: str) -> None:
        middle, spread = _quantity(name, text)
        is_swept = self._takes_sweeps and _is_several(middle)
        if self._even and is_swept:
            _add_variable(self._programs, name, self._texts)
        _check_name(self._programs, name, self._texts, is_swept)
        self.middles[name] = middle
        if spread is not None:
            self.spreads[name] = spread
        if is_swept:
            by_factors = self._even is not None and self._even.is_by_factors(len(self.sweeps))
            self.sweeps[name] = _points(name, middle, self._count, by_factors)
        elif spread is not None and spread.distribution is not None:
            self.values[name] = spread.distribution.value
        else:
            self.values[name] = _number(name, middle, self._takes_sweeps)


def _note_unused(spreads: Mapping[str, Spread]) -> None:
    """Say that the command does not use the uncertainties of values."""
    what, verb, them = ("uncertainty", "is", "it") if len(spreads) == 1 else ("uncertainties", "are", "them")
    say(f"note: the {what} of {', '.join(spreads)} {verb} left out; mg uncertainty uses {them}")


def _of_program(program: Program, given: Inputs) -> Inputs:
    """Return what is given, with the values and ranges of the names that `program` has."""
    values = {name: value for name, value in given.values.items() if _takes(program, name)}
    swept = {name: points for name, points in given.sweeps.items() if _takes(program, name)}
    program.redefine({name: value for name, value in values.items() if name in program.defaults})
    return Inputs(program, values, swept, given.typed, given.texts, given.spreads)


def _is_several(text: str) -> bool:
    """Return whether a value is a range or a list; most are neither, which takes only a glance."""
    if ":" not in text and "," not in text:
        return False
    from mgcli.analysis.points import is_several

    return is_several(text)


def _takes(program: Program, name: str) -> bool:
    """Return whether `name` takes a value in `program`."""
    return name in program.variables or name in program.defaults


def _add_variable(programs: Iterable[Program], name: str, texts: Mapping[str, str]) -> None:
    """Add `name`, which is swept, to the variables of the programs that are constant without it.

    A name that is an option of the command is probably meant as that.
    """
    if f"--{name}" in options_of(click.get_current_context()):
        return
    for program in programs:
        if name not in {*program.names, *program.variables} and texts.keys() >= program.variables.keys():
            program.add_variable(name)


def _quantity(name: str, text: str) -> tuple[str, Spread | None]:
    """Return the value `text` without its uncertainty, and that. Raises ExpressionError."""
    if not any(sign in text for sign in _UNCERTAIN):
        return text, None
    from mgcli.analysis.quantities import quantity

    return _about(name, text, lambda: quantity(text))


def _note_letters(program: Program) -> None:
    """Say that τ is a constant: it is as often a time constant whose value was forgotten."""
    if "τ" in program.letters:
        way = binding("τ", "VALUE", options_of(click.get_current_context()))
        say(f"note: τ is the constant tau, 2*pi; for a variable, give it a value: {way}")


def _given(arguments: Arguments) -> Remembered:
    """Return the expression of `arguments`, with which no values are remembered."""
    from mgcli.cli.memory import Remembered

    assert arguments.expression is not None
    return Remembered(arguments.expression, {}, elsewhere=False, others=arguments.expressions[1:])


def _last(arguments: Arguments) -> Remembered:
    """Return the last expression. Raises click.UsageError if there is none."""
    from mgcli.cli import memory

    remembered = None
    try:
        remembered = memory.recall()
    except memory.UnreadableError as error:
        say(f"warning: {error}")
    if remembered is None:
        from mgcli.cli import guesses

        raise guesses.no_expression(arguments, memory.why_nothing())
    return remembered


def _check_fit(programs: Sequence[Program], arguments: Arguments) -> None:
    """Refuse a value for a name that the last expressions, `programs`, do not have: it may be an unknown option.

    One letter is always a variable.
    """
    for name in arguments.values:
        if len(name) > 1 and not any(name in program.variables or name in program.names for program in programs):
            from mgcli.cli import guesses

            raise guesses.no_such_option(name, arguments, programs[0])


def _announce(
    expressions: Sequence[str], others: int, values: Mapping[str, str], typed: Collection[str], elsewhere: bool
) -> None:
    """Report which expressions are used again; `others` is the number of those that are not.

    typed: the names that were given a value now.
    """
    given = ", ".join(f"{name} = {value}" for name, value in values.items())
    shown = ", ".join(map(program_line, expressions))
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    what = f"first of the last {others + 1} expressions" if others else "last expression"
    what = what if len(expressions) == 1 else "last expressions"
    of = " of another terminal" if elsewhere else ""
    say(f"using the {what}{of}: {shown}" + (f" with {given}" if given else ""))
    if not typed and _is_redirected():
        say("note: standard input is not read; to read the expression from it, write -")


def _is_redirected() -> bool:
    """Whether standard input is a pipe, or a file that is not empty."""
    try:
        mode = os.fstat(sys.stdin.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    return stat.S_ISFIFO(mode.st_mode) or (stat.S_ISREG(mode.st_mode) and mode.st_size > 0)


def _check_name(programs: Sequence[Program], name: str, texts: dict[str, str], is_swept: bool) -> None:
    """Refuse a value for a name that the expression assigns, or does not have.

    Of several, one must take a value, and all that have the name must take a range.
    """
    defining = next((program for program in programs if name in program.names and not _takes(program, name)), None)
    if any(_takes(program, name) for program in programs) and not (defining and is_swept):
        return
    program = defining or programs[0]
    if defining:
        raise ExpressionError(
            f"{name} is defined by the expression, so it takes no value",
            text=program.text,
            span=program.first_use[name],
            hint=f"delete '{name} = ...' from the expression, or choose another name",
        )
    from mgcli.cli import guesses

    raise guesses.no_variable(program, name, texts)


def _number(name: str, text: str, sweeps: bool) -> float:
    """Return the number that `text`, the value of `name`, evaluates to. Raises ExpressionError."""
    from mgcli.language.parser import constant_value

    if kind := _kind_of_mistake(text):
        from mgcli.cli import guesses

        options = options_of(click.get_current_context())
        raise guesses.value_error(
            kind,
            name,
            text,
            meant=lambda: binding(name, "VALUE", options),
            range=lambda: "start:stop:step" if sweeps else None,
            list=lambda: _bare_list(text) if sweeps else None,
        )
    if sweeps and (found := re.fullmatch(_TWO_NUMBERS, text.strip())) and not _has_thousands(text):
        from mgcli.cli import guesses

        raise guesses.value_error(
            "two numbers",
            name,
            text,
            decimal=lambda: f"{found[1]}.{found[3]}" if found[2] == "," and found[3].isdigit() else None,
            interval=lambda: f"{found[1]}:{found[3]}",
        )
    return _about(name, text, lambda: constant_value(text))


def _bare_list(text: str) -> str | None:
    """Return the list `text` as it is written here, None if it is too short for one."""
    inside = text.strip().strip("[](){}")
    return "".join(inside.split()) if inside.count(",") > 1 else None


def _kind_of_mistake(text: str) -> str | None:
    """Return the known kind of mistake that the value `text` is, None if there is none."""
    if not text.strip():
        return "empty value"
    if ":" in text:
        return "no sweep"
    if ";" in text or (len(text.split()) > 1 and re.fullmatch(_SPACED, text.strip())):
        return "no number"
    is_list = "," in text and re.fullmatch(_LIST, text.strip()) and not _has_thousands(text)
    return "list" if is_list else None


def _has_thousands(text: str) -> bool:
    from mgcli.analysis.points import has_thousands

    return has_thousands(text)


def _points(name: str, text: str, count: int | None, by_factors: bool) -> Points:
    """Return the points of the range or list `text`. Raises ExpressionError.

    A range without a step has `count` of them; see `mgcli.analysis.points.points`.
    """
    from mgcli.analysis.points import NotPoints, points
    from mgcli.language.parser import constant_value

    try:
        return _about(name, text, lambda: points(text, constant_value, count, by_factors=by_factors))
    except NotPoints:
        from mgcli.cli import guesses

        raise guesses.value_error("no range", name, text) from None


def _about(name: str, text: str, compute: Callable[[], T]) -> T:
    """Return what `compute` makes of `text`; an error it raises is reported as one in the value of `name`."""
    try:
        return compute()
    except MgError as error:
        from mgcli.cli.units import without_unit

        if number := without_unit(text):
            from mgcli.cli import guesses

            raise guesses.value_error("unit", name, text, number=lambda: number) from None
        hint = error.hint
        if isinstance(error, UnboundVariableError) and not hint:
            from mgcli.cli.mistakes import A_VALUE

            hint = A_VALUE
        raise ExpressionError(
            f"the value of {name}: {error.message}", text=error.text, span=error.span, also=error.also, hint=hint
        ) from None


def _with_options(error: UnboundVariableError, instead: str) -> UnboundVariableError:
    """Return the error with a hint that shows how the missing values are given, or what to do instead."""
    options = options_of(click.get_current_context())
    ways = [binding(name, "VALUE", options) for name in error.names]
    listed = " ".join(ways[:MOST_LISTED]) + (" ..." if len(ways) > MOST_LISTED else "")
    give = f"give {'it a value' if len(ways) == 1 else 'them values'}: {listed}"
    if error.hint:
        give = f"{error.hint} Otherwise {give}" if error.hint.endswith("?") else f"{error.hint}; otherwise {give}"
    give = f"{give}; {instead}" if instead else give
    return UnboundVariableError(error.names, text=error.text or "", span=error.span or (0, 0), hint=give)
