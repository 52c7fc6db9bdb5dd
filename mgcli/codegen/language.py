"""`Language`: how one language writes numbers, names, each function of a code, and statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from math import copysign
from types import MappingProxyType
from typing import NamedTuple

from mgcli.codegen.terms import Term
from mgcli.graph.names import normalized
from mgcli.graph.operation import ANY, ATOM, CONDITION, PRODUCT, SUM, UNARY, Form

EITHER, BOTH = CONDITION - 2, CONDITION - 1
"""How tightly conditions joined by `or` and `and` bind: more loosely than a comparison."""

ARITHMETIC = {
    "add": Form(SUM, SUM, " + ", PRODUCT),
    "sub": Form(SUM, SUM, " - ", PRODUCT),
    "mul": Form(PRODUCT, PRODUCT, "*", UNARY),
    "div": Form(PRODUCT, PRODUCT, "/", UNARY),
    "neg": Form(UNARY, "-", UNARY),
    "greater": Form(CONDITION, SUM, " > ", SUM),
    "less": Form(CONDITION, SUM, " < ", SUM),
    "equal": Form(CONDITION, SUM, " == ", SUM),
    "greater_equal": Form(CONDITION, SUM, " >= ", SUM),
    "less_equal": Form(CONDITION, SUM, " <= ", SUM),
    "not_equal": Form(CONDITION, SUM, " != ", SUM),
}
"""What nearly every language writes in this way."""

SPACED = {
    "mul": Form(PRODUCT, PRODUCT, " * ", UNARY),
    "div": Form(PRODUCT, PRODUCT, " / ", UNARY),
}
"""The same, with the spaces that the formatters of some languages require."""

C_CHOICES = {
    "where": Form(ANY, EITHER, " ? ", SUM, " : ", ANY),
    "both": Form(BOTH, CONDITION, " && ", CONDITION),
    # A compiler warns of `a && b || c` without parentheses.
    "either": Form(EITHER, CONDITION, " || ", CONDITION),
}
"""Choices and conditions in C and in the languages that took them over."""


_DEFINED = re.compile(r"\b(?:double|fn|function|def) f_(\w+)\(")
"""The name of a function that a file of helpers defines."""

_HELPER = re.compile(r"@(\w+)")
"""The name of a helper in a source that is not finished: `@` is the prefix of all helpers of a function."""


def words(text: str) -> frozenset[str]:
    """Return the words of `text`."""
    return frozenset(text.split())


def read_helpers(file: str) -> dict[str, str]:
    """Return the functions of a file of helpers, by their names; there `f_`, and here `@`, is the prefix."""
    # It takes longer to load than the compilation of a graph.
    from importlib.resources import files

    text = (files("mgcli.codegen.languages") / file).read_text(encoding="utf-8")
    blocks = re.split(r"\n\n+(?=\S)", text.rstrip("\n"))
    found = {match[1]: block for block in blocks if (match := _DEFINED.search(block))}
    return {name: re.sub(r"\bf_(?=\w+\()", "@", block) + "\n" for name, block in found.items()}


class Language(NamedTuple):
    """How one language writes straight-line code.

    title: its name for people.
    forms: how each function is written, by its key; a comparison as the condition that it is. A power of a known
    exponent is a `power`, and one that a compiler would replace by another function a `power_as_is`; a choice of the
    smaller or the larger of two numbers is `smaller` or `larger`, where a language has forms for these.
    condition: how a number is written where a condition is expected. indicator: how a condition is, as a number.
    constant, variable, update: a statement that names a number, one that names a sum, and one that adds to it.
    keywords: the names that it uses itself.
    has_unicode: whether names may have other letters than those of ASCII. has_defaults: whether an argument may have a
    default.
    number: how a finite number is written. receiver: what follows it before the dot of a method. nan: how what is not
    defined is written.
    helpers: the sources of small functions that it lacks, each after those that it calls. `@` before their names is a
    prefix, so that those of two functions in one file differ.
    guard: how an expression is written that may raise an error in a branch that is not taken; "" where none does.
    answers_apart: whether a function returns the value where a derivative is not defined.
    tidied: the last change that is made to a text.
    """

    title: str
    forms: Mapping[str, Form]
    condition: Form
    indicator: Form
    constant: str
    variable: str
    update: str
    keywords: frozenset[str]
    has_unicode: bool = True
    has_defaults: bool = True
    number: Callable[[float], str] = repr
    receiver: str = ""
    nan: str = "nan"
    helpers: Mapping[str, str] = MappingProxyType({})
    guard: str = ""
    answers_apart: bool = False
    tidied: Callable[[str], str] = str

    def form(self, term: Term) -> Form:
        """Return the form of the function of `term`. Raises NoFormError."""
        function = term.function
        kind = _KINDS[function](*term.operands) if function in _KINDS else function
        form = self.forms.get(kind) or self.forms.get(function)
        if form is None:
            raise NoFormError(self, function)
        return form

    def literal(self, number: float, precedence: int = ATOM) -> str:
        """Return `number`, finite or nan, as text where an expression of this precedence is expected."""
        if number != number:
            return self.nan
        written = self.number(number)
        if precedence == ATOM:
            written += self.receiver
        return f"({written})" if precedence > UNARY and copysign(1.0, number) < 0 else written

    def is_legal(self, name: str) -> bool:
        """Return whether `name` can be that of a variable or a function."""
        return name.isidentifier() and (self.has_unicode or name.isascii()) and name not in self.keywords

    def helpers_of(self, texts: Iterable[str]) -> list[str]:
        """Return the sources of the helpers that `texts` call, each after those that it calls itself."""
        called = set(_HELPER.findall("\n".join(texts)))
        waiting = [*called]
        for name in waiting:
            new = set(_HELPER.findall(self.helpers[name])) - called
            called |= new
            waiting.extend(new)
        return [text for name, text in self.helpers.items() if name in called]


class NoFormError(Exception):
    """A language has no way to compute `function`, a key of the table."""

    def __init__(self, language: Language, function: str) -> None:
        super().__init__(f"{language.title} has no {function}")
        self.language = language
        self.function = function


def _kind_of_power(base: Term, exponent: Term) -> str:
    if base.number is not None or exponent.number == 0.5:
        return "power_as_is"
    return "pow" if exponent.number is None else "power"


def _kind_of_choice(condition: Term, x: Term, y: Term) -> str:
    if condition.function in ("less", "greater") and condition.operands == (x, y):
        return "smaller" if condition.function == "less" else "larger"
    return "where"


_KINDS: dict[str, Callable[..., str]] = {"pow": _kind_of_power, "where": _kind_of_choice}


class Names:
    """Names for what a source computes, each of them new.

    taken: the names that the language uses itself. wished: those that some terms will be given, which a term
    without a name does not take.
    """

    def __init__(self, taken: Iterable[str] = (), wished: Iterable[str] = (), *, has_unicode: bool = True) -> None:
        self._taken = {*taken}
        self._wished = {*wished}
        self._has_unicode = has_unicode
        self._counts = {"v": 0, "x": 0}

    def new(self, wished: str) -> str:
        """Return `wished`, with `_` added if it is taken; a new name, v1 or x1, if it cannot be one."""
        name = normalized(wished)
        if not name.isidentifier():
            return self._numbered("v")
        if not (self._has_unicode or name.isascii()):
            return self._numbered("x")
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name

    def _numbered(self, letter: str) -> str:
        while True:
            self._counts[letter] += 1
            name = f"{letter}{self._counts[letter]}"
            if name not in self._taken and name not in self._wished:
                self._taken.add(name)
                return name
