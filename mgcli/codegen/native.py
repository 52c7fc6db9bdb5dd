"""Straight-line code as machine code: its C, built once into an extension module by the installed compiler.

Nothing depends on it: without a compiler, or where C would give different bits, the error says why.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from hashlib import sha256
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

from mgcli.codegen.draft import MOST_ARGUMENTS, Request
from mgcli.codegen.language import NoFormError
from mgcli.codegen.straight_line import Code

MOST_STEPS = 5_000
"""The maximum number of steps and results: compiling so many takes seconds, and more takes much longer."""

OTHER_BITS = {"gamma", "lgamma", "digamma", "polygamma", "hypot"}
"""The functions that C computes as accurately as mg, but not to the same last bit."""

FLAGS = ("-O2", "-ffp-contract=off", "-fPIC", "-shared")

NAME = "mg_native"

Function = Callable[..., Any]

_MODULE = """\
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "function.h"

static PyObject *row(const double *numbers, Py_ssize_t count)
{
    PyObject *found = PyTuple_New(count);
    Py_ssize_t i;
    for (i = 0; found && i < count; i++) {
        PyObject *number = PyFloat_FromDouble(numbers[i]);
        if (!number) {
            Py_DECREF(found);
            return NULL;
        }
        PyTuple_SET_ITEM(found, i, number);
    }
    return found;
}

static PyObject *rows(const double *numbers, Py_ssize_t count, Py_ssize_t width)
{
    PyObject *found = PyTuple_New(count);
    Py_ssize_t i;
    for (i = 0; found && i < count; i++) {
        PyObject *each = row(numbers + i*width, width);
        if (!each) {
            Py_DECREF(found);
            return NULL;
        }
        PyTuple_SET_ITEM(found, i, each);
    }
    return found;
}

/* Where an argument is not a float, or something is not defined, it returns what `otherwise` does. */
static PyObject *call(PyObject *otherwise, PyObject *const *given, Py_ssize_t count, PyObject *names)
{
    double inputs[ARGUMENTS + 1], values[RESULTS], slopes[RESULTS*WIDTH + 1];
    PyObject *first, *second, *answer;
    Py_ssize_t i;
    if (count != ARGUMENTS || names)
        return PyObject_Vectorcall(otherwise, given, count, names);
    for (i = 0; i < ARGUMENTS; i++) {
        if (!PyFloat_CheckExact(given[i]))
            return PyObject_Vectorcall(otherwise, given, count, names);
        inputs[i] = PyFloat_AS_DOUBLE(given[i]);
    }
    if (FUNCTION)
        return PyObject_Vectorcall(otherwise, given, count, names);
    first = SEVERAL ? row(values, RESULTS) : PyFloat_FromDouble(values[0]);
    second = SEVERAL ? rows(slopes, RESULTS, WIDTH) : row(slopes, WIDTH);
    answer = first && second ? PyTuple_Pack(2, first, second) : NULL;
    Py_XDECREF(first);
    Py_XDECREF(second);
    return answer;
}

static PyMethodDef function_definition = {
    "function", (PyCFunction)(void (*)(void))call, METH_FASTCALL | METH_KEYWORDS, NULL
};

static PyObject *before(PyObject *self, PyObject *otherwise)
{
    return PyCFunction_New(&function_definition, otherwise);
}

static PyMethodDef methods[] = {{"before", before, METH_O, NULL}, {NULL}};

static PyModuleDef_Slot slots[] = {
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL}
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "mg_native", NULL, 0, methods, slots};

PyMODINIT_FUNC PyInit_mg_native(void)
{
    return PyModuleDef_Init(&module);
}
"""


class NotNativeError(Exception):
    """Code that is not built: the message says why, for a user."""


def machine_code(code: Code, otherwise: Function, *, several: bool) -> Function:
    """Return the function that `code` describes, built now or earlier, as machine code for floats.

    Where an argument is not a float, or something is not defined, it returns what `otherwise` does. Raises
    NotNativeError where that is not possible.
    """
    sources = _sources(code, several)
    folder = _cache_folder()
    compiler, include = _compiler()
    command = [*compiler, *FLAGS, *(["-undefined", "dynamic_lookup"] if sys.platform == "darwin" else [])]
    key = "\0".join([sys.version, str(sysconfig.get_config_var("EXT_SUFFIX")), *command, *sources.values()])
    module = folder / f"{sha256(key.encode()).hexdigest()}.so"
    if not module.exists():
        _build(sources, [*command, f"-I{include}"], module)
    try:
        loader = ExtensionFileLoader(NAME, str(module))
        spec = spec_from_loader(NAME, loader)
        assert spec
        loaded = module_from_spec(spec)
        loader.exec_module(loaded)
    except (ImportError, OSError) as error:
        raise NotNativeError(f"the module that was built cannot be loaded: {error}") from None
    function: Function = loaded.before(otherwise)
    return function


def _sources(code: Code, several: bool) -> dict[str, str]:
    """Return the files that the module is made of: the function, its declaration, and what Python calls."""
    from mgcli.codegen.languages import c

    width = len(code.derivatives[0])
    if len(code.steps) + len(code.values) * (1 + width) > MOST_STEPS:
        raise NotNativeError(f"the function has more than {MOST_STEPS:,} steps")
    for step in code.steps:
        if step.function in OTHER_BITS:
            raise NotNativeError(f"C gives {step.function} different last bits")
    results = [f"v{index}" for index in range(len(code.values))] if several else []
    request = Request("function", "compiled by mgcli", code, [f"x{index}" for index in range(width)], results)
    try:
        function, declaration = c.source(request), c.header(request)
    except NoFormError as error:
        raise NotNativeError(str(error)) from None
    return {"function.c": function, "function.h": declaration, "module.c": _definitions(request, several) + _MODULE}


def _definitions(request: Request, several: bool) -> str:
    """Return the sizes, and how the function is called."""
    count = len(request.code.arguments)
    numbers = ["inputs"] if count > MOST_ARGUMENTS else [f"inputs[{index}]" for index in range(count)]
    width = len(request.wrt)
    matrix = [f"(double (*)[{width}])slopes" if several else "slopes"] if width else []
    sizes = {"ARGUMENTS": count, "RESULTS": len(request.code.values), "WIDTH": width, "SEVERAL": int(several)}
    lines = [f"#define {name} {size}" for name, size in sizes.items()]
    call = ", ".join([*numbers, "values", *matrix])
    return "\n".join([*lines, f"#define FUNCTION function({call})"]) + "\n"


def _compiler() -> tuple[list[str], Path]:
    """Return the command of the C compiler, and the folder of Python's declarations."""
    include = Path(sysconfig.get_path("include"))
    if not (include / "Python.h").exists():
        raise NotNativeError("Python.h is not installed")
    for name in (os.environ.get("CC"), "cc", "gcc", "clang"):
        words = name.split() if name else []
        if words and shutil.which(words[0]):
            return words, include
    raise NotNativeError("no C compiler is installed")


def _cache_folder() -> Path:
    """Return the user's folder for what is built, to which nobody else may write."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", ""))
    folder = (cache if cache.is_absolute() else Path.home() / ".cache") / "mgcli" / "native"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.stat()
    except OSError as error:
        raise NotNativeError(f"the cache {folder} cannot be used: {error.strerror}") from None
    owned = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    if not owned or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise NotNativeError(f"the cache {folder} can be written by others")
    return folder


def _build(sources: dict[str, str], command: list[str], module: Path) -> None:
    """Build the module beside its place and move it there, so that it is complete whenever it is there."""
    try:
        with tempfile.TemporaryDirectory(dir=module.parent) as work:
            for name, text in sources.items():
                Path(work, name).write_text(text, encoding="utf-8")
            built = Path(work, module.name)
            inputs = [str(Path(work, name)) for name in sources if name.endswith(".c")]
            done = subprocess.run(
                [*command, *inputs, "-o", str(built), "-lm"], capture_output=True, text=True, check=False
            )
            if done.returncode:
                first = next(iter(done.stderr.splitlines()), f"exit status {done.returncode}")
                raise NotNativeError(f"the C compiler failed: {first}")
            built.replace(module)
    except OSError as error:
        raise NotNativeError(f"nothing can be built in {module.parent}: {error.strerror}") from None
