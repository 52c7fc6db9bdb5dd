"""The exceptions of mg: plain data, each with its span in the text if it has one."""

from __future__ import annotations

import copyreg
from collections.abc import Iterable, Sequence
from typing import Any

Span = tuple[int, int]


class ExpandedSpan(tuple[int, int]):
    """The span of a call of a user-defined function; `inside` is the span in its definition, `note` says whose."""

    inside: Span
    note: str

    def __new__(cls, call: Span, inside: Span, note: str) -> ExpandedSpan:
        """Return the span `call`, with the span in the definition."""
        span = super().__new__(cls, call)
        span.inside = inside
        span.note = note
        return span

    def __getnewargs__(self) -> tuple[Span, Span, str]:
        return (self[0], self[1]), self.inside, self.note


class Remedy(str):
    """The text of a hint, with the data that an interface needs to word it in its own terms.

    kind: which remedy it is.
    data: what the text is about. A command line that knows the kind can name an option; the text
    itself cannot.
    """

    kind: str
    data: dict[str, Any]

    def __new__(cls, text: str, kind: str = "", **data: Any) -> Remedy:
        """Return the hint `text`, of that kind."""
        remedy = super().__new__(cls, text)
        remedy.kind = kind
        remedy.data = data
        return remedy


class MgError(Exception):
    """Base class of the errors that mg reports.

    `message` is one line. `text` is the source, and `span` the range of it that is wrong: the
    offset of its first character, and the offset after its last. `hint` names the remedy where one
    can be guessed. `also` holds further spans of the same text, each with a note. `str()` of an
    error is all of it: the message, the marked line, the hint.
    """

    def __init__(
        self,
        message: str,
        *,
        text: str | None = None,
        span: Span | None = None,
        hint: str | None = None,
        also: Iterable[tuple[Span, str]] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.text = text
        self.span = span
        self.hint = hint
        self.also = tuple(also)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the attributes, whatever arguments the class takes."""
        return copyreg.__newobj__, (type(self), self.message), self.__dict__  # type: ignore[attr-defined]

    def __str__(self) -> str:
        parts = [self.message]
        if self.text is not None and self.span is not None:
            parts.append(picture(self.text, self.span))
            also = self.also
            if isinstance(self.span, ExpandedSpan):
                also = ((self.span.inside, self.span.note), *also)
            parts.extend(picture(self.text, span, note) for span, note in also)
        if self.hint:
            parts.append(f"hint: {self.hint}")
        return "\n".join(parts)


class ExpressionError(MgError):
    """The text is not an expression of the language, or a value given for it is not valid."""


class UnboundVariableError(ExpressionError):
    """Variables without a value; `names` in the order of the text."""

    def __init__(self, names: Iterable[str], *, text: str, span: Span, hint: str | None = None) -> None:
        self.names = tuple(names)
        verb = "has" if len(self.names) == 1 else "have"
        super().__init__(f"{listed(self.names, most=6)} {verb} no value", text=text, span=span, hint=hint)


class EvaluationError(MgError, ArithmeticError):
    """A value or derivative is undefined, or too large for a float."""


class LimitError(MgError):
    """The work grows faster than the program, and would take too long."""

    def __init__(self, task: str, hint: str = "") -> None:
        super().__init__(f"{task} takes too long", hint=hint or Remedy("choose some of the variables", "some"))


class RenderError(MgError):
    """A picture could not be made."""


class EngineError(MgError):
    """Another program that computes for mg does not do it: it is not there, or it failed."""


def listed(words: Sequence[str], conjunction: str = "and", most: int | None = None) -> str:
    """Return `words` as a list in a sentence: a, b and c; of more than `most`, the first three and a number."""
    if most is not None and len(words) > most:
        words = [*words[:3], f"{len(words) - 3:,} more"]
    *others, last = words
    return f"{', '.join(others)} {conjunction} {last}" if others else last


WINDOW = 72
"""The number of columns that are shown of a line; a longer line is cut around the span."""


def picture(text: str, span: Span, note: str = "") -> str:
    """Return the line of `text` in which `span` begins, with carets under the span.

    A span that runs over several lines is marked to the end of its first line.
    A long line is shown as a window around the span, cut ends marked with `...`.
    `note` is put after the carets.
    """
    start = min(span[0], len(text))
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    line_end = _line_end(text, start)
    left = start - line_start
    right = max(min(span[1], line_end) - line_start, left + 1)
    line = text[line_start:line_end]
    shown, left, right = _window(line, left, right)
    indent = columns_of(shown[:left])
    carets = "^" * max(1, columns_of(shown[left:right]))
    marked = " " * indent + carets + (f" {note}" if note else "")
    return f"  {_printable(shown)}\n  {marked}"


def _line_end(text: str, start: int) -> int:
    ends = [end for end in (text.find("\n", start), text.find("\r", start)) if end >= 0]
    return min(ends, default=len(text))


def _window(line: str, left: int, right: int) -> tuple[str, int, int]:
    """Return the part of `line` that is shown, and the span in it."""
    line = line.rstrip() if right <= len(line.rstrip()) else line
    if columns_of(line) <= WINDOW:
        return line, left, right
    size = WINDOW // max(map(_columns, line))
    right = min(right, left + size * 2 // 3)
    begin = max(0, min(left - (size - (right - left)) // 2, len(line) - size))
    end = min(len(line), begin + size)
    before = "..." if begin else ""
    after = "..." if end < len(line) else ""
    shift = len(before) - begin
    return before + line[begin:end] + after, left + shift, right + shift


def _printable(line: str) -> str:
    return "".join(" " if character == "\t" or not character.isprintable() else character for character in line)


def columns_of(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    from unicodedata import combining, east_asian_width

    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
