"""A graph rewritten the way a textbook would write it, with the same value at the same points.

No rule changes a value beyond rounding, and none changes where there is one: `x/x` stays, since it
has none at 0, and so do `sqrt(x)**2`, `sqrt(x**2)` and `log(x**2)`; `0*x` is 0 but `0*log(x)`
stays, except beside a `log(x)` that has the same domain. Numbers are folded only where the result
is exact. What may change is the order of a sum or of a product, and so the point where a part of it
leaves the range of floats.

Nodes are rewritten operands first, one step for each; equal ones become one (hash-consing). A sum or
a product of any length is gathered in one step, at its outermost node.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from fractions import Fraction
from math import nan

from mgcli.monomial import ONE, Monomial, Ratio, demands, divided, exact, plus, ratio, times
from mgcli.operations import OPERATIONS, Operation
from mgcli.value import Value, constant, forward_pass, make, topological

SMALL = 16
"""The number of terms or factors up to which a sum or product that is used more than once is opened again."""

LARGEST_POWER = 1024
"""The largest power that a number is raised to."""

NEARBY = 64
"""The number of nodes among which a rule looks for what makes a cancelled part defined."""

_SUMS = ("add", "sub")
_PRODUCTS = ("mul", "div", "neg")
_ZERO = Ratio(Fraction(0))


def simplify(root: Value, atoms: Collection[Value] = ()) -> Value:
    """Return the graph of `root` simplified; leaves that vary, and the nodes in `atoms`, are kept as they are."""
    return simplify_all([root], atoms)[0]


def simplify_all(roots: Sequence[Value], atoms: Collection[Value] = ()) -> list[Value]:
    """Return the graphs of `roots` simplified as by `simplify`, equal nodes of all of them being one."""
    simplified = _Simplifier(roots, atoms).run()
    forward_pass(node for node in topological(*simplified) if node not in atoms)
    return simplified


class _Simplifier:
    """The nodes made so far, by what they are, and the simplified one of each original."""

    def __init__(self, roots: Sequence[Value], atoms: Collection[Value]) -> None:
        self.roots = roots
        self.atoms = frozenset(atoms)
        self.nodes: dict[tuple[object, ...], Value] = {}
        self.simplified: dict[Value, Value] = {}
        self.everywhere: set[Value] = set()
        self.products: dict[Value, Monomial] = {}
        self.sums: dict[Value, list[Monomial]] = {}
        self.known_sums: dict[object, Value] = {}
        self.original: list[Value] = []
        self.inner: set[Value] = set()

    def run(self) -> list[Value]:
        self.original = topological(*self.roots)
        self.inner = self._inner()
        for node in self.original:
            if node not in self.inner:
                self.simplified[node] = self._rewritten(node)
        return [self.simplified[root] for root in self.roots]

    def _inner(self) -> set[Value]:
        """Return the nodes that are gathered with the sum or the product that alone uses them."""
        users: dict[Value, list[Value]] = {}
        for node in self.original:
            for operand in () if node in self.atoms else node._prev:
                users.setdefault(operand, []).append(node)
        kept = {*self.roots, *self.atoms}
        inner: set[Value] = set()
        below: set[Value] = set()
        for node in reversed(self.original):
            using = users.get(node, ())
            if len(using) != 1 or node in kept or not _chained(node, using[0]):
                continue
            (user,) = using
            stands_below = user in below or (user._operation is OPERATIONS["div"] and user._right is node)
            if stands_below and node._operation is OPERATIONS["div"]:
                # 1/(1/x) is not x, which has a value at 0.
                continue
            inner.add(node)
            if stands_below:
                below.add(node)
        return inner

    def _rewritten(self, node: Value) -> Value:
        if node in self.atoms or node._operation is None:
            return self._leaf(node)
        name = node._operation.name
        if name in _SUMS:
            return self._sum(node)
        if name in _PRODUCTS:
            return self._product(node)
        operands = [self.simplified[operand] for operand in node._prev]
        if name == "pow":
            return self.power(*operands)
        if name == "where":
            return self.choice(*operands)
        return self._call(node._operation, operands)

    def _leaf(self, node: Value) -> Value:
        if node not in self.atoms and not node._varies:
            return self.number(node.data) if not node.label else self._once((node.label,), lambda: node, total=True)
        return self._once((node,), lambda: node, total=node._operation is None)

    # Nodes, each made once.

    def _once(self, key: tuple[object, ...], build: Callable[[], Value], total: bool) -> Value:
        node = self.nodes.get(key)
        if node is None:
            node = self.nodes[key] = build()
            if total:
                self.everywhere.add(node)
        return node

    def node(self, name: str, *operands: Value) -> Value:
        """Return the node of an operation as it stands."""
        operation = OPERATIONS[name]
        total = all(operand in self.everywhere for operand in operands) and self._is_total(operation, operands)
        return self._once((name, *operands), lambda: make(operation, operands, nan), total)

    def number(self, number: float) -> Value:
        """Return a constant; a negative one as text has it, the opposite of a number."""
        if number < 0:
            node = self.node("neg", self.number(-number))
        else:
            node = self._once((float(number),), lambda: constant(number), total=True)
        known = exact(number)
        if known is not None:
            self.products[node] = Monomial(known)
        return node

    def _is_total(self, operation: Operation, operands: Sequence[Value]) -> bool:
        """Whether `operation` has a value at all values of `operands`."""
        if operation.name == "div":
            number = self.ratio(operands[1])
            return number is not None and number.above != 0
        if operation.name == "pow":
            number = self.ratio(operands[1])
            return number is not None and number.value >= 0 and number.value.denominator == 1
        return operation.domain == "all numbers"

    def written_power(self, base: Value, exponent: float) -> Value:
        """Return the node of a base to a constant power."""
        return base if exponent == 1 else self.node("pow", base, self.number(exponent))

    # What a node is as a product and as a sum.

    def ratio(self, node: Value) -> Ratio | None:
        """Return the number that `node` is, None where it is none."""
        product = self.products.get(node)
        return product.number if product is not None and not product else None

    def as_product(self, node: Value) -> Monomial:
        """Return `node` as a product, of one factor where it is none."""
        product = self.products.get(node)
        if product is None:
            product = Monomial()
            product.above[node] = 1.0
        return product

    def include(self, product: Monomial, node: Value, exponent: float = 1.0) -> None:
        """Multiply `product` by `node`, or divide it where `exponent` is -1."""
        factors = self.products.get(node)
        if factors is None or (exponent < 0 and not _may_stand_below(factors)):
            factors = Monomial()
            factors.above[node] = 1.0
        number = times(product.number, factors.number) if exponent > 0 else divided(product.number, factors.number)
        multiply, divide = product.multiply, product.divide
        if exponent < 0:
            multiply, divide = divide, multiply
        if number is not None:
            product.number = number
        else:
            multiply(self.number(float(factors.number.above)), 1.0, self.written_power)
            if factors.number.below != 1:
                divide(self.number(float(factors.number.below)), 1.0, self.written_power)
        for base, power in factors.above.items():
            inner = self.products.get(base) if exponent < 0 else None
            if inner and inner.number == ONE and _may_be_squared_below(inner, power):
                # Below the line, where the rule of a quotient squares what stood there: 1/(x*y)**2.
                for factor, of_factor in inner.above.items():
                    product.divide(factor, of_factor * power, self.written_power)
            else:
                multiply(base, power, self.written_power)
        for base, power in factors.below.items():
            divide(base, power, self.written_power)

    # Products.

    def _product(self, root: Value) -> Value:
        """Gather: 1*p, p*1, p/1 -> p; --p -> p; numbers folded, like factors gathered, p/q/r -> p/(q*r)."""
        product = Monomial()
        stack = [(root, 1.0)]
        while stack:
            node, exponent = stack.pop()
            if node is not root and node not in self.inner:
                self.include(product, self.simplified[node], exponent)
                continue
            name = node._operation.name  # type: ignore[union-attr]
            if name == "neg":
                product.number = Ratio(-product.number.above, product.number.below)
                stack.append((node._prev[0], exponent))
            else:
                left, right = node._prev
                stack.append((right, -exponent if name == "div" else exponent))
                stack.append((left, exponent))
        return self.written_product(product)

    def written_product(self, product: Monomial) -> Value:
        """Return the node of a product: its number first, then its factors, over those below the line."""
        self._cancel(product, [product])
        self._pull_signs(product)
        if product.number.above == 0:
            self._drop_total(product)
        above = self._factors(abs(product.number.above), product.above)
        if product.number.above < 0:
            above[0] = self.node("neg", above[0])
        node = self._chain("mul", above)
        if product.below or product.number.below != 1:
            node = self.node("div", node, self._chain("mul", self._factors(product.number.below, product.below)))
        if len(product) <= SMALL and self.as_product(node).powers != product.powers:
            self.products[node] = product
        return node

    def _pull_signs(self, product: Monomial) -> None:
        """(-p - q)*r -> -(p + q)*r."""
        for base in [base for base in product.above if base in self.sums and product.above[base] == 1]:
            terms = self.sums[base]
            if (product.number != ONE or len(product) > 1) and all(term.number.above < 0 for term in terms):
                positive = self.written_sum([_signed(term, -1) for term in terms])
                if positive not in product.above:
                    product.above = {positive if other is base else other: n for other, n in product.above.items()}
                    product.number = Ratio(-product.number.above, product.number.below)

    def _factors(self, number: Fraction, powers: dict[Value, float]) -> list[Value]:
        factors = [self.written_power(base, powers[base]) for base in sorted(powers, key=_place)]
        return factors if number == 1 and factors else [self.number(float(number)), *factors]

    def _chain(self, name: str, nodes: Sequence[Value]) -> Value:
        chain = nodes[0]
        for node in nodes[1:]:
            chain = self.node(name, chain, node)
        return chain

    def _drop_total(self, product: Monomial) -> None:
        """0*p -> 0 where p has a value everywhere."""
        product.number = _ZERO
        product.above = {
            base: power for base, power in product.above.items() if base not in self.everywhere or demands(power)
        }

    def _cancel(self, product: Monomial, beside: Sequence[Monomial]) -> None:
        """x/x -> 1 where something beside it has a value only at x != 0: log(x) + x/x -> log(x) + 1."""
        for base in [base for base in product.above if base in product.below]:
            if float(product.above[base]).is_integer() and self._is_excluded(base, product, beside):
                product.cancel(base)

    def _is_excluded(self, base: Value, product: Monomial, beside: Sequence[Monomial]) -> bool:
        """Whether `base` is a number but 0, or one of the products `beside` has no value where it is 0."""
        if base._operation is None and not base._varies and base.data != 0:
            return True
        others = [other for other in beside[:NEARBY] if other is not product]
        if any(base in other.below or other.above.get(base, 1.0) < 0 for other in others):
            return True
        for node in self._nearby(beside[:NEARBY]):
            operation = node._operation
            if operation is not None and operation.domain == "x > 0" and node._left is base:
                return True
        return False

    def _nearby(self, products: Iterable[Monomial]) -> list[Value]:
        """Return nodes that have a value wherever all of `products` have one, as many as are looked at."""
        found = [base for product in products for base in (*product.above, *product.below)][:NEARBY]
        for node in found:
            if node._operation is not None and not node._operation.selects:
                found.extend(node._prev[: NEARBY - len(found)])
        return found

    def power(self, base: Value, exponent: Value) -> Value:
        """p**1 -> p; p**0 -> 1; (p**m)**n -> p**(m*n) and (c*p)**n -> c**n*p**n for whole n."""
        number = self.ratio(exponent)
        if number is None or number.below != 1:
            return self.node("pow", base, exponent)
        n = float(number.above)
        if n == 1:
            return base
        if n == 0 and base in self.everywhere:
            return self.number(1)
        product = self._power_of_product(base, n)
        if product is not None:
            return self.written_product(product)
        node = self.written_power(base, n)
        if n != 0:
            self.products[node] = Monomial()
            self.products[node].above[base] = n
        return node

    def _power_of_product(self, base: Value, n: float) -> Monomial | None:
        product = self.products.get(base)
        if product is None or product.below or len(product) > 1:
            return None
        if not n.is_integer() or not 0 < abs(n) <= LARGEST_POWER:
            return None
        number = product.number
        if n < 0 and number.value not in ((1, -1) if product else (number.value,)):
            return None
        if number.value == 0:
            return None
        raised = ratio(number.above ** int(n), number.below ** int(n))
        if raised is None:
            return None
        result = Monomial(raised)
        for inner, power in product.above.items():
            if demands(power * n) != demands(power) | demands(n):
                return None
            result.above[inner] = power * n
        return result

    # Sums.

    def _sum(self, root: Value) -> Value:
        """Gather: p + 0 -> p; p - -q -> p + q; numbers folded, like terms gathered."""
        terms: list[Monomial] = []
        stack = [(root, 1)]
        while stack:
            node, sign = stack.pop()
            if node is not root and node not in self.inner:
                terms.extend(_signed(term, sign) for term in self._terms(self.simplified[node]))
                continue
            left, right = node._prev
            stack.append((right, -sign if node._operation is OPERATIONS["sub"] else sign))
            stack.append((left, sign))
        return self.written_sum(self._gathered(terms))

    def _terms(self, node: Value) -> list[Monomial]:
        """Return the terms of a sum or of a number times one; any other node is one term."""
        return self.sums.get(node) or self._spread(self.as_product(node))

    def _spread(self, product: Monomial) -> list[Monomial]:
        """c*(p + q) -> c*p + c*q where this is exact; any other product is one term."""
        if len(product) == 1 and product.number.above != 0:
            ((base, power),) = [*product.above.items(), *((base, 0.0) for base in product.below)]
            scaled = [times(term.number, product.number) for term in self.sums.get(base, ())]
            if power == 1 and scaled and None not in scaled:
                return [_numbered(term, number) for term, number in zip(self.sums[base], scaled, strict=True) if number]
        return [product]

    def _gathered(self, terms: Iterable[Monomial]) -> list[Monomial]:
        """Return the terms with like ones added up; those that come to 0 are left out."""
        like: dict[object, Monomial] = {}
        for term in terms:
            key: object = term.powers
            if key in like:
                total = plus(like[key].number, term.number)
                if total is not None:
                    like[key].number = total
                    continue
                key = (key, len(like))
            like[key] = term.copy()
        gathered = list(like.values())
        for term in gathered:
            if term.number.above == 0:
                self._drop_total(term)
        return [term for term in gathered if term.number.above != 0 or (term and not self._is_implied(term, gathered))]

    def _is_implied(self, zero: Monomial, terms: Sequence[Monomial]) -> bool:
        """Whether the other terms have no value where `zero`, a term that is 0, has none."""
        others = [term for term in terms[:NEARBY] if term is not zero and term.number.above != 0]
        nearby = self._nearby(others)
        return all(base in nearby for base in zero.above if base not in self.everywhere) and all(
            base in nearby and self._is_excluded(base, zero, others)
            for base in (*zero.below, *(base for base, power in zero.above.items() if demands(power)))
        )

    def written_sum(self, terms: list[Monomial]) -> Value:
        """Return the node of a sum, its terms in their order, but for one that is no opposite first."""
        for term in terms:
            if term.above.keys() & term.below.keys():
                self._cancel(term, terms)
                terms = self._gathered(terms)
        terms = self._multiplied_out(terms)
        product = self._factored(terms) or self._over_one_line(terms)
        if product is not None:
            return self.written_product(product)
        if not terms:
            return self.number(0)
        first = next((term for term in terms if term.number.above >= 0), terms[0])
        if first is not terms[0]:
            terms = [first, *(term for term in terms if term is not first)]
        known = frozenset((term.number, term.powers) for term in terms)
        if known in self.known_sums:
            return self.known_sums[known]
        node = self.written_product(first)
        for term in terms[1:]:
            name = "sub" if term.number.above < 0 else "add"
            node = self.node(name, node, self.written_product(_signed(term, -1 if name == "sub" else 1)))
        if 1 < len(terms) <= SMALL:
            self.sums[node] = terms
        self.known_sums[known] = node
        return node

    def _over_one_line(self, terms: Sequence[Monomial]) -> Monomial | None:
        """p/v - q/v**2 -> (p*v - q)/v**2: the terms of a quotient rule over the longest of their denominators."""
        if len(terms) < 2 or not all(term.below for term in terms):
            return None
        if not any(term.above for term in terms) or len({term.number.below for term in terms}) > 1:
            return None
        longest = max(terms, key=lambda term: sum(term.below.values()))
        above = [self._extended(term, longest.below) for term in terms]
        if None in above:
            return None
        numerator = self.written_sum(self._gathered(part for parts in above for part in parts or ()))
        quotient = Monomial(Ratio(Fraction(1), terms[0].number.below))
        quotient.below.update(longest.below)
        self.include(quotient, numerator)
        return quotient

    def _extended(self, term: Monomial, below: dict[Value, float]) -> list[Monomial] | None:
        """Return the terms that stand over `below` for `term`, None where its own denominator is no part of that."""
        if any(power > below.get(base, 0.0) for base, power in term.below.items()):
            return None
        extended = Monomial(Ratio(term.number.above))
        extended.above.update(term.above)
        for base, power in below.items():
            missing = power - term.below.get(base, 0.0)
            if not missing.is_integer() or (missing and extended.above.get(base, 1.0) < 0):
                return None
            if missing:
                extended.multiply(base, missing, self.written_power)
        return self._spread(extended)

    def _factored(self, terms: list[Monomial]) -> Monomial | None:
        """p*(q + r) + p*s -> p*(q + r + s): what all terms have in common is taken out where one holds a sum."""
        if len(terms) < 2 or not any(self._sum_factors(term) for term in terms):
            return None
        common = Monomial()
        for base in terms[0].above:
            least = min(term.above.get(base, 0.0) for term in terms)
            if least > 0 and all(term.above[base].is_integer() for term in terms):
                common.above[base] = least
        if not common or len({frozenset(term.below.items()) for term in terms}) > 1:
            return None
        common.below.update(terms[0].below)
        rest = []
        for term in terms:
            left = Monomial(term.number)
            left.above = {base: n for base, power in term.above.items() if (n := power - common.above.get(base, 0.0))}
            rest.extend(self._spread(left))
        self.include(common, self.written_sum(self._gathered(rest)))
        return common

    def _sum_factors(self, term: Monomial) -> list[Value]:
        return [base for base, power in term.above.items() if base in self.sums and power.is_integer() and power > 0]

    def _multiplied_out(self, terms: list[Monomial]) -> list[Monomial]:
        """(1 - 2*p)**2 - 2*p*(1 - p) -> 1 - 6*p + 6*p**2: sums in a sum are multiplied out where this is shorter."""
        if len(terms) < 2 or not any(self._sum_factors(term) for term in terms):
            return terms
        result: list[Monomial] = []
        for term in terms:
            product = [_numbered(term, ONE)]
            for base in self._sum_factors(term):
                del product[0].above[base]
            product[0].number = term.number
            for base in self._sum_factors(term):
                for _ in range(int(min(term.above[base], SMALL))):
                    product = self._gathered(self._times(left, right) for left in product for right in self.sums[base])
                    if len(product) > SMALL:
                        return terms
            if any(term.above[base] > SMALL for base in self._sum_factors(term)):
                return terms
            result.extend(product)
        result = self._gathered(result)
        return result if self._length(result) < self._length(terms) else terms

    def _times(self, left: Monomial, right: Monomial) -> Monomial:
        product = left.copy()
        number = times(left.number, right.number)
        if number is None:
            # The number that cannot be written in one is a factor of its own.
            self.include(product, self.written_product(right))
            return product
        product.number = number
        for base, power in right.above.items():
            product.multiply(base, power, self.written_power)
        for base, power in right.below.items():
            product.divide(base, power, self.written_power)
        return product

    def _length(self, terms: Iterable[Monomial], depth: int = 3) -> int:
        """Return how long a sum is to read."""
        length = 0
        for term in terms:
            length += 1 + (abs(term.number.value) != 1)
            for base, power in (*term.above.items(), *term.below.items()):
                inner = self._length(self.sums[base], depth - 1) if base in self.sums and depth else 1
                length += inner + (power != 1)
        return length

    # Functions and choices.

    def _call(self, operation: Operation, operands: Sequence[Value]) -> Value:
        """f(0), f(1) -> a number where that is a whole one."""
        node = self.node(operation.name, *operands)
        if all(self.ratio(operand) in (_ZERO, ONE) for operand in operands):
            # At 0 and 1 a whole result is no rounded one: exp(0), log(1), cos(0).
            forward_pass(topological(node))
            if float(node.data).is_integer():
                return self.number(node.data)
        return node

    def choice(self, condition: Value, first: Value, second: Value) -> Value:
        """Choose by comparisons: where(where(c, 1, d), p, q) -> where(c, p, where(d, p, q)), where(1, p, q) -> p.

        Within a branch its condition is known: where(c, p*where(c, q, r), s) -> where(c, p*q, s).
        """
        known = self.ratio(condition)
        if known is not None:
            return first if known.above else second
        if condition._operation is OPERATIONS["where"]:
            if self._is_long(condition):
                condition = self.node("greater", condition, self.number(0))
            else:
                test, yes, no = condition._prev
                return self.choice(test, self.choice(yes, first, second), self.choice(no, first, second))
        first = self._where_known(first, condition, True)
        second = self._where_known(second, condition, False)
        if first is second and condition in self.everywhere:
            return first
        return self.node("where", condition, first, second)

    def _is_long(self, condition: Value) -> bool:
        choices = [condition]
        for choice in choices:
            choices.extend(operand for operand in choice._prev if operand._operation is OPERATIONS["where"])
            if len(choices) > SMALL:
                return True
        return False

    def _where_known(self, node: Value, condition: Value, holds: bool, depth: int = 2) -> Value:
        """Return `node` where `condition` is known to hold or not: it is no longer asked, as a factor neither."""
        if node._operation is OPERATIONS["where"]:
            test, first, second = node._prev
            if test is condition:
                return first if holds else second
            if depth == 0:
                return node
            first = self._where_known(first, condition, holds, depth - 1)
            second = self._where_known(second, condition, holds, depth - 1)
            return self.node("where", test, first, second)
        product = self.products.get(node)
        if product is None:
            return node
        known = Monomial(product.number)
        known.below.update(product.below)
        for base, power in product.above.items():
            if base._operation is OPERATIONS["where"] and power == 1:
                self.include(known, self._where_known(base, condition, holds, 0))
            else:
                known.multiply(base, power, self.written_power)
        return node if known.above == product.above else self.written_product(known)


def _chained(node: Value, user: Value) -> bool:
    """Whether `node` is gathered with `user`: terms of one sum, or factors of one product."""
    if node._operation is None or user._operation is None:
        return False
    names = {node._operation.name, user._operation.name}
    return names <= set(_SUMS) or names <= set(_PRODUCTS)


def _signed(term: Monomial, sign: int) -> Monomial:
    return term if sign > 0 else _numbered(term, Ratio(-term.number.above, term.number.below))


def _numbered(term: Monomial, number: Ratio) -> Monomial:
    other = term.copy()
    other.number = number
    return other


def _may_stand_below(product: Monomial) -> bool:
    """Whether to divide by the factors of `product` asks no less than to divide by it: not so for 1/(1/x)."""
    return not product.below and all(power > 0 for power in product.above.values())


def _may_be_squared_below(product: Monomial, power: float) -> bool:
    """Whether 1/(p*q)**power asks the same of each factor as 1/(p**power*q**power)."""
    if not _may_stand_below(product) or not power.is_integer():
        return False
    return all(demands(exponent * power) == demands(exponent) for exponent in product.above.values())


def _place(base: Value) -> tuple[int, str, int]:
    """Return what orders factors: numbers, constants, variables by their names, the rest as they were first written."""
    if base._operation is None:
        return (2 if base._varies else 1 if base.label else 0), base.label, base._serial
    return 3, "", base._serial
