"""A program as the source of a function in another language."""

from __future__ import annotations

from collections.abc import Sequence

from mgcli.analysis.derivatives import independent_variables_of
from mgcli.calculus.differentiation import derivatives
from mgcli.calculus.hessian import MOST_PAIRS
from mgcli.codegen.source import source, table_of
from mgcli.errors import LimitError
from mgcli.graph.node import topological
from mgcli.language.program import Program
from mgcli.render.visible import program_line

LONGEST_TITLE = 200
"""A longer program is cut where a comment shows it."""


def function_source(
    program: Program,
    language: str,
    name: str,
    wrt: Sequence[str] = (),
    of: Sequence[str] = (),
    *,
    with_derivatives: bool = True,
    with_hessian: bool = False,
    header: bool = False,
) -> str:
    """Return the source of the function `name` that computes a program and its derivatives, in `LANGUAGES`.

    wrt: what to differentiate with respect to, all arguments by default; for second derivatives only arguments.
    of: the names of the results, where there are several. The variables are the arguments. A number that the program
    names is an argument with that default if the language has defaults, else a constant, unless `wrt` names it or there
    is no variable. Raises ExpressionError for a name that the program does not have, EvaluationError for what the
    language cannot compute, LimitError for too many second derivatives.
    """
    roots = [program.of(result).root for result in of] or [program.root]
    directions = {each: program.node(each) for each in wrt}
    if with_hessian:
        directions = directions and dict(independent_variables_of(program, wrt))
    below = set(topological(*roots))
    variables = [node for node in program.variables.values() if node in below]
    defaults = {node: number for each, number in program.defaults.items() if (node := program.names[each]) in below}
    takes_defaults = table_of(language).has_defaults
    numbers = [node for node in defaults if takes_defaults or node in directions.values() or not variables]
    arguments = [*variables, *numbers]
    if with_derivatives and not directions:
        directions = {node.label: node for node in arguments}
    pairs = len(directions) * (len(directions) + 1) // 2
    if with_hessian and pairs * len(program.nodes) > MOST_PAIRS:
        raise LimitError(f"a matrix of {pairs:,} formulas")
    with program.pointing():
        # What has no value whatever the variables are has its error.
        program.clear()
        return source(
            language,
            name,
            _title(program),
            roots,
            arguments,
            directions if with_derivatives else {},
            of,
            [defaults[node] for node in numbers] if takes_defaults else [],
            derivatives(program.root, [*directions.values()]) if with_hessian else (),
            header=header,
        )


def _title(program: Program) -> str:
    title = program_line(program.text)
    return title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE].rsplit(' ', 1)[0]} ..."
