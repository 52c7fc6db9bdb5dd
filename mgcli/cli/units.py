"""Values typed with a unit or an SI prefix, such as 5 V, 2.2k or 12+-0.1 kΩ: mg has no units."""

from __future__ import annotations

import re

_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_LONGEST = 100
"""The longest text that is looked at: in a long one, the parts of the pattern fit in very many ways."""

_PLUS_MINUS = r"\+/-|\+-|±"
_WITH_UNIT = re.compile(
    rf"\s*(?P<middle>{_NUMBER}(?:\([0-9.]+\))?)\s*(?:(?P<first>[^\W\d_]*)\s*(?P<sign>{_PLUS_MINUS})\s*(?P<u>{_NUMBER}))?"
    r"\s*(?P<unit>[^\W\d]+)(?P<compound>(?:[*/^][\w-]+)*)\s*"
)

PREFIXES = {"T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "d": -1, "c": -2, "m": -3, "u": -6, "µ": -6, "μ": -6, "n": -9,
            "p": -12}  # fmt: skip
"""The SI prefixes in use, each with its power of ten. The second mu is the Greek letter."""

UNITS = frozenset(
    {"A", "C", "F", "H", "Hz", "J", "K", "L", "N", "Ohm", "Pa", "T", "V", "W", "bar", "eV", "g", "l", "m", "ohm", "s"}
    | {"\N{GREEK CAPITAL LETTER OMEGA}", "\N{OHM SIGN}"}
)
"""Units that take a prefix."""

_WITHOUT_FACTOR = UNITS | {"h", "d", "kg"}
"""What is read as a unit rather than as a prefix, or one with it."""

_NOT_UNITS = frozenset({*"eEij", "deg", "degrees"})
"""What has a hint of its own after a number."""


def without_unit(text: str) -> str | None:
    """Return a value as it is written without its unit: 5 for 5V, 2.2e3 for 2.2k; None where it has none."""
    from mgcli.graph.table import CONSTANTS, FUNCTIONS, LETTERS

    found = _WITH_UNIT.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or (unit := found["unit"]) in {*CONSTANTS, *LETTERS, *FUNCTIONS, *_NOT_UNITS}:
        return None
    if found["first"] not in (None, "", unit):
        return None
    power = 0 if found["compound"] else _power(unit)
    middle, sign, uncertainty = found["middle"], found["sign"], found["u"]
    if sign:
        return f"({middle}{sign}{uncertainty})e{power}" if power else f"{middle}{sign}{uncertainty}"
    if not power:
        return middle
    return f"{middle}*1e{power}" if "e" in middle.lower() else f"{middle}e{power}"


def _power(unit: str) -> int:
    """Return the power of ten of the prefix of a unit, or of a prefix alone."""
    if unit in _WITHOUT_FACTOR:
        return 0
    return PREFIXES.get(unit[0], 0) if unit[1:] in UNITS or not unit[1:] else 0
