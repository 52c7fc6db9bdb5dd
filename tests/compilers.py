"""Functions that mg wrote, run in their language: all in one file, compiled once, in one process."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

Answer = list[float] | None
"""What a function returned: its values and derivatives in order, None where it refused."""


class Case(NamedTuple):
    """A source with the function `name`, the number of its results, and the points at which it is called."""

    name: str
    source: str
    results: int
    points: Sequence[Sequence[float]]


def tool(name: str, *elsewhere: Path) -> str:
    """Return the path of a compiler; skip the test where it is not installed."""
    found = shutil.which(name) or next((str(path) for path in elsewhere if path.exists()), None)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def _output(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[:4000] + done.stdout[:1000]
    assert not done.stderr, done.stderr[:4000]
    return done.stdout


def _number(bits: str) -> float:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    return float(number)


def _bits(number: float) -> str:
    return struct.pack(">d", number).hex()


def _answers(printed: str, cases: Sequence[Case]) -> list[list[Answer]]:
    lines = iter(printed.splitlines())
    return [[_answer(next(lines)) for _ in case.points] for case in cases]


def _answer(line: str) -> Answer:
    return None if line == "refused" else [*map(_number, line.split())]


C_FLAGS = ("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O2", "-ffp-contract=off")


def run_c(cases: Sequence[Case], folder: Path) -> list[list[Answer]]:
    """Return the answers of functions of C with a value and a gradient."""
    compiler = tool("gcc")
    calls = []
    for case in cases:
        # C has no empty array.
        rows = [", ".join(f"0x{_bits(number)}" for number in [*point, 0.0]) for point in case.points]
        points = ", ".join(f"{{{row}}}" for row in rows)
        arity = len(case.points[0])
        arguments = "".join(f"number(p[{index}]), " for index in range(arity)) if arity <= 8 else "inputs, "
        gradient = ", gradient" if case.results > 1 else ""
        calls.append(
            f"{{ static const unsigned long long points[][{arity + 1}] = {{{points}}};\n"
            f"for (int i = 0; i < {len(case.points)}; i++) {{\n"
            f"const unsigned long long *p = points[i]; double inputs[{arity + 1}], value = 0.0, gradient[64];\n"
            f"for (int j = 0; j < {arity}; j++) inputs[j] = number(p[j]);\n(void)inputs; (void)p;\n"
            f"const int status = {case.name}({arguments}&value{gradient});\n"
            f"show(status, value, gradient, {case.results - 1}); }} }}"
        )
    main = """
#include <stdio.h>
#include <string.h>
static double number(unsigned long long bits) { double x; memcpy(&x, &bits, 8); return x; }
static void print(double x) { unsigned long long bits; memcpy(&bits, &x, 8); printf("%016llx ", bits); }
static void show(int status, double value, const double *gradient, int count)
{
    if (status) { puts("refused"); return; }
    print(value);
    for (int i = 0; i < count; i++) print(gradient[i]);
    puts("");
}
"""
    source = folder / "all.c"
    functions = "\n".join(case.source for case in cases)
    source.write_text(f"{functions}\n{main}\nint main(void)\n{{\n" + "\n".join(calls) + "\nreturn 0;\n}\n")
    program = folder / "all"
    _output(compiler, *C_FLAGS, source, "-o", program, "-lm")
    return _answers(_output(program), cases)


def run_javascript(cases: Sequence[Case], folder: Path) -> list[list[Answer]]:
    """Return the answers of functions of JavaScript with a value and a gradient."""
    node = tool("node")
    source = folder / "all.mjs"
    points = [[[_bits(number) for number in point] for point in case.points] for case in cases]
    calls = "\n".join(f"show({case.name}, {each});" for case, each in zip(cases, points, strict=True))
    main = """
const view = new DataView(new ArrayBuffer(8));
function number(bits) { view.setBigUint64(0, BigInt("0x" + bits)); return view.getFloat64(0); }
function bits(number) { view.setFloat64(0, number); return view.getBigUint64(0).toString(16).padStart(16, "0"); }
function show(f, points) {
  for (const point of points) {
    const found = f(...point.map(number));
    console.log(found === null ? "refused" : [found.value, ...found.gradient].map(bits).join(" "));
  }
}
"""
    source.write_text("\n".join(case.source for case in cases) + main + calls)
    _output(node, "--check", source)
    return _answers(_output(node, source), cases)


def run_rust(cases: Sequence[Case], folder: Path) -> list[list[Answer]]:
    """Return the answers of functions of Rust with a value and a gradient."""
    compiler = tool("rustc", Path.home() / ".cargo/bin/rustc")
    calls = []
    for case in cases:
        arity = len(case.points[0])
        points = ", ".join(f"[{', '.join(f'0x{_bits(number)}' for number in point)}]" for point in case.points)
        arguments = ", ".join(f"f64::from_bits(p[{index}])" for index in range(arity))
        called = f"{case.name}({arguments})" if arity <= 8 else f"{case.name}(&p.map(f64::from_bits))"
        calls.append(
            f"for p in [{points}] as [[u64; {arity}]; {len(case.points)}] {{ let _ = p;\n"
            f"show({called}.map(|(value, gradient)| [&[value][..], &gradient[..]].concat())); }}"
        )
    main = """
fn show(found: Option<Vec<f64>>) {
    match found {
        None => println!("refused"),
        Some(numbers) => {
            let bits: Vec<String> = numbers.iter().map(|number| format!("{:016x}", number.to_bits())).collect();
            println!("{}", bits.join(" "));
        }
    }
}
"""
    source = folder / "all.rs"
    functions = "\n".join(case.source for case in cases)
    source.write_text(f"{functions}\n{main}\nfn main() {{\n" + "\n".join(calls) + "\n}\n")
    program = folder / "all"
    _output(compiler, "--edition", "2021", "-D", "warnings", "-O", source, "-o", program)
    return _answers(_output(program), cases)


def run_python(cases: Sequence[Case], folder: Path) -> list[list[Answer]]:
    """Return the answers of functions of Python with a value and a gradient."""
    return [[_called(case, point) for point in case.points] for case in cases]


def _called(case: Case, point: Sequence[float]) -> Answer:
    try:
        value, gradient = loaded(case)(*point)
    except ValueError:
        return None
    return [value, *gradient]


def loaded(case: Case) -> Callable[..., Any]:
    """Return the function of a source in Python."""
    namespace: dict[str, Any] = {}
    exec(compile(case.source, f"<{case.name}>", "exec"), namespace)
    function: Callable[..., Any] = namespace[case.name]
    return function


RUN = {"c": run_c, "rust": run_rust, "javascript": run_javascript, "python": run_python}
"""What compiles and runs the functions of each language."""


def compile_only(language: str, text: str, folder: Path) -> None:
    """Check a file of functions with the compiler, or the linter, of its language."""
    source = folder / f"all.{ {'c': 'c', 'rust': 'rs', 'javascript': 'mjs'}.get(language, 'py') }"
    source.write_text(text, encoding="utf-8")
    if language == "c":
        _output(tool("gcc"), *C_FLAGS, "-c", source, "-o", folder / "all.o")
    elif language == "rust":
        compiler = tool("rustc", Path.home() / ".cargo/bin/rustc")
        library = folder / "all.rlib"
        _output(compiler, "--edition", "2021", "-D", "warnings", "--crate-type", "lib", source, "-o", library)
    elif language == "javascript":
        _output(tool("node"), "--check", source)
    else:
        compile(text, str(source), "exec")
        # Each function has its imports where it begins: a file of many is no style to check.
        ruff = tool("ruff", Path(sys.executable).with_name("ruff"))
        _output(ruff, "check", "--quiet", "--isolated", "--ignore", "E402,F811", source)
