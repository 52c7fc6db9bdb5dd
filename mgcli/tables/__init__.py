"""Tables: a program for every row of a file, by engines that read, write and distribute the rows.

The mathematics is that of `mgcli.analysis.tables` in every engine.
"""

# Type checkers take it as true.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from mgcli.tables.spark import Counts, Totals, add_columns

__all__ = ["Counts", "Totals", "add_columns"]


def __getattr__(name: str) -> object:
    """Load the engine of Spark when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mgcli.tables import spark

    return getattr(spark, name)
