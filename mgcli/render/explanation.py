"""An explanation as text, as LaTeX and as a JSON document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from math import isfinite, isnan
from typing import Any

from mgcli.analysis.explain import COUNTED, Explanation, ForwardStep, Path, is_closed, taken
from mgcli.graph.chain_rule import Contribution
from mgcli.graph.operation import PRODUCT
from mgcli.graph.value import Value, constant, make
from mgcli.notation import AFTER_OPERATOR, CONTINUED, LATEX, TEXT, Notation, aligned, expression
from mgcli.render.formulas import derivative_latex
from mgcli.render.tables import number

WIDTH = 80

Show = Callable[[float], str]


def text(explanation: Explanation, show: Show) -> Iterator[str]:
    """Yield the lines of both passes, numbers written by `show`; a line over 80 columns continues on the next.

    A line of the backward pass is one product: the incoming gradient times the local derivative.
    """
    if not explanation.forward:
        yield f"{explanation.title} = {show(explanation.root.data)}, with nothing to compute"
        return
    yield "forward pass"
    for step in explanation.forward:
        yield from _wrapped(f"  {step.number:>2}  ", _forward(explanation, step, show))
    if not explanation.targets:
        return
    if explanation.backward:
        yield ""
        yield f"backward pass, from the result down: {_derivative(explanation, explanation.root)} = {show(1.0)}"
    current = None
    for contribution in explanation.backward:
        if contribution.node is not current:
            current = contribution.node
            yield f"  {_defined(explanation, current)}"
        yield from _backward(explanation, contribution, show)
    yield ""
    yield "chain rule, along each path"
    for name, target, paths in explanation.paths():
        yield from _along_paths(explanation, name, target, paths, show)


def _forward(explanation: Explanation, step: ForwardStep, show: Show) -> str:
    node = step.node
    operation = node.operation
    assert operation is not None
    operands = [operand.data for operand in node.operands]
    numbers = operation.text.fill(operands, _telling_apart(operands, show))
    return f"{_defined(explanation, node)} = {numbers} = {show(node.data)}"


def _telling_apart(operands: Sequence[float], show: Show) -> Show:
    """Return `show`, or what writes all digits where two different operands would be written alike."""
    return show if len({*map(show, operands)}) >= len({*operands}) else number


def _defined(explanation: Explanation, node: Value) -> str:
    name, formula = explanation.name(node), explanation.formula(node)
    return formula if name == formula else f"{name} = {formula}"


def _backward(explanation: Explanation, step: Contribution, show: Show) -> Iterator[str]:
    incoming = _derivative(explanation, step.node)
    outgoing = _derivative(explanation, step.operand)
    local = explanation.local_formula(step.node, step.operand_index, loosest=PRODUCT)
    product = f"{incoming} * {local} = {show(step.incoming)} * {show(step.slope)} = {show(step.amount)}"
    if is_closed(step):
        product += f", since {why_closed(explanation, step, show)}"
    if not explanation.is_shared(step.operand):
        yield from _wrapped("    ", f"{outgoing} = {product}")
        return
    name = explanation.name(step.operand)
    yield from _wrapped("    ", f"{name}: {product}")
    if step.before != 0.0 or step.total != step.amount:
        indent = " " * (len(name) + 6)
        yield from _wrapped(indent, f"{show(step.before)} so far, + {show(step.amount)} = {show(step.total)}")


def why_closed(explanation: Explanation, step: Contribution, show: Show, notation: Notation = TEXT) -> str:
    """Return why a step ends at a closed branch: `relu'(-1.5) = 0`, `x > 0 is false` or `max(1.0, 2.0) takes y`."""
    node = step.node
    operation, operands = node.operation, node.operands
    words, function = (_LATEX_WORDS, _LATEX_FUNCTION) if notation is LATEX else ("{}", "{}")
    if operation.selects:
        return explanation.name(operands[0], notation) + words.format(f" is {_truth(operands[0])}").rstrip()
    numbers = _numbers(operands)
    rounded = notation.rounded(show)
    if len(operands) == 1:
        number_in_parentheses = expression(numbers[0], {}, rounded).join(notation.parentheses)
        return f"{function.format(operation.name)}'{number_in_parentheses} = 0"
    at = expression(make(operation, numbers, 0.0), {}, rounded)
    names = words.format(" and ").join(explanation.name(operand, notation) for operand in taken(node))
    return f"{at}{words.format(' takes ')}{names}"


def _numbers(operands: Sequence[Value]) -> list[Value]:
    """Return the numbers of operands as leaves; what is too large for a float is the expression that it is."""
    return [constant(operand.data) if isfinite(operand.data) else operand for operand in operands]


_LATEX_WORDS, _LATEX_FUNCTION = r" \text{{{}}} ", r"\operatorname{{{}}}"


def _truth(condition: Value) -> str:
    if condition.operation and condition.operation.compares:
        return "true" if condition.data else "false"
    return "not 0" if condition.data else "0"


def _along_paths(explanation: Explanation, name: str, target: Value, paths: list[Path], show: Show) -> Iterator[str]:
    number = explanation.ways(target)
    whole = _derivative(explanation, target)
    if number == 0:
        yield f"  {whole} = {show(target.grad)}, no open path leads to {name}"
    elif number == 1 and paths:
        product = _product(explanation, paths[0], show).removeprefix(f"{whole} = ")
        yield from _wrapped("  ", f"{whole} = {product}")
    elif number == 1:
        yield f"  {whole} = {show(target.grad)}, along one path, too long to show"
    else:
        counted = f"{number}" if number < COUNTED else f"more than {COUNTED:.0e}"
        hidden = "" if paths else ", too long to show"
        yield f"  {whole} = {show(target.grad)}, the sum over {counted} paths{hidden}"
        for path in paths:
            written = _product(explanation, path, show)
            # A single path is not the whole gradient, though it may have the same name.
            direct = written.startswith(f"{whole} = ")
            yield from _wrapped("    ", written.replace(" = ", " directly = ", 1) if direct else written)
        if number > len(paths) > 0:
            yield f"    and {number - len(paths)} more" if number < COUNTED else "    and more"


def _product(explanation: Explanation, path: Path, show: Show) -> str:
    if not path.steps:
        return show(path.product)
    names = [_ratio(explanation.name(step.node), explanation.name(step.operand)) for step in path.steps]
    if len(names) == 1:
        return f"{names[0]} = {show(path.product)}"
    numbers = " * ".join(show(step.slope) for step in path.steps)
    return f"{' * '.join(names)} = {numbers} = {show(path.product)}"


def _derivative(explanation: Explanation, node: Value) -> str:
    return _ratio(explanation.title, explanation.name(node))


def _ratio(above: str, below: str) -> str:
    return "/".join(f"d{name}" if name.isidentifier() else f"d({name})" for name in (above, below))


def _wrapped(indent: str, line: str) -> Iterator[str]:
    """Yield `line`, broken before its equals signs, or at any space, if it is too wide."""
    further = " " * (len(indent) + 2)
    lines = [indent]
    for part in re.split(" (?== )", line):
        if len(lines[-1]) + len(part) + 1 <= WIDTH or lines[-1] == indent:
            lines[-1] += part if lines[-1] == indent else f" {part}"
        else:
            lines.append(further + part)
    for each in lines:
        if len(each) <= WIDTH:
            yield each
            continue
        from textwrap import wrap

        yield from wrap(each, WIDTH, subsequent_indent=further, break_long_words=False, break_on_hyphens=False)


def latex(explanation: Explanation, show: Show, *, partial: bool = True) -> str:
    """Return both passes as an `align*` block; `partial` is whether the derivatives are partial ones.

    The contributions that a value gets along several paths are added up in one position.
    """
    sides = [_latex_forward(explanation, step, show) for step in explanation.forward]
    arriving: dict[Value, list[Contribution]] = {}
    for step in explanation.backward:
        arriving.setdefault(step.operand, []).append(step)
    for step in explanation.backward:
        if step is arriving[step.operand][-1]:
            sides.extend(_latex_backward(explanation, arriving[step.operand], show, partial))
    if not sides:
        sides = [(LATEX.name(explanation.title), _latex_number(explanation.root.data, show))]
    return aligned(sides)


def _latex_forward(explanation: Explanation, step: ForwardStep, show: Show) -> tuple[str, str]:
    node = step.node
    assert node.operation is not None
    numbers = make(node.operation, _numbers(node.operands), node.data)
    name, formula = explanation.name(node, LATEX), explanation.formula(node, LATEX)
    # A branch that is not taken may have no value.
    undefined = {number: "undefined" for number in numbers.operands if isnan(number.data)}
    written = f"{expression(numbers, undefined, LATEX.rounded(show))} = {_latex_number(node.data, show)}"
    return (name, f"{formula} = {written}") if name != formula else (name, written)


def _latex_backward(
    explanation: Explanation, arriving: Sequence[Contribution], show: Show, partial: bool
) -> Iterator[tuple[str, str]]:
    """Yield the lines of the derivative of the result with respect to one operand, the sum of what arrives there."""
    formulas: list[str] = []
    numbers: list[str] = []
    amounts: list[str] = []
    for step in arriving:
        position = AFTER_OPERATOR if numbers else 0
        local = explanation.local_formula(
            step.node, step.operand_index, LATEX, loosest=PRODUCT, position=AFTER_OPERATOR
        )
        formulas.append(rf"{_latex_derivative(explanation, step.node, partial)} \cdot {local}")
        incoming = _latex_number(step.incoming, show, position)
        numbers.append(rf"{incoming} \cdot {_latex_number(step.slope, show, AFTER_OPERATOR)}")
        amounts.append(_latex_number(step.amount, show, position))
    left = _latex_derivative(explanation, arriving[0].operand, partial)
    reasons = [why_closed(explanation, step, show, LATEX) for step in arriving if is_closed(step)]
    total = _latex_number(arriving[-1].total, show)
    if reasons:
        total += rf" \quad \text{{since }} {', '.join(reasons)}"
    if len(arriving) == 1:
        yield left, f"{formulas[0]} = {numbers[0]} = {total}"
        return
    for terms, most in ((formulas, 2), (numbers, 4), (amounts, 8)):
        yield from _latex_sum(left, terms, most)
        left = ""
    yield "", total


def _latex_sum(left: str, terms: Sequence[str], most: int) -> Iterator[tuple[str, str]]:
    """Yield a sum, at most so many terms to a line."""
    for index in range(0, len(terms), most):
        part = " + ".join(terms[index : index + most])
        yield (CONTINUED, rf"\quad {{}} + {part}") if index else (left, part)


def _latex_derivative(explanation: Explanation, node: Value, partial: bool) -> str:
    name = explanation.name(node, LATEX)
    below = name if node in explanation.names else rf"\left({name}\right)"
    return derivative_latex(LATEX.name(explanation.title), below, partial=partial)


def _latex_number(number: float, show: Show, position: int = 0) -> str:
    if not isfinite(number):
        return r"\text{undefined}" if number != number else r"\infty" if number > 0 else r"\left(-\infty\right)"
    return expression(constant(number), {}, LATEX.rounded(show), position=position)


def document(explanation: Explanation) -> dict[str, Any]:
    """Return the steps and gradients of an explanation, for JSON."""
    forward = [
        {
            "node": explanation.name(step.node),
            "formula": explanation.formula(step.node),
            "operands": [{"node": explanation.name(node), "value": node.data} for node in step.node.operands],
            "value": step.node.data,
        }
        for step in explanation.forward
    ]
    backward = [
        {
            "node": explanation.name(step.node),
            "operand": explanation.name(step.operand),
            "local": {"formula": explanation.local_formula(step.node, step.operand_index), "value": step.slope},
            "incoming": step.incoming,
            "contribution": step.amount,
            "sum": step.total,
            **({"closed": why_closed(explanation, step, number)} if is_closed(step) else {}),
        }
        for step in explanation.backward
    ]
    gradient = {name: node.grad for name, node in explanation.targets.items()}
    return {"forward": forward, "backward": backward, "gradient": gradient}
