"""Names: when two are the same, and which known name an unknown one was probably meant to be."""

from collections.abc import Iterable

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_DIGITS = SUPERSCRIPTS[:10]

NAME = rf"[^\W\d{_DIGITS}][^\W{_DIGITS}]*"
"""The regular expression of a name, as the grammar has it: a raised digit ends one."""


def normalized(name: str) -> str:
    """Return `name` in the form in which names are compared (NFKC): the micro sign µ is the letter μ."""
    if name.isascii():
        return name
    from unicodedata import normalize

    return normalize("NFKC", name)


def ascii_exponent(raised: str) -> str:
    """Return digits and signs that are raised, ⁻¹², as ordinary ones."""
    return raised.translate(str.maketrans(SUPERSCRIPTS, "0123456789+-"))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that `name` was probably meant to be, None if none is close."""
    from difflib import get_close_matches

    candidates = list(known)
    same_letters = [candidate for candidate in candidates if candidate.lower() == name.lower() and candidate != name]
    matches = same_letters or get_close_matches(name, candidates, n=1, cutoff=0.6)
    return matches[0] if matches else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the hint for a `name` that is not in `known`: the nearest one, or all of them."""
    candidates = list(known)
    if near := nearest(name, candidates):
        return f"did you mean {near}?"
    return f"it has {', '.join(candidates)}" if candidates else "it has no variables"


def nearest_option(name: str, options: Iterable[str]) -> str | None:
    """Return the one of `options` that `name`, with or without its dashes, was probably meant to be."""
    known = {option.lstrip("-"): option for option in options}
    name = name.lstrip("-")
    begun = [option for word, option in known.items() if len(name) == 1 and word.startswith(name.lower())]
    return begun[0] if len(begun) == 1 else known.get(nearest(name, known) or "")
