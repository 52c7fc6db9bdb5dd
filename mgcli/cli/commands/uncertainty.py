"""`mg uncertainty`: the uncertainty of a result from those of its variables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import inputs
from mgcli.cli.options import count, csv_option, json_option, of_option, refuse
from mgcli.cli.pictures import file_format, picture_options

if TYPE_CHECKING:
    from mgcli.analysis.correlations import Correlation

FORMATS = ("svg", "png", "pdf")
"""The formats of the picture."""


@click.command(cls=ExpressionCommand)
@of_option
@click.option(
    "--correlation",
    "correlations",
    multiple=True,
    metavar="A,B=R",
    help="The correlation coefficient of two variables; may be repeated.",
)
@click.option("--coverage", metavar="P", help="Probability of the expanded interval; 0.95 by default.")
@click.option("--factor", metavar="K", help="Coverage factor of the expanded uncertainty, in place of --coverage.")
@click.option("--samples", metavar="N", help="Check by Monte Carlo with N samples; 'auto' takes as many as it needs.")
@click.option("--seed", callback=count, metavar="S", help="Seed of the samples; 0 by default.")
@click.option("--latex", "as_latex", is_flag=True, help="Write the propagation as LaTeX.")
@click.option("--plot", is_flag=True, help="Draw the shares as bars: in the terminal, or in the file of --out.")
@picture_options(FORMATS)
@json_option
@csv_option
@click.option(
    "--digits", type=click.IntRange(1, 17), metavar="N", help="Write N significant digits of the uncertainty."
)
def command(
    arguments: Arguments,
    of: tuple[str, ...],
    correlations: tuple[str, ...],
    coverage: str | None,
    factor: str | None,
    samples: str | None,
    seed: int | None,
    as_latex: bool,
    plot: bool,
    out: str | None,
    form: str | None,
    as_json: bool,
    as_csv: bool,
    digits: int | None,
) -> int:
    """Print the result with its uncertainty, and where it comes from.

    \b
    mg uncertainty "V/I" -V 12+-0.1 -I 2+-0.05
    mg uncertainty "V/I" -V "12.00(10)" -I 2+-2% --coverage 0.99
    mg uncertainty "V/I" -V "readings(11.9, 12.1, 12.2)" -I "uniform(1.9, 2.1)"
    mg uncertainty "a - b" -a 5+-0.3 -b 3+-0.4 --correlation a,b=0.9
    mg uncertainty "x**2" -x 0+-10 --samples 100000
    mg uncertainty "V/I" -V 12+-0.1 -I 2+-0.05 --latex
    mg uncertainty "V/I" -V 12+-0.1 -I 2+-0.05 --plot

    Values with an uncertainty are written V+-U, V+-P%, V(U in the last digits),
    readings(...), normal(m, u), uniform(a, b), triangle(a, b), arcsine(a, b),
    t(m, u, nu) or lognormal(m, s). Where first order is not enough, the line
    shown is that of second order or of Monte Carlo, and a warning says so.
    """  # noqa: D301
    from mgcli.cli import uncertain, uncertain_inputs

    options = uncertain_inputs.Options(
        uncertain_inputs.coverage_of(coverage, factor),
        uncertain_inputs.factor_of(factor),
        uncertain_inputs.samples_of(samples, seed),
        seed or 0,
        _output(json=as_json, csv=as_csv, latex=as_latex, plot=plot),
        digits,
        _picture(plot, out, form),
    )
    if as_csv:
        refuse("csv", digits=digits)
    pairs = _correlations(correlations)
    given = inputs(arguments, sweeps=True, uncertainties=True)
    return uncertain.run(given, list(dict.fromkeys(of)), pairs, options)


def _output(**options: bool) -> str:
    """Return what is written: the option that is given, or "text". Raises click.UsageError for two of them."""
    first, *others = [name for name, is_chosen in options.items() if is_chosen] or ["text"]
    refuse(first, **dict.fromkeys(others, True))
    return first


def _picture(plot: bool, out: str | None, form: str | None) -> tuple[str, str] | None:
    """Return the file of the picture and its format. Raises click.UsageError."""
    if out is not None and not plot:
        raise click.UsageError("--out is for a picture\nhint: add --plot")
    written_as = file_format(out, form, FORMATS)
    return None if out is None or written_as is None else (out, written_as)


def _correlations(texts: Sequence[str]) -> list[Correlation]:
    """Return the pairs and their coefficients. Raises click.UsageError."""
    from mgcli.cli.options import constant
    from mgcli.graph.names import normalized

    found: list[Correlation] = []
    for text in texts:
        names, equals, value = text.partition("=")
        pair = [normalized(name.strip()) for name in names.split(",")]
        if not equals or len(pair) != 2 or not all(map(str.isidentifier, pair)) or not value.strip():
            two = ",".join(re.findall(r"[^\W\d]\w*", text)[:2])
            example = two if "," in two else "a,b"
            raise click.UsageError(f"--correlation takes A,B=R, not {text}\nhint: write --correlation {example}=0.9")
        first, second = pair
        if first == second:
            raise click.UsageError(
                f"--correlation {text}: {first} with itself is always 1\nhint: name two different variables"
            )
        if any({first, second} == {*known[:2]} for known in found):
            raise click.UsageError(f"--correlation: {first} and {second} are given twice\nhint: give one coefficient")
        coefficient = constant("--correlation", value.strip(), "0.9")
        if not -1.0 <= coefficient <= 1.0:
            raise click.UsageError(
                f"--correlation {text}: {coefficient!r} is not a correlation coefficient\nhint: it is from -1 to 1"
            )
        found.append((first, second, coefficient))
    return found
