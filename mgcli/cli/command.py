"""The Click commands of mg: how they show their help, and take an expression and values for its variables."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import click

from mgcli.cli import colour
from mgcli.cli.arguments import Arguments, ArgumentsError, options_of, split
from mgcli.cli.reading import read_text
from mgcli.cli.shorthand import is_program_file
from mgcli.errors import MgError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Command(click.Command):
    """A command whose help text lists the options right after the summary, before examples and details."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text."""
        summary, _, details = cleandoc(self.help or "").partition("\n\n")
        self.format_usage(ctx, formatter)
        _write(formatter, summary)
        self.format_options(ctx, formatter)
        _write(formatter, details)
        self.format_epilog(ctx, formatter)


def _write(formatter: click.HelpFormatter, text: str) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(text)


class ExpressionCommand(Command):
    """A command that takes an expression and values for its variables.

    Its function gets `arguments: Arguments`; `inputs` turns them into a program with values.
    several: whether it takes more than one expression.
    """

    arguments_class: type[Arguments] = Arguments
    """What takes the arguments that are not options."""

    def __init__(
        self,
        name: str | None,
        params: list[click.Parameter] | None = None,
        *,
        several: bool = False,
        **extra: Any,
    ) -> None:
        self.several = several
        shared: list[click.Parameter] = [
            click.Option(
                ["--let"],
                multiple=True,
                metavar="NAME=VALUE",
                help="Give a variable its value; for a name that clashes with an option.",
            ),
            click.Option(
                ["--file"],
                type=click.Path(),
                metavar="FILE",
                help="Read the expression from a file; '-' is standard input.",
            ),
        ]
        super().__init__(name, params=[*(params or []), *shared], **extra)
        colour.shared(self)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the parts of the usage line."""
        return [f"[EXPRESSION]{'...' if self.several else ''}", "[-NAME VALUE]...", *super().collect_usage_pieces(ctx)]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the expression and the values out of `args`, and pass the options to Click."""
        try:
            return self._parse(ctx, args)
        except (ArgumentsError, click.UsageError) as error:
            if ctx.resilient_parsing:
                rest = super().parse_args(ctx, [])
                ctx.params["arguments"] = getattr(error, "arguments", None) or self.arguments_class(options_of(ctx))
                return rest
            if isinstance(error, click.UsageError):
                raise
            from mgcli.cli import guesses

            raise guesses.arguments_error(error, ctx) from None

    def _parse(self, ctx: click.Context, args: list[str]) -> list[str]:
        arguments, options = split(args, options_of(ctx), self.arguments_class, several=self.several)
        rest = super().parse_args(ctx, options)
        if not ctx.resilient_parsing:
            for text in ctx.params.pop("let"):
                _let(arguments, text)
            file = ctx.params.pop("file")
            if file is not None:
                arguments.add_expression(f"--file {file}")
                arguments.expressions.pop()
            arguments.expressions = [_content(text) for text in arguments.expressions]
            if file is not None:
                arguments.expressions.append(read_text(file))
        ctx.params["arguments"] = arguments
        return rest

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the variables of the expression and the options that begin with `incomplete`."""
        from mgcli.cli.completion import bindings

        return [*bindings(ctx, incomplete), *super().shell_complete(ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; hints are worded here, because only this context knows the options."""
        try:
            return super().invoke(ctx)
        except MgError as error:
            from mgcli.cli.hints import with_options

            raise with_options(error) from None


def _content(text: str) -> str:
    """Return an expression, read from the file or the standard input that it names."""
    return read_text(text) if text == "-" or is_program_file(text) else text


def _let(arguments: Arguments, text: str) -> None:
    name, equals, value = text.partition("=")
    if not equals or not name.strip().isidentifier():
        raise ArgumentsError("no binding", text, arguments)
    arguments.add_value(name.strip(), value)
