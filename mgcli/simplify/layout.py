"""How a product is written: fractions as fractions, roots as roots, and what is in front of what."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from itertools import product
from math import gcd, lcm
from typing import NamedTuple

from mgcli.simplify.algebra import Algebra
from mgcli.simplify.arithmetic import Factors, join
from mgcli.simplify.facts import NONZERO, of_sum
from mgcli.simplify.kernels import (
    CONDITION,
    EXP,
    GROUP,
    HALF,
    LEAF,
    POW,
    PRIME,
    SEALED,
    SIGN,
    Kernel,
    Number,
    Powers,
    Sum,
    in_order,
    kernels_below,
    name_of,
    reduced,
    size_of,
)  # fmt: skip
from mgcli.simplify.numbers import digits, quotient_text
from mgcli.simplify.rules import QUOTIENTS, RECIPROCALS

_QUOTIENTS = {above: (below, tangent, 1) for tangent, (above, below) in QUOTIENTS.items()}
_QUOTIENTS |= {below: (above, tangent, -1) for tangent, (above, below) in QUOTIENTS.items()}
"""What is below the line, and what the quotient is, to which power, by what is above."""

LONGEST = 100
"""The weight up to which parts are ordered by what they are."""


LARGEST_EXPONENT = 12
"""The largest power of a number to which it is raised to be joined with another: 2**(2*x)*3**x is 12**x."""

LARGEST_BASE = 10**9
"""The largest number that powers of several are joined to."""


class Factor(NamedTuple):
    """One factor of a product as it is written: `base` to `exponent`, both sums or one of them a number.

    function: the name of a call in which it is written, "" for none: abs, sign, exp, sqrt of a number.
    """

    base: Kernel | Sum
    exponent: Number | Sum
    function: str = ""


class Layout(NamedTuple):
    """A product as it is written: its sign, number and factors above the line, and those below."""

    negative: bool
    above: tuple[str, list[Factor]]
    below: tuple[str, list[Factor]]


class Layouts:
    """How products are laid out, each kind of product found out once, and how long the text of a sum would be."""

    def __init__(self, algebra: Algebra) -> None:
        self.algebra = algebra
        self.decimals: frozenset[str] = frozenset()
        self.reciprocals: Mapping[str, str] = {}
        self.functions: frozenset[str] = frozenset()
        self.joins_quotients = True
        self._texts: dict[Kernel | Sum, str] = {}
        self._lengths: dict[Kernel | Sum, int] = {}
        self._layouts: dict[tuple[Powers, Number], Layout] = {}

    def layout(self, powers: Powers, number: Number) -> Layout:
        """Return how a number times powers of kernels is written."""
        key = (powers, number)
        if key not in self._layouts:
            self._layouts[key] = self._laid_out(dict(sorted(powers, key=_index)), number)
        return self._layouts[key]

    def _laid_out(self, factors: Factors, number: Number) -> Layout:
        negative, number = number < 0, size_of(number)
        found: list[Factor] = []
        self._absorb_roots(factors)
        self._nest_roots(factors)
        self._take_exponentials(factors, found)
        taken = self._take_powers(factors, found)
        negative, number = negative != (taken < 0), number * size_of(taken)
        self._take_signs(factors, found)
        self._join_quotients(factors)
        number = self._take_primes(factors, found, number)
        negative = self._turn(factors, negative)
        found.extend(self._power(kernel, exponent) for kernel, exponent in factors.items())
        sides: tuple[list[Factor], list[Factor]] = ([], [])
        for factor in found:
            goes_below, turned = _above_the_line(factor)
            sides[goes_below].append(turned)
        # log(2)*x, but 2**x*log(2) and 1/(x*log(2)).
        above = sorted(sides[0], key=partial(self._place, numbers_first=not any(map(_is_power_of_number, found))))
        below = sorted(sides[1], key=partial(self._place, numbers_first=False))
        texts = quotient_text(number, self.decimals)
        if texts[1] == "1":
            below = self._opened_below(below)
        return Layout(negative, (texts[0], above), (texts[1], below))

    def _power(self, kernel: Kernel, exponent: Number) -> Factor:
        """1/cos(x)**2 -> sec(x)**2, where the graph has a secant; 1/sqrt(cos(x)), where it has no cosine."""
        is_root = exponent.denominator > 1
        if exponent < 0 and kernel.kind in self.reciprocals and not (is_root and kernel.kind in self.functions):
            return Factor(kernel, -exponent, self.reciprocals[kernel.kind])
        return Factor(kernel, exponent)

    def _opened_below(self, below: list[Factor]) -> list[Factor]:
        """1/(t**3*(t**6 + 1)) -> 1/(t**9 + t**3), where that is shorter."""
        if len(below) != 2 or any(factor.function or isinstance(factor.base, Sum) for factor in below):
            return below
        (power, exponent, _), (group, once, _) = below
        if power.kind != LEAF or group.kind != GROUP or once != 1 or exponent.denominator > 1:  # type: ignore[union-attr]
            return below
        algebra = self.algebra
        terms = group.operands[0].terms.items()  # type: ignore[union-attr]
        front = algebra.of(power, exponent)  # type: ignore[arg-type]
        opened = algebra.add((algebra.times(front, algebra.sum({powers: number})), 1) for powers, number in terms)
        kernel = algebra.kernel(GROUP, (opened,))
        if self._length_of_kernel(kernel) + 4 > sum(map(self._length_of_factor, below)) + 1:
            return below
        return [Factor(kernel, 1)]

    def _absorb_roots(self, factors: Factors) -> None:
        """sqrt(p*q)/(p*q)**2 -> 1/sqrt(p*q)**3, and sqrt(p*q)*q/p -> sqrt(p*q)**3/p**2, where that is shorter."""
        for group in [kernel for kernel in factors if kernel.kind == GROUP and kernel.operands[0].only]:
            ((powers, number),) = kernel_terms(group)
            counts = {int(factors.get(kernel, 0) / Fraction(power)) for kernel, power in powers} - {0}
            if number != 1 or not counts:
                continue
            absorbed = [_with_power(factors, powers, group, count) for count in sorted(counts & {1, -1})]
            for count in sorted(counts - {1, -1}):
                # Not q**3/sqrt(p*q)**9 for 1/(sqrt(p*q)**3*p**3).
                other = _with_power(factors, powers, group, count)
                if all(_is_less(other.get(kernel, 0), factors.get(kernel, 0)) for kernel, _ in powers):
                    absorbed.append(other)
            shortest = min([factors, *absorbed], key=self._length_of_factors)
            if shortest is not factors:
                factors.clear()
                factors.update(shortest)

    def _length_of_factors(self, factors: Factors) -> int:
        lengths = [self._length_of_factor(Factor(*power)) for power in factors.items()]
        below = sum(exponent < 0 for exponent in factors.values())
        return sum(lengths) + len(lengths) + 2 * (below > 1) + 2 * (below == len(lengths))

    def _nest_roots(self, factors: Factors) -> None:
        """x**(1/4)*sqrt(sqrt(x) + 1) -> sqrt(x + sqrt(x))."""
        kernels = [kernel for kernel, exponent in factors.items() if exponent.denominator > 3]
        groups = [kernel for kernel, exponent in factors.items() if kernel.kind == GROUP and exponent.denominator > 1]
        for kernel, group in product(kernels, reversed(groups)):
            exponent, outer = factors.get(kernel, 0), factors.get(group, 0)
            order = max(dict(powers).get(kernel, 0).denominator for powers, _ in kernel_terms(group))
            shared = Fraction(outer.denominator, exponent.denominator)
            left = exponent - shared * outer
            if shared.denominator == order > 1 and left.denominator < exponent.denominator:
                root = self.algebra.of(kernel, shared)
                terms = [(self.algebra.times(root, self.algebra.sum({p: n})), 1) for p, n in kernel_terms(group)]
                whole = self.algebra.kernel(GROUP, (self.algebra.add(terms),))
                whole.has_roots, whole.has_decimals = group.has_roots, group.has_decimals
                whole.is_real_root = group.is_real_root
                join(factors, group, -outer)
                join(factors, kernel, -shared * outer)
                join(factors, whole, outer)

    def _take_exponentials(self, factors: Factors, found: list[Factor]) -> None:
        exponentials = [kernel for kernel in factors if kernel.kind == EXP]
        if exponentials:
            exponent = self.algebra.add((kernel.operands[0], factors.pop(kernel)) for kernel in exponentials)
            found.append(Factor(exponentials[0], exponent, "exp"))

    def _take_powers(self, factors: Factors, found: list[Factor]) -> Number:
        """x**n*x -> x**(n + 1); return the number that is left over."""
        algebra = self.algebra
        left: Number = 1
        exponents: dict[Sum, list[tuple[Sum, Number]]] = {}
        for kernel in [kernel for kernel in factors if kernel.kind == POW]:
            exponents.setdefault(kernel.operands[0], []).append((kernel.operands[1], factors.pop(kernel)))
        for base, parts in self._joined_bases(exponents).items():
            own = base.kernel or algebra.known(GROUP, base)
            if all(_is_short(unit) for unit, _ in parts):
                if own not in factors:
                    left = left * self._take_fraction(factors, base, parts)
                elif not _is_real_root(own, factors[own]):
                    parts.append((algebra.one, factors.pop(own)))
            exponent = algebra.add(parts)
            if own and own.kind in self.reciprocals and all(number < 0 for number in exponent.terms.values()):
                # 1/cos(x)**n -> sec(x)**n
                reciprocal = algebra.of(algebra.kernel(self.reciprocals[own.kind], own.operands))
                found.append(Factor(reciprocal, algebra.scaled(exponent, -1)))
            else:
                found.append(Factor(base, exponent))
        return left

    def _joined_bases(self, exponents: dict[Sum, list[tuple[Sum, Number]]]) -> dict[Sum, list[tuple[Sum, Number]]]:
        """2**x*3**x -> 6**x, 6**x/4**x -> 3**x/2**x."""
        found: dict[Sum, list[tuple[Sum, Number]]] = {}
        numbers: dict[Sum, list[tuple[Number, Number]]] = {}
        for base, parts in exponents.items():
            if base.number is not None and base.number > 0 and len(parts) == 1:
                ((unit, times),) = parts
                numbers.setdefault(unit, []).append((base.number, times))
            else:
                found[base] = parts
        for unit, powers in numbers.items():
            for number, times in _product_of_powers(powers):
                found.setdefault(self.algebra.number(number), []).append((unit, times))
        return found

    def _take_fraction(self, factors: Factors, base: Sum, parts: list[tuple[Sum, Number]]) -> Number:
        """(1 + x/k)**n*k/(x + k) -> (1 + x/k)**(n - 1), where that is shorter; return the number that is left over."""
        algebra = self.algebra
        content, powers = algebra.grouped(base)
        group = next((kernel for kernel, power in powers.items() if kernel.kind == GROUP and power == 1), None)
        whole = algebra.known(GROUP, algebra.sum({frozenset(powers.items()): 1})) if content == 1 else None
        taken, rooted = factors.get(group, 0), factors.get(whole, 0)  # type: ignore[arg-type]
        if not (taken or rooted) or taken.denominator > 1:
            return 1
        rest = {kernel: exponent for kernel, exponent in factors.items() if kernel is not whole}
        for kernel, power in powers.items():
            join(rest, kernel, -power * taken)
        own = (algebra.one, taken + rooted)
        lengths = [self._length_of_factor(Factor(base, algebra.add(each))) for each in (parts, [*parts, own])]
        if lengths[1] + self._length_of_factors(rest) >= lengths[0] + self._length_of_factors(factors):
            return 1
        factors.clear()
        factors.update(rest)
        parts.append(own)
        return Fraction(content) ** -int(taken)

    def _join_quotients(self, factors: Factors) -> None:
        """sin(p)/cos(p) -> tan(p); sin(p)/cos(p)**3 -> sec(p)**2*tan(p), where the graph has a secant."""
        for kernel in [kernel for kernel in factors if kernel.kind in _QUOTIENTS]:
            if kernel in factors:
                self._join_quotient(factors, kernel, *_QUOTIENTS[kernel.kind])

    def _join_quotient(self, factors: Factors, above: Kernel, kind: str, tangent: str, exponent: int) -> None:
        below, times = self.algebra.known(kind, *above.operands), factors[above]
        if below not in factors or times < 1 or times.denominator > 1:
            return
        left = factors[below] + times
        is_quotient = left == 0 and exponent > 0 and (self.joins_quotients or tangent in self.functions)
        if is_quotient or (left < 0 and kind in self.reciprocals):
            join(factors, above, -times)
            join(factors, below, times)
            join(factors, self.algebra.kernel(tangent, above.operands), times * exponent)

    def _take_signs(self, factors: Factors, found: list[Factor]) -> None:
        """p**3*sign(p) -> abs(p)**3, p**2*sign(p) -> p*abs(p)."""
        for sign in [kernel for kernel in factors if kernel.kind == SIGN]:
            (operand,) = sign.operands
            kernel = operand.kernel or self.algebra.known(GROUP, operand)
            power = factors.get(kernel, 0) if kernel else 0
            if kernel is None or power.denominator > 1 or (power % 2 == 0 and power <= 0):
                continue
            del factors[sign]
            taken = power if power % 2 else 1
            found.append(Factor(kernel, taken, "abs"))
            join(factors, kernel, -taken)

    def _take_primes(self, factors: Factors, found: list[Factor], number: Number) -> Number:
        """sqrt(2)*sqrt(3)/6 -> 1/sqrt(6)."""
        products: dict[Number, int] = {}
        for kernel in [
            kernel for kernel in factors if kernel.kind == PRIME and kernel.operands and factors[kernel] < 1
        ]:
            exponent = factors.pop(kernel)
            products[exponent] = products.get(exponent, 1) * int(kernel.operands[0].number or 0)
        for exponent, base in products.items():
            goes_below = number.denominator == base
            number = number * base if goes_below else number
            found.append(self._joined_root(factors, self.algebra.number(base), exponent - goes_below))
        return number

    def _joined_root(self, factors: Factors, radicand: Sum, exponent: Number) -> Factor:
        """sqrt(3)*sqrt(x) -> sqrt(3*x), sqrt(2 - x**2)/sqrt(2) -> sqrt(1 - x**2/2), where that is shorter."""
        apart = Factor(radicand, exponent, "root")
        roots = [kernel for kernel, power in factors.items() if power.denominator == exponent.denominator == 2]
        if len(roots) != 1 or abs(exponent) != HALF:
            return apart
        kernel, sign = roots[0], 1 if factors[roots[0]] > 0 else -1
        inside = kernel.operands[0] if kernel.kind == GROUP else self.algebra.sum({frozenset([(kernel, 1)]): 1})
        scale = Fraction(radicand.number or 1) ** (1 if (exponent > 0) == (sign > 0) else -1)
        function = "decimals" if kernel.has_decimals else "root"
        joined = Factor(self.algebra.scaled(inside, scale), sign * HALF, function)
        if kernel.kind != GROUP and sign < 0 < exponent:
            # sqrt(2)/sqrt(x) -> sqrt(2/x)
            joined = Factor(self.algebra.multiply((radicand, 1), (inside, -1)), HALF, function)
        parts = (apart, Factor(kernel, size_of(factors[kernel])))
        left = size_of(factors[kernel]) - HALF
        if self._length_of_factor(joined) + 3 * bool(left) > 1 + sum(map(self._length_of_factor, parts)):
            return apart
        join(factors, kernel, -sign * HALF)
        return joined

    def _turn(self, factors: Factors, negative: bool) -> bool:
        """-(p - q)*r -> (q - p)*r: reverse groups where that reads better; return whether a sign is left."""
        for kernel in list(factors):
            exponent = factors.get(kernel, 0)
            if kernel.kind != GROUP or not exponent or kernel in self.algebra.roots:
                continue
            part = kernel.operands[0]
            opposite = self.algebra.scaled(part, -1)
            turned = in_order(opposite)[0][1] > 0
            if turned and (in_order(part)[0][1] < 0 or (negative and exponent % 2)):
                del factors[kernel]
                join(factors, self.algebra.kernel(GROUP, (opposite,)), exponent)
                negative = negative ^ bool(exponent % 2)
        return negative

    def _place(self, factor: Factor, numbers_first: bool) -> tuple[int, int, str]:
        """Return what orders factors: constants, variables, exponentials, functions as first met, sums."""
        base = factor.base
        if numbers_first and not base.varies and not (isinstance(factor.exponent, Sum) and factor.exponent.varies):
            return 1, base.weight, self._text(base)
        if factor.function in ("root", "decimals"):
            return (1 if base.number else 5), 0, ""  # type: ignore[union-attr]
        if isinstance(base, Sum) or factor.function == "exp":
            return 3, 0, self._text(base)
        leaf = base.leaf
        if base.kind == LEAF and leaf is not None and leaf.operation is None and not factor.function:
            return (2 if leaf.varies else 1), 0, leaf.label.casefold() + leaf.label
        if base.kind != GROUP:
            # sec(x)*tan(x), csc(x)*cot(x)
            return 4, -1 if factor.function in RECIPROCALS and base.kind != "tan" else base.index, ""
        return (6 if factor.exponent.denominator == 1 else 5), base.weight, self._text(base)  # type: ignore[union-attr]

    def _text(self, part: Kernel | Sum) -> str:
        """Return a key for a part that does not depend on the order of appearance; only the beginning of a long one."""
        if part in self._texts:
            return self._texts[part]
        if part.weight > LONGEST or (isinstance(part, Kernel) and (part.leaf is not None or part.kind == SEALED)):
            text = name_of(part) if isinstance(part, Kernel) else ""
        elif isinstance(part, Kernel):
            text = part.kind + ",".join(map(self._text, part.operands))
        else:
            text = self._text_of_terms(part)
        self._texts[part] = text
        return text

    def _text_of_terms(self, part: Sum) -> str:
        ordered = in_order(part)
        terms = [[digits(number), *sorted(f"{self._text(k)}^{e}" for k, e in powers)] for powers, number in ordered]
        return "+".join("*".join(term) for term in terms)

    # How long a text is.

    def length(self, total: Sum) -> int:
        """Return the approximate length of the text of a sum."""
        known = self._lengths.get(total)
        if known is None:
            for kernel in kernels_below([total], self._lengths):
                self._length_of_kernel(kernel)
            lengths = [self._length_of_product(powers, number) for powers, number in total.terms.items()]
            known = sum(lengths) + 3 * (len(lengths) - 1) if lengths else 1
            if len(lengths) > 1:
                # The minus between two terms is already counted.
                known -= min(sum(self.layout(*term).negative for term in total.terms.items()), len(lengths) - 1)
            self._lengths[total] = known
        return known

    def _length_of_product(self, powers: Powers, number: Number) -> int:
        layout = self.layout(powers, number)
        lengths = []
        for text, factors in (layout.above, layout.below):
            parts = [self._length_of_factor(factor) for factor in factors]
            if text != "1" or not parts:
                parts.append(len(text))
            lengths.append(sum(parts) + len(parts) - 1 + 2 * (len(parts) > 1 and factors is layout.below[1]))
        no_bar = layout.below == ("1", [])
        return layout.negative + (lengths[0] if no_bar else sum(lengths) + 1)

    def _length_of_factor(self, factor: Factor) -> int:
        base, exponent = factor.base, factor.exponent
        if factor.function == "exp":
            return 5 + self.length(exponent) if isinstance(exponent, Sum) else 0
        length = self.length(base) if isinstance(base, Sum) else self._length_of_kernel(base)
        loose = isinstance(base, Sum) or base.kind == GROUP
        if factor.function == "abs":
            length, loose = length + 5, False
        elif factor.function in RECIPROCALS:
            length += len(factor.function) - len(RECIPROCALS[factor.function][0])
        if isinstance(exponent, Sum):
            return length + 4 + self.length(exponent)
        if abs(exponent) == HALF:
            return length + 6
        text = len(str(exponent)) + (2 if exponent.denominator > 1 else 0)
        return length + 2 * loose + (2 + text if exponent != 1 else 0)

    def _length_of_kernel(self, kernel: Kernel) -> int:
        known = self._lengths.get(kernel)
        if known is None:
            if kernel.kind in (GROUP, SEALED):
                known = self.length(self.inside(kernel)) if kernel.kind == GROUP else 3
            elif kernel.kind in (LEAF, CONDITION):
                known = len(kernel.leaf.label) if kernel.leaf is not None and kernel.leaf.label else 6
            else:
                inner = [self.length(operand) for operand in kernel.operands]
                known = len(kernel.kind) + 2 + sum(inner) + 2 * (len(inner) - 1)
            self._lengths[kernel] = known
        return known

    def inside(self, kernel: Kernel) -> Sum:
        """Return what a group is written as: x**2 + x under a root, and 1 + 1/x, where a product is longer."""
        part = kernel.operands[0]
        if part.only is None:
            return part
        powers, number = part.only
        groups = [inner for inner, exponent in powers if inner.kind == GROUP and exponent == 1]
        if len(groups) != 1 or groups[0].operands[0].only:
            return part
        rest = self.algebra.sum({powers - {(groups[0], 1)}: number})
        terms = groups[0].operands[0].terms.items()
        opened = self.algebra.add((self.algebra.times(rest, self.algebra.sum({p: n})), 1) for p, n in terms)
        return min(part, opened, key=self.length)


def _is_short(unit: Sum) -> bool:
    """Whether an exponent is a constant, or a product of variables: x**(n - 1) is written so, but x**sin(x)/x."""
    is_product = all(
        kernel.kind == LEAF and exponent.denominator == 1 for powers in unit.terms for kernel, exponent in powers
    )
    return is_product or not unit.varies


def _is_real_root(kernel: Kernel, exponent: Number) -> bool:
    """Whether a power has values where its base is below 0, but x**n joined with it has none: cbrt(x)."""
    return kernel.is_real_root and exponent.denominator > 1


def _product_of_powers(powers: list[tuple[Number, Number]]) -> list[tuple[Number, Number]]:
    """Return powers of positive numbers as one, or as a quotient of two; as they are if the numbers would get large."""
    exponents = [Fraction(exponent) for _, exponent in powers]
    step = Fraction(gcd(*(e.numerator for e in exponents)), lcm(*(e.denominator for e in exponents)))
    if len(powers) == 1 or max(map(abs, exponents)) > LARGEST_EXPONENT * step:
        return powers
    ratio = Fraction(1)
    for (base, _), exponent in zip(powers, exponents, strict=True):
        ratio *= Fraction(base) ** int(exponent / step)
    if max(ratio.numerator, ratio.denominator) > LARGEST_BASE:
        return powers
    if any(base.denominator > 1 for base, _ in powers):
        return [(reduced(ratio), reduced(step))]
    both = [(ratio.numerator, reduced(step)), (ratio.denominator, reduced(-step))]
    return [(base, exponent) for base, exponent in both if base != 1]


def _is_power_of_number(factor: Factor) -> bool:
    return isinstance(factor.base, Sum) and factor.base.number is not None and isinstance(factor.exponent, Sum)


def _is_less(exponent: Number, than: Number) -> bool:
    """Return whether an exponent is 0 or, on the same side of 0, at most another."""
    return 0 <= exponent <= than or than <= exponent <= 0


def _with_power(factors: Factors, powers: Powers, group: Kernel, count: int) -> Factors:
    """Return a product in which powers to an exponent are that of the group that they are."""
    found = dict(factors)
    join(found, group, count)
    for kernel, power in powers:
        join(found, kernel, -power * count)
    return found


def kernel_terms(kernel: Kernel) -> list[tuple[Powers, Number]]:
    """Return the terms of the sum that a group is."""
    return list(kernel.operands[0].terms.items())


def _above_the_line(factor: Factor) -> tuple[bool, Factor]:
    """Return whether a factor goes below the line, and the factor as it is written there."""
    exponent = factor.exponent
    if not isinstance(exponent, Sum):
        return exponent < 0, factor._replace(exponent=size_of(exponent))
    if factor.function == "exp" or any(number > 0 for number in exponent.terms.values()):
        return False, factor
    if not (isinstance(factor.base, Sum) and of_sum(factor.base) & NONZERO):
        # 1/x**n is undefined at x = 0, where x**-n may be 0.
        return False, factor
    return True, factor._replace(exponent=Sum({powers: -number for powers, number in exponent.terms.items()}))


def _index(power: tuple[Kernel, Number]) -> int:
    return power[0].index
