"""The public names of the package."""

import re
import subprocess
import sys
from pathlib import Path
from pkgutil import walk_packages

import mgcli


def test_each_public_name_is_there() -> None:
    for name in mgcli.__all__:
        assert getattr(mgcli, name).__name__ == name
        assert name in dir(mgcli)


def test_importing_a_module_does_not_replace_a_public_name() -> None:
    modules = {module.name for module in walk_packages(mgcli.__path__)}
    assert modules & set(mgcli.__all__) == set()


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(mgcli, "nothing")


def test_the_package_loads_nothing_before_it_is_used() -> None:
    loaded = "import sys, mgcli; print(sorted(name for name in sys.modules if name.startswith('mgcli')))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout == "['mgcli']\n"


def test_a_public_module_needs_no_import_of_its_own() -> None:
    modules = (
        "import mgcli; print(mgcli.functions.sin(0.0).data, mgcli.errors.MgError.__name__, 'tables' in dir(mgcli))"
    )
    done = subprocess.run([sys.executable, "-c", modules], capture_output=True, text=True, check=True)
    assert done.stdout == "0.0 MgError True\n"


def test_every_module_says_what_it_is() -> None:
    for path in Path(mgcli.__file__).parent.rglob("*.py"):
        assert re.match(r'r?"""[^"\s]', path.read_text(encoding="utf-8")), path
