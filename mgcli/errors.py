"""The exceptions of mg: plain data, each with the place in the text where there is one."""

from collections.abc import Iterable

from mgcli.diagnostics import ExpandedSpan, Span, picture


class MgError(Exception):
    """What mg refuses, and why.

    `message` is one line. `text` and `span` are the source and the place in it, as offsets of its
    first character and of the one after its last. `hint` names the remedy where one can be guessed.
    `also` holds further places of the same text, each with a note.
    `str()` of an error is the whole of it: the message, the marked line, the hint.
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
    """The text is not an expression of the language, or a value given for it cannot be one."""


class UnboundVariableError(ExpressionError):
    """Variables without a value; `names` in the order of the text."""

    def __init__(self, names: Iterable[str], *, text: str, span: Span, hint: str | None = None) -> None:
        self.names = tuple(names)
        shown = [*self.names[:3], f"{len(self.names) - 3:,} more"] if len(self.names) > 6 else [*self.names]
        listed = " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))
        verb = "has" if len(self.names) == 1 else "have"
        super().__init__(f"{listed} {verb} no value", text=text, span=span, hint=hint)


class EvaluationError(MgError, ArithmeticError):
    """The mathematics says no: outside a domain, no derivative, or too large for a float."""


class RenderError(MgError):
    """A picture could not be made."""
