"""Straight-line code written as statements of a language: short lines to read, and to run.

What is used twice, and what has a name, gets a line of its own; the rest is written where it is used.
"""

from __future__ import annotations

from itertools import chain

from mgcli.codegen.language import Language, Names
from mgcli.codegen.straight_line import Code
from mgcli.codegen.terms import OPPOSITES, Term
from mgcli.graph.operation import ANY, ATOM, Form

LONGEST = 60
"""A longer expression gets a line of its own."""


_SAFE = {"add", "sub", "mul", "neg", "abs", "where", "both", "either", *OPPOSITES}
"""The functions that raise no error, whatever their operands."""


class Lines:
    """The statements that compute the steps of a code, and the text of each term after them.

    names: the names of the arguments, which are taken first, and of what the statements compute.
    """

    def __init__(self, code: Code, language: Language, names: Names) -> None:
        self._code = code
        self._language = language
        self._name = names.new
        self.names = {term: self._name(code.labels.get(term, "")) for term in code.arguments}
        self._texts = {term: (name, ATOM) for term, name in self.names.items()}
        self._uses = self._counted()
        # A derivative that is returned has a name, to be read.
        derivatives = chain.from_iterable(code.derivatives)
        self._kept = (
            code.labels.keys() | {term.operands[0] for term in derivatives if term.operands} & code.gradients.keys()
        )
        self._sure = self._certain() if language.guard else set()
        self._failing: set[Term] = set()
        self._statements: list[tuple[str, str, str]] = []
        for term in code.steps:
            self._step(term)

    def statements(self) -> list[str]:
        """Return the statements, in order."""
        language = self._language
        added = {name for name, sign, _ in self._statements if sign}
        update, variable, constant = language.update.format, language.variable.format, language.constant.format
        return [
            update(name=name, sign=sign, text=text)
            if sign
            else (variable if name in added else constant)(name=name, text=text)
            for name, sign, text in self._statements
        ]

    def text(self, term: Term, precedence: int = ANY) -> str:
        """Return `term` as written where an expression of this precedence, or a condition, is expected."""
        language = self._language
        if term.number is not None:
            return language.literal(term.number, precedence)
        text, own = self._texts[term]
        if precedence < ANY <= own:
            form = language.condition
            text, own = self._enclosed(form, text, own), form.precedence
        elif own < ANY <= precedence:
            text, own = self._as_number(text), language.indicator.precedence
        return text if own >= precedence else f"({text})"

    def _counted(self) -> dict[Term, int]:
        """Return how often each term is written."""
        uses = dict.fromkeys(self._code.steps, 0)
        uses.update(dict.fromkeys(self._code.arguments, 0))
        for term in self._code.results:
            if term.number is None:
                uses[term] += 1
        for term in reversed(self._code.steps):
            # A comparison is cheap, and is written again wherever it is used.
            times = uses[term] if term.function in OPPOSITES else 1
            for operand in term.operands:
                if operand.number is None:
                    uses[operand] += times
        return uses

    def _certain(self) -> set[Term]:
        """Return the terms that are needed whatever branches are taken."""
        certain = set(self._code.results)
        for term in reversed(self._code.steps):
            if term in certain:
                lazy = term.function in ("where", "both", "either")
                certain.update(term.operands[:1] if lazy else term.operands)
        return certain

    def _guarded(self, term: Term, text: str) -> str:
        """Return the `text` of a statement, which must not fail if the branch that needs it is not taken."""
        if not self._language.guard or term in self._sure or not self._may_fail(term):
            return text
        return self._language.guard.format(text=text)

    def _may_fail(self, term: Term) -> bool:
        return term.function not in _SAFE or not self._failing.isdisjoint(term.operands)

    def _step(self, term: Term) -> None:
        """Write the line of `term`, or keep its text for the line in which it is used."""
        form = self._language.form(term)
        text, precedence = self._language.tidied(self._filled(form, term)), form.precedence
        compares = term.function in OPPOSITES
        total = self._total(term)
        if total or term in self._kept or (self._uses[term] > 1 and not compares) or len(text) > LONGEST:
            if precedence < ANY:
                text = self._as_number(text)
            self.names[term] = text = self._stated(term, text, total)
            precedence = ATOM
        elif self._language.guard and self._may_fail(term):
            self._failing.add(term)
        self._texts[term] = (text, precedence)

    def _stated(self, term: Term, text: str, total: str) -> str:
        """Add the statement that gives `term` a name, or adds it to a `total`; return its name."""
        name, sign = total, ""
        if total:
            sign = "+" if term.function == "add" else "-"
            text = _bare(text[len(f"{total} {sign} ") :])
        else:
            name = self._name(self._wished(term))
        self._statements.append((name, sign, self._guarded(term, text)))
        return name

    def _total(self, term: Term) -> str:
        """Return the name of the sum to which `term` adds one more product, "" where it does not."""
        if term.function not in ("add", "sub"):
            return ""
        total, _ = term.operands
        gradients = self._code.gradients
        if total not in self.names or total not in gradients or self._uses[total] > 1:
            return ""
        return self.names[total] if gradients[total] is gradients.get(term) else ""

    def _wished(self, term: Term) -> str:
        label = self._code.labels.get(term)
        if label is None and term in self._code.gradients:
            node = self._code.gradients[term]
            name = self.names.get(node) or self._code.labels.get(node)
            return f"grad_{name}" if name else ""
        return label or ""

    def _filled(self, form: Form, term: Term) -> str:
        operands = iter(form.arranged(term.operands))
        text = ""
        for piece in form.pieces:
            text += piece if isinstance(piece, str) else self.text(next(operands), piece)
        return text

    def _as_number(self, condition: str) -> str:
        """Return a condition as the number that it is."""
        return self._enclosed(self._language.indicator, condition, ATOM)

    def _enclosed(self, form: Form, text: str, own: int) -> str:
        """Return the form, of one operand, filled with `text`, which binds as tightly as `own` says."""
        pieces = (piece if isinstance(piece, str) else text if own >= piece else f"({text})" for piece in form.pieces)
        return "".join(pieces)


def _bare(text: str) -> str:
    """Return `text` without the parentheses around all of it."""
    if not text.startswith("("):
        return text
    depth = 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return text[1:-1] if index == len(text) - 1 else text
    return text
