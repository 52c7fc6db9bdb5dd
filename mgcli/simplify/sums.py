"""Sums: like terms gathered, and the rules by which a sum is tidied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from math import lcm

from mgcli.graph.operation import ABOVE_0, FROM_0
from mgcli.graph.value import Value
from mgcli.simplify.choices import Choices
from mgcli.simplify.facts import BELOW_ONE, NONNEGATIVE, NONZERO, demands
from mgcli.simplify.monomial import Monomial, Ratio, plus, ratio, sum_of
from mgcli.simplify.nodes import POW, ROOTS, SMALL, signed
from mgcli.simplify.products import NEARBY, is_exponential, stands_in

CIRCLES = {"sin": ("cos", 1), "cosh": ("sinh", -1)}
"""f**2 + sign*g**2 -> 1."""

DEEPEST = 3
"""How many quotients in each other are tried to be written over one line."""


class Sums(Choices):
    """Sums of products."""

    def __init__(self) -> None:
        super().__init__()
        self._known_sums: dict[object, Value] = {}
        self._joining = 0

    def gathered(self, terms: Iterable[Monomial], beside: Sequence[Monomial] = ()) -> list[Monomial]:
        """Return the terms with like ones added up; those that come to 0 are left out.

        A 0 that stands for its domain is kept, but for one that the other terms have, or the products `beside`.
        """
        like: dict[object, Monomial] = {}
        for term in terms:
            key: object = term.powers
            if key in like:
                total = plus(like[key].number, term.number)
                if total is not None:
                    like[key].number = total
                    continue
                # The two cannot be added exactly: each stays.
                key = (key, len(like))
            like[key] = term.copy()
        gathered = list(like.values())
        zeros: dict[object, Monomial] = {}
        for term in gathered:
            if term.number.above == 0:
                self.drop_total(term)
                zeros.setdefault(term.powers, term)
        kept = {id(term) for term in zeros.values() if term and not self._is_implied(term, [*beside, *gathered])}
        return [term for term in gathered if term.number.above != 0 or id(term) in kept] if zeros else gathered

    def _is_implied(self, zero: Monomial, products: Sequence[Monomial]) -> bool:
        """Whether the other products have no value where `zero`, a term that is 0, has none."""
        others = [product for product in products[:NEARBY] if product is not zero and product.number.above != 0]
        nearby = set(self.nearby(others))
        for base, power in (*zero.above.items(), *((base, -power) for base, power in zero.below.items())):
            asked = demands(power) & ~self.facts(base)
            if not self.has_value_beside(base, nearby):
                return False
            if asked & NONZERO and not self.is_excluded(base, zero, others):
                return False
            if asked & NONNEGATIVE and not self._is_not_negative(base, nearby, others):
                return False
        return True

    def _is_not_negative(self, base: Value, nearby: Collection[Value], products: Iterable[Monomial]) -> bool:
        """Whether something beside it has a value only where `base` is not below 0: its root, its logarithm."""
        if stands_in(base, nearby, ABOVE_0, FROM_0):
            return True
        return any(not side.get(base, 0.0).is_integer() for each in products for side in (each.above, each.below))

    def known_sum(self, terms: Sequence[Monomial]) -> Value | None:
        """Return the node that was made of these terms, None where there is none."""
        return self._known_sums.get(_key(terms)) if len(terms) <= SMALL else None

    def written_sum(self, terms: list[Monomial]) -> Value:
        """Return the node of a sum, its terms in their order, but for one that is no opposite first."""
        changed = [
            self.join_roots(term) | self._open_exponents(term, terms) | self.cancel(term, terms) for term in terms
        ]
        if any(changed):
            terms = self.gathered(terms)
        terms = self.merged_choices(self._multiplied_out(self._in_circles(terms)))
        product = self._factored(terms, True) or self._over_one_line(terms) or self._factored(terms, False)
        if product is not None:
            return self.written_product(product)
        if not terms:
            return self.number(0)
        first = next((term for term in terms if term.number.above >= 0), terms[0])
        if first is not terms[0]:
            terms = [first, *(term for term in terms if term is not first)]
        known = self.known_sum(terms)
        if known:
            return known
        node = self.written_product(first)
        for term in terms[1:]:
            name = "sub" if term.number.above < 0 else "add"
            node = self.node(name, node, self.written_product(signed(term, -1 if name == "sub" else 1)))
        if len(terms) > SMALL:
            return node
        if len(terms) > 1:
            self.sums[node] = terms
        if len(terms) == 2 and (self._differ_in_square(*terms) or self._is_bounded(*terms)):
            self.known[node] |= NONZERO
        self._known_sums[_key(terms)] = node
        return node

    def _open_exponents(self, product: Monomial, beside: Sequence[Monomial]) -> bool:
        """x**(n - 1) -> x**n/x where something beside it has a value only at x != 0: x*x**(x - 1) + log(x)."""
        for node in [node for node in product.above if node.operation is POW and product.above[node] == 1]:
            base, exponent = node.operands
            terms = self.terms(exponent)
            whole = next((term.number.value for term in terms if not term and term.number.value.denominator == 1), 0)
            if not whole or len(terms) < 2 or not self.is_excluded(base, product, beside):
                continue
            del product.above[node]
            rest = self.written_sum(self.gathered([*terms, Monomial(Ratio(Fraction(-whole)))]))
            self.include(product, self.power(base, rest))
            self.include(product, self.written_power(base, float(abs(whole))), 1.0 if whole > 0 else -1.0)
            return True
        return False

    def _in_circles(self, terms: list[Monomial]) -> list[Monomial]:
        """p*sin(x)**2 + p*cos(x)**2 -> p, p*cosh(x)**2 - p*sinh(x)**2 -> p."""
        for term in terms if len(terms) <= SMALL else ():
            for base in [base for base, power in term.above.items() if power >= 2 and self.is_total(base)]:
                name, sign = CIRCLES.get(base.operation.name, ("", 0)) if base.operation else ("", 0)
                other = self.nodes.get((name, *base.operands))
                if other is None:
                    continue
                rest = term.copy()
                rest.lower(base, 2.0)
                partner = rest.copy()
                partner.multiply(other, 2.0, self)
                number = term.number if sign > 0 else -term.number
                found = [each for each in terms if each.number == number and each.powers == partner.powers]
                if found:
                    kept = [each for each in terms if each is not term and each is not found[0]]
                    return self._in_circles(self.gathered([*kept, rest]))
        return terms

    def _multiplied_out(self, terms: list[Monomial]) -> list[Monomial]:
        """(1 - 2*p)**2 - 2*p*(1 - p) -> 1 - 6*p + 6*p**2: sums in a sum are multiplied out where this is shorter."""
        if len(terms) < 2 or not any(self._sum_factors(term) for term in terms):
            return terms
        result: list[Monomial] = []
        for term in terms:
            powers = {base: term.above[base] for base in self._sum_factors(term)}
            if any(power > SMALL for power in powers.values()):
                return terms
            rest = term.copy()
            rest.above = {base: power for base, power in term.above.items() if base not in powers}
            product = [rest]
            for base, power in powers.items():
                for _ in range(int(power)):
                    product = self.gathered(
                        self.times_term(left, right) for left in product for right in self.sums[base]
                    )
                    if len(product) > SMALL:
                        return terms
            result.extend(product)
        result = self._in_circles(self.gathered(result))
        return _by_degree(result) if self._length(result) < self._length(terms) else terms

    def _sum_factors(self, term: Monomial) -> list[Value]:
        return [base for base, power in term.above.items() if base in self.sums and power.is_integer() and power > 0]

    def _length(self, terms: Iterable[Monomial], depth: int = 3) -> int:
        """Return how long a sum is to read."""
        length = 0
        for term in terms:
            length += 1 + (abs(term.number.value) != 1)
            for base, power in (*term.above.items(), *term.below.items()):
                inner = self._length(self.sums[base], depth - 1) if base in self.sums and depth else 1
                length += inner + (power != 1)
        return length

    def _factored(self, terms: list[Monomial], same_below: bool) -> Monomial | None:
        """p*(q + r) + p*s -> p*(q + r + s): what all terms have in common is taken out.

        So where one of them holds a sum, or all of them an exponential: exp(x) + x*exp(x) -> exp(x)*(1 + x).
        """
        if len(terms) < 2 or same_below != all(term.below == terms[0].below for term in terms):
            return None
        common = Monomial()
        for base in terms[0].above:
            least = min(term.above.get(base, 0.0) for term in terms)
            if least > 0 and all(term.above[base].is_integer() for term in terms):
                common.above[base] = least
        if not any(map(is_exponential, common.above)) and not (
            common and same_below and any(map(self._sum_factors, terms))
        ):
            return None
        if same_below:
            common.below.update(terms[0].below)
        rest = []
        for term in terms:
            left = Monomial(term.number)
            taken = common.above
            left.above = {base: n for base, power in term.above.items() if (n := sum_of(power, -taken.get(base, 0.0)))}
            left.below = {} if same_below else term.below
            rest.extend(self.spread(left))
        self.include(common, self.written_sum(_by_degree(self.gathered(rest, [common]))))
        return common

    def _is_bounded(self, p: Monomial, q: Monomial) -> bool:
        """Whether p + q is never 0 since one is a number and the other nearer to 0: 1 - sigmoid(x)."""
        number, other = (p, q) if not p else (q, p)
        if number or len(other) != 1 or abs(other.number.value) > abs(number.number.value):
            return False
        return (
            all(power == 1 and self.facts(base) & BELOW_ONE for base, power in other.above.items()) and not other.below
        )

    def _over_one_line(self, terms: Sequence[Monomial]) -> Monomial | None:
        """p/v - q/v**2 -> (p*v - q)/v**2, the quotient rule; other sums too where it makes them shorter."""
        if not 2 <= len(terms) <= SMALL or not any(term.above for term in terms) or self._joining == DEEPEST:
            return None
        longest = max((term.below for term in terms), key=lambda below: sum(below.values()))
        number = _common_multiple({term.number.below for term in terms})
        if not longest or number is None or any(term.number.above == 0 for term in terms):
            return None
        below = {base: max(term.below.get(base, 0.0) for term in terms) for term in terms for base in term.below}
        above = [self._extended(term, number, below) for term in terms]
        if None in above:
            return None
        quotient = Monomial(Ratio(Fraction(1), number))
        quotient.below.update(below)
        gathered = _by_degree(self.gathered((part for parts in above for part in parts or ()), [quotient]))
        self._joining += 1
        numerator = self.written_sum(gathered)
        self._joining -= 1
        # A root that stands above as well, sqrt(p) + q/sqrt(p), is gone from there: (p + q)/sqrt(p).
        without_roots = all(map(_is_root, below.items())) and not any(
            below.keys() & part.above.keys() for part in gathered
        )
        if not without_roots and (below != longest or not all(term.below for term in terms)):
            length = self._length([quotient]) - 1 + self._length(self.terms(numerator))
            if length >= self._length(terms):
                return None
        self.include(quotient, numerator)
        return quotient

    def _extended(self, term: Monomial, number: Fraction, below: dict[Value, float]) -> list[Monomial] | None:
        """Return the terms that stand over `number` times `below` for `term`.

        None where its own denominator is no part of that.
        """
        above = ratio(term.number.above * number / term.number.below)
        if above is None or any(power > below.get(base, 0.0) for base, power in term.below.items()):
            return None
        extended = Monomial(above)
        extended.above.update(term.above)
        for base, power in below.items():
            missing = sum_of(power, -term.below.get(base, 0.0))
            if missing.is_integer():
                opposed = missing and extended.above.get(base, 1.0) < 0
            else:
                opposed = not self.facts(base) & NONNEGATIVE
            if opposed:
                return None
            if missing:
                extended.multiply(base, missing, self)
        return self.spread(self.without_roots(extended, below))

    def _differ_in_square(self, p: Monomial, q: Monomial) -> bool:
        """Whether p**2 - q**2 is a number but 0, so that p + q is never 0: x + sqrt(x**2 + 1)."""
        if not any(map(_is_root, (*p.above.items(), *q.above.items()))):
            return False
        squares = [self.spread(self.without_roots(self.times_term(term, term))) for term in (p, q)]
        difference = self.gathered([*squares[0], *(signed(term, -1) for term in squares[1])])
        return len(difference) == 1 and not difference[0]


def _key(terms: Iterable[Monomial]) -> object:
    """Return what tells a sum, in any order, from another; a term may stand twice where its double is not exact."""
    return frozenset(Counter((term.number, term.powers) for term in terms).items())


def _by_degree(terms: list[Monomial]) -> list[Monomial]:
    """Return the terms of a polynomial by their degree, the highest first; others as they are."""
    if any(term.below or any(base.operation or power < 0 for base, power in term.above.items()) for term in terms):
        return terms
    return sorted(terms, key=lambda term: -sum(power for base, power in term.above.items() if base.varies))


def _common_multiple(numbers: Collection[Fraction]) -> Fraction | None:
    """Return the least whole multiple of whole numbers, or the one number that all are; else None."""
    if len(numbers) == 1:
        return next(iter(numbers))
    whole = all(number.denominator == 1 for number in numbers)
    return Fraction(lcm(*(number.numerator for number in numbers))) if whole else None


def _is_root(power: tuple[Value, float]) -> bool:
    base, exponent = power
    return base.operation in ROOTS or not exponent.is_integer()
