"""The engines of `mg table`: polars on this machine, and Spark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mgcli.cli.tables import tasks_watched, watched
from mgcli.errors import EngineError

if TYPE_CHECKING:
    from mgcli.tables.plan import Plan, Report


class Local:
    """The processors of this machine."""

    def open(self, path: str, out: str) -> Any:
        """Return the table at `path`, which is not to be written to `out`. Raises what `tables.local` does."""
        try:
            from mgcli.tables import local
        except ModuleNotFoundError as error:
            hint = "install it: python -m pip install polars numpy"
            raise EngineError(f"mg table needs {error.name}, which is not installed", hint=hint) from None
        source: Any = click.get_current_context().with_resource(local.open_source(path))
        local.refuse_out(source, out)
        return source

    def run(self, source: Any, plan: Plan, out: str) -> Report:
        """Write the table with what the plan adds."""
        from mgcli.tables import local

        return local.run(source, plan, out, watched)


class Spark:
    """A cluster: that of the server at `remote`, or of spark-submit."""

    def __init__(self, remote: str | None) -> None:
        self._remote = remote

    def open(self, path: str, out: str) -> Any:
        """Return the table at `path`. Raises what `tables.spark_files` does."""
        try:
            from mgcli.tables import spark_files

            self._session = spark_files.open_session(self._remote)
        except ModuleNotFoundError as error:
            missing = str(error.name).partition(".")[0]
            hint = f"install it: python -m pip install {'pyspark-client' if missing == 'pyspark' else missing}"
            raise EngineError(f"--engine spark needs {missing}, which is not installed", hint=hint) from None
        click.get_current_context().call_on_close(self._session.stop)
        return spark_files.open_source(self._session, path)

    def run(self, source: Any, plan: Plan, out: str) -> Report:
        """Write the table with what the plan adds to a folder."""
        from mgcli.tables import spark_files

        with tasks_watched(self._session):
            return spark_files.run(source, plan, out)


def engine_of(name: str, remote: str | None, path: str, out: str) -> Local | Spark:
    """Return the engine of that name. Raises click.UsageError where it cannot read `path` or write `out`."""
    if name == "local":
        if remote is not None:
            raise click.UsageError("--remote is the address of a Spark server\nhint: add --engine spark")
        return Local()
    if path == "-":
        raise click.UsageError("Spark does not read standard input\nhint: name a file or a folder of the cluster")
    if out == "-":
        raise click.UsageError("Spark writes a folder, not standard output\nhint: add --out FOLDER")
    return Spark(remote)
