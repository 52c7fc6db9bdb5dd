"""Compiled functions as machine code: the same bits, and without it the same function."""

import pickle
import random
import shutil
import stat
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphs import SPECIAL_NUMBERS, random_graph_of_the_table, varying_leaves

import mgcli
from mgcli import EvaluationError
from mgcli.codegen.function import Compiled
from mgcli.codegen.function import compile as compiled

LOSS = "log(1 + exp(-a*b)) + where(a > b, sqrt(a - b), a*c)"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "mgcli" / "native"


@pytest.fixture
def compiler() -> None:
    if not (shutil.which("cc") and Path(sysconfig.get_path("include"), "Python.h").exists()):
        pytest.skip("no C compiler, or no Python.h, is installed")


def answer(function: Compiled, point: list[float]) -> object:
    try:
        return repr(function(*point))
    except EvaluationError as error:
        return str(error)


def native_graphs(source: random.Random, wanted: int) -> Iterator[tuple[Compiled, Compiled]]:
    """Yield random graphs, compiled without and with machine code."""
    while wanted:
        root = random_graph_of_the_table(source, source.randrange(4, 12))
        if varying_leaves(root):
            function = compiled(root, native=True)
            if function.native:
                wanted -= 1
                yield compiled(root), function


@pytest.mark.usefixtures("compiler")
def test_it_is_the_same_function() -> None:
    plain, native = mgcli.compile(LOSS), mgcli.compile(LOSS, native=True)
    assert (native.native, native.not_native) == (True, None)
    assert isinstance(native, Compiled)
    assert (native.variables, native.source, repr(native)) == (plain.variables, plain.source, repr(plain))
    for point in ([2.0, -3.0, 10.0], [-1.0, 2.0, 0.5], [1.0, 1.0, 1.0], [1e200, 1e200, -1e300]):
        assert answer(native, point) == answer(plain, point)
    assert native(2, -3, c=10) == plain(2.0, -3.0, 10.0)
    with pytest.raises(EvaluationError, match="overflow"):
        native(-40.0, 20.0, 1.0)
    with pytest.raises(TypeError, match="at most 3 arguments, not 4"):
        native(1.0, 2.0, 3.0, 4.0)
    with pytest.raises(TypeError, match="there is no variable d"):
        native(1.0, 2.0, d=3.0)


@pytest.mark.usefixtures("compiler")
def test_it_is_built_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = mgcli.compile("a*b", native=True)
    (module,) = cache.iterdir()
    built = module.stat().st_mtime_ns
    monkeypatch.setattr("subprocess.run", None)
    second = mgcli.compile("a*b", native=True)
    assert second.native
    assert module.stat().st_mtime_ns == built
    assert first(2.0, 3.0) == second(2.0, 3.0) == (6.0, (3.0, 2.0))
    assert stat.S_IMODE(cache.stat().st_mode) & 0o077 == 0


@pytest.mark.slow
@pytest.mark.usefixtures("compiler")
def test_it_has_the_bits_and_the_errors_of_the_graph_on_random_graphs() -> None:
    source = random.Random(5)
    for plain, native in native_graphs(source, 12):
        for _ in range(40):
            point = [source.choice([*SPECIAL_NUMBERS, source.uniform(-4, 4)]) for _ in plain.variables]
            assert answer(native, point) == answer(plain, point), (plain.source, point)


@pytest.mark.slow
@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize(
    "text",
    ["3*pi", "x**2", "a+b+c+d+e+f+g+h+i+j", "n = 2; m = n*3; m", "where(x > 0, 1, 2)"],
)
def test_functions_of_any_number_of_variables(text: str) -> None:
    plain, native = mgcli.compile(text), mgcli.compile(text, native=True)
    assert native.native, native.not_native
    point = [0.5 + index for index, _ in enumerate(plain.variables)]
    assert answer(native, point) == answer(plain, point)


@pytest.mark.slow
@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("wrt", [None, [], ["r"]])
def test_several_results(wrt: list[str] | None) -> None:
    program = mgcli.parse_program("x = r*cos(t); y = r*sin(t)")
    roots = [program.node("x"), program.node("y")]
    plain, native = mgcli.compile(roots, wrt), mgcli.compile(roots, wrt, native=True)
    assert native.native
    assert native(2.0, 0.3) == plain(2.0, 0.3)
    assert [type(part) for part in native(2.0, 0.3)] == [tuple, tuple]


@pytest.mark.slow
@pytest.mark.usefixtures("compiler")
def test_arrays_and_pickles() -> None:
    numpy = pytest.importorskip("numpy")
    native = mgcli.compile("a*b", native=True)
    value, (by_a, by_b) = native(numpy.array([1.0, 2.0]), 3.0)
    assert (value.tolist(), by_a.tolist(), by_b.tolist()) == ([3.0, 6.0], [3.0, 3.0], [1.0, 2.0])
    copy = pickle.loads(pickle.dumps(native))
    assert copy.native
    assert copy(2.0, 3.0) == (6.0, (3.0, 2.0))


# Without it


def why_not(text: str = "a*b") -> str | None:
    function = mgcli.compile(text, native=True)
    assert not function.native
    point = [2.0 for _ in function.variables]
    assert function(*point) == mgcli.compile(text)(*point)
    assert not pickle.loads(pickle.dumps(function)).native
    return function.not_native


def test_without_a_compiler_it_is_the_python_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)
    assert why_not() in {"no C compiler is installed", "Python.h is not installed"}


def test_without_the_declarations_of_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path))
    assert why_not() == "Python.h is not installed"


@pytest.mark.usefixtures("compiler")
def test_a_compiler_that_fails(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    monkeypatch.setenv("CC", "false")
    assert why_not() == "the C compiler failed: exit status 1"
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("text", ["gamma(a)", "hypot(a, b)"])
def test_what_has_other_bits_in_c_is_left_to_python(text: str) -> None:
    assert str(why_not(text)).endswith("different last bits")


def test_what_c_does_not_have_is_left_to_python() -> None:
    assert why_not("besselj(1, a)") == "C has no besselj"


def test_a_very_long_function_is_left_to_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mgcli.codegen.native.MOST_STEPS", 1_000)
    text = "+".join(f"sin({number}*a)" for number in range(1, 400))
    assert why_not(text) == "the function has more than 1,000 steps"


def test_a_cache_that_others_can_write_is_not_used(cache: Path) -> None:
    cache.mkdir(parents=True)
    cache.chmod(0o777)
    assert why_not() == f"the cache {cache} can be written by others"


def test_a_cache_that_cannot_be_made(cache: Path) -> None:
    cache.parent.write_text("")
    assert why_not() == f"the cache {cache} cannot be used: Not a directory"
