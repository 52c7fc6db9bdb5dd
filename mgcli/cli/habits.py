"""What people call commands and options by habit, or by mistake, and which ones they mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mgcli.graph.names import nearest

COMMANDS = {
    "check": ("verify", "gradcheck"),
    "code": ("codegen", "export", "generate"),
    "descend": ("minimize", "minimise", "min", "minimum", "optimize", "optimise", "descent"),
    "diff": ("derive", "derivative", "derivate", "differentiate"),
    "draw": ("graph", "picture", "drawing", "tree"),
    "eval": ("calc", "calculate", "compute", "evaluate"),
    "explain": ("backprop", "trace", "steps"),
    "grad": ("gradient", "gradients", "backward", "jacobian"),
    "plot": ("curve",),
    "slope": ("tangent",),
    "table": ("csv", "batch"),
    "uncertainty": ("error", "errors", "propagate"),
}
"""What other tools call a command, by its name."""

OPTIONS = {
    "digits": ("precision", "prec", "places", "decimals", "ndigits", "significant"),
    "out": ("o", "output", "outfile", "save", "file_name"),
    "wrt": ("by", "respect", "variable", "var"),
    "rate": ("lr", "learning_rate", "learningrate", "stepsize", "step_size"),
    "steps": ("iterations", "iters", "niter", "n_iter", "epochs", "maxiter"),
    "latex": ("tex",),
    "order": ("times",),
}
"""What other tools call an option, by its name without dashes."""


def command_meant(name: str, commands: Iterable[str]) -> str | None:
    """Return the one of `commands` that `name` was probably meant to be, None if none is."""
    return _habit(name, COMMANDS) or nearest(name, commands, cutoff=0.7)


def option_meant(name: str, options: Iterable[str]) -> str | None:
    """Return the one of `options` that `name`, with or without its dashes, was probably meant to be."""
    if by_habit := option_by_habit(name, options):
        return by_habit
    known = {option.lstrip("-"): option for option in options}
    name = name.lstrip("-")
    begun = [option for word, option in known.items() if len(name) == 1 and word.startswith(name.lower())]
    return begun[0] if len(begun) == 1 else known.get(nearest(name, known) or "")


def option_by_habit(name: str, options: Iterable[str]) -> str | None:
    """Return the one of `options` that other tools call `name`."""
    option = f"--{_habit(name.lstrip('-'), OPTIONS)}"
    return option if option in options else None


def _habit(name: str, words: Mapping[str, tuple[str, ...]]) -> str | None:
    name = name.lower().replace("-", "_")
    return next((meant for meant, others in words.items() if name in others), None)
