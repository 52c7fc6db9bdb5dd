"""Tests of many rows that take less time than a test of its own would."""

from collections.abc import Callable, Iterable
from inspect import signature

import pytest

Test = Callable[..., None]


def rows(names: str | tuple[str, ...], values: Iterable[object]) -> Callable[[Test], Test]:
    """Make one test of a function that tests a row, as `pytest.mark.parametrize` makes many.

    Every row is run, and a failure says which of them failed. They share their fixtures.
    """

    def decorate(test: Test) -> Test:
        given = (names,) if isinstance(names, str) else names
        each = list(values)
        assert each

        def joined(**fixtures: object) -> None:
            failed: list[tuple[object, BaseException]] = []
            for row in each:
                try:
                    test(**dict(zip(given, (row,) if isinstance(names, str) else row, strict=True)), **fixtures)  # type: ignore[call-overload]
                except (Exception, pytest.fail.Exception) as error:
                    failed.append((row, error))
            if failed:
                shown = "\n\n".join(f"{row!r}: {type(error).__name__}: {error}" for row, error in failed)
                raise AssertionError(f"rows that fail: {len(failed)}\n\n{shown}") from failed[0][1]

        joined.__name__, joined.__doc__, joined.__module__ = test.__name__, test.__doc__, test.__module__
        joined.pytestmark = getattr(test, "pytestmark", [])  # type: ignore[attr-defined]
        fixtures = [parameter for name, parameter in signature(test).parameters.items() if name not in given]
        joined.__signature__ = signature(test).replace(parameters=fixtures)  # type: ignore[attr-defined]
        return joined

    return decorate
