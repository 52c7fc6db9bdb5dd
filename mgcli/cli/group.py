"""The `mg` group: its subcommands are the modules of `mgcli.commands`, loaded when they are called."""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from mgcli import __version__
from mgcli.cli import commands
from mgcli.cli.output import echo_error
from mgcli.errors import EvaluationError, MgError, RenderError
from mgcli.graph.names import nearest, nearest_option

_FOLDER = commands.__path__[0]

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

DONE, REFUSED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


class CommandGroup(click.Group):
    """The group; it also turns whatever goes wrong below it into a message and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the subcommands: of the modules that hold them."""
        files = os.listdir(_FOLDER)  # noqa: PTH208 (pathlib takes longer to load than this takes in all)
        return sorted(file[:-3] for file in files if file.endswith(".py") and not file.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the subcommand."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{commands.__name__}.{cmd_name}").command
        command.epilog = f"More, with examples: mg help {cmd_name}"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands, each with its summary."""
        _Listing(self).format_commands(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the subcommands and the options that may be meant, each with its summary."""
        with click.Context(_Listing(self)) as listing:
            return listing.command.shell_complete(listing, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the subcommand that `args` name, and the arguments left for it."""
        name = args[0]
        if not ctx.resilient_parsing and self.get_command(ctx, name) is None:
            near = nearest(name, self.list_commands(ctx))
            if near:
                hint = f"did you mean {near}?"
            elif name.isidentifier():
                hint = "'mg --help' lists those there are"
            else:
                hint = f"to evaluate an expression: mg eval '{name}'"
            raise click.UsageError(f"no command {name}\nhint: {hint}", ctx)
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run the command line and leave with its exit status; no error gets past as a traceback."""
        extra["standalone_mode"] = False
        if sys.stdout is None:
            echo_error("cannot write the output: it is closed")
            sys.exit(REFUSED)
        if hasattr(sys.stdout, "reconfigure"):
            # A character that the terminal's encoding does not have is no reason to fail.
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            status = super().main(*args, **extra)
            sys.stdout.flush()
        except click.exceptions.Abort:
            status = INTERRUPTED
        except click.ClickException as error:
            echo_error(_usage_message(error))
            status = WRONG_USE
        except MgError as error:
            echo_error(error)
            status = REFUSED if isinstance(error, (EvaluationError, RenderError)) else WRONG_USE
        except OSError as error:
            status = REFUSED
            _drop_output()
            if not isinstance(error, BrokenPipeError):
                name = f" {error.filename}" if error.filename else ""
                echo_error(f"cannot write{name or ' the output'}: {error.strerror}")
        sys.exit(status if isinstance(status, int) else DONE)


class _Listing(click.Group):
    """A group's subcommands as far as a list of them needs: the first line of each one's docstring.

    It is read, not run: to load every command takes as long as Python's own start.
    """

    def __init__(self, commands: CommandGroup) -> None:
        super().__init__(commands.name, params=commands.params)
        self.whole = commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self.whole.list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        with open(os.path.join(_FOLDER, f"{cmd_name}.py"), encoding="utf-8") as file:  # noqa: PTH118, PTH123
            described = re.search(r'^def command\(.*?"""(.*?)$', file.read(), re.DOTALL | re.MULTILINE)
        return click.Command(cmd_name, help=described[1]) if described else self.whole.get_command(ctx, cmd_name)


def _usage_message(error: click.ClickException) -> str:
    message = error.format_message()
    if isinstance(error, click.NoSuchOption):
        message = f"no option {error.option_name}"
        assert error.ctx
        options = [option for parameter in error.ctx.command.get_params(error.ctx) for option in parameter.opts]
        if near := nearest_option(error.option_name, options):
            return f"{message}\nhint: did you mean {error.ctx.command_path} {near}?"
        if error.ctx.parent:
            return f"{message}\nhint: '{error.ctx.command_path} --help' lists the options"
        return f"{message}\nhint: an option stands behind its command: mg grad ... {error.option_name}"
    if isinstance(error, click.BadParameter) and error.param and isinstance(error.param.type, click.IntRange):
        numbers = error.param.type
        message = f"{error.param.opts[0]} takes a whole number from {numbers.min} to {numbers.max}"
    message = message[:1].lower() + message[1:] if "\nhint:" not in message else message
    message = message.rstrip(".")
    return message if "\nhint:" in message else _with_help(message, getattr(error, "ctx", None))


def _with_help(message: str, context: click.Context | None) -> str:
    return f"{message}\nhint: '{context.command_path} --help' shows how it is used" if context else message


def _drop_output() -> None:
    """Let what is still to be written go nowhere, so that leaving does not fail again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, AttributeError):
        return


@click.group(
    cls=CommandGroup,
    invoke_without_command=True,
    context_settings={"max_content_width": 100},
    epilog="'mg grad --help' summarizes a command, and 'mg help grad' prints its page of the manual.",
)
@click.version_option(__version__, prog_name="mg", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Evaluate an expression, differentiate it, draw it.

    \b
    mg eval "a*b + c" -a 2 -b -3 -c 10    the value
    mg grad                               the same expression again: every gradient
    mg draw --out g.svg                   the graph, with both in each node
    """  # noqa: D301
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
