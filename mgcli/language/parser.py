"""Text to a `Program`. The grammar is `grammars/expression.lark`; nodes are built while it is parsed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from math import inf, isinf, nan
from typing import TYPE_CHECKING, Any, cast

from mgcli.errors import ExpressionError, Span
from mgcli.graph.names import ascii_exponent, normalized
from mgcli.graph.node import digits_to_keep
from mgcli.graph.operation import Operation
from mgcli.graph.table import CONSTANTS, FUNCTIONS, LETTERS, OPERATIONS, count_of_operands, nested
from mgcli.graph.value import Value, constant, make
from mgcli.language import grammar
from mgcli.language.grammar import Token
from mgcli.language.program import Program

if TYPE_CHECKING:
    from mgcli.language.definitions import Calls, UserFunction
    from mgcli.language.equation import Equation

Located = tuple[Value, int, int]
"""A node and the span of its text, parentheses included: the offset of its start and the one after its end."""

_NUMBER_CHARACTERS = frozenset("+-.0123456789_eE")


def parse(text: str, /, **values: float) -> Value:
    """Return the root of the graph of `text`, its variables at `values`.

    Without values, the numbers of the graph are nan. An undefined value is nan too, and its node
    holds the `error`, which `backward()` raises. Raises ExpressionError where the text is not an
    expression, or the values do not fit it.
    """
    program = parse_program(text, values)
    if values or not program.variables:
        program.bind(values)
    return program.root


def parse_program(text: str, given: Collection[str] = (), *, equations: bool = False) -> Program:
    """Return the `Program` of `text`, its variables without values.

    A name in `given` is a variable even where it is that of a constant. With `equations`, the last statement may be
    an equation, `Program.equation`.
    Raises ExpressionError with its span and, if it can be guessed, the remedy.
    """
    if not isinstance(text, str):
        raise TypeError(f"an expression is text, not {type(text).__name__!r}")
    # Held here, its list of nodes is freed last after a MemoryError, so that no chain of nodes is freed recursively.
    builder = _Builder(text, given)
    try:
        program = cast(Program, grammar.parser().parse(text, builder))
    except grammar.UnexpectedError as error:
        from mgcli.language import diagnosis

        raise diagnosis.unexpected(text, error.position, given) from None
    if program.equation and not equations:
        names = program.variables if len(program.variables) > 1 else program.inputs()
        raise program.equation.refused(text, list(names))
    return program


def constant_value(text: str) -> float:
    """Return the number that `text`, an expression without variables, evaluates to.

    Raises ExpressionError if it has variables or is not an expression, EvaluationError if it is
    undefined.
    """
    if set(text) <= _NUMBER_CHARACTERS:
        # Most values are plain numbers, which need no parser.
        try:
            number = float(text)
        except ValueError:
            number = inf
        if number - number == 0.0:
            return number
    program = parse_program(text)
    for name in program.names:
        raise ExpressionError(
            "it gives a name",
            text=text,
            span=program.first_use[name],
            hint="a value is a number or a constant expression",
        )
    program.bind({})
    if error := program.error():
        raise error
    return program.root.data


class _Builder:
    """What the grammar's rules build: a method for each rule, and for each alias an operation of the table."""

    def __init__(self, text: str, given: Collection[str]) -> None:
        self.text = text
        self.given = frozenset(given)
        self.nodes: list[Value] = []
        self.calls: Calls | None = None
        self.functions: dict[str, UserFunction] = {}
        self.function: UserFunction | None = None
        self.called: dict[str, Span] = {}
        self.literal: Located | None = None
        self.variables: dict[str, Value] = {}
        self.names: dict[str, Value] = {}
        self.letters: dict[str, str] = {}
        self.first_use: dict[str, Span] = {}
        self.last: Located | None = None
        self.last_name: str | None = None
        self.last_equation: Equation | None = None
        self.defined_last: UserFunction | None = None

    def program(self, children: list[Any]) -> Program:
        if self.defined_last:
            raise ExpressionError(
                "the last statement defines a function, so there is no result",
                text=self.text,
                span=self.defined_last.span,
                hint=f"add an expression, as in '...; {self.defined_last.head}'",
            )
        if self.last is None:
            from mgcli.language import diagnosis

            raise diagnosis.empty()
        return Program(
            self.text,
            self.last[0],
            self.variables,
            self.names,
            self.nodes,
            self.first_use,
            self.last_name,
            self.functions,
            self.letters,
            self.last_equation,
            self.last[1:],
        )

    def __getattr__(self, rule: str) -> Callable[[list[Any]], Located]:
        operation = OPERATIONS.get(rule)
        if operation is None:
            raise AttributeError(rule)

        def build(children: list[Any]) -> Located:
            first, last = children[0], children[-1]
            start = first[1] if type(first) is tuple else first.start_pos
            end = last[2] if type(last) is tuple else last.end_pos
            operands = [child[0] for child in children if type(child) is tuple]
            return self.operation(operation, operands, (start, end))

        return build

    def operation(self, operation: Operation, operands: list[Value], span: Span) -> Located:
        node = make(operation, operands, nan, span)
        (self.function or self).nodes.append(node)
        return node, *span

    def pos(self, children: list[Any]) -> Located:
        sign, (node, _, end) = children
        return node, sign.start_pos, end

    def neg(self, children: list[Any]) -> Located:
        sign, operand = children
        node, _, end = operand
        span = sign.start_pos, end
        if operand is self.literal and node.data:
            # A negative number is a number, not the negation of one.
            node.data, node.span, self.literal = -node.data, span, None
            node.label = node.label and f"-{node.label}"
            return node, *span
        return self.operation(OPERATIONS["neg"], [node], span)

    def parentheses(self, children: list[Any]) -> Located:
        opening, (node, _, _), closing = children
        return node, opening.start_pos, closing.end_pos

    def number(self, children: list[Token]) -> Located:
        (token,) = children
        span = _span(token)
        try:
            number = float(token)
        except ValueError:
            # Its exponent has another minus sign: 1e−3.
            number = float(token.replace("−", "-"))
        if number == inf:
            raise self._too_large(token, span)
        self.literal = self._constant(constant(number, digits_to_keep(token, number)), span)
        return self.literal

    def _too_large(self, digits: str, span: Span) -> ExpressionError:
        return ExpressionError(
            f"{digits} is too large for a float", text=self.text, span=span, hint="the largest is about 1.8e308"
        )

    def superscript(self, children: list[Any]) -> Located:
        """Return the power: the graph of x⁻² is that of x**-2."""
        (base, start, _), token = children
        span = _span(token)
        try:
            exponent = float(ascii_exponent(token))
        except ValueError:
            # Two signs, or one alone.
            from mgcli.language import diagnosis

            raise diagnosis.unexpected(self.text, span[0]) from None
        if isinf(exponent):
            raise self._too_large(token, span)
        leaf, _, _ = self._constant(constant(exponent + 0.0), span)
        return self.operation(OPERATIONS["pow"], [base, leaf], (start, span[1]))

    def mod(self, children: list[Any]) -> Located:
        (left, start, end), sign, (right, begin, close) = children
        between = self.text[sign.end_pos : begin]
        if end == sign.start_pos and between.isspace() and self.text[begin] in "+-−":
            # The spaces of 10% - 2 show that it is not a remainder.
            from mgcli.language import diagnosis

            raise diagnosis.percentage(self.text, (start, sign.end_pos))
        return self.operation(OPERATIONS["mod"], [left, right], (start, close))

    def name(self, children: list[Token]) -> Located:
        (token,) = children
        name = self._name(token)
        span = _span(token)
        if self.function and name in self.function.parameters:
            return self.function.parameters[name], *span
        if name in self.names:
            return self.names[name], *span
        if name in self.variables:
            return self.variables[name], *span
        if name in self.given:
            return self._variable(name, span)
        if name in LETTERS:
            return self._letter(name, span)
        self.first_use.setdefault(name, span)
        if name in CONSTANTS:
            return self._constant(constant(CONSTANTS[name], name), span)
        return self._variable(name, span)

    def _variable(self, name: str, span: Span) -> Located:
        self.first_use.setdefault(name, span)
        leaf = self.variables[name] = Value(nan, name)
        leaf.span = span
        # Even in the body of a function, it is a variable of the program.
        self.nodes.append(leaf)
        return leaf, *span

    def _letter(self, letter: str, span: Span) -> Located:
        """Return what a letter stands for: the constant, or what hides it."""
        token = Token(LETTERS[letter])
        token.start_pos, token.end_pos = span
        located = self.name([token])
        if not located[0].varies:
            self.letters[letter] = LETTERS[letter]
        return located

    def _name(self, token: Token) -> str:
        if token.isascii():
            return str(token)
        from mgcli.language import diagnosis

        diagnosis.check_name(self.text, _span(token))
        return normalized(token)

    def _constant(self, leaf: Value, span: Span) -> Located:
        leaf.span = span
        (self.function or self).nodes.append(leaf)
        return leaf, *span

    def call(self, children: list[Any]) -> Located:
        token, closing = children[0], children[-1]
        name = self._name(token)
        span = token.start_pos, closing.end_pos
        operands = [child for child in children if type(child) is tuple]
        if self.function and name == self.function.name:
            raise self._recursion(name, span)
        if name in self.functions:
            return self._user_call(self.functions[name], operands, span)
        operation = FUNCTIONS.get(name)
        if operation is None:
            raise self._unknown_function(name, _span(token))
        self.called.setdefault(name, _span(token))
        nodes = [operand[0] for operand in operands]
        if len(operands) != operation.arity:
            node = nested(name, nodes, lambda operation, pair: self.operation(operation, [*pair], span)[0])
            if node is None:
                raise self._wrong_arity(name, count_of_operands(name), operation.operands, len(operands), span)
            self._check_conditions(operands)
            return node, *span
        self._check_conditions(operands[1:] if operation.selects else operands)
        return self.operation(operation, nodes, span)

    def _check_conditions(self, numbers: list[Located]) -> None:
        """Refuse a comparison where an operand must be a number."""
        for node, start, end in numbers:
            if node.operation and node.operation.compares:
                from mgcli.language import diagnosis

                raise diagnosis.misplaced_comparison(self.text, (start, end))

    def _user_call(self, function: UserFunction, operands: list[Located], span: Span) -> Located:
        names, given = function.parameters, len(operands)
        if given != len(names):
            count = "1 operand" if len(names) == 1 else f"{len(names)} operands"
            raise self._wrong_arity(function.name, count, names, given, span, also=[(function.span, "defined here")])
        self._check_conditions(operands)
        nodes = [operand[0] for operand in operands]
        if self.function:
            return self.function.call(function, nodes, span), *span
        assert self.calls
        return self.calls.expand(function, nodes, self.text, span), *span

    def _recursion(self, name: str, span: Span) -> ExpressionError:
        assert self.function
        return ExpressionError(
            f"{name} calls itself",
            text=self.text,
            span=span,
            also=[(self.function.span, "defined here")],
            hint="a function can only call functions defined before it"
            + (f": to call mg's own {name}, choose another name" if name in FUNCTIONS else ""),
        )

    def _unknown_function(self, name: str, span: Span) -> ExpressionError:
        from mgcli.language import diagnosis

        named = {*self.given, *self.variables, *self.names, *CONSTANTS}
        return diagnosis.unknown_function(self.text, name, span, [*self.functions, *FUNCTIONS], named)

    def _wrong_arity(
        self,
        name: str,
        count: str,
        operands: Collection[str],
        given: int,
        span: Span,
        also: Iterable[tuple[Span, str]] = (),
    ) -> ExpressionError:
        from mgcli.language import diagnosis

        return ExpressionError(
            f"{name} takes {count}, not {given}",
            text=self.text,
            span=span,
            also=also,
            hint=diagnosis.right_arity(name, list(operands), given),
        )

    def head(self, children: list[Token]) -> Located | None:
        self._keep_last()
        token, opening, *between = children[:-2]
        span = _span(token)[0], _span(children[-2])[1]
        name = self._name(token)
        if name in self.functions or name in FUNCTIONS:
            end = children[-1].end_pos
            if grammar.parser().ends_statement(self.text, end):
                # It is the left side of an equation.
                return self.call([token, opening, *(self.name([each]) for each in between[::2]), children[-2]])
        if name in self.functions:
            raise self._twice(f"{name} is already defined", span, self.functions[name].span, "first defined here")
        if name in self.called:
            raise self._twice(f"{name} is used before it is defined", span, self.called[name], "first used here")
        spans: dict[str, Span] = {}
        for parameter in between[::2]:
            parameter_span, parameter_name = _span(parameter), self._name(parameter)
            if parameter_name in spans:
                raise self._twice(
                    f"two parameters {parameter_name}", parameter_span, spans[parameter_name], "the first"
                )
            spans[parameter_name] = parameter_span
        if not spans:
            raise ExpressionError(
                f"{name} has no parameters",
                text=self.text,
                span=span,
                hint=f"to give a name to an expression, write '{name} = ...'",
            )
        from mgcli.language.definitions import Calls, UserFunction

        self.calls = self.calls or Calls(self.nodes)
        self.function = UserFunction(name, span, list(spans))
        return None

    def _twice(self, message: str, span: Span, first: Span, note: str) -> ExpressionError:
        return ExpressionError(message, text=self.text, span=span, also=[(first, note)], hint="choose another name")

    def definition(self, children: list[Any]) -> None:
        head, body = children
        if head is not None:
            self._equate(head, body)
            return
        assert self.function
        _, (self.function.result, _, _) = children
        self.functions[self.function.name] = self.defined_last = self.function
        self.function = None

    def equation(self, children: list[Any]) -> None:
        left, _, right = children
        self._keep_last()
        self._equate(left, right)

    def _equate(self, left: Located, right: Located) -> None:
        from mgcli.language import diagnosis
        from mgcli.language.equation import Equation

        span = left[1], right[2]
        diagnosis.check_equation(self.text, left[2])
        self._check_conditions([left, right])
        self.last_equation = Equation(left, right)
        is_zero = right[0].operation is None and not right[0].varies and right[0].data == 0.0
        self.last = left if is_zero else self.operation(OPERATIONS["sub"], [left[0], right[0]], span)
        self.last_name = None

    def assignment(self, children: list[Any]) -> None:
        token, _, (node, _, _) = children
        self._keep_last()
        name = self._name(token)
        span = _span(token)
        if name in self.first_use:
            raise self._given_twice(name, span, children[2])
        node = self.calls.own(node) if self.calls else node
        self.first_use[name] = span
        self.names[name] = node
        if node.operation or not node.varies:
            # A number that is given a name varies, and so does anything else that is given one.
            node.label = node.label if node.varies and node.label else name
            node._gradient = 0.0
        self.last = (node, *children[2][1:])
        self.last_name = name

    def _given_twice(self, name: str, span: Span, given: Located) -> ExpressionError:
        first = "first defined here" if name in self.names else "first used here"
        what = "already defined" if name in self.names else "used before it is defined"
        hint = "define each name once, before its use; choose another name"
        if name in self.variables and given[1] <= self.first_use[name][0]:
            from mgcli.language.equation import difference

            written = difference(name, self.text, given)
            hint = f"for an equation, write {written} = 0" if written else "for an equation, subtract one side"
        return ExpressionError(
            f"{name} is {what}", text=self.text, span=span, also=[(self.first_use[name], first)], hint=hint
        )

    def result(self, children: list[Any]) -> None:
        self._keep_last()
        (self.last,) = children
        self.last_name = None

    def _keep_last(self) -> None:
        """Refuse to continue after a statement whose value nothing could use."""
        self.defined_last = None
        if self.last_equation:
            raise ExpressionError(
                "an equation can only be the last statement", text=self.text, span=self.last_equation.span
            )
        if self.last is not None and self.last_name is None:
            _, start, end = self.last
            raise ExpressionError(
                "the value of this statement would be lost",
                text=self.text,
                span=(start, end),
                hint="give it a name, as in 'p = ...'; only the last statement needs none",
            )


def _span(token: Token) -> Span:
    return token.start_pos, token.end_pos
