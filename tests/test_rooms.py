"""The architecture: imports run down the list of rooms, and nothing imports in a circle."""

import ast
from functools import cache
from pathlib import Path
from typing import Any

from rows import rows

import mgcli

PACKAGE = Path(mgcli.__file__).parent

LOW = {"graph", "functions", "notation"}
MIDDLE = LOW | {"simplify", "codegen", "language", "calculus"}

# What each room may import beside itself; `errors` may be imported by all.
ALLOWED = {
    "errors": set(),
    "graph": {"errors"},
    "functions": {"graph"},
    "notation": {"graph"},
    "simplify": {"graph"},
    "codegen": {"graph"},
    "language": LOW,
    "calculus": LOW | {"simplify"},
    "analysis": MIDDLE,
    "render": MIDDLE | {"analysis"},
    "tables": MIDDLE | {"analysis", "render"},
    "library": MIDDLE | {"analysis", "render"},
    "cli": MIDDLE | {"analysis", "render", "tables"},
    "__main__": {"cli"},
}


def modules() -> Any:
    """Return each module of the package by its name, without `mgcli.`, and its path."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        found[name] = path
    return found


MODULES = modules()


def imported(path: Any) -> Any:
    """Return the modules of the package that a file imports, those inside functions included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    inside = set()
    for name in names:
        parts = name.split(".")
        if parts[0] != "mgcli":
            continue
        known = next(
            (".".join(parts[1:end]) for end in (len(parts), len(parts) - 1) if ".".join(parts[1:end]) in MODULES),
            "__init__",
        )
        inside.add(known)
    return inside


@cache
def imports() -> dict[str, set[str]]:
    """Return what each module imports."""
    return {name: imported(path) for name, path in MODULES.items()}


@rows("module", [name for name in MODULES if name != "__init__"])
def test_imports_run_down_the_rooms(module: str) -> None:
    room = module.split(".", maxsplit=1)[0]
    allowed = ALLOWED[room] | {room, "errors"}
    for other in imports()[module]:
        # The version is a fact about the whole.
        if other == "__init__" and room == "cli":
            continue
        assert other.split(".")[0] in allowed, f"{module} imports {other}"


def test_every_room_has_a_charter() -> None:
    rooms = [name for name, path in MODULES.items() if path.name == "__init__.py" and name != "__init__"]
    assert {name.split(".")[0] for name in rooms} == {
        "analysis",
        "calculus",
        "cli",
        "codegen",
        "graph",
        "language",
        "notation",
        "render",
        "simplify",
        "tables",
    }
    for name in rooms:
        assert ast.get_docstring(ast.parse(MODULES[name].read_text(encoding="utf-8"))), name


def test_no_modules_import_each_other_in_a_circle() -> None:
    left = {name: known - {name} for name, known in imports().items()}
    # What imports nothing that is left is in no circle, nor is what nothing left imports.
    while ends := {name for name in left if not left[name] & left.keys()} | (left.keys() - set().union(*left.values())):
        left = {name: known for name, known in left.items() if name not in ends}
    assert not left, f"a circle among {sorted(left)}"
