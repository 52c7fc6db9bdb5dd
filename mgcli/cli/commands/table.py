"""`mg table`: value and gradient of an expression in every row of a file."""

from __future__ import annotations

import click

from mgcli.cli.engines import engine_of
from mgcli.cli.inputs import inputs
from mgcli.cli.messages import say
from mgcli.cli.options import json_option, of_option, refuse, wrt_option
from mgcli.cli.tables import TableArguments, TableCommand, column_names, print_report, table_of


@click.command(cls=TableCommand)
@click.option("--out", type=click.Path(), default="-", metavar="FILE", help="Write the table to FILE: CSV or .parquet.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    callback=column_names,
    metavar="NAME=COLUMN",
    help="The column of a variable, if it has another name; may be repeated.",
)
@wrt_option
@of_option
@click.option("--no-gradient", is_flag=True, help="Add the values only.")
@click.option("--only", is_flag=True, help="Leave out the columns of the file.")
@click.option("--prefix", default="", metavar="TEXT", help="Begin the names of the new columns with TEXT.")
@click.option("--uncertainty", is_flag=True, help="Columns x_u are standard uncertainties; add that of the result.")
@click.option(
    "--on-fault",
    type=click.Choice(["null", "skip", "stop"]),
    default="null",
    help="What happens to a row without a result: null leaves cells empty, skip drops it, stop writes nothing.",
)
@click.option(
    "--engine", type=click.Choice(["local", "spark"]), default="local", help="Who computes: this machine, or Spark."
)
@click.option("--remote", metavar="URL", help="The Spark Connect server, sc://host:15002.")
@json_option
def command(
    arguments: TableArguments,
    out: str,
    columns: dict[str, str],
    wrt: tuple[str, ...],
    of: tuple[str, ...],
    no_gradient: bool,
    only: bool,
    prefix: str,
    uncertainty: bool,
    on_fault: str,
    engine: str,
    remote: str | None,
    as_json: bool,
) -> int:
    """Add value and gradient to every row of a table.

    \b
    mg table "P = U*I*cos(phi)" readings.csv --out power.csv
    mg table "P = U*I" readings.csv -I 2 --no-gradient
    mg table "R = U/I" "runs/*.parquet" --out r.parquet --only
    mg table "n*x" spectrum.csv --column "x=Wave length" --wrt x
    mg table "R = U/I" readings.csv --uncertainty --out r.csv
    zcat big.csv.gz | mg table "log(x)" - --on-fault skip > logs.csv

    Columns give the variables of the same name their values. New columns are
    the result, each --of, d<result>_d<name>, and with --uncertainty <result>_u.
    A cell that cannot be computed is empty, and counted; the status is then 1.
    """  # noqa: D301
    if wrt:
        refuse("wrt", no_gradient=no_gradient)
    if as_json and out == "-":
        raise click.UsageError("--json needs a file for the table\nhint: add --out FILE")
    if arguments.expression is not None:
        table_of(arguments)
    given = inputs(arguments, also=columns)
    path = table_of(arguments)
    chosen = engine_of(engine, remote, path, out)
    source = chosen.open(path, out)
    from mgcli.tables.plan import Options, planned

    # Values of an earlier command line do not replace a column.
    typed = {
        name: value for name, value in given.values.items() if name in arguments.values or name not in source.names
    }
    options = Options(columns, of, () if no_gradient else wrt or None, uncertainty, prefix, only, on_fault)
    plan = planned(given.program, source.names, source.source, typed, options)
    for name in plan.ignored:
        say(f"note: {name} is {given.texts[name]} in every row, as given; the column {name} is not used")
    report = chosen.run(source, plan, out)
    return print_report(plan, report, out, as_json)
