"""Nodes written as text and as LaTeX, one `Notation` for each, as one expression or as statements."""

from mgcli.notation.latex import GREEK_NAMES, LATEX, Latex, latex_name
from mgcli.notation.statements import (
    CONTINUED,
    FreeNames,
    aligned,
    equations,
    latex_block,
    latex_display,
    names_of_shared,
    program,
    statements,
    variables_of,
    written_nodes,
)
from mgcli.notation.writing import (
    AFTER_OPERATOR,
    BEFORE_FACTOR,
    IN_EXPONENT,
    TEXT,
    Notation,
    expression,
    number_text,
    short_number,
)

__all__ = [
    "AFTER_OPERATOR",
    "BEFORE_FACTOR",
    "CONTINUED",
    "GREEK_NAMES",
    "IN_EXPONENT",
    "LATEX",
    "TEXT",
    "FreeNames",
    "Latex",
    "Notation",
    "aligned",
    "equations",
    "expression",
    "latex_block",
    "latex_display",
    "latex_name",
    "names_of_shared",
    "number_text",
    "program",
    "short_number",
    "statements",
    "variables_of",
    "written_nodes",
]
