"""Products: numbers folded, like factors gathered, and the rules by which a product is tidied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from itertools import chain, islice
from math import gcd, inf, isqrt, lcm

from mgcli.graph.evaluation import forward_pass
from mgcli.graph.node import topological
from mgcli.graph.operation import ABOVE_0, ALL_NUMBERS, Operation
from mgcli.graph.value import Value
from mgcli.simplify.facts import NONNEGATIVE, NONZERO, TOTAL, demands
from mgcli.simplify.monomial import (
    MINUS_ONE,
    ONE,
    ZERO,
    Monomial,
    Ratio,
    decimal,
    divided,
    product_of,
    ratio,
    sum_of,
    times,
)
from mgcli.simplify.nodes import EXP, LOG, POW, ROOTS, SIGN, SMALL, SQRT, Nodes, numbered, signed

LARGEST_POWER = 1024
"""The largest power that a number is raised to."""

NEARBY = 64
"""The number of nodes among which a rule looks for what makes a cancelled part defined."""


class Products(Nodes):
    """Products of nodes, powers among them, and calls."""

    def include(self, product: Monomial, node: Value, exponent: float = 1.0) -> None:
        """Multiply `product` by `node`, or divide it where `exponent` is -1."""
        factors = self.products.get(node)
        if factors is None or (exponent < 0 and not _may_stand_below(factors)):
            factors = Monomial.of(node)
        number = times(product.number, factors.number) if exponent > 0 else divided(product.number, factors.number)
        multiply, divide = product.multiply, product.divide
        if exponent < 0:
            multiply, divide = divide, multiply
        if number is not None:
            product.number = number
        else:
            multiply(self.number(float(factors.number.above)), 1.0, self)
            if factors.number.below != 1:
                divide(self.number(float(factors.number.below)), 1.0, self)
        for base, power in factors.above.items():
            inner = self._opened_below(base, power) if exponent < 0 else None
            number = divided(product.number, inner.number) if inner else None
            if inner and number:
                product.number = number
                for factor, of_factor in inner.above.items():
                    product.divide(factor, of_factor, self)
            else:
                multiply(base, power, self)
        for base, power in factors.below.items():
            divide(base, power, self)

    def _opened_below(self, base: Value, power: float) -> Monomial | None:
        """1/(x*y)**2 -> 1/(x**2*y**2): return base**power, as the rule of a quotient makes it, factor by factor.

        None where it asks less of a factor than the factors by themselves do.
        """
        product = self.products.get(base)
        if not product or not _may_stand_below(product) or not 0 < power <= LARGEST_POWER or not power.is_integer():
            return None
        number = ratio(product.number.above ** int(power), product.number.below ** int(power))
        if number is None:
            return None
        opened = Monomial(number)
        for factor, exponent in product.above.items():
            raised = product_of(exponent, power)
            if raised is None or (demands(raised) ^ demands(exponent)) & ~self.facts(factor):
                return None
            opened.above[factor] = raised
        return opened

    def written_product(self, product: Monomial) -> Value:
        """Return the node of a product: its number first, then its factors, over those below the line."""
        rules = (
            self._open_quotient,
            self._join_root,
            self._root_inside,
            self._join_sign,
            self._join_exponentials,
            self._square_root,
            self._pull_sign,
            self._pull_number,
        )
        self.cancel(product, [product])
        for rule in rules:
            for base in (*product.above, *product.below):
                rule(product, base)
        self.cancel(product, [product])
        if product.number == MINUS_ONE and len(product) == 1 and (terms := self._opposite(product)):
            return self.written_sum(terms)
        terms = self._spread_quotients(product)
        if terms:
            return self.written_sum(self.gathered(terms))
        if product.number.above == 0:
            self.drop_total(product)
        above = self._factors(abs(product.number.above), product.above)
        if product.number.above < 0:
            above[0] = self.node("neg", above[0])
        node = self._chain("mul", above)
        if product.below or product.number.below != 1:
            node = self.node("div", node, self._chain("mul", self._factors(product.number.below, product.below)))
        if len(product) <= SMALL and self.as_product(node).powers != product.powers:
            self.products[node] = product
        return node

    def _opposite(self, product: Monomial) -> list[Monomial]:
        """-(p - q) -> q - p, -(1/p + 1/q) -> -1/p - 1/q: return the terms, none where there is no such sum."""
        (base,) = (*product.above, *product.below)
        terms = self.sums.get(base, []) if product.above.get(base) == 1 else []
        reads_better = any(term.number.above < 0 for term in terms) or all(term.below for term in terms)
        return [signed(term, -1) for term in terms] if reads_better else []

    def _factors(self, number: Fraction, powers: dict[Value, float]) -> list[Value]:
        factors = [self.written_power(base, powers[base]) for base in sorted(powers, key=_place)]
        return factors if number == 1 and factors else [self.number(float(number)), *factors]

    def _chain(self, name: str, nodes: Sequence[Value]) -> Value:
        chain = nodes[0]
        for node in nodes[1:]:
            chain = self.node(name, chain, node)
        return chain

    # The rules: each looks at one base of a product, which another may have taken away.

    def _open_quotient(self, product: Monomial, base: Value) -> None:
        """1/(q**2*(p/q)) -> 1/(p*q): what a quotient below the line stands over, where it stays below the line."""
        inner = self.products.get(base)
        if inner is None or not inner.below or product.below.get(base) != 1:
            return
        number = divided(product.number, inner.number)
        stays = all(product.below.get(other, 0.0) >= exponent for other, exponent in inner.below.items())
        if number and stays:
            del product.below[base]
            product.number = number
            for other, exponent in inner.below.items():
                product.multiply(other, exponent, self)
            for other, exponent in inner.above.items():
                product.divide(other, exponent, self)

    def join_roots(self, product: Monomial) -> bool:
        """Apply the rule of a root and what it is the root of; return whether it changed anything."""
        before = len(product)
        for root in [base for base in (*product.above, *product.below) if base.operation is SQRT]:
            self._join_root(product, root)
        return len(product) < before

    def _join_root(self, product: Monomial, root: Value) -> None:
        """sqrt(p)/p -> 1/sqrt(p): a root and what it is the root of become one power of the root."""
        if root.operation is not SQRT:
            return
        base = root.operands[0]
        powers = [side.get(node, 0.0) for node in (root, base) for side in (product.above, product.below)]
        above, below, base_above, base_below = powers
        total = above - below + 2 * (base_above - base_below)
        # What all the powers that stand there ask of p: the root, that it is not below 0.
        asked = demands(above / 2) | demands(-below / 2) | demands(base_above) | demands(-base_below)
        if (base_above or base_below) and total % 2 == 1 and demands(total / 2) == asked | NONNEGATIVE:
            for side in (product.above, product.below):
                side.pop(root, None)
                side.pop(base, None)
            (product.above if total > 0 else product.below)[root] = abs(total)

    def _root_inside(self, product: Monomial, root: Value) -> None:
        """1/(sqrt(x)*(1 + sqrt(x)**2)) -> 1/(sqrt(x)*(1 + x)): beside a root, what it is the root of is not below 0."""
        if root.operation is not SQRT or len(product) > SMALL:
            return
        for side in (product.above, product.below):
            for base in [base for base in side if base is not root]:
                other = self._with_square(base, root)
                if other is not base and other not in side:
                    side[other] = side.pop(base)
                    if side[other] % 1 == 0.5:
                        # It is written as the root that it was.
                        self.node("sqrt", other)

    def _with_square(self, node: Value, root: Value) -> Value:
        """Return `node`, a sum or a root of one, with the square of `root` written as what it is the root of."""
        inner = node.operands[0] if node.operation is SQRT else node
        terms = self.sums.get(inner)
        if terms is None or not any(term.above.get(root, 0.0) >= 2 for term in terms):
            return node
        other = self.written_sum(self.gathered(self.without_roots(term.copy(), [root]) for term in terms))
        return other if inner is node else self.call(SQRT, [other])

    def _join_exponentials(self, product: Monomial, base: Value) -> None:
        """exp(p)*exp(-p) -> 1, exp(3*x)/exp(x) -> exp(2*x): where the exponents come to one term."""
        if base.operation is not EXP or len(product) > SMALL:
            return
        for other in [each for each in (*product.above, *product.below) if each.operation is EXP and each is not base]:
            terms = self.gathered(chain(self._exponent(product, base), self._exponent(product, other)))
            if len(terms) > 1 or any(term.number.above == 0 for term in terms):
                continue
            for each in (base, other):
                product.above.pop(each, None)
                product.below.pop(each, None)
            if terms:
                product.multiply(self.call(EXP, [self.written_sum(terms)]), 1.0, self)
            return

    def _exponent(self, product: Monomial, base: Value) -> list[Monomial]:
        """Return the terms of p times the power of base in `product`, base being exp(p)."""
        power = sum_of(product.above.get(base, 0.0), -product.below.get(base, 0.0))
        return [self.times_term(term, Monomial(Ratio(decimal(power)))) for term in self.terms(base.operands[0])]

    def _square_root(self, product: Monomial, base: Value) -> None:
        """sqrt(2)**2 -> 2."""
        number = self.ratio(base.operands[0]) if base.operation is SQRT else None
        pairs = product.above.get(base, 0.0) // 2
        if number and number.above > 0 and 0 < pairs <= LARGEST_POWER:
            squared = times(product.number, Ratio(number.above ** int(pairs), number.below ** int(pairs)))
            if squared:
                product.number = squared
                product.lower(base, 2 * pairs)

    def _join_sign(self, product: Monomial, base: Value) -> None:
        """p*sign(p) -> abs(p), abs(p)*sign(p) -> p, sign(p)/abs(p) -> 1/p."""
        if base.operation is not SIGN or product.above.get(base) != 1:
            return
        p = base.operands[0]
        size = self.nodes.get(("abs", p))
        if size is not None and product.above.get(size, 0.0) >= 1:
            taken, joined = size, p
        elif size is not None and product.below.get(size) == 1:
            del product.above[base], product.below[size]
            product.divide(p, 1.0, self)
            return
        elif product.above.get(p, 0.0) >= 1 and p not in product.below:
            taken, joined = p, self.node("abs", p)
        else:
            return
        del product.above[base]
        product.lower(taken, 1.0)
        product.multiply(joined, 1.0, self)

    def _pull_sign(self, product: Monomial, base: Value) -> None:
        """(-p - q)*r -> -(p + q)*r, (p - q)/(q - p)**2 -> -1/(q - p)."""
        terms = self.sums.get(base)
        if not terms or product.above.get(base) != 1:
            return
        opposites = [signed(term, -1) for term in terms]
        opposite = self.known_sum(opposites)
        if all(term.number.above < 0 for term in terms) or opposite in product.below:
            del product.above[base]
            product.multiply(opposite or self.written_sum(opposites), 1.0, self)
            product.number = -product.number

    def _pull_number(self, product: Monomial, base: Value) -> None:
        """x*(2*p - 4*q) -> 2*x*(p - 2*q), x*(p/2 - q) -> x*(p - 2*q)/2, 1/(1 + p/4) -> 4/(4 + p)."""
        terms = self.sums.get(base)
        alone = product.number == ONE and len(product.above) < 2
        stands_below = product.below.get(base) == 1
        if not terms or not (stands_below or (product.above.get(base) == 1 and len(product) > 1 and not alone)):
            return
        if any(part.denominator > 1 for term in terms for part in term.number):
            return
        divisor = gcd(*(term.number.above.numerator for term in terms))
        multiple = lcm(*(term.number.below.numerator for term in terms))
        content = ratio(Fraction(1 if stands_below else divisor), Fraction(multiple))
        if content is None or content == ONE:
            return
        number = divided(product.number, content) if stands_below else times(product.number, content)
        rest = [divided(term.number, content) for term in terms]
        if number is None or None in rest:
            return
        (product.below if stands_below else product.above).pop(base)
        product.number = number
        inner = self.written_sum([numbered(term, part) for term, part in zip(terms, rest, strict=True) if part])
        self.include(product, inner, -1.0 if stands_below else 1.0)

    def _spread_quotients(self, product: Monomial) -> list[Monomial]:
        """x*(p/q - r/s) -> x*p/q - x*r/s: return the terms, none where `product` is not such a one."""
        if len(product) < 2 or any(map(is_exponential, product.above)):
            return []
        sums = [base for base in product.above if all(term.below for term in self.sums.get(base, [Monomial()]))]
        if len(sums) != 1 or product.above[sums[0]] != 1:
            return []
        rest = product.copy()
        del rest.above[sums[0]]
        return [self.times_term(rest, term) for term in self.sums[sums[0]]]

    def drop_total(self, product: Monomial) -> None:
        """0*p -> 0, 0/p -> 0 where these have a value everywhere."""
        product.number = ZERO
        product.above = {base: n for base, n in product.above.items() if (TOTAL | demands(n)) & ~self.facts(base)}
        product.below = {base: n for base, n in product.below.items() if (TOTAL | demands(-n)) & ~self.facts(base)}

    def cancel(self, product: Monomial, beside: Sequence[Monomial]) -> bool:
        """x/x -> 1 where something beside it has a value only at x != 0: log(x) + x/x -> log(x) + 1."""
        before = len(product)
        for base in [base for base in product.above if base in product.below]:
            # One after the other: what speaks for one may be the next to go.
            if product.above[base].is_integer() and self.is_excluded(base, product, beside):
                product.cancel(base)
        return len(product) < before

    def is_excluded(self, base: Value, product: Monomial, beside: Sequence[Monomial]) -> bool:
        """Whether `base` is never 0, or one of the products `beside` has no value where it is 0."""
        if self.facts(base) & NONZERO and self._is_defined_beside(base, product):
            return True
        others = [other for other in beside[:NEARBY] if other is not product]
        if any(base in other.below or other.above.get(base, 1.0) < 0 for other in others):
            return True
        nearby = self.nearby(beside[:NEARBY])
        if stands_in(base, nearby, ABOVE_0):
            return True
        # log(x/y) has no value at x = 0 either.
        positive = [node.operands[0] for node in nearby if node.operation and node.operation.domain == ABOVE_0]
        if any(base in self.products[node].above for node in positive if node in self.products):
            return True
        return any(base in self.products[node].below for node in nearby if node in self.products)

    def _is_defined_beside(self, base: Value, product: Monomial) -> bool:
        """Whether `base` has a value wherever the rest of `product` has one."""
        if self.is_total(base):
            return True
        rest = product.copy()
        rest.above.pop(base, None)
        rest.below.pop(base, None)
        return self.has_value_beside(base, set(self.nearby([rest])))

    def has_value_beside(self, node: Value, nearby: Collection[Value]) -> bool:
        """Whether `node` has a value wherever the nodes `nearby` have: sin(1/x) beside cos(1/x)."""
        asked = [node]
        for other in asked:
            if self.is_total(other) or other in nearby:
                continue
            operation = other.operation
            if operation is None or operation.selects or operation.domain != ALL_NUMBERS or len(asked) > NEARBY:
                return False
            asked.extend(other.operands)
        return True

    def nearby(self, products: Iterable[Monomial]) -> list[Value]:
        """Return nodes that have a value wherever all of `products` have one, as many as are looked at."""
        bases = chain.from_iterable(chain(product.above, product.below) for product in products)
        found = list(islice(bases, NEARBY))
        for node in found:
            if node.operation is not None and not node.operation.selects:
                found.extend(node.operands[: NEARBY - len(found)])
        return found

    def times_term(self, left: Monomial, right: Monomial) -> Monomial:
        """Return the product of two terms."""
        product = left.copy()
        number = times(left.number, right.number)
        if number is None:
            # The number that cannot be written in one is a factor of its own.
            self.include(product, self.written_product(right))
            return product
        product.number = number
        for base, power in right.above.items():
            product.multiply(base, power, self)
        for base, power in right.below.items():
            product.divide(base, power, self)
        return product

    def without_roots(self, term: Monomial, not_negative: Collection[Value] | None = None) -> Monomial:
        """sqrt(p)**2 -> p, sqrt(p)**3 -> p*sqrt(p): of roots whose p is not below 0 anyway, all unless told."""
        for root in [base for base, power in term.above.items() if power >= ROOTS.get(base.operation, inf)]:
            if root.operation is SQRT and not_negative is not None and root not in not_negative:
                continue
            power, of_root = term.above.pop(root, 0.0), ROOTS[root.operation]
            whole = power // of_root
            if rest := sum_of(power, -whole * of_root):
                term.above[root] = rest
            if whole:
                self.include(term, self.written_power(root.operands[0], whole))
        return term

    def power(self, base: Value, exponent: Value) -> Value:
        """p**1 -> p; p**0 -> 1; (p**m)**n -> p**(m*n) and (c*p)**n -> c**n*p**n for whole n."""
        number = self.ratio(exponent)
        if number is None or number.below != 1:
            return self.node("pow", base, exponent)
        n = float(number.above)
        if n == 1:
            return base
        if n == 0 and self.is_total(base):
            return self.number(1)
        product = self._power_of_product(base, n)
        if product is not None:
            return self.written_product(product)
        node = self.written_power(base, n)
        if n != 0:
            self.products[node] = Monomial.of(base, n)
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
            exponent = product_of(power, n)
            if exponent is None or (demands(exponent) ^ (demands(power) | demands(n))) & ~self.facts(inner):
                return None
            result.above[inner] = exponent
        return result

    def _root_of_quotient(self, operand: Value) -> Value | None:
        """sqrt(1 - p/4) -> sqrt(4 - p)/2: None where the sum is over no square."""
        terms = self.sums.get(operand, [])
        multiple = lcm(*(term.number.below.numerator for term in terms))
        divisor = isqrt(multiple)
        scaled = [times(term.number, Ratio(Fraction(multiple))) for term in terms]
        if divisor < 2 or divisor * divisor != multiple or None in scaled:
            return None
        if any(part.denominator > 1 for term in terms for part in term.number):
            return None
        root = Monomial(Ratio(Fraction(1), Fraction(divisor)))
        inner = self.written_sum([numbered(term, number) for term, number in zip(terms, scaled, strict=True) if number])
        self.include(root, self.call(SQRT, [inner]))
        return self.written_product(root)

    def call(self, operation: Operation, operands: Sequence[Value]) -> Value:
        """Return the node of any other operation.

        f(0), f(1) -> a number where that is a whole one; log(exp(p)) -> p.
        """
        if operation is LOG and operands[0].operation is EXP:
            inner: Value = operands[0].operands[0]
            return inner
        node = self.node(operation.name, *operands)
        if all(self.ratio(operand) in (ZERO, ONE) for operand in operands):
            # At 0 and 1 a whole result is no rounded one: exp(0), log(1), cos(0).
            forward_pass(topological(node))
            if float(node.data).is_integer():
                return self.number(node.data)
        if operation is SQRT:
            (operand,) = operands
            if quotient := self._root_of_quotient(operand):
                return quotient
            if self.facts(operand) & NONNEGATIVE and operand not in self.products:
                self.products[node] = Monomial.of(operand, 0.5)
        return node


def stands_in(base: Value, nodes: Iterable[Value], *domains: str) -> bool:
    """Return whether `base` is the operand of an operation among `nodes` that has one of these `domains`."""
    return any(node._left is base and node.operation is not None and node.operation.domain in domains for node in nodes)


def is_exponential(base: Value) -> bool:
    """Return whether `base` is an exponential: exp(x), or a power whose exponent varies."""
    operation = base.operation
    return operation is not None and (operation.name == "exp" or (operation is POW and base.operands[1].varies))


def _may_stand_below(product: Monomial) -> bool:
    """Whether to divide by the factors of `product` asks no less than to divide by it: not so for 1/(1/x)."""
    return not product.below and all(power > 0 for power in product.above.values())


def _place(base: Value) -> tuple[int, str, int]:
    """Return what orders factors: numbers, constants, variables by their names, the rest as they were first written."""
    if base.operation is None:
        # n*R*T, not R*T*n.
        return (2 if base.varies else 1 if base.label else 0), base.label.casefold(), base._serial
    return 3, "", base._serial
