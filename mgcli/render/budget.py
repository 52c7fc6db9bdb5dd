"""A result with its uncertainty as text: rounded as the Particle Data Group does, and the budget as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, isfinite, log10

from mgcli.analysis.correlations import Quantities
from mgcli.analysis.uncertainty import Propagated, Share
from mgcli.render.tables import MOST_DIGITS, number


def measurement(value: float, u: float, digits: int | None = None) -> str:
    """Return `value +- u`, to the same decimal place, with one exponent where the numbers are large or small.

    u has two digits if the first three are 100 to 354, one if they are 355 to 949, and 1000 for what is above; or as
    many as `digits`.
    """
    if not u:
        return f"{number(value, 10)} +- 0.0"
    place = place_of(value, u, digits)
    size = max(abs(value), abs(u))
    if u < 10.0**place:
        # The float of the value has no digits down there.
        return f"{number(value)} +- {number(u, digits or 2)}"
    if 1e-4 <= size < 1e6:
        return f"{fixed(value, place)} +- {fixed(u, place)}"
    exponent = floor(log10(size))
    return f"({fixed(value, place, exponent)} +- {fixed(u, place, exponent)})e{exponent}"


def place_of(value: float, u: float, digits: int | None = None) -> int:
    """Return the exponent of the last place to which both are written."""
    size = max(abs(value), abs(u))
    if not u or not isfinite(u):
        return -1
    rounded = f"{u:.{max(digits or 3, 1) - 1}e}"
    leading, exponent = rounded.split("e")
    place = int(exponent) - (digits - 1 if digits else 1 if float(leading) < 3.55 else 0)
    if digits is None and float(leading) >= 9.5:
        place = int(exponent)
    return max(place, floor(log10(size)) - MOST_DIGITS + 1)


def fixed(x: float, place: int, exponent: int = 0) -> str:
    """Return `x` in units of 10**exponent, rounded to the place 10**place."""
    from decimal import Context, Decimal

    context = Context(prec=800)
    scaled = Decimal(x).quantize(Decimal((0, (1,), place)), context=context).scaleb(-exponent, context=context)
    text = f"{scaled:f}"
    return text.lstrip("-") if not scaled else text


def at_place(x: float, place: int) -> str:
    """Return `x` rounded to the place 10**place, with an exponent where it is large or small."""
    size = abs(x)
    if not isfinite(x):
        return number(x)
    if not size or 1e-4 <= size < 1e6:
        return fixed(x, place)
    exponent = floor(log10(size))
    return f"{fixed(x, min(place, exponent), exponent)}e{exponent}"


def ordered_shares(result: Propagated) -> list[Share]:
    """Return the shares, the largest first, those of the same size in the order of the variables."""
    # An unknown share counts as 0; differences from rounding are ignored.
    return sorted(result.budget, key=lambda share: -round(share.share, 9) if share.share == share.share else 0.0)


def percent(share: float) -> str:
    """Return a share in percent, "-" where there is none."""
    return "-" if share != share else f"{100 * share:.1f}%".replace("-0.0%", "0.0%")


def budget_table(quantities: Quantities, results: Mapping[str, Propagated]) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of the budget: the largest share first, or contributions side by side."""
    if len(results) == 1:
        (result,) = results.values()
        return _budget_of_one(quantities, result)
    rows = []
    for index, name in enumerate(quantities.names):
        distribution = quantities.distributions[index]
        shares = [result.budget[index].contribution if result.budget else None for result in results.values()]
        contributions = ["-" if share is None else number(share, 4) for share in shares]
        rows.append([name, number(distribution.value, 10), number(distribution.u, 4), *contributions])
    return ["", "value", "u", *results], rows


def _budget_of_one(quantities: Quantities, result: Propagated) -> tuple[list[str], list[list[str]]]:
    found = dict(zip(quantities.names, quantities.distributions, strict=True))
    rows = []
    for share in ordered_shares(result):
        distribution = found[share.name]
        rows.append(
            [
                share.name,
                number(distribution.value, 10),
                number(distribution.u, 4),
                number(share.slope, 6),
                number(share.contribution, 4),
                percent(share.share),
            ]
        )
    return ["", "value", "u", " df/dx", "contribution", "share"], rows


def correlation_table(names: Sequence[str], matrix: Sequence[Sequence[float]]) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of the correlation matrix of several results."""
    rows = [[name, *("-" if r != r else fixed(r, -3) for r in row)] for name, row in zip(names, matrix, strict=True)]
    return ["correlation", *names], rows
