"""One name for what looks the same, as in Python."""


def normalized(name: str) -> str:
    """Return `name` in the form in which names are compared (NFKC): the micro sign µ is the letter μ."""
    if name.isascii():
        return name
    from unicodedata import normalize

    return normalize("NFKC", name)
