"""Put the tables of the grammar into a wheel, so that the command needs no Lark to start."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GrammarTables(BuildHookInterface[Any]):
    """Make `mgcli/grammars/expression.json` of `grammars/expression.lark`; an editable install goes without."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the tables to the files of the wheel."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from mgcli.language.grammar import tables

        grammar = Path(self.root, "grammars", "expression.lark").read_text(encoding="utf-8")
        self.folder = tempfile.TemporaryDirectory()
        made = Path(self.folder.name, "expression.json")
        made.write_text(json.dumps(tables(grammar)), encoding="utf-8")
        build_data["force_include"][str(made)] = "mgcli/grammars/expression.json"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take the temporary file away."""
        if version != "editable":
            self.folder.cleanup()
