"""The `mg` group: it loads a subcommand when it is called, and turns errors into messages and exit statuses."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from mgcli import __version__
from mgcli.cli import colour, commands
from mgcli.cli.arguments import options_of
from mgcli.cli.messages import drop, echo_error
from mgcli.errors import EngineError, EvaluationError, LimitError, MgError, RenderError, listed
from mgcli.render.visible import visible_name

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


class CommandGroup(click.Group):
    """A group whose subcommands are the modules of `mgcli.cli.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the subcommands."""
        return list(commands.SUMMARIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the subcommand."""
        if cmd_name not in commands.SUMMARIES:
            return None
        command: click.Command = import_module(f"{commands.__name__}.{cmd_name}").command
        command.epilog = f"More, with examples: mg help {cmd_name}"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands with their summaries."""
        with formatter.section("Commands"):
            formatter.write_dl(list(commands.SUMMARIES.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the subcommands and options that begin with `incomplete`."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=summary)
            for name, summary in commands.SUMMARIES.items()
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options of the group; a line with an expression in place of a command is one of `grad`."""
        known = {*commands.SUMMARIES, *options_of(ctx)}
        if args and args[0] not in known and not ctx.resilient_parsing:
            from mgcli.cli import shorthand

            grad = self.get_command(ctx, "grad")
            assert grad
            if shorthand.is_without_command(args, options_of(click.Context(grad))):
                args = ["grad", *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the subcommand that `args` name, and the remaining arguments."""
        if not ctx.resilient_parsing and args[0] not in commands.SUMMARIES:
            from mgcli.cli import guesses

            raise guesses.no_command(args[0], self.list_commands(ctx), ctx)
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run the command line and exit with its status; no error ends in a traceback."""
        extra["standalone_mode"] = False
        colour.choice.wanted = None
        if "_MG_COMPLETE" in os.environ or "_MGCLI_COMPLETE" in os.environ:
            from mgcli.cli import completion

            completion.install()
        if sys.stdout is None:
            echo_error("cannot write the output: it is closed")
            sys.exit(FAILED)
        if hasattr(sys.stdout, "reconfigure"):
            # A character that the terminal cannot encode must not be an error.
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
            status = FAILED if isinstance(error, (EngineError, EvaluationError, LimitError, RenderError)) else WRONG_USE
        except OSError as error:
            status = FAILED
            drop(sys.stdout)
            if not isinstance(error, BrokenPipeError):
                name = visible_name(str(error.filename)) if error.filename else "the output"
                echo_error(f"cannot write {name}: {error.strerror}{_folder_hint(error)}")
        sys.exit(status if isinstance(status, int) else DONE)


def _folder_hint(error: OSError) -> str:
    """Return a hint for a file whose folder does not exist, "" for another error."""
    from pathlib import Path

    folder = Path(str(error.filename or "")).parent
    is_missing = isinstance(error, FileNotFoundError) and not folder.exists()
    return f"\nhint: there is no folder {visible_name(str(folder))}; make it first" if is_missing else ""


def _usage_message(error: click.ClickException) -> str:
    """Return Click's message in the form of the others: lower case, no full stop, a hint."""
    if isinstance(error, click.NoSuchOption):
        from mgcli.cli import guesses

        assert error.ctx
        return guesses.no_option(error.option_name, error.ctx)
    message = error.format_message()
    if "\nhint:" in message:
        return message.rstrip(".")
    if isinstance(error, click.BadParameter) and error.param and isinstance(error.param.type, click.IntRange):
        numbers = error.param.type
        option = error.param.opts[0]
        message = f"{option} takes a whole number from {numbers.min} to {numbers.max}"
        is_too_large = error.message.startswith(tuple("123456789"))
        if option == "--digits" and is_too_large and error.ctx and "--exact" in options_of(error.ctx):
            return f"{message}\nhint: --exact N computes more digits than a float has"
    elif isinstance(error, click.BadParameter) and error.param and isinstance(error.param.type, click.Choice):
        taker = error.param.opts[0] if isinstance(error.param, click.Option) else error.ctx and error.ctx.command_path
        message = f"{taker} takes {listed(list(map(str, error.param.type.choices)), 'or')}"
    message = (message[:1].lower() + message[1:]).rstrip(".")
    context = getattr(error, "ctx", None)
    return f"{message}\nhint: see '{context.command_path} --help' for its usage" if context else message


@click.group(
    cls=CommandGroup,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",  # as Click 8.2 has it
    context_settings={"max_content_width": 80},
    epilog="'mg grad --help' summarizes a command, and 'mg help grad' prints its page of the manual.",
)
@colour.shared
@click.version_option(__version__, prog_name="mg", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Evaluate an expression, differentiate it, draw it.

    \b
    mg eval "a*b + c" -a 2 -b -3 -c 10  the value
    mg grad                             the same expression again: every gradient
    mg draw --out g.svg                 the graph, with both in each node
    """  # noqa: D301
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
