"""Every hint, followed to the letter, leads to a line that works; where nothing is known, there is no hint."""

import shlex
from typing import Any

import pytest
from running import Run

from mgcli import ExpressionError, parse_program
from mgcli.cli.hints import HINTS
from mgcli.cli.mistakes import MISTAKES
from mgcli.graph.table import FUNCTIONS
from mgcli.language.remedies import INSTEAD_OF_FUNCTION
from mgcli.language.syntax_errors import ROWS

TYPED = r"""
eval 'x.tanh()' -x 2                => write tanh(x) => eval 'tanh(x)' -x 2
eval 'x.pow(2)' -x 2                => write pow(x, 2) => eval 'pow(x, 2)' -x 2
eval 'np.sin(x)' -x 2               => write sin(...), without np. => eval 'sin(x)' -x 2
eval 'Math.PI*x' -x 2               => write pi, without Math. => eval 'pi*x' -x 2
eval 'math.e*x' -x 2                => for Euler's number, write exp(1) => eval 'exp(1)*x' -x 2
eval '2πx' -x 2                     => to multiply, write 2*pi*x => eval '2*pi*x' -x 2
eval '2xy' -x 2 -y 3                => to multiply, write 2*x*y => eval '2*x*y' -x 2 -y 3
eval '3sinx' -x 2                   => to multiply, write 3*sin(x) => eval '3*sin(x)' -x 2
eval 'x²y' -x 2 -y 3                => to multiply, write * before y => eval 'x²*y' -x 2 -y 3
eval '10,20,30'                     => a range is the value of a variable: -x 0:1:0.1 => eval x -x 0:1:0.1
eval '[1, 2, 3]'                    => a range is the value of a variable: -x 0:1:0.1 => eval x -x 0:1:0.1
eval 'linspace(0, 1, 10)'           => a range is the value of a variable: -x 0:1:0.1 => eval x -x 0:1:0.1
eval 'arange(0, 1, 0.1)'            => a range is the value of a variable: -x 0:1:0.1 => eval x -x 0:1:0.1
eval '2(3)'                         => to multiply, write 2*(3) => eval '2*(3)'
eval '2(sin(x) + 1)' -x 2           => to multiply, write 2*(...) => eval '2*(sin(x) + 1)' -x 2
eval 'let a = 1; a'                 => write a = ..., without let => eval 'a = 1; a'
eval 'const a = 1; a'               => write a = ..., without const => eval 'a = 1; a'
eval 'return x' -x 2                => leave out return => eval x -x 2
eval 'print(x)' -x 2                => leave out print => eval '(x)' -x 2
eval x -x inf                       => numbers are finite; the largest is about 1.8e308 => eval x -x 1.7e308
eval x -x -inf                      => numbers are finite; the largest is about 1.8e308 => eval x -x -1.7e308
eval x -x nan                       => numbers are finite: there is no nan => eval x -x 0
eval '2*inf'                        => numbers are finite; the largest is about 1.8e308; otherwise give it a value: --inf VALUE => eval '2*inf' --inf 1e30
eval '2*i'                          => there are no complex numbers; otherwise give it a value: -i VALUE => eval '2*i' -i 3
eval true                           => for true, write 1; otherwise give it a value: --true VALUE => eval 1
eval 'x₁ + 1' --x1 2                => write 1 for ₁ => eval 'x1 + 1' --x1 2
eval '½*x' -x 2                     => write (1/2) for ½ => eval '(1/2)*x' -x 2
eval '2½' -x 2                      => write *(1/2) for ½ => eval '2*(1/2)'
eval 'xⁿ' -x 2 -n 3                 => for a power, write **n => eval 'x**n' -x 2 -n 3
eval 'x²⁻¹' -x 2                    => for a power, write **(2-1) => eval 'x**(2-1)' -x 2
eval '50%'                          => for a percentage, write /100 instead of % => eval 50/100
eval '10% - x' -x 2                 => for a percentage, write /100 instead of % => eval '10/100 - x' -x 2
eval '√x' -x 2                      => write sqrt(x) => eval 'sqrt(x)' -x 2
eval '2√x' -x 2                     => to multiply, write *sqrt(x) => eval '2*sqrt(x)' -x 2
eval 'x!!' -x 2                     => for the factorial of a factorial, write (x!)! => eval '(x!)!' -x 2
eval x -x 1/3 --precision 3         => did you mean --digits? => eval x -x 1/3 --digits 3
eval t --josn -t 2                  => did you mean --json? => eval t --json -t 2
eval 'rint(x)' -x 2                 => write round(x) => eval 'round(x)' -x 2
eval 'sinpi(x)' -x 2                => write sin(pi*x) => eval 'sin(pi*x)' -x 2
eval 'Psi(x)' -x 2                  => write digamma(x) => eval 'digamma(x)' -x 2
eval 'POWER(x, 2)' -x 2             => write pow(x, y) => eval 'pow(x, 2)' -x 2
eval 'Sin[x]' -x 2                  => write sin(x) => eval 'sin(x)' -x 2
eval 'SQRT(x)' -x 2                 => did you mean sqrt? => eval 'sqrt(x)' -x 2
eval 'log_2(x)' -x 2                => did you mean log2? => eval 'log2(x)' -x 2
eval 'PI()'                         => write pi => eval pi
eval 'tahn(x)' -x 2                 => did you mean tanh? => eval 'tanh(x)' -x 2
eval 'comb(5, 2)'                   => write factorial(n)/(factorial(k)*factorial(n - k)) => eval 'factorial(5)/(factorial(2)*factorial(5 - 2))'
eval '\frac{x}{2}' -x 2             => write (x)/(2) => eval '(x)/(2)' -x 2
eval '\sqrt{x}' -x 2                => write sqrt(x) => eval 'sqrt(x)' -x 2
eval '2\cdot x' -x 2                => write * => eval '2*x' -x 2
eval 'x^{2}' -x 2                   => write ( and ) => eval 'x^(2)' -x 2
eval '1 000 000*x' -x 2             => write 1000000 => eval '1000000*x' -x 2
eval 'sin 30 deg'                   => write sin(30*pi/180) => eval 'sin(30*pi/180)'
eval 'D[x^2, x]' -x 2               => write the formula alone: 'mg diff FORMULA' prints its derivative => diff 'x^2' -x 2
eval 'x*y = 1' -x 2 -y 3            => to differentiate it: mg diff 'x*y = 1' --wrt x --of y => diff 'x*y = 1' --wrt x --of y
eval 'x**2 = 4' -x 2                => for the difference of its sides, write x**2 - 4 => eval 'x**2 - 4' -x 2
diff 'x = cos(y)' --wrt x --of y    => write x - cos(y) = 0 => diff 'x - cos(y) = 0' --wrt x --of y
diff 'y = x*y + 1'                  => for an equation, write y - (x*y + 1) = 0 => diff 'y - (x*y + 1) = 0' --of y
diff 'x*y = 1'                      => say which: --wrt x --of y => diff 'x*y = 1' --wrt x --of y
diff 'x**2 + y**2 = 25' --of y -x 3 -y 4.1 => near it is -y 4.0 => diff 'x**2 + y**2 = 25' --of y -x 3 -y 4.0
eval 'quux(x)' -x 2                 => see 'mg functions' for the list => functions
eval 'li(x)' -x 2                   => see 'mg functions' for the list => functions
"""  # noqa: E501
"""A line that people type; its hint; and the line that follows it."""

NO_HINT = """
eval '²'
eval '=' -x 2
eval 'x++' -x 2
eval 'sqrt(-1)'
"""


def rows(table: Any) -> Any:
    return [[part.strip() for part in line.split("=> ")] for line in table.strip().splitlines()]


@pytest.mark.parametrize(("line", "hint", "followed"), rows(TYPED))
def test_what_people_type_gets_a_hint_that_works(mg: Run, line: str, hint: str, followed: str) -> None:
    first = mg(line)
    assert first.exit_code in (1, 2)
    assert first.stderr.splitlines()[-1] == f"hint: {hint}"
    second = mg(followed)
    assert (second.exit_code, second.stderr) == (0, "")


@pytest.mark.parametrize("line", NO_HINT.strip().splitlines())
def test_where_nothing_is_known_there_is_no_hint(mg: Run, line: str) -> None:
    done = mg(line)
    assert done.exit_code in (1, 2)
    assert "hint:" not in done.stderr


def test_every_hint_of_every_table_leads_to_a_line_that_works(mg: Run) -> None:
    """The tables are: syntax errors, functions of other tools, mistakes on the command line."""
    for row in ROWS:
        if row.corrected is not None:
            parse_program(row.corrected, equations=True)
    for name, written in INSTEAD_OF_FUNCTION.items():
        assert name not in FUNCTIONS, name
        parse_program(written.replace("condition", "x > 0"))
        with pytest.raises(ExpressionError, match=f"unknown function {name}") as caught:
            parse_program(f"{name}(x)")
        assert caught.value.hint == f"write {written}"
    for mistake in MISTAKES.values():
        for found in mistake.rows:
            assert shlex.split(found.example)
            assert shlex.split(found.followed)


def test_every_remedy_in_terms_of_options_is_among_the_lines_above_or_has_a_test_of_its_own() -> None:
    hints = " ".join(hint for _, hint, _ in rows(TYPED))
    said = {"derivative": "write the formula alone", "equation": "to differentiate it", "functions": "mg functions"}
    said |= {"implicit": "say which: --wrt", "point": "near it is", "range": "a range is the value of a variable"}
    for kind, words in said.items():
        assert kind in HINTS
        assert words in hints


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("sine", "sin", "sin"),
        ("tahn", "tan tanh", "tanh"),
        ("Exp", "exp", "exp"),
        ("arc_tan", "arctan", "arctan"),
        ("squrt", "sqrt", "sqrt"),
        ("lgama", "lgamma", "lgamma"),
        ("rint", "sin", None),
        ("li", "ln", None),
        ("xlogy", "log", None),
        ("softmax", "max", None),
        ("Psi", "pi", None),
        ("norm", "normpdf", None),
    ],
)
def test_a_name_is_taken_for_another_only_after_one_mistake(name: str, known: Any, meant: Any) -> None:
    from mgcli.graph.names import misspelled

    assert misspelled(name, known.split()) == meant
