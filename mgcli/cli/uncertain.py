"""What `mg uncertainty` prints."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from math import ceil, isfinite
from shutil import get_terminal_size

import click

from mgcli.analysis.correlations import Correlation, Quantities
from mgcli.analysis.monte_carlo import verdict
from mgcli.analysis.quantities import is_asymmetric
from mgcli.analysis.trusted import Note
from mgcli.analysis.uncertainty import (
    FIRST,
    MONTE_CARLO,
    Propagated,
    correlation_of,
    exact_names,
    limits_are_unknown,
)
from mgcli.cli.arguments import binding, options_of
from mgcli.cli.inputs import Inputs
from mgcli.cli.messages import echo_error, say
from mgcli.cli.output import echo_json, echo_lines, terminal_width
from mgcli.cli.pictures import warn_of_missing_letters, write_picture
from mgcli.cli.uncertain_inputs import Computed, Options, computed, distributions
from mgcli.cli.wording import say_notes
from mgcli.errors import ExpressionError
from mgcli.language.program import Program
from mgcli.render.budget import at_place, budget_table, correlation_table, measurement, place_of
from mgcli.render.tables import number, table

SIZE = (80, 24)
"""The columns and lines of output that does not go to a terminal."""

MOST_OUTSIDE = 0.01
"""The part of the samples that may be outside the domain."""

DOMINANT = 0.7
"""The share from which the distribution of one variable determines that of the result."""


def run(given: Inputs, of: Sequence[str], correlations: Sequence[Correlation], options: Options) -> int:
    """Print the uncertainty of each result, and return the exit status."""
    program = given.program
    parts = {name: program.of(name) for name in of} or {program.title: program}
    for name, text in given.typed.items():
        if is_asymmetric(text):
            say(f"note: {name} = {text} is a sum; asymmetric uncertainties need a distribution and --samples")
    _check(given, correlations)
    if given.sweeps:
        from mgcli.cli import uncertain_sweep

        return uncertain_sweep.run(given, parts, correlations, options)
    given.bind()
    middles = {name: program.node(name).data for name in given.spreads}
    quantities = Quantities(distributions(given, middles), correlations)
    found = {name: computed(part, quantities, options) for name, part in parts.items()}
    if options.output == "json":
        from mgcli.cli.uncertain_json import document

        echo_json(document(program, quantities, found, options.coverage))
    elif options.output == "csv":
        from mgcli.cli import uncertain_csv

        uncertain_csv.echo_point(program, quantities, found)
    elif options.output == "latex":
        from mgcli.render.propagation import propagation_latex

        for name, part in parts.items():
            click.echo(propagation_latex(part, quantities, found[name].result, options.digits))
    elif options.output == "plot":
        _plot(found, options)
    else:
        echo_lines(_text(program, quantities, found, options))
    for name, each in found.items():
        _say(name if len(found) > 1 else "", program, quantities, each, options)
    if limits_are_unknown(quantities):
        say("note: the degrees of freedom of correlated variables do not combine, so k is that of a normal result")
    return max(_status(each) for each in found.values())


def _check(given: Inputs, correlations: Sequence[Correlation]) -> None:
    """Refuse a command line without any uncertainty, and correlations with such a variable. Raises ExpressionError."""
    variables = list(given.program.variables)
    if not given.spreads:
        if not variables:
            raise ExpressionError(
                "the expression has no variable, so there is no uncertainty",
                hint="write one, as in V/2 with -V 12+-0.1",
            )
        options = options_of(click.get_current_context())
        for name in given.sweeps:
            if ":" not in given.typed[name]:
                readings = binding(name, f"'readings({given.typed[name].strip()})'", options)
                hint = f"repeated readings of one quantity are written {readings}"
                raise ExpressionError("no variable has an uncertainty", hint=hint)
        shown = f"{number(given.values.get(variables[0], 12.0)).removesuffix('.0')}+-0.1"
        raise ExpressionError(
            "no variable has an uncertainty",
            hint=f"write it after the value: {binding(variables[0], shown, options)}",
        )
    for first, second, _ in correlations:
        for name in (first, second):
            given.program.node(name)
            if name not in given.spreads:
                raise ExpressionError(
                    f"{name} has no uncertainty, so it is not correlated with anything",
                    hint="give it one, or leave out --correlation",
                )


def _plot(found: Mapping[str, Computed], options: Options) -> None:
    """Draw the shares of each result in the terminal, or those of one in a file."""
    from mgcli.render.plot_file import letters_without_font
    from mgcli.render.shares import bars, bars_picture

    for name, each in found.items():
        title = f"{name} = {measurement(*each.result.shown, options.digits)}"
        if options.picture is not None:
            out, form = options.picture
            if len(found) > 1:
                raise click.UsageError("a picture shows one result\nhint: write one --of for each picture")
            write_picture(out, bars_picture(each.result, title, form))
            names = "".join(share.name for share in each.result.budget)
            warn_of_missing_letters(letters_without_font(title + names, form))
        else:
            click.echo(title)
            echo_lines(bars(each.result, get_terminal_size(SIZE).columns, plain=not _has_blocks()))


def _has_blocks() -> bool:
    """Return whether standard output can show the characters of bars."""
    try:
        "█░".encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _text(program: Program, quantities: Quantities, found: Mapping[str, Computed], options: Options) -> Iterator[str]:
    results = {name: each.result for name, each in found.items()}
    for name, result in results.items():
        yield f"{name} = {measurement(*result.shown, options.digits)}"
    if any(result.budget for result in results.values()):
        yield ""
        yield from table(*budget_table(quantities, results), terminal_width())
    yield ""
    if exact := exact_names(program, quantities):
        yield f"exact: {', '.join(exact)}"
    for name, each in found.items():
        yield f"{_prefix(name, found)}{_expanded(each, options)}"
    if len(found) > 1:
        yield ""
        yield from table(*correlation_table(list(found), correlation_of(results, quantities)), terminal_width())
    for name, each in found.items():
        if each.samples is not None:
            yield ""
            yield from _of_samples(_prefix(name, found), each, options)


def _prefix(name: str, found: Mapping[str, Computed]) -> str:
    return f"{name}: " if len(found) > 1 else ""


def _expanded(each: Computed, options: Options) -> str:
    """Return the line of the expanded uncertainty; if samples decided, it is their interval."""
    value, u = each.result.shown
    if each.result.samples is not None and each.result.method == MONTE_CARLO and options.coverage:
        samples = each.result.samples
        place = place_of(value, u, options.digits or 3)
        low, high = (at_place(end, place) for end in samples.interval(options.coverage))
        return f"interval: [{low}, {high}] ({_percent(options.coverage)}, {samples.count:,} samples)"
    place = place_of(value, u, options.digits)
    about = [f"k = {_factor(each.factor, options)}"]
    if options.coverage is not None:
        about.append(_percent(options.coverage))
        if isfinite(each.result.nu):
            plural = "" if each.result.nu == 1 else "s"
            about.append(f"{each.result.nu:.0f} degree{plural} of freedom")
    return f"expanded: +- {at_place(each.factor * u, place)} ({', '.join(about)})"


def _factor(factor: float, options: Options) -> str:
    return f"{factor:.2f}" if options.factor is None else f"{factor:g}"


def _percent(probability: float) -> str:
    return f"{100 * probability:.10g}%"


def _of_samples(prefix: str, each: Computed, options: Options) -> Iterator[str]:
    """Yield the lines on the samples that were requested."""
    samples = each.samples
    assert samples is not None
    if not isfinite(samples.estimate.u):
        yield f"{prefix}Monte Carlo: no mean and deviation, {samples.drawn:,} samples"
        return
    digits = options.digits or 3
    place = place_of(*samples.estimate, digits)
    probability = options.coverage or 0.95
    low, high = samples.interval(probability)
    interval = f"{_percent(probability)} interval [{at_place(low, place)}, {at_place(high, place)}]"
    yield f"{prefix}Monte Carlo: {measurement(*samples.estimate, digits)}, {interval}, {samples.drawn:,} samples"
    first = each.result.first
    if first is None or options.coverage is None:
        return
    judged = verdict(first, each.factor * first.u, samples, probability)
    verdicts = {judged.is_valid: "is confirmed", judged.is_open: "may be right, but more samples are needed to tell"}
    found = f"{prefix}first order {verdicts.get(True, 'is not confirmed')}"
    off = f"{number(judged.low, 2)} and {number(judged.high, 2)}"
    yield f"{found}: the ends of its interval are off by {off}, where {number(judged.tolerance, 2)} is allowed"


def _say(name: str, program: Program, quantities: Quantities, each: Computed, options: Options) -> None:
    """Write the notes and warnings on one result to standard error."""
    result = each.result
    of = f"{name}: " if name else ""
    say_notes(result.notes, options.digits)
    text = program.text
    if result.refusal is not None:
        refusal = result.refusal
        say(f"warning: {of}{Note(refusal.message, text if refusal.span else None, refusal.span)}")
    if result.grid.failure is not None and result.grid.point is not None:
        failure = result.grid.failure
        where = ", ".join(f"{variable} = {number(x, 4)}" for variable, x in result.grid.point.items())
        what = failure.message.partition(" at ")[0]
        plural = "" if ceil(result.grid.distance) == 1 else "s"
        message = f"{what} at {where}, within {ceil(result.grid.distance)} uncertaint{'ies' if plural else 'y'}"
        say(f"warning: {of}{Note(message, text if failure.span else None, failure.span)}")
    if not result.is_linear:
        shown = "second order is shown" if result.method != MONTE_CARLO else f"Monte Carlo is shown ({_drawn(result)})"
        if result.first is not None:
            first = measurement(*result.first, options.digits)
            say(f"warning: {of}first order gives {first}; the function is not linear enough for it, so {shown}")
        else:
            say(f"warning: {of}{shown}")
    elif result.samples is not None:
        say(f"warning: {of}first order is shown unchecked: {_drawn(result)} have no mean and standard deviation")
    elif estimate := result.left_out():
        what = "second order gives" if estimate is result.second else "a grid of points gives"
        say(f"note: {of}{what} {measurement(*estimate, options.digits)}")
    if note := _assumes_normal(quantities, result, options):
        say(f"note: {of}{note}")
    if each.interrupted:
        say(f"note: {of}interrupted after {each.samples.drawn if each.samples else 0:,} samples")
    elif not each.settled:
        say(f"note: {of}the numbers have not settled to two digits of u")


def _drawn(result: Propagated) -> str:
    assert result.samples is not None
    return f"{result.samples.drawn:,} samples"


def _assumes_normal(quantities: Quantities, result: Propagated, options: Options) -> str | None:
    if options.coverage is None or result.method == MONTE_CARLO:
        return None
    for share, distribution in zip(result.budget, quantities.distributions, strict=True):
        if share.share > DOMINANT and distribution.name not in ("normal", "readings", "t"):
            return (
                f"{share.name} is {distribution.name} and has {100 * share.share:.0f}% of the share, but the interval"
                " assumes a normal result; --samples gives the actual one"
            )
    if result.method != FIRST:
        return "the interval assumes a normal result; --samples gives the actual one"
    return None


def _status(each: Computed) -> int:
    """Return the exit status, and report samples outside the domain."""
    samples = each.samples or each.result.samples
    if each.interrupted:
        return 130
    if samples is None or not samples.outside:
        return 0
    part = samples.outside / samples.drawn
    message = f"the result is undefined at {samples.outside:,} of {samples.drawn:,} samples"
    if part <= MOST_OUTSIDE:
        say(f"note: {message}, which are left out")
        return 0
    echo_error(f"{message} ({100 * part:.0f}%)")
    return 1
