"""What people call commands and options by habit."""

from __future__ import annotations

import click
import pytest

from mgcli.cli import habits
from mgcli.cli.group import cli

CONTEXT = click.Context(cli)
ALL = {name: cli.get_command(CONTEXT, name) for name in cli.list_commands(CONTEXT)}


def test_habits_mean_commands_and_options_that_there_are() -> None:
    assert set(habits.COMMANDS) <= set(ALL)
    options = {option for command in ALL.values() if command for each in command.params for option in each.opts}
    assert {f"--{name}" for name in habits.OPTIONS} <= options


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("derivative", "diff"),
        ("Gradient", "grad"),
        ("gard", "grad"),
        ("dif", "diff"),
        ("hesian", "hessian"),
        ("unceratinty", "uncertainty"),
        ("solve", None),
        ("integrate", None),
    ],
)
def test_a_command_is_found_by_its_other_names_and_by_its_misspellings(typed: str, meant: str | None) -> None:
    assert habits.command_meant(typed, ALL) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("--josn", "--json"), ("josn", "--json"), ("LR", "--rate"), ("--learning-rate", "--rate"), ("omega", None)],
)
def test_an_option_is_found_with_or_without_dashes(typed: str, meant: str | None) -> None:
    assert habits.option_meant(typed, ["--json", "--let", "--rate"]) == meant
