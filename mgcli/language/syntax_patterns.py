"""One kind of syntax error as a row: the pattern it is found by, the message and the hint; and pieces of patterns."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property

from mgcli.errors import Remedy
from mgcli.graph import names
from mgcli.graph.table import FUNCTIONS

HERE = "‸"
"""Marks, in a pattern, the position at which the text cannot continue."""

Template = str | Callable[[re.Match[str]], str]


class SyntaxErrorRow:
    r"""One kind of syntax error.

    pattern: a regular expression for the text around the error, where `‸` marks the position at
    which it cannot continue. Before it, comments are left out and spaces are one space. The error
    begins at the group `here`, or else `at`, or else `at_`, and ends where the match does. A group
    `function` matches only the name of a function.
    inside: a regular expression for what encloses the position: "" outside parentheses, else the name before the
    parenthesis and `(`, then `<` if the operand already has a comparison; "def (" in the head of a definition.
    message, hint: templates that are filled with the groups of the match, or functions of it; a
    `Remedy` is used as it is.
    example: a text with this error.
    corrected: that text after following the hint; None if there is no such text.
    sign: a string without which the pattern does not match.
    """

    def __init__(
        self,
        pattern: str,
        message: str,
        hint: Template,
        example: str,
        corrected: str | None,
        *,
        inside: str = ".*",
        sign: str = "",
    ) -> None:
        self.pattern = pattern
        self.message = message
        self.hint = hint
        self.example = example
        self.corrected = corrected
        self.inside = inside
        self.sign = sign

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def match(self, around: str, inside: str) -> re.Match[str] | None:
        """Return the match of the pattern, None where this is another error."""
        if self.sign not in around or not re.fullmatch(self.inside, inside):
            return None
        found = self._compiled.search(around)
        if found and "function" in found.groupdict() and found["function"] not in FUNCTIONS:
            return None
        return found

    def hint_for(self, found: re.Match[str], parts: Mapping[str, str]) -> str:
        """Return the hint for a match of the pattern, filled with `parts`."""
        if callable(self.hint):
            return self.hint(found)
        return self.hint if isinstance(self.hint, Remedy) else self.hint.format(**parts)


NAME = rf"(?<!\w){names.NAME}"
EXPONENT = r"(?:[eE][+−-]?[0-9][0-9_]*)?"
NUMERAL = rf"[0-9][0-9_]*(?:\.[0-9_]*)?{EXPONENT}"
ANY_NUMBER = rf"(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*){EXPONENT}"
NUMBER = rf"(?<![\w.]){ANY_NUMBER}"
RAISED_LETTERS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
RAISED = rf"[{names.SUPERSCRIPTS}]+"
TOKEN = rf"(?:{NUMERAL}|{names.NAME}|{RAISED}|\*\*|[<>=!]=|(?s:.))"

# The head of a definition: DEFINED in the grammar, and what follows it.
HEAD = rf"{names.NAME}" r"[ \t\f]*\([\w\s,]*(?:#[^\r\n]*[\r\n][\w\s,]*)*\)[ \t\f]*"
POWER = r"(?:\^|\*\*)"

# d/dx, df/dx or d^2/dx^2.
LEIBNIZ = rf"(?<!\w)d(?: ?{POWER} ?[0-9]+)?\w* ?/ ?(?:d\w+ ?{POWER} ?(?P<at>[0-9]+)|(?P<at_>d\w+))"
