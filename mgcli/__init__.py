"""mg, the calculator that differentiates, as a library: `grad`, `diff`, `compile`, `Value`, `draw_dot`."""

import sys

# Type checkers take it as true. Importing `typing` would take half of the time before an interrupt is handled.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from mgcli import errors as errors
    from mgcli import functions as functions
    from mgcli import notation as notation
    from mgcli import tables as tables
    from mgcli.calculus.differentiation import derivative
    from mgcli.codegen.function import Compiled
    from mgcli.errors import EvaluationError, ExpressionError, MgError
    from mgcli.graph.value import Value
    from mgcli.language.parser import parse, parse_program
    from mgcli.language.program import Program
    from mgcli.library import compile as compile  # noqa: A004
    from mgcli.library import diff, evaluate, grad, hessian
    from mgcli.render.drawing import draw_dot

__version__ = "0.1.0"

_HOMES = {
    "Compiled": "codegen.function",
    "EvaluationError": "errors",
    "ExpressionError": "errors",
    "MgError": "errors",
    "Program": "language.program",
    "Value": "graph.value",
    "derivative": "calculus.differentiation",
    "compile": "library",
    "diff": "library",
    "draw_dot": "render.drawing",
    "evaluate": "library",
    "grad": "library",
    "hessian": "library",
    "parse": "language.parser",
    "parse_program": "language.parser",
}

_MODULES = ("errors", "functions", "notation", "tables")
"""The public modules: `mgcli.functions.sin` needs no import of its own."""

# `compile` is public too; `from mgcli import *` leaves Python's own function of that name alone.
__all__ = [
    "Compiled",
    "EvaluationError",
    "ExpressionError",
    "MgError",
    "Program",
    "Value",
    "derivative",
    "diff",
    "draw_dot",
    "evaluate",
    "grad",
    "hessian",
    "parse",
    "parse_program",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first used, so that a command loads only what it needs."""
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__])
    # This adds the methods by which a notebook shows a Value.
    import_module(f"{__name__}.render.notebook")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *_MODULES})
