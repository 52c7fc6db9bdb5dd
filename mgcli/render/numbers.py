"""Numbers as text, for tables that people read."""

from __future__ import annotations

from math import isfinite


def number(value: float, digits: int | None = None) -> str:
    """Return `value` with the fewest digits that read back as the same float, or rounded to `digits`."""
    if digits is None:
        return repr(float(value))
    rounded = f"{value:.{digits}g}"
    # The largest floats may round up to infinity.
    return repr(float(rounded)) if isfinite(float(rounded)) else rounded
