"""What a name that is not known was most likely meant to be: the nearest known one, or several in a row."""

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


def apart(name: str, known: Iterable[str]) -> list[str]:
    """Return the names of `known`, the fewest, that make `name` in a row; none where there is no such way."""
    pieces = [piece for piece in known if piece in name]
    reached: list[tuple[int, str]] = [(0, ""), *[(len(name) + 1, "")] * len(name)]
    for start, (steps, _) in enumerate(reached):
        for piece in pieces if steps <= start else ():
            end = start + len(piece)
            if name.startswith(piece, start) and reached[end][0] > steps + 1:
                reached[end] = steps + 1, piece
    way: list[str] = []
    end = len(name)
    while piece := reached[end][1]:
        way.append(piece)
        end -= len(piece)
    return way[::-1]
