"""A graph written as straight-line Python: its value and gradient, one short line for each step.

To transform is to interpret differently: the table's own rules run on pieces of source text (`Term`)
as they run on floats and on nodes. The lines do what the two passes over the graph do, in the same
order, so that they give the same floats to the last bit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache, partial
from keyword import kwlist
from math import copysign, isfinite
from typing import Any

from mgcli.graph.floats import FLOATS
from mgcli.graph.names import normalized
from mgcli.graph.node import leading_to
from mgcli.graph.operation import ANY, ATOM, PRODUCT, UNARY, Form, Operation, Rule, call
from mgcli.graph.table import CONSTANTS, OPERATIONS
from mgcli.graph.value import Value

_SHOWN: dict[Form, tuple[int, ...]] = {
    OPERATIONS["add"].text: (0, 1),
    OPERATIONS["sub"].text: (0, 1),
    OPERATIONS["mul"].text: (0, 1),
    OPERATIONS["div"].text: (0,),
    OPERATIONS["neg"].text: (0,),
}
"""In floating-point arithmetic, the operands that are seen in the result where they are not finite."""


def _choice(*condition: str | int) -> Form:
    """Return the form of `m.where`: its first value, its condition (written in the form `condition`), its second."""
    return Form(ATOM, "(", ANY, " if ", *condition, " else ", ANY, ")")


def _comparison(*condition: str | int) -> Form:
    """Return the form of a comparison as a number."""
    return Form(ATOM, "(1.0 if ", *condition, " else 0.0)")


_choice, _comparison, _call = cache(_choice), cache(_comparison), cache(call)


class Term:
    """What a rule has written: a form and its operands, which are numbers and other terms."""

    __slots__ = ("condition", "form", "named", "operands", "rules")

    def __init__(self, rules: _Rules, form: Form, operands: tuple[Any, ...]) -> None:
        self.rules = rules
        self.form = form
        self.operands = operands
        self.named = False
        self.condition: Form | None = None

    def __pos__(self) -> Term:
        return self


def _install(name: str, form: Form) -> None:
    def operator(self: Term, *other: Any) -> Term:
        return self.rules.term(form, self, *other)

    def reflected(self: Term, other: Any) -> Term:
        return self.rules.term(form, other, self)

    setattr(Term, f"__{name}__", operator)
    setattr(Term, f"__r{name}__", reflected)


for _key, _name in (("add", "add"), ("sub", "sub"), ("mul", "mul"), ("div", "truediv"), ("neg", "neg"), ("abs", "abs")):
    _install(_name, call("abs") if _key == "abs" else OPERATIONS[_key].text)
_install("pow", OPERATIONS["pow"].text)


class _Rules:
    """The namespace `m` of the rules for terms; `terms` are those made, operands first. used: whether one asked it."""

    def __init__(self) -> None:
        self.terms: dict[Any, Term] = {}
        self.used = False
        self._expanding: set[str] = set()

    def term(self, form: Form, *operands: Any) -> Term:
        """Return the term of `form` on `operands`, one and the same for the same ones."""
        key = (form, *(operand if isinstance(operand, Term) else repr(float(operand)) for operand in operands))
        return self.terms.setdefault(key, Term(self, form, operands))

    def __getattr__(self, name: str) -> Any:
        return CONSTANTS[name] if name in CONSTANTS else partial(self._apply, name)

    def _apply(self, name: str, *operands: Any) -> Any:
        self.used = True
        if Term not in map(type, operands):
            return getattr(FLOATS, name)(*operands)
        operation = OPERATIONS.get(name)
        if operation is not None and name not in self._expanding:
            # A rule that calls itself is Python's own function.
            self._expanding.add(name)
            try:
                return operation.forward(self, *operands)
            finally:
                self._expanding.remove(name)
        if name == "where":
            return self._choice(*operands)
        if name == "pow" and operands[1] == 1:
            return operands[0]
        if operation is not None and operation.compares:
            comparison = self.term(_comparison(*operation.text.pieces), *operands)
            comparison.condition = operation.text
            return comparison
        primitive = self.term(_call(name, len(operands)), *operands)
        # Equal calls are made once, also where two rules make them.
        primitive.named = True
        return primitive

    def _choice(self, condition: Any, x: Any, y: Any) -> Any:
        if not isinstance(condition, Term):
            return x if condition else y
        for branch in (x, y):
            if isinstance(branch, Term) and branch.operands:
                # Both are computed, as on floats.
                branch.named = True
        form, operands = condition.condition, condition.operands
        pieces = form.pieces if form else (ANY,)
        operands = operands if form else (condition,)
        return self.term(_choice(*pieces), x, *operands, y)


class Template:
    """A rule written once for all nodes: `{0}`, `{1}`, ... stand for its operands, and then for its lines.

    lines: what is computed first, each to a name of its own. result: what the rule comes to, with its
    `precedence`; a number where that is all it is. seen: the operands that are not finite only where the
    result is not. plain: it is arithmetic only, the same where operands are numbers, which are ignored then.
    calls: the result is a call.
    """

    __slots__ = ("calls", "lines", "plain", "precedence", "result", "seen")

    def __init__(self, rule: Rule, numbers: Sequence[float | None]) -> None:
        rules = _Rules()
        names = [Term(rules, Form(ATOM, f"{{{place}}}"), ()) for place in range(len(numbers))]
        operands: list[Any] = [name if number is None else number for name, number in zip(names, numbers, strict=True)]
        made = rule(rules, *operands)
        self.plain = not rules.used
        if self.plain and operands != names:
            operands = names
            made = rule(rules, *names)
        self.calls = isinstance(made, Term) and made.named
        self.lines: list[str] = []
        self.precedence = ATOM
        self.seen: set[int] = set()
        self.result: str | float = float(made) if not isinstance(made, Term) else ""
        if not isinstance(made, Term):
            return
        users = _users(made)
        lines: dict[Any, str] = {}
        for term in rules.terms.values():
            if term is not made and term in users and (term.named or users[term] > 1):
                self.lines.append(_text(term, ANY, lines))
                lines[term] = f"{{{len(numbers) + len(self.lines) - 1}}}"
        self.result = _text(made, ANY, lines)
        self.precedence = made.form.precedence
        shown = _shown(made)
        self.seen = {place for place, operand in enumerate(operands) if operand in shown}


def _users(root: Term) -> dict[Term, int]:
    """Return how often each term below `root` is written."""
    users = {root: 1}
    terms = [root]
    for term in terms:
        for operand in term.operands:
            if isinstance(operand, Term):
                if operand not in users:
                    terms.append(operand)
                users[operand] = users.get(operand, 0) + 1
    return users


def _shown(root: Term) -> set[Any]:
    """Return the terms that are not finite only where `root` is not."""
    terms: list[Any] = [root]
    for term in terms:
        if isinstance(term, Term):
            terms.extend(term.operands[place] for place in _SHOWN.get(term.form, ()))
    return {term for term in terms if isinstance(term, Term)}


def _text(term: Any, precedence: int, names: dict[Any, str]) -> str:
    if not isinstance(term, Term):
        return literal(term, precedence)
    if term in names:
        return names[term]
    operands = iter(term.operands)
    written = "".join(
        piece if isinstance(piece, str) else _text(next(operands), piece, names) for piece in term.form.pieces
    )
    return written if term.form.precedence >= precedence else f"({written})"


def literal(number: float, precedence: int = ATOM) -> str:
    """Return `number` as source. Raises ValueError where it is not finite."""
    if not isfinite(number):
        raise ValueError(f"{number} cannot be written")
    written = repr(float(number))
    return f"({written})" if precedence > UNARY and copysign(1.0, number) < 0 else written


_templates: dict[Any, Template] = {}


def _template(rule: Rule, numbers: Sequence[float | None]) -> Template:
    """Return the template of `rule` for operands of which some are `numbers` (None: it is not known here)."""
    template = _templates.get(rule)
    if template is None:
        key = (rule, *map(repr, numbers))
        template = _templates.get(key)
        if template is None:
            template = Template(rule, numbers)
            _templates[rule if template.plain else key] = template
    return template


class Names:
    """Names for what a source computes, each of them new."""

    def __init__(self) -> None:
        self._taken = {*kwlist, *vars(FLOATS), "abs", "function", "__debug__"}
        self._count = 0

    def new(self, wished: str) -> str:
        """Return `wished`, or a name like it where that is taken or is none."""
        name = normalized(wished)
        while not name.isidentifier() or name in self._taken:
            self._count += 1
            name = f"{wished}_{self._count}" if wished.isidentifier() else f"v{self._count}"
        self._taken.add(name)
        return name


class Source:
    """The function that a graph comes to, written.

    nodes: the graph in topological order. arguments: the nodes whose numbers the function is given;
    every leaf but these keeps its own.
    It returns the value of `root`, the derivatives of it by the nodes `wrt`, and more numbers: the values
    of the nodes `also`, and whatever else the function's answer depends on being finite.
    Raises ValueError or ArithmeticError where a part that does not depend on the arguments has no value.
    """

    def __init__(
        self,
        root: Value,
        nodes: Sequence[Value],
        arguments: Sequence[Value],
        wrt: Sequence[Value],
        also: Sequence[Value] = (),
    ) -> None:
        self._lines: list[str] = []
        self._name = Names().new
        self._known: dict[str, str] = {}
        self._numbers: dict[Value, float] = {}
        self._gradients: dict[Value, str] = {}
        self._summed: set[Value] = set()
        self.arguments = [self._name(leaf.label) for leaf in arguments]
        self._values = dict(zip(arguments, self.arguments, strict=True))
        templates = {node: template for node in nodes if (template := self._forward(node))}
        checked = self._unseen(root, nodes, templates, arguments) + self._backward(root, nodes, wrt)
        # In the graph a gradient is a sum that starts with 0.0, which takes the sign off a zero.
        gradients = [self._gradients.get(node, "0.0") for node in wrt]
        signed = [f"{gradient} + 0.0" if gradient.isidentifier() else gradient for gradient in gradients]
        value, *others = (self._values[node] for node in (root, *also))
        self._lines.append(f"return {value}, {_tuple(signed)}, {_tuple(others + checked)}")
        self.text = "\n    ".join([f"def function({', '.join(self.arguments)}):", *self._lines]) + "\n"

    def _fill(self, template: Template, operands: Sequence[Value]) -> str:
        names = [self._values[operand] for operand in operands]
        for line in template.lines:
            names.append(self._line(line.format(*names)))
        assert isinstance(template.result, str)
        return template.result.format(*names)

    def _line(self, text: str, wished: str = "") -> str:
        """Return the name of what `text` computes, after a line that does where it is none and has none yet."""
        name = text if text.isidentifier() else self._known.get(text)
        if name is None:
            name = self._known[text] = self._name(wished)
            self._lines.append(f"{name} = {text}")
        return name

    def _forward(self, node: Value) -> Template | None:
        """Write the line of `node`, if its value depends on the arguments."""
        if node in self._values:
            return None
        operation = node.operation
        if operation is None:
            self._fix(node, node.data)
            return None
        operands = node.operands
        numbers = [self._numbers.get(operand) for operand in operands]
        if None not in numbers:
            self._fix(node, operation.forward(FLOATS, *numbers))
            return None
        template = _template(operation.forward, numbers)
        if not isinstance(template.result, str):
            self._fix(node, template.result)
            return None
        self._values[node] = self._line(self._fill(template, operands), node.label)
        return template

    def _fix(self, node: Value, number: float) -> None:
        """Note that the value of `node` is `number` whatever the arguments."""
        self._numbers[node] = number = float(number)
        self._values[node] = literal(number)

    def _unseen(
        self, root: Value, nodes: Sequence[Value], templates: dict[Value, Template], arguments: Collection[Value]
    ) -> list[str]:
        """Return the names of the values that might not be finite without the value of `root` showing it.

        What stands in a branch is no such value: where it is taken it shows, and elsewhere it does not matter.
        """
        seen = {root}
        hidden: set[Value] = set()
        unseen = []
        for node in reversed(nodes):
            template = templates.get(node)
            if template is None:
                continue
            if node in hidden and node not in seen:
                unseen.append(self._values[node])
                seen.add(node)
            operation = node.operation
            assert operation is not None
            for place, operand in enumerate(node.operands):
                if operation.selects:
                    hidden.update([operand] if place == 0 else [])
                elif place not in template.seen:
                    hidden.add(operand)
                elif node in seen:
                    seen.add(operand)
            if operation.selects and node.operands[0] in arguments:
                unseen.append(self._values[node.operands[0]])
        return unseen

    def _backward(self, root: Value, nodes: Sequence[Value], wrt: Sequence[Value]) -> list[str]:
        """Write the backward pass, as `backward_pass` makes it.

        Returns the names of the gradients that might not be finite without those by `wrt` showing it.
        """
        active = leading_to(wrt, nodes)
        self._gradients[root] = "1.0"
        unseen = []
        for node in reversed(nodes):
            operation, incoming = node.operation, self._gradients.get(node)
            if operation is None or incoming is None:
                continue
            closed = True
            operands = node.operands
            for index, operand in enumerate(operands):
                if operand not in active:
                    continue
                slope, precedence = self._slope(operation, index, (node, *operands))
                if slope == 0.0 and operation.chooses:
                    continue
                closed = False
                contribution = product(incoming, slope, precedence)
                if operands.count(operand) > 1 and isinstance(slope, str):
                    # In x*x both contributions are the same.
                    contribution = self._line(contribution)
                self._contribute(operand, contribution)
            if closed and incoming.isidentifier():
                unseen.append(incoming)
        return unseen

    def _contribute(self, operand: Value, contribution: str) -> None:
        """Write the line that adds to the gradient of `operand`, where one is needed."""
        total = self._gradients.get(operand)
        if operand in self._summed:
            self._lines.append(_sum(f"{total}", "= ", contribution))
        elif total is None and (contribution.isidentifier() or contribution in _UNITS):
            self._gradients[operand] = contribution
        else:
            name = self._name(f"grad_{operand.label if operand in self._numbers else self._values[operand]}")
            self._lines.append(f"{name} = {_sum(total, ' ', contribution) if total else contribution}")
            self._gradients[operand] = name
            self._summed.add(operand)

    def _slope(self, operation: Operation, index: int, operands: Sequence[Value]) -> tuple[str | float, int]:
        """Return a local derivative, and how tightly it holds together; `operands` are those of its rule."""
        slope = operation.slopes[index]
        if slope is not None:
            return slope, ATOM
        rule = operation.stable[index]
        numbers = [self._numbers.get(operand) for operand in operands]
        if None not in numbers:
            return float(rule(FLOATS, *numbers)), ATOM
        template = _template(rule, numbers)
        if not isinstance(template.result, str):
            return template.result, ATOM
        text = self._fill(template, operands)
        return (self._line(text), ATOM) if template.calls else (text, template.precedence)


def _tuple(items: Sequence[str]) -> str:
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


_UNITS = {"1.0": "", "-1.0": "-"}
"""What is written for a factor: to multiply by it changes no digit."""


def product(incoming: str, slope: str | float, precedence: int) -> str:
    """Return `incoming` times `slope`, as a product or what holds together more tightly."""
    text, precedence = (slope, precedence) if isinstance(slope, str) else (literal(slope, UNARY), UNARY)
    if text in _UNITS:
        return _signed(_UNITS[text], incoming)
    if incoming in _UNITS:
        return _signed(_UNITS[incoming], text if precedence >= PRODUCT else f"({text})")
    return f"{incoming}*{text if precedence >= UNARY else f'({text})'}"


def _signed(sign: str, product: str) -> str:
    return product[1:] if sign and product.startswith("-") else sign + product


def _sum(total: str, joint: str, product: str) -> str:
    """Return the sum of `total` and `product`; a minus sign is a subtraction, to the last bit."""
    if product.startswith("-"):
        return f"{total} -{joint}{product[1:]}"
    return f"{total} +{joint}{product}"
