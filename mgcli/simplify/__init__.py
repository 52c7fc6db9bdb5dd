"""A graph rewritten the way a textbook would write it.

A formula agrees with the derivative wherever the function is differentiable; it may have values elsewhere: `x/x` is
1, `sin(a*x)*a/a` is `sin(a*x)`. It has no wrong value: `sqrt(x**2)` is `abs(x)`, and what a condition compares stays
as it is. Numbers are the decimals that their text says, and exact: `0.1 + 0.2 - 0.3` is 0.

A graph is read as sums of products of powers (`reading`), which are brought into the shortest of their forms
(`forms`), laid out (`layout`), and written as a graph again (`writing`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mgcli.graph.evaluation import forward_pass
from mgcli.graph.node import topological
from mgcli.graph.value import Value
from mgcli.simplify.algebra import Algebra
from mgcli.simplify.arithmetic import as_it_is
from mgcli.simplify.forms import Forms
from mgcli.simplify.layout import Layouts
from mgcli.simplify.reading import Reader
from mgcli.simplify.writing import Writer

MOST_ROUNDS = 3
"""How often the result is simplified again, until that changes nothing."""

SHORT = 400
"""The number of nodes up to which that is done."""


def simplify(root: Value, atoms: Collection[Value] = ()) -> Value:
    """Return the graph of `root` simplified; leaves that vary, and the nodes in `atoms`, are kept as they are."""
    return simplify_all([root], atoms)[0]


def simplify_all(roots: Sequence[Value], atoms: Collection[Value] = (), *, joined: bool = True) -> list[Value]:
    """Return the graphs of `roots` simplified as by `simplify`, equal nodes of all of them being one.

    Without `joined`, sin(x)/cos(x) is not written as tan(x) in graphs that have no tangent: its derivative is shorter.
    """
    atoms = frozenset(atoms)
    simplified = _rewritten(roots, atoms, joined)
    for _ in range(MOST_ROUNDS):
        nodes = topological(*simplified)
        if len(nodes) > SHORT:
            break
        again = _rewritten(simplified, atoms, joined)
        if _numbered(again) == _numbered(simplified):
            break
        simplified = again
    forward_pass(node for node in topological(*simplified) if node not in atoms)
    return simplified


def _rewritten(roots: Sequence[Value], atoms: Collection[Value], joined: bool) -> list[Value]:
    algebra = Algebra()
    layouts = Layouts(algebra)
    reader = Reader(algebra, roots, atoms)
    layouts.decimals = reader.decimals
    layouts.reciprocals = reader.reciprocals
    layouts.functions = reader.functions
    layouts.joins_quotients = joined
    algebra.tidied = Forms(algebra, layouts, reader.is_large).tidied
    written = Writer(layouts).written([algebra.tidied(total) for total in reader.run()])
    # The forms know the algebra, too: without this cycle all of it is freed at once.
    algebra.tidied = as_it_is
    return written


def _numbered(roots: Sequence[Value]) -> list[object]:
    """Return a key for the graphs of `roots`, in which equal parts have the same number."""
    numbers: dict[object, int] = {}
    found: dict[Value, int] = {}
    for node in topological(*roots):
        if node.operation is None:
            key: object = node if node.varies else (node.label, repr(node.data))
        else:
            key = (node.operation.name, *(found[operand] for operand in node.operands))
        found[node] = numbers.setdefault(key, len(numbers))
    return [list(numbers), [found[root] for root in roots]]
