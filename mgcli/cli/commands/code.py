"""`mg code`: the value and the gradient of an expression as a function in another language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import inputs
from mgcli.cli.messages import say
from mgcli.cli.options import of_option, refuse, wrt_option
from mgcli.cli.pictures import write_picture
from mgcli.codegen.source import LANGUAGES, SUFFIXES, language_of, table_of
from mgcli.errors import listed

if TYPE_CHECKING:
    _Choice = click.Choice[str]
else:
    # It is generic from Click 8.2 on.
    _Choice = click.Choice


class LanguageName(_Choice):
    """A language by its name, or by the suffix of its files: js, py, rs."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name of the language."""
        return super().convert(SUFFIXES.get(f".{value}".lower(), value), param, ctx)


@click.command(cls=ExpressionCommand)
@click.option(
    "--language",
    type=LanguageName(LANGUAGES, case_sensitive=False),
    help="The language, if the suffix of --out does not say it.",
)
@click.option("--name", default="f", metavar="NAME", help="The name of the function; f by default.")
@wrt_option
@of_option
@click.option("--hessian", is_flag=True, help="The second derivatives too.")
@click.option("--value-only", is_flag=True, help="Only the value.")
@click.option("--header", is_flag=True, help="Only the declaration of the function, in C.")
@click.option(
    "--out",
    type=click.Path(),
    metavar="FILE",
    help=f"Write to FILE, in the language of its suffix ({', '.join(SUFFIXES)}); '-' is standard output.",
)
def command(
    arguments: Arguments,
    language: str | None,
    name: str,
    wrt: tuple[str, ...],
    of: tuple[str, ...],
    hessian: bool,
    value_only: bool,
    header: bool,
    out: str | None,
) -> None:
    """Write the function and its gradient in another language.

    \b
    mg code "log(1 + exp(-a*b))" --language c
    mg code "log(1 + exp(-a*b))" --name loss --out loss.rs
    mg code "m*v**2/2" --wrt v --language javascript
    mg code "x = r*cos(t); y = r*sin(t)" --of x --of y --language numpy
    mg code "x**2*y + exp(y)" --hessian --language python

    No values are needed. The source needs nothing but the library of its
    language; in C and Rust it gives the same floats as mg, to the last bit.
    """  # noqa: D301
    from mgcli.render.code import function_source

    given = inputs(arguments)
    chosen = _language(language, out)
    _check(chosen, name, header)
    if value_only:
        refuse("value-only", wrt=wrt, hessian=hessian)
    if hessian:
        refuse("hessian", of=of)
    header = header or bool(chosen == "c" and out and out.lower().endswith(".h"))
    program = given.without_values([*wrt, *of])
    text = function_source(
        program, chosen, name, wrt, of, with_derivatives=not value_only, with_hessian=hessian, header=header
    )
    write_picture(out or "-", text.encode())
    if ignored := [name for name in arguments.values if name in program.variables]:
        verb = "is an argument" if len(ignored) == 1 else "are arguments"
        say(f"note: {', '.join(ignored)} {verb} of the function, so no value is used")


def _language(language: str | None, out: str | None) -> str:
    """Return the language that is wanted. Raises click.UsageError where nothing says which."""
    found = language or (language_of(out) if out else None)
    if found:
        return found
    what = f"the name of {out} does not say which language" if out and out != "-" else "no language is given"
    raise click.UsageError(f"{what}\nhint: add --language {listed(LANGUAGES, 'or')}")


def _check(language: str, name: str, header: bool) -> None:
    """Refuse what the language does not have. Raises click.UsageError."""
    table = table_of(language)
    if not table.is_legal(name):
        raise click.UsageError(f"{name} cannot be the name of a function in {table.title}\nhint: choose another --name")
    if header and language != "c":
        raise click.UsageError("--header is for C\nhint: leave it out, or add --language c")
