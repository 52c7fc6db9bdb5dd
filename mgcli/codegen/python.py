"""Straight-line code written as Python: short lines to read, and to run.

What is used twice, and what has a name, gets a line of its own; the rest is written where it is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from keyword import kwlist
from math import copysign

from mgcli.codegen.straight_line import Code
from mgcli.codegen.terms import OPPOSITES, Term
from mgcli.graph.floats import FLOATS
from mgcli.graph.names import normalized
from mgcli.graph.operation import ANY, ATOM, CONDITION, SUM, UNARY, Form, call
from mgcli.graph.table import ALL_OPERATIONS

LONGEST = 60
"""A longer expression gets a line of its own."""

EITHER, BOTH = CONDITION - 2, CONDITION - 1
"""How tightly conditions joined by `or` and `and` bind: more loosely than a comparison."""

FORMS = {operation.name: call(operation.name, operation.arity) for operation in ALL_OPERATIONS.values()}
FORMS.update((name, ALL_OPERATIONS[name].text) for name in ("add", "sub", "mul", "div", "neg", *OPPOSITES))
FORMS["where"] = Form(ANY, SUM, " if ", EITHER, " else ", ANY, order=(1, 0, 2))
FORMS["both"] = Form(BOTH, BOTH, " and ", BOTH)
FORMS["either"] = Form(EITHER, EITHER, " or ", EITHER)
"""How each function is written in Python; a comparison as the condition that it is."""


class Names:
    """Names for what a source computes, each of them new."""

    def __init__(self, taken: Iterable[str] = (*kwlist, *vars(FLOATS), "abs", "function", "__debug__")) -> None:
        self._taken = set(taken)
        self._count = 0

    def new(self, wished: str) -> str:
        """Return `wished`, or a name like it if that is taken or not a name."""
        name = normalized(wished)
        while not name.isidentifier() or name in self._taken:
            self._count += 1
            name = f"{wished}_{self._count}" if wished.isidentifier() else f"v{self._count}"
        self._taken.add(name)
        return name


def python_source(code: Code, *, several: bool = False) -> str:
    """Return the source of a Python function of the arguments of `code`, which has one root, or `several`.

    It returns the value, the derivatives, and the other numbers: those of `also`, then those that
    must be finite. Of several roots it returns a tuple of the values, and one of the tuples of
    derivatives.
    """
    return _Writer(code, several=several).text


def literal(number: float, precedence: int = ATOM) -> str:
    """Return `number`, which is finite, as Python."""
    written = repr(number)
    return f"({written})" if precedence > UNARY and copysign(1.0, number) < 0 else written


class _Writer:
    def __init__(self, code: Code, *, several: bool) -> None:
        self._code = code
        self._name = Names().new
        self._named = {term: self._name(code.labels.get(term, "")) for term in code.arguments}
        self._texts = {term: (name, ATOM) for term, name in self._named.items()}
        self._uses = self._counted()
        # A derivative that is returned has a name, to be read.
        derivatives = chain.from_iterable(code.derivatives)
        self._kept = (
            code.labels.keys() | {term.operands[0] for term in derivatives if term.operands} & code.gradients.keys()
        )
        opening = f"def function({', '.join(self._named.values())}):"
        self._lines = [opening]
        for term in code.steps:
            self._step(term)
        value = self._tuple(code.values) if several else self._text(code.values[0], SUM)
        rows = [self._tuple(terms) for terms in code.derivatives]
        gradient = f"({', '.join(rows)},)" if several else rows[0]
        self._lines.append(f"return {value}, {gradient}, {self._tuple(code.also + code.checked)}")
        self.text = "\n    ".join(self._lines) + "\n"

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

    def _step(self, term: Term) -> None:
        """Write the line of `term`, or keep its text for the line in which it is used."""
        form = FORMS[term.function]
        text, precedence = self._filled(form, term), form.precedence
        compares = term.function in OPPOSITES
        total = self._total(term)
        if total or term in self._kept or (self._uses[term] > 1 and not compares) or len(text) > LONGEST:
            if compares:
                text = _number(text)
            name = total or self._name(self._wished(term))
            sign = f"{total} {'+' if term.function == 'add' else '-'} "
            line = f"{total} {sign[-2]}= {text[len(sign) :]}" if total else f"{name} = {text}"
            self._lines.append(line)
            self._named[term] = text = name
            precedence = ATOM
        self._texts[term] = (text, precedence)

    def _total(self, term: Term) -> str:
        """Return the name of the sum to which `term` adds one more product, "" where it does not."""
        if term.function not in ("add", "sub"):
            return ""
        total, _ = term.operands
        gradients = self._code.gradients
        if total not in self._named or total not in gradients or self._uses[total] > 1:
            return ""
        return self._named[total] if gradients[total] is gradients.get(term) else ""

    def _wished(self, term: Term) -> str:
        label = self._code.labels.get(term)
        if label is None and term in self._code.gradients:
            node = self._code.gradients[term]
            name = self._named.get(node) or self._code.labels.get(node)
            return f"grad_{name}" if name else ""
        return label or ""

    def _filled(self, form: Form, term: Term) -> str:
        operands = iter(form.arranged(term.operands))
        text = ""
        for piece in form.pieces:
            text += piece if isinstance(piece, str) else self._text(next(operands), piece)
        return text

    def _text(self, term: Term, precedence: int = ANY) -> str:
        """Return `term` as written where an expression of this precedence, or a condition, is expected."""
        if term.number is not None:
            return literal(term.number, precedence)
        text, own = self._texts[term]
        if precedence < ANY <= own:
            precedence = SUM
        elif own < ANY <= precedence:
            text, own = _number(text), ANY
        return text if own >= precedence else f"({text})"

    def _tuple(self, terms: Iterable[Term]) -> str:
        items = [self._text(term) for term in terms]
        return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def _number(condition: str) -> str:
    """Return a condition as the number that it is."""
    return f"1.0 if {condition} else 0.0"
