"""`mg check`: every gradient next to its central difference, or a derivative found by hand compared with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

import click

from mgcli.analysis.trusted import differentiated
from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import Inputs, inputs
from mgcli.cli.messages import echo_error, say
from mgcli.cli.options import json_option, short_digits_option, wrt_option
from mgcli.cli.output import echo_json, echo_lines, terminal_width
from mgcli.cli.progress import Watched
from mgcli.cli.wording import document, kink_text, say_notes
from mgcli.errors import listed
from mgcli.render.tables import apart, number, table

if TYPE_CHECKING:
    from mgcli.analysis.claims import Claim, Judgement
    from mgcli.analysis.differences import Check
    from mgcli.analysis.mistakes import Sample
    from mgcli.language.program import Program


@click.command(cls=ExpressionCommand)
@wrt_option
@click.option(
    "--claim",
    "claims",
    multiple=True,
    metavar="FORMULA",
    help="Check a derivative found by hand; 'a: FORMULA' names the variable; may be repeated.",
)
@json_option
@short_digits_option
def command(arguments: Arguments, wrt: tuple[str, ...], claims: tuple[str, ...], as_json: bool, digits: int) -> int:
    """Check every gradient, or a derivative found by hand.

    \b
    mg check "e = a*b; L = (e + c)*f" -a 2 -b -3 -c 10 -f -2
    mg check "x**2*sin(x)" --claim "2*x*sin(x) + x**2*cos(x)"
    mg check "a*b" --claim "a: b" --claim "b: a"

    Each gradient is compared with a central difference. A claim is compared
    with the gradient at the values given; a variable without a value takes
    many, special ones among them, and agreement there is evidence, not proof.
    The exit status is 1 if something disagrees.
    """  # noqa: D301
    given = inputs(arguments)
    program = given.program
    for name in wrt:
        program.node(name)
    if claims:
        from mgcli.analysis.claims import read_claims

        return _judge(given, read_claims(given.without_values(wrt), claims, wrt), as_json, digits)
    given.bind()
    from mgcli.analysis.differences import DISAGREES, KINK, affordable, check, names_to_check

    every = names_to_check(program)
    names = list(dict.fromkeys(wrt)) or affordable(program, every)
    report = differentiated(program, names)
    if report.error:
        raise report.error

    opening = document(program, None, report.rounding)
    watched = Watched(check(program, names), len(names))
    checks = list(watched)
    if as_json:
        echo_json({**opening, "checks": {each.name: _check_document(each) for each in checks}})
    else:
        echo_lines(_check_text(program, checks, digits))
    explained = any(each.verdict == KINK for each in checks)
    say_notes([*report.value_notes, *([] if explained else report.notes)], digits)
    wrong = [each.name for each in checks if each.verdict == DISAGREES]
    if wrong:
        echo_error(f"the gradient with respect to {listed(wrong)} disagrees with the differences")
    if not wrt and len(names) < len(every):
        say(f"note: the first {len(names)} of {len(every):,} gradients are checked; choose others with --wrt NAME")
    if watched.interrupted:
        say(f"interrupted: {len(checks)} of {len(names)} gradients are checked")
        return 130
    return 1 if wrong else 0


def _check_document(each: Check) -> dict[str, Any]:
    from mgcli.analysis.differences import KINK

    if each.difference == each.difference:
        compared: dict[str, float | None] = {
            "difference": each.difference,
            "error": each.error,
            "relative": each.relative,
        }
    else:
        compared = dict.fromkeys(("difference", "error", "relative"))
    sides = {"left": each.left, "right": each.right} if each.verdict == KINK and not isnan(each.left) else {}
    return {"gradient": each.gradient, **compared, **sides, "verdict": each.verdict}


def _check_text(program: Program, checks: Sequence[Check], digits: int) -> Iterator[str]:
    from mgcli.analysis.differences import AGREES, DISAGREES, KINK, UNCLEAR

    short = {AGREES: AGREES, DISAGREES: "DISAGREES", KINK: "kink", UNCLEAR: "unclear"}
    yield f"{program.title} = {number(program.root.data, digits)}"
    if not checks:
        return
    rows = []
    for each in checks:
        compared = [number(each.gradient, digits), "-", "-", "-"]
        if each.difference == each.difference:
            pair = each.gradient, each.difference
            written = apart(pair, digits) if each.verdict == DISAGREES else [number(value, digits) for value in pair]
            compared = [*written, number(each.error, 2), number(each.relative, 2)]
        rows.append([each.name, *compared, short[each.verdict]])
    yield ""
    yield from table(["", "gradient", "difference", "error", "relative", ""], rows, terminal_width())
    kinks = [each for each in checks if each.verdict == KINK]
    unclear = [each.name for each in checks if each.verdict == UNCLEAR]
    if kinks or unclear:
        yield ""
    for each in kinks:
        yield f"{each.name}: {kink_text(each, digits)}"
    for name in unclear:
        yield f"{name}: {UNCLEAR}, rounding or the edge of the domain hides the slope"


def _judge(given: Inputs, claims: Sequence[Claim], as_json: bool, digits: int) -> int:
    from mgcli.analysis.claims import judge

    judgements = [judge(given.program, claim, given.values) for claim in claims]
    if as_json:
        opening = {"expression": given.program.text, "variables": dict(given.values)}
        echo_json({**opening, "claims": {each.claim.name: _claim_document(each) for each in judgements}})
    else:
        for each in judgements:
            echo_lines(_claim_text(each, digits))
    wrong = [each.claim.name for each in judgements if each.differing]
    if wrong:
        echo_error(f"not the derivative with respect to {listed(wrong)}")
    return 1 if wrong else 0


def _claim_document(each: Judgement) -> dict[str, Any]:
    worst = each.worst and {
        "variables": dict(each.worst.values),
        "derivative": each.worst.derivative,
        "claimed": each.worst.claimed,
    }
    return {
        "claim": each.claim.text,
        "agrees": not each.differing,
        "points": each.points,
        "differing": each.differing,
        "worst": worst,
        "slip": each.mistake,
    }


def _claim_text(each: Judgement, digits: int) -> Iterator[str]:
    name, text = each.claim.name, " ".join(each.claim.text.split())
    where = "the given point" if each.given else f"{each.points} point{'s' if each.points > 1 else ''}"
    if each.worst is None:
        yield f"{name}: {text} agrees at {where}" + ("" if each.given else " (evidence, not proof)")
        return
    yield f"{name}: {text} differs at " + (where if each.given else f"{each.differing} of {where}")
    if not each.given:
        yield f"   largest relative difference at {_point(each.worst, digits)}"
    claimed, derivative = apart([each.worst.claimed, each.worst.derivative], digits)
    yield f"   claimed     {claimed}"
    yield f"   derivative  {derivative}"
    if each.furthest and each.furthest is not each.worst:
        distance, where = number(each.furthest.distance, digits), _point(each.furthest, digits)
        yield f"   largest absolute difference {distance} at {where}"
    if each.mistake:
        yield f"   likely mistake: {each.mistake}"


def _point(sample: Sample, digits: int) -> str:
    return ", ".join(f"{variable} = {number(value, digits)}" for variable, value in sample.values.items())
