"""mg, the calculator that differentiates, as a library: `Value`, `parse`, `compile`, `draw_dot`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mgcli.compiled import Compiled, compile  # noqa: A004
    from mgcli.differentiation import derivative
    from mgcli.drawing import draw_dot
    from mgcli.errors import EvaluationError, ExpressionError, MgError
    from mgcli.parser import parse, parse_program
    from mgcli.program import Program
    from mgcli.value import Value

__version__ = "0.1.0"

_HOMES = {
    "Compiled": "compiled",
    "EvaluationError": "errors",
    "ExpressionError": "errors",
    "MgError": "errors",
    "Program": "program",
    "Value": "value",
    "derivative": "differentiation",
    "compile": "compiled",
    "draw_dot": "drawing",
    "parse": "parser",
    "parse_program": "parser",
}

__all__ = [
    "Compiled",
    "EvaluationError",
    "ExpressionError",
    "MgError",
    "Program",
    "Value",
    "compile",
    "derivative",
    "draw_dot",
    "parse",
    "parse_program",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first used: a command starts without what it does not need."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
