"""Names that other tools have: each is a function of mg, or is answered with what mg has instead."""

import json
from typing import Any

import pytest
from running import Run


@pytest.mark.parametrize(
    ("expression", "value"),
    [("fmod(-5, 3)", -2.0), ("-5 % 3", 1.0), ("(-5) % 3", 1.0), ("mod(-5, 3)", 1.0), ("nthroot(-8, 3)", -2.0)],
)
def test_a_remainder_and_a_root_have_the_signs_of_their_conventions(mg: Run, expression: Any, value: Any) -> None:
    assert json.loads(mg(f"eval '{expression}' --json").stdout)["value"] == value


def test_sinc_has_its_second_derivative_at_the_filled_hole(mg: Run) -> None:
    assert float(mg("hessian 'sinc(w)' -w 0").stdout.split()[-1]) == pytest.approx(-1 / 3, rel=1e-15)


def test_there_are_no_complex_numbers(mg: Run) -> None:
    assert mg("eval '2*i'").stderr.splitlines()[-1] == (
        "hint: there are no complex numbers; otherwise give it a value: -i VALUE"
    )


def test_a_misspelled_option_before_a_value_is_named(mg: Run) -> None:
    assert mg("eval t --josn -t 2").stderr.splitlines()[-1] == "hint: did you mean --json?"


def test_a_condition_that_is_an_equality_does_not_hide_a_derivative(mg: Run) -> None:
    assert mg("slope 'where(t == 4, 16, t**2)' -t 4 --shrink 2").stdout.splitlines()[0] == "df/dt = 8.0 at t = 4.0"
    assert "agrees" in mg("check 'where(t == 0, 0, t*log(u))' -t 0 -u 7").stdout


def test_a_constant_factor_of_a_claim_has_its_digits(mg: Run) -> None:
    done = mg("check 'sin(t)' --claim 'cos(t)*1.0000001'")
    assert "the claim is 1.0000001 times the derivative" in done.stdout


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("pow(x; 2)", "separate the operands of a function with commas, as in max(x, y)"),
        ("(x; 2", "add a )"),
        ("atan(y, x)", "write atan2(y, x)"),
        ("np.maximum(x, 0)", "write max(x, y)"),
        ("(x + 1).^2", "write ^ without the point"),
    ],
)
def test_habits_from_other_tools_have_a_remedy(mg: Run, text: str, hint: str) -> None:
    assert mg("eval", text, "-x", "2").stderr.endswith(f"hint: {hint}\n")
