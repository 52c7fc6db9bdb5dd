"""`mgcli.functions`: what an editor and a type checker know of it is what the table holds.

The stub is rewritten by `python -m pytest tests/test_functions.py --update`.
"""

import builtins
import subprocess
import sys
from inspect import cleandoc
from inspect import signature as signature_of
from pathlib import Path

import pytest

import mgcli
from mgcli import functions
from mgcli.graph.operation import Operation
from mgcli.graph.table import CONSTANTS, FUNCTIONS, OPERATIONS, OVERLOADS

STUB = Path(mgcli.__file__).with_name("functions.pyi")
HEAD = '''\
"""The operations of the table as functions of `Value` and numbers: `from mgcli.functions import hypot`."""

from mgcli.graph.value import Value

'''


def signature(name: str, operation: Operation) -> str:
    operands = [f"{operand}: Value | float" for operand in operation.operands]
    if operation.is_variadic:
        return f"def {name}({', '.join(operands)}, /, *others: Value | float) -> Value: ..."
    longer = OVERLOADS.get((name, operation.arity + 1))
    operands += [f"{longer.operands[-1]}: Value | float = ..."] if longer else []
    return f"def {name}({', '.join(operands)}, /) -> Value: ..."


def stub() -> str:
    """Return the text of the stub."""
    public = [name for name in sorted(FUNCTIONS) if not hasattr(builtins, name)]
    others = {
        name: operation for name, operation in OPERATIONS.items() if name.isidentifier() and name not in FUNCTIONS
    }
    lines = [signature(name, operation) for name, operation in sorted({**FUNCTIONS, **others}.items())]
    constants = [f"{name}: Value" for name in sorted(CONSTANTS)]
    listed = "\n".join(f'    "{name}",' for name in public)
    return "\n".join([HEAD, *constants, "", *lines, "", "__all__ = [", listed, "]", ""])


def test_the_stub_is_what_the_table_says(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--update"):
        STUB.write_text(stub(), encoding="utf-8")
        subprocess.run([sys.executable, "-m", "ruff", "format", str(STUB)], check=True)
    assert sorted(STUB.read_text(encoding="utf-8").split()) == sorted(stub().split())


def test_importing_everything_hides_no_name_of_python() -> None:
    assert sorted(functions.__all__) == [name for name in sorted(FUNCTIONS) if not hasattr(builtins, name)]
    space: dict[str, object] = {}
    exec("from mgcli.functions import *", space)
    assert {"sin", "hypot", "sigmoid"} < set(space)
    assert "max" not in space


def test_an_editor_finds_every_function_with_its_operands_and_description() -> None:
    for name, operation in FUNCTIONS.items():
        function = getattr(functions, name)
        assert name in dir(functions)
        assert cleandoc(function.__doc__).endswith(f"{operation.description}.")


@pytest.mark.slow
def test_a_type_checker_knows_the_functions(tmp_path: Path) -> None:
    module = tmp_path / "uses.py"
    lines = [
        "from mgcli import Value",
        "from mgcli.functions import hypot, sin",
        "import mgcli.functions as m",
        "a: Value = hypot(sin(1.0), Value(2.0), m.max(1, 2, m.log(8, 2)))",
        "sin(1.0, 2.0)",
        "m.sinn(1.0)",
        "Value(1.0).tnah()",
    ]
    module.write_text("\n".join(lines))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(module)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    wrong = [line.split(":")[1] for line in done.stdout.splitlines() if ": error: " in line]
    assert wrong == ["5", "6", "7"], done.stdout + done.stderr


def test_help_and_a_notebook_show_the_operands() -> None:
    shown = {name: str(signature_of(getattr(functions, name))) for name in ("sin", "log", "max", "where")}
    assert shown == {
        "sin": "(x, /)",
        "log": "(x, y=None, /)",
        "max": "(x, y, /, *others)",
        "where": "(condition, p, q, /)",
    }
