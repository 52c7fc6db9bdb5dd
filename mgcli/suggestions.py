"""The nearest known name to one that is not known."""

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that `name` was most likely meant to be, None where none is near."""
    from difflib import get_close_matches

    candidates = list(known)
    same_letters = [candidate for candidate in candidates if candidate.lower() == name.lower() and candidate != name]
    matches = same_letters or get_close_matches(name, candidates, n=1, cutoff=0.6)
    return matches[0] if matches else None


def nearest_option(name: str, options: Iterable[str]) -> str | None:
    """Return the one of `options` that `name`, with or without its dashes, was most likely meant to be."""
    known = {option.lstrip("-"): option for option in options}
    return known.get(nearest(name.lstrip("-"), known) or "")
