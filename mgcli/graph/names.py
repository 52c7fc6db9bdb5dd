"""Names: when two are the same, and which known name an unknown one was probably meant to be."""

from collections.abc import Iterable

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_DIGITS = SUPERSCRIPTS[:10]

NAME = rf"(?!\d)[^\W{_DIGITS}]+"
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


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the one of `known` that `name` was probably meant to be, None if none is close.

    cutoff: how similar they have to be, as in `difflib`: 0 is not at all, 1 is equal.
    """
    from difflib import get_close_matches

    candidates = list(known)
    same_letters = [candidate for candidate in candidates if candidate.lower() == name.lower() and candidate != name]
    matches = same_letters or get_close_matches(name, candidates, n=1, cutoff=cutoff)
    return matches[0] if matches else None


def misspelled(name: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that `name` is but for capitals, underscores or one typing mistake; None if none is.

    A mistake is a letter too many, too few, wrong, or two that changed places. Short names have no mistakes.
    """
    candidates = list(known)
    plain = name.replace("_", "").lower()
    for candidate in candidates:
        if candidate != name and candidate.replace("_", "").lower() == plain:
            return candidate
    if len(name) < 4:
        return None
    near = [candidate for candidate in candidates if _is_one_mistake(plain, candidate.lower())]
    return min(near, key=lambda candidate: sorted(candidate.lower()) != sorted(plain), default=None)


def _is_one_mistake(name: str, known: str) -> bool:
    if name[0] != known[0] or abs(len(name) - len(known)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(name, known, strict=False)) if a != b), min(len(name), len(known)))
    rest, other = name[start:], known[start:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return other in (rest[1:], swapped) or other[1:] in (rest, rest[1:])


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the hint for a `name` that is not in `known`: the nearest one, or all of them."""
    candidates = list(known)
    if near := nearest(name, candidates):
        return f"did you mean {near}?"
    return f"it has {', '.join(candidates)}" if candidates else "it has no variables"
