"""Numbers and names in the text of a table, as every engine reads them."""

from __future__ import annotations

import csv
import re

SPACES = " \t\r\u00a0"
"""The characters that may surround a number."""

EXACT = 2**53
"""Up to here every whole number is a float."""

SEPARATORS = ",;\t"
"""The characters that may separate cells."""


def separator_of(header: str) -> str:
    """Return the separator that is most frequent in the first line, outside quotes."""
    outside = re.sub(r'"[^"]*"', "", header)
    return max(SEPARATORS, key=outside.count)


def cells_of_line(line: str, separator: str) -> list[str]:
    """Return the cells of a line."""
    return next(csv.reader([line], delimiter=separator))
