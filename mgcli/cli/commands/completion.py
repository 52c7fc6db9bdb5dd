"""`mg completion`: the script that lets a shell complete the arguments of mg."""

from __future__ import annotations

import click

from mgcli.cli.command import Command


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the script that completes arguments in a shell.

    Evaluate it in the file that your shell reads when it starts.

    \b
    mg completion bash    eval "$(mg completion bash)" in ~/.bashrc
    mg completion zsh     eval "$(mg completion zsh)" in ~/.zshrc
    mg completion fish    mg completion fish | source
                          in ~/.config/fish/config.fish
    """  # noqa: D301
    from mgcli.cli.completion import script

    root = context.find_root()
    click.echo(script(shell, root.command, root.info_name or "mg"))
