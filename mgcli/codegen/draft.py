"""What a generated function consists of, before its language gives it a frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, product
from textwrap import wrap
from typing import NamedTuple

from mgcli.codegen.language import Language, Names
from mgcli.codegen.lines import Lines
from mgcli.codegen.straight_line import Code
from mgcli.codegen.terms import Term
from mgcli.errors import listed
from mgcli.graph.operation import ANY, SUM, UNARY

MOST_ARGUMENTS = 8
"""With more arguments than this, a function of C or Rust takes an array."""

WIDTH = 88
"""The maximum number of columns of a line of text, or of a long sum."""


class Request(NamedTuple):
    """A function to be written.

    name: what it is called. title: what it computes, one line of text.
    code: the steps from its arguments to its results; `also` are the second derivatives, the upper triangle by rows.
    wrt: what the derivatives are taken with respect to, in the names of the user.
    results: the names of several values; empty for one value.
    defaults: the numbers of the arguments, the last ones, that have one.
    """

    name: str
    title: str
    code: Code
    wrt: Sequence[str] = ()
    results: Sequence[str] = ()
    defaults: Sequence[float] = ()

    def outcomes(self) -> list[Outcome]:
        """Return what the function returns, in order."""
        code, width = self.code, len(self.wrt)
        if self.results:
            found = [Outcome("values", (len(self.results),), code.values)]
            rows = [*chain.from_iterable(code.derivatives)]
            return [*found, Outcome("jacobian", (len(self.results), width), rows)] if width else found
        found = [Outcome("value", (), code.values)]
        if width:
            found.append(Outcome("gradient", (width,), code.derivatives[0]))
        return [*found, Outcome("hessian", (len(code.also),), code.also)] if code.also else found

    def remarks(self) -> list[str]:
        """Return sentences on the outcomes whose names do not say what is where."""
        values = [f"The values are {listed(self.results)}."] if self.results else []
        return [*values, "The hessian is its upper triangle, row by row."] if self.code.also else values


class Outcome(NamedTuple):
    """A number, a vector or a matrix, by its name, with its terms row by row."""

    name: str
    shape: tuple[int, ...]
    terms: Sequence[Term]

    def places(self) -> list[str]:
        """Return how each of the terms is referred to: value, gradient[0], jacobian[0][1]."""
        indices = product(*map(range, self.shape))
        return [self.name + "".join(f"[{number}]" for number in index) for index in indices]

    def literal(self, text: Callable[[Term], str], opening: str = "[", closing: str = "]") -> list[str]:
        """Return the pieces of the number, vector or matrix, each to be followed by a comma."""
        texts = [*map(text, self.terms)]
        if len(self.shape) < 2:
            return texts
        width = self.shape[1]
        rows = [texts[start : start + width] for start in range(0, len(texts), width)]
        return [f"{opening}{', '.join(row)}{closing}" for row in rows]


ON_ZEROS = "A sum of finite numbers may overflow; one of zeros does not."
"""A comment on what `Draft.zeros` is for."""

OUTCOMES = "value", "values", "gradient", "jacobian", "hessian"
"""Every name of an outcome."""


class Draft:
    """A function in one language, all but its frame.

    arguments: the names of its arguments, in order. unused: those that no statement needs.
    names: these, and all that the statements name. body: the statements that compute its steps.
    foreign: the names that the language cannot have, by the ones that it has instead.
    """

    def __init__(self, request: Request, language: Language, *reserved: str) -> None:
        self.request = request
        self.language = language
        code = request.code
        self._prefix = f"{request.name}_"
        taken = language.keywords.union(reserved, (f"{self._prefix}{helper}" for helper in language.helpers))
        names = Names(taken, code.labels.values(), has_unicode=language.has_unicode)
        self._lines = lines = Lines(code, language, names)
        self.names = [*lines.names.values()]
        self.arguments = [lines.names[term] for term in code.arguments]
        read = {operand for term in code.steps for operand in term.operands}.union(code.results)
        self.unused = [lines.names[term] for term in code.arguments if term not in read]
        self._raw = lines.statements()
        self.body = [self._finished(line) for line in self._raw]
        labels = [(name, code.labels.get(term, name)) for term, name in lines.names.items()]
        self.foreign = {name: label for name, label in labels if name.isascii() and not label.isascii()}

    def text(self, term: Term, precedence: int = ANY) -> str:
        """Return `term` as written after the body."""
        return self._finished(self._lines.text(term, precedence))

    def helpers(self) -> list[str]:
        """Return the sources of the helpers that the function calls."""
        results = [self._lines.text(term) for term in self.request.code.results]
        return [self._finished(text) for text in self.language.helpers_of([*self._raw, *results])]

    def parameters(self, equals: str) -> list[str]:
        """Return the arguments, the last ones with their defaults after `equals`."""
        defaults = [f"{equals}{self.language.literal(number, SUM)}" for number in self.request.defaults]
        plain = len(self.arguments) - len(defaults)
        return [f"{name}{default}" for name, default in zip(self.arguments, [""] * plain + defaults, strict=True)]

    def inputs(self, ignored: str) -> list[str]:
        """Return the statements that name the elements of an array of arguments, and those that quiet a compiler.

        `ignored` is the statement for a `{name}` that is not used.
        """
        if len(self.arguments) <= MOST_ARGUMENTS:
            return [ignored.format(name=name) for name in self.unused]
        if len(self.unused) == len(self.arguments):
            return [ignored.format(name="inputs")]
        named = {name: f"inputs[{index}]" for index, name in enumerate(self.arguments) if name not in self.unused}
        return [self.language.constant.format(name=name, text=text) for name, text in named.items()]

    def remarks(self) -> list[str]:
        """Return sentences on the elements of an array of arguments, the outcomes, and the names that were replaced."""
        inputs = [f"The inputs are {listed(self.arguments)}."] if len(self.arguments) > MOST_ARGUMENTS else []
        replaced = [f"{name} is {label}." for name, label in self.foreign.items()]
        return [*inputs, *self.request.remarks(), *replaced]

    def assigned(self, outcome: Outcome, indent: str) -> list[str]:
        """Return the statement that gives an outcome its name, a vector or a matrix in brackets."""
        opening, closing = ("[", "]") if outcome.shape else ("", "")
        before, after = self.language.constant.format(name=outcome.name, text="\0").split("\0")
        return spread(outcome.literal(self.text), ", ", before + opening, closing + after, indent)

    def assignments(self, write: Callable[[Outcome], list[str]], opening: str, closing: str = "") -> list[str]:
        """Return the statements that `write` gives for each outcome; `opening` and `closing` enclose a comment."""
        first, *derived = self.request.outcomes()
        return [*write(first), *self.note(opening, closing), *chain.from_iterable(map(write, derived))]

    def note(self, opening: str, closing: str = "") -> list[str]:
        """Return a comment on what a reader may wonder at in the derivatives, if there is any."""
        zero = self.language.literal(0.0, UNARY)
        texts = [self.text(term) for outcome in self.request.outcomes()[1:] for term in outcome.terms]
        if not any(text.endswith(f" + {zero}") for text in texts):
            return []
        return [f"{opening}Adding {zero} makes -{zero} a plain {zero}.{closing}"]

    def zeros(self, outcomes: Sequence[Outcome], value: str = "value") -> list[str]:
        """Return products with 0 whose sum is a number if `outcomes`, and all that they hide, are finite.

        A sum of the numbers themselves may overflow. A result is referred to by its name, or by its place among the
        outcomes, `value` for a single one.
        """
        places: dict[Term, str] = {}
        for outcome in outcomes:
            for term, place in zip(outcome.terms, outcome.places(), strict=True):
                places.setdefault(term, place if outcome.shape else value)
        named = [(self.text(term), place) for term, place in places.items() if not term.is_known]
        factors = [text if text.isidentifier() else place for text, place in named]
        factors.extend(self.text(term, UNARY) for term in self.request.code.checked)
        zero, times = self.language.literal(0.0, UNARY), self.language.forms["mul"].pieces[1]
        return [f"{zero}{times}{factor}" for factor in factors]

    def _finished(self, text: str) -> str:
        return text.replace("@", self._prefix)


def described(request: Request) -> str:
    """Return the sentence that says what a function computes."""
    what = "values" if request.results else "value"
    if request.wrt:
        matrix = "Jacobian matrix" if request.results else "gradient"
        parts = [what, matrix, *(["second derivatives"] if request.code.also else [])]
        what = f"{listed(parts)} with respect to {listed(request.wrt)}"
    return f"{request.title}: {what}."


def paragraph(text: str, opening: str, indent: str) -> list[str]:
    """Return `text` as lines, the first after `opening`, the others after `indent`."""
    return wrap(text, WIDTH, initial_indent=opening, subsequent_indent=indent, break_on_hyphens=False)


def spread(items: Sequence[str], separator: str, opening: str, closing: str, indent: str) -> list[str]:
    """Return `items` between `opening` and `closing`, on as many lines as are needed."""
    lines, line = [], opening
    for index, item in enumerate(items):
        piece = f"{separator if index else ''}{item}"
        if index and len(line) + len(piece) > WIDTH:
            # A line ends with a comma, or begins with an operator.
            comma = separator == ", "
            lines.append(line + "," if comma else line)
            line = f"{indent}{item if comma else piece.lstrip()}"
        else:
            line += piece
    return [*lines, line + closing]
