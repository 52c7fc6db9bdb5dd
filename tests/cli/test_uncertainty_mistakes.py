"""Mistakes on the command line of `mg uncertainty`, each with the whole of what is said about it."""

from typing import Any

from rows import rows
from running import Run

MISTAKES = [
    (
        2,
        "V/I -V 12+- -I 2",
        "the value of V: no uncertainty after +-\n  12+-\n    ^^\nhint: write 12+-0.1",
    ),
    (
        2,
        "V/I -V +-0.1 -I 2",
        "the value of V: no value before +-\n  +-0.1\n  ^^\nhint: write 0+-0.1",
    ),
    (
        2,
        "V/I -V 12+--0.1 -I 2",
        "the value of V: the uncertainty is negative: -0.1\n"
        "hint: write 12+-0.1, or with a blank, 12 + -0.1, for the sum",
    ),
    (
        2,
        "V/I -V 12+-0.1+-0.2 -I 2",
        "the value of V: two uncertainties\n"
        "  12+-0.1+-0.2\n"
        "         ^^\n"
        "hint: write one; arithmetic goes in parentheses, as in (2+-1)",
    ),
    (
        2,
        "V/I -V 12+-x -I 2",
        "the value of V: x has no value\n  x\n  ^\nhint: a value is a number or a constant expression, as in pi/4",
    ),
    (
        2,
        "V/I -V x+-0.1 -I 2",
        "the value of V: x has no value\n  x\n  ^\nhint: a value is a number or a constant expression, as in pi/4",
    ),
    (
        2,
        "V/I -V 12+-1/0 -I 2",
        "the value of V: division is not defined at 1.0/0.0\n  1/0\n  ^^^",
    ),
    (
        2,
        "V/I -V 12+-1e400 -I 2",
        "the value of V: 1e400 is too large for a float\n  1e400\n  ^^^^^\nhint: the largest is about 1.8e308",
    ),
    (
        2,
        "V/I -V 1e308+-1000% -I 2",
        "the value of V: the uncertainty is larger than the largest float\nhint: use a smaller one",
    ),
    (
        2,
        "V/I -V 12+-% -I 2",
        "the value of V: no uncertainty after +-\n  12+-%\n    ^^\nhint: write 12+-0.1",
    ),
    (
        2,
        "V/I -V 12+-5%% -I 2",
        "the value of V: % is the remainder of a division\n  5%\n   ^\nhint: for a percentage, write /100 instead of %",
    ),
    (
        2,
        "V/I -V 5% -I 2",
        "the value of V: % is the remainder of a division\n  5%\n   ^\nhint: for a percentage, write /100 instead of %",
    ),
    (
        2,
        'V/I -V "12 + - 0.1" -I 2',
        "no variable has an uncertainty\nhint: write it after the value: -V 11.9+-0.1",
    ),
    (
        2,
        "V/I -V 12+-0.1",
        "I has no value\n  V/I\n    ^\nhint: give it a value: -I VALUE",
    ),
    (
        2,
        "V/I -V 12 -I 2",
        "no variable has an uncertainty\nhint: write it after the value: -V 12+-0.1",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 -R 3+-1",
        "the expression has no variable R\nhint: it has V, I",
    ),
    (
        2,
        'V/I -V "12.0(x)" -I 2',
        "the value of V: expected an operator, not (\n  12.0(x)\n  ^^^^^\nhint: to multiply, write 12.0*(x)",
    ),
    (
        2,
        'V/I -V "12.0()" -I 2',
        "the value of V: expected an operator, not (\n  12.0()\n  ^^^^^\nhint: to multiply, write 12.0*(...)",
    ),
    (
        2,
        'V/I -V "12.0(-1)" -I 2',
        "the value of V: expected an operator, not (\n  12.0(-1)\n  ^^^^^\nhint: to multiply, write 12.0*(-1)",
    ),
    (
        2,
        'V/I -V "12.0(1" -I 2',
        "the value of V: expected an operator, not (\n  12.0(1\n  ^^^^^\nhint: to multiply, write 12.0*(...)",
    ),
    (
        2,
        'V/I -V "normal(12)" -I 2',
        "the value of V: normal takes 2 numbers, not 1 number\nhint: write normal(m, u)",
    ),
    (
        2,
        'V/I -V "normal(12, -0.1)" -I 2',
        "the value of V: the uncertainty is negative: -0.1\nhint: write 0.1",
    ),
    (
        2,
        'V/I -V "normal(12, 0.1, 18)" -I 2',
        "the value of V: normal takes 2 numbers, not 3 numbers\nhint: write normal(m, u)",
    ),
    (
        2,
        'V/I -V "normal(12, 0.1, nu=0)" -I 2',
        "the value of V: nu is less than 1: 0.0\nhint: n readings have n - 1 degrees of freedom",
    ),
    (
        2,
        'V/I -V "normal(12, 0.1, nu=)" -I 2',
        "the value of V: nu= lacks a number\nhint: write normal(m, u, nu=18)",
    ),
    (
        2,
        'V/I -V "normal(mean=12, u=1)" -I 2',
        "the value of V: normal does not take mean=12\nhint: write normal(m, u)",
    ),
    (
        2,
        'V/I -V "uniform(13, 11)" -I 2',
        "the value of V: 13.0 is not below 11.0\nhint: write the lower bound first, then the upper one",
    ),
    (
        2,
        'V/I -V "uniform(12, 12)" -I 2',
        "the value of V: 12.0 is not below 12.0\nhint: write the lower bound first, then the upper one",
    ),
    (
        2,
        'V/I -V "uniform(11)" -I 2',
        "the value of V: uniform takes 2 numbers, not 1 number\nhint: write uniform(a, b)",
    ),
    (
        2,
        'V/I -V "triangle(1, 2, 3)" -I 2',
        "the value of V: triangle takes 2 numbers, not 3 numbers\nhint: write triangle(a, b)",
    ),
    (
        2,
        'V/I -V "t(12, 0.1)" -I 2',
        "the value of V: t takes 3 numbers, not 2 numbers\nhint: write t(m, u, nu)",
    ),
    (
        2,
        'V/I -V "t(12, 0.1, 0)" -I 2',
        "the value of V: nu is less than 1: 0.0\nhint: n readings have n - 1 degrees of freedom",
    ),
    (
        2,
        'V/I -V "readings(12)" -I 2',
        "the value of V: readings takes two readings or more\nhint: for one reading write value+-uncertainty",
    ),
    (
        2,
        'V/I -V "readings()" -I 2',
        "the value of V: readings lacks a number\nhint: write readings(9.98, 10.01, 10.02)",
    ),
    (
        2,
        'V/I -V "readings(12, 13, nu=3)" -I 2',
        "the value of V: readings takes no nu=\nhint: leave it out: it takes no degrees of freedom",
    ),
    (
        2,
        'V/I -V "readings 12 13" -I 2',
        "the value of V: expected an operator, not 12\n"
        "  readings 12 13\n"
        "  ^^^^^^^^^^^\n"
        "hint: to multiply, write readings*12",
    ),
    (
        2,
        'V/I -V "lognormal(0, -1)" -I 2',
        "the value of V: s is negative: -1.0\nhint: write 1.0",
    ),
    (
        2,
        'V/I -V "lognormal(800, 1)" -I 2',
        "the value of V: lognormal overflows\nhint: m and s are those of the logarithm",
    ),
    (
        2,
        'V/I -V "gauss(12, 1)" -I 2',
        "the value of V: there is no distribution gauss\n  gauss(12, 1)\n  ^^^^^\nhint: write normal(m, u)",
    ),
    (
        2,
        'V/I -V "uniform(1,2)+1" -I 2',
        "the value of V: uniform is not the whole value\n"
        "  uniform(1,2)+1\n"
        "  ^^^^^^^\n"
        "hint: put what is computed with it into the expression",
    ),
    (
        2,
        "V/I -V 12,0.1 -I 2",
        "the value of V: unexpected ,\n  12,0.1\n    ^\nhint: write a decimal point: 12.0",
    ),
    (
        2,
        "V/I -V 1:3+-0.1 -I 1:3",
        "V and I are swept\nhint: sweep one variable, and give the others one value",
    ),
    (
        2,
        "V/I -V 3:1+-0.1 -I 2",
        "the value of V: no points from 3.0 to 1.0 in steps of 1.0\nhint: a negative step goes down",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2+-0.1 --correlation V,I",
        "--correlation takes A,B=R, not V,I\nhint: write --correlation V,I=0.9",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2+-0.1 --correlation V=0.5",
        "--correlation takes A,B=R, not V=0.5\nhint: write --correlation a,b=0.9",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2+-0.1 --correlation V,I=2",
        "--correlation V,I=2: 2.0 is not a correlation coefficient\nhint: it is from -1 to 1",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2+-0.1 --correlation V,I=x",
        "--correlation x: x has no value\nhint: write a number, such as 0.9",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2+-0.1 --correlation V,V=1",
        "--correlation V,V=1: V with itself is always 1\nhint: name two different variables",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2+-0.1 --correlation V,R=0.5",
        "the expression has no variable R\nhint: it has V, I",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --correlation V,I=0.5",
        "I has no uncertainty, so it is not correlated with anything\nhint: give it one, or leave out --correlation",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2+-0.1 --correlation V,I=0.5 --correlation I,V=0.4",
        "--correlation: I and V are given twice\nhint: give one coefficient",
    ),
    (
        2,
        'V/I -V "uniform(11,13)" -I 2+-0.1 --correlation V,I=0.5',
        "V is uniform, and correlated quantities are normal\nhint: give its standard uncertainty: 12+-0.577",
    ),
    (
        2,
        "a+b+c -a 1+-1 -b 1+-1 -c 1+-1 --correlation a,b=0.9 --correlation b,c=0.9 --correlation a,c=-0.9",
        "these correlations contradict each other: their matrix has the eigenvalue -0.8, and none may be negative\n"
        "hint: correct a coefficient, or leave one out",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --coverage 0",
        "--coverage 0: a probability is above 0 and below 1\nhint: write --coverage 0.95",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --coverage 100",
        "--coverage 100: a probability is above 0 and below 1\nhint: write --coverage 0.95",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --coverage high",
        "--coverage high: high has no value\nhint: write a number, such as 0.95",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --factor 0",
        "--factor 0: a coverage factor is above 0\nhint: write --factor 2",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --factor 2 --coverage 0.9",
        "--coverage and --factor cannot be combined\nhint: leave out one of them",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --samples 1",
        "--samples takes a whole number from 2 to 1e7, or auto, not 1\nhint: write --samples 100000",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --samples many",
        "--samples takes a whole number from 2 to 1e7, or auto, not many\nhint: write --samples 100000",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --samples 2.5",
        "--samples takes a whole number from 2 to 1e7, or auto, not 2.5\nhint: write --samples 100000",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --seed 3",
        "--seed is for samples\nhint: add --samples 100000",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --seed -3 --samples 10",
        "invalid value for '--seed': -3 is not a whole number\nhint: see 'mg uncertainty --help' for its usage",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --of R",
        "the expression has no result R\nhint: give it a name: 'R = ...'",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --digits 0",
        "--digits takes a whole number from 1 to 17\nhint: see 'mg uncertainty --help' for its usage",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --latex --plot",
        "--latex and --plot cannot be combined\nhint: leave out one of them",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --out s.svg",
        "--out is for a picture\nhint: add --plot",
    ),
    (
        2,
        "V/I -V 12+-0.1 -I 2 --plot --out s.doc",
        "the suffix of s.doc is not a picture format\nhint: use one of .svg, .png, .pdf",
    ),
    (
        2,
        "V/I -V 1:3+-0.1 -I 2 --latex",
        "--latex is for one point\nhint: leave it out, or give V one value",
    ),
    (
        2,
        "V/I -V 1:3+-0.1 -I 2 --samples 100",
        "a sweep takes no samples\nhint: leave out --samples, or give each variable one value",
    ),
    (
        1,
        "log(V) -V -1+-0.1",
        "log is not defined at -1.0\n  log(V)\n  ^^^^^^",
    ),
    (
        1,
        "V/I -V 12+-0.1 -I 0",
        "division is not defined at 12.0/0.0\n  V/I\n  ^^^",
    ),
    (
        2,
        "2+3",
        "the expression has no variable, so there is no uncertainty\nhint: write one, as in V/2 with -V 12+-0.1",
    ),
    (
        2,
        "V/I -V 12±± -I 2",
        "the value of V: two uncertainties\n"
        "  12±±\n"
        "     ^\n"
        "hint: write one; arithmetic goes in parentheses, as in (2+-1)",
    ),
    (
        2,
        "V/I -V 12+/-  -I 2",
        "the value of V: no uncertainty after +/-\n  12+/-\n    ^^^\nhint: write 12+/-0.1",
    ),
    (
        2,
        "V/I -V=12+-0.1+ -I 2",
        "the value of V: the expression ends too early: expected a number, a name or (\n  0.1+\n      ^",
    ),
]


@rows(("status", "line", "message"), MISTAKES)
def test_a_mistake_is_explained(mg: Run, status: Any, line: Any, message: Any) -> None:
    assert mg(f"uncertainty {line}") == (status, "", f"error: {message}\n")
