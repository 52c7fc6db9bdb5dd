"""Propagation of uncertainty against the examples of the GUM and of JCGM 101, to the digits that they print."""

import json
import math
import statistics
from typing import Any

import pytest
from running import Run

from mgcli import parse_program
from mgcli.analysis.correlations import Quantities, cholesky
from mgcli.analysis.coverage import coverage_factor
from mgcli.analysis.definiteness import eigenvalues
from mgcli.analysis.distributions import normal, readings, uniform
from mgcli.analysis.monte_carlo import numerical_tolerance, sampled, verdict
from mgcli.analysis.uncertainty import FIRST, MONTE_CARLO, SECOND, correlation_of, propagated


def result_of(text: Any, distributions: Any, correlations: Any = (), of: Any = None, **exact: Any) -> Any:
    program = parse_program(text)
    program.bind({**{name: each.value for name, each in distributions.items()}, **exact})
    return propagated(program.of(of) if of else program, Quantities(distributions, correlations))


# GUM, H.1: an end gauge of 50 mm, in nm.
GAUGE = "ls + d - ls*(da*th + as1*dt)"
GAUGE_INPUTS = {
    "ls": normal(50_000_623, 25, 18),
    "d": normal(215, 9.7, 25.6),
    "da": normal(0, 0.58e-6, 50),
    "th": normal(-0.1, 0.41),
    "as1": normal(11.5e-6, 1.2e-6),
    "dt": normal(0, 0.029, 2),
}


def test_the_end_gauge_of_the_gum() -> None:
    result = result_of(GAUGE, GAUGE_INPUTS)
    assert result.method == FIRST
    assert round(result.shown.value) == 50_000_838
    assert round(result.shown.u) == 32
    assert result.nu == 16
    k = coverage_factor(0.99, result.nu)
    assert round(k, 2) == 2.92
    assert round(k * result.shown.u) == 93
    assert round(result.second.u) == 34


def test_the_end_gauge_on_the_command_line(mg: Run) -> None:
    values = [
        *("--ls", "normal(50000623, 25, nu=18)", "-d", "normal(215, 9.7, nu=25.6)"),
        *("--da", "normal(0, 0.58e-6, nu=50)", "--th", "-0.1+-0.41"),
        *("--as1", "11.5e-6+-1.2e-6", "--dt", "normal(0, 0.029, nu=2)"),
    ]
    status, stdout, stderr = mg("uncertainty", f"l = {GAUGE}", *values, "--coverage", "99%")
    assert status == 0
    assert stdout.startswith("l = (5.0000838 +- 0.0000032)e7\n")
    assert "expanded: +- 93 (k = 2.92, 99%, 16 degrees of freedom)" in stdout
    assert stderr == "note: second order gives (5.0000838 +- 0.0000034)e7\n"


# GUM, H.2: five readings of a voltage, a current and a phase.
VOLTS = (5.007, 4.994, 5.005, 4.990, 4.999)
AMPERES = (19.663e-3, 19.639e-3, 19.640e-3, 19.685e-3, 19.678e-3)
PHASES = (1.0456, 1.0438, 1.0468, 1.0428, 1.0433)
IMPEDANCE = "R = V/I*cos(p); X = V/I*sin(p); Z = V/I"


def test_resistance_and_reactance_of_the_gum(mg: Run) -> None:
    series = {"V": VOLTS, "I": AMPERES, "p": PHASES}
    pairs = [("V", "I"), ("V", "p"), ("I", "p")]
    coefficients = [statistics.correlation(series[one], series[other]) for one, other in pairs]
    assert [round(coefficient, 2) for coefficient in coefficients] == [-0.36, 0.86, -0.65]
    line = ["uncertainty", IMPEDANCE, "--json", "--of", "R", "--of", "X", "--of", "Z"]
    for name, values in series.items():
        line.extend([f"-{name}", f"readings({', '.join(map(repr, values))})"])
    for (one, other), coefficient in zip(pairs, coefficients, strict=True):
        line.extend(["--correlation", f"{one},{other}={coefficient!r}"])
    status, stdout, stderr = mg(*line)
    assert status == 0
    assert stderr == (
        "note: the degrees of freedom of correlated variables do not combine, so k is that of a normal result\n"
    )
    document = json.loads(stdout)
    results = document["results"]
    assert [round(results[name]["value"], 3) for name in "RXZ"] == [127.732, 219.847, 254.260]
    assert [round(results[name]["u"], 4) for name in "RXZ"] == [0.0711, 0.2956, 0.2363]
    correlation = document["correlation"]
    assert [round(correlation[a][b], 3) for a, b in ("RX", "RZ", "XZ")] == [-0.588, -0.485, 0.993]


def test_the_calibration_of_a_thermometer() -> None:
    # GUM, H.3, the correction at 30 degrees.
    inputs = {"y1": normal(-0.1712, 0.0029), "y2": normal(0.00218, 0.00067)}
    result = result_of("y1 + y2*(t - 20)", inputs, [("y1", "y2", -0.930)], t=30)
    assert (round(result.shown.value, 4), round(result.shown.u, 4)) == (-0.1494, 0.0041)
    assert math.fsum(share.share for share in result.budget) == pytest.approx(1.0, abs=1e-12)
    assert min(share.share for share in result.budget) < 0.0


def width(u: Any) -> Any:
    return u * math.sqrt(3)


@pytest.mark.parametrize(
    ("inputs", "u", "low", "high"),
    [
        # JCGM 101, 9.2.2 to 9.2.4.
        ([normal(0, 1)] * 4, 2.00, -3.92, 3.92),
        ([uniform(-width(1), width(1))] * 4, 2.00, -3.88, 3.88),
        ([uniform(-width(1), width(1))] * 3 + [uniform(-width(10), width(10))], 10.1, -17.0, 17.0),
    ],
)
def test_the_additive_models(inputs: Any, u: Any, low: Any, high: Any) -> None:
    program = parse_program("a + b + c + d")
    program.bind(dict.fromkeys("abcd", 0.0))
    quantities = Quantities(dict(zip("abcd", inputs, strict=True)))
    result = propagated(program, quantities)
    assert float(f"{result.shown.u:.3g}") == u
    samples = sampled(program, quantities, 100_000)
    assert samples.estimate.u == pytest.approx(u, rel=0.01)
    assert samples.interval(0.95) == pytest.approx((low, high), rel=0.01)


MASS = "(m + dm)*(1 + (a - 1.2)*(1/w - 1/r)) - 100000"
MASS_INPUTS = {
    "m": normal(100_000, 0.050),
    "dm": normal(1.234, 0.020),
    "a": uniform(1.10, 1.30),
    "w": uniform(7_000, 9_000),
    "r": uniform(7_950, 8_050),
}


def test_the_calibration_of_a_mass() -> None:
    # JCGM 101, 9.3: first order misses that the density of the air matters.
    result = result_of(MASS, MASS_INPUTS)
    assert round(result.shown.value, 4) == 1.2340
    assert round(result.first.u, 4) == 0.0539
    assert (round(result.second.u, 3), round(result.grid.estimate.u, 3)) == (0.075, 0.075)
    assert (result.method, round(result.shown.u, 3)) == (SECOND, 0.075)


@pytest.mark.parametrize(
    ("x1", "coefficient", "u"),
    [(0.0, 0.0, 50), (0.010, 0.0, 112), (0.050, 0.0, 502), (0.0, 0.9, 67), (0.010, 0.9, 121), (0.050, 0.9, 505)],
)
def test_the_comparison_loss_of_a_power_meter(x1: Any, coefficient: Any, u: Any) -> None:
    # JCGM 101, 9.4, in units of 1e-6.
    inputs = {"x": normal(x1, 0.005), "y": normal(0.0, 0.005)}
    result = result_of("x**2 + y**2", inputs, [("x", "y", coefficient)])
    assert round(result.second.u * 1e6) == u
    assert round(result.grid.estimate.u * 1e6) == u


def test_the_third_derivative_belongs_to_second_order() -> None:
    # sin(1 +- 0.3), whose exact mean and deviation are known.
    result = result_of("sin(x)", {"x": normal(1.0, 0.3)})
    square = math.exp(-(0.3**2))
    exact = math.sqrt((1 - math.cos(2) * square**2) / 2 - (math.sin(1) * math.sqrt(square)) ** 2)
    assert abs(result.first.u / exact - 1) == pytest.approx(0.007, abs=0.0005)
    assert abs(result.second.u / exact - 1) == pytest.approx(0.002, abs=0.0005)


def test_where_the_checks_disagree_samples_decide() -> None:
    result = result_of("exp(x)", {"x": normal(0.0, 2.0)})
    assert result.method == MONTE_CARLO
    assert result.samples.drawn == 20_000


def test_where_a_second_derivative_is_undefined_the_grid_decides() -> None:
    result = result_of("abs(x)", {"x": normal(0.0, 1.0)})
    assert result.method == MONTE_CARLO
    assert result.shown.u == pytest.approx(math.sqrt(1 - 2 / math.pi), rel=0.02)


def test_a_linear_function_is_confirmed_whatever_the_size_of_the_numbers() -> None:
    for size in (1e-150, 1e-3, 1.0, 1e100):
        result = result_of("a - 2*b", {"a": normal(3 * size, 0.3 * size), "b": normal(size, 0.2 * size)})
        assert (result.method, result.shown.u) == (FIRST, pytest.approx(0.5 * size))


def test_shares_add_up_with_correlations_too() -> None:
    inputs = {name: normal(1.0, u) for name, u in (("a", 0.01), ("b", 0.02), ("c", 0.03))}
    result = result_of("a*b - c/a", inputs, [("a", "b", 0.5), ("b", "c", -0.7)])
    assert math.fsum(share.share for share in result.budget) == pytest.approx(1.0, abs=1e-12)


def test_results_without_an_uncertainty_have_no_correlation() -> None:
    program = parse_program("s = a + 1; q = 2*b; z = 0*a")
    inputs = {"a": normal(1.0, 0.1), "b": normal(1.0, 0.1)}
    program.bind({name: each.value for name, each in inputs.items()})
    quantities = Quantities(inputs)
    results = {name: propagated(program.of(name), quantities) for name in ("s", "q", "z")}
    matrix = correlation_of(results, quantities)
    assert matrix[0][:2] == [1.0, 0.0]
    assert matrix[2][2] != matrix[2][2]


def test_the_smallest_eigenvalue_and_the_factor() -> None:
    assert eigenvalues([[1.0, 0.5], [0.5, 1.0]])[0] == pytest.approx(0.5)
    assert eigenvalues([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])[0] == pytest.approx(-0.8)
    assert cholesky([[1.0, 1.0], [1.0, 1.0]]) == [[1.0, 0.0], [1.0, 0.0]]
    factor = cholesky([[1.0, 0.6], [0.6, 1.0]])
    assert factor == [[1.0, 0.0], [0.6, pytest.approx(0.8)]]


def test_fully_correlated_quantities_cancel() -> None:
    inputs = {"a": normal(5.0, 0.3), "b": normal(3.0, 0.3)}
    result = result_of("a - b", inputs, [("a", "b", 1.0)])
    assert (result.method, result.shown) == (FIRST, (2.0, pytest.approx(0.0, abs=1e-9)))


@pytest.mark.parametrize(("u", "tolerance"), [(0.2, 0.005), (1.0, 0.05), (10.1, 0.5), (0.0995, 0.005), (0.0, 0.0)])
def test_the_numerical_tolerance(u: Any, tolerance: Any) -> None:
    # JCGM 101, 7.9.2; 0.0995 has the two digits 10, in units of 0.01.
    assert numerical_tolerance(u) == pytest.approx(tolerance)


def test_samples_do_not_confirm_an_interval_that_is_not_normal() -> None:
    program = parse_program("a")
    program.bind({"a": 0.0})
    quantities = Quantities({"a": uniform(-1.0, 1.0)})
    result = propagated(program, quantities)
    samples = sampled(program, quantities, 20_000)
    assert result.first
    judged = verdict(result.first, 1.96 * result.first.u, samples, 0.95)
    assert not judged.is_valid
    assert judged.low == pytest.approx(1.96 / math.sqrt(3) - 0.95, abs=0.01)


def test_correlated_samples_have_the_correlation() -> None:
    readings_of_both = {"a": readings(1.0, 2.0, 3.0), "b": normal(0.0, 2.0)}
    quantities = Quantities(readings_of_both, [("a", "b", 0.6)])
    from random import Random

    random = Random(3)
    rows = [quantities.draw(random) for _ in range(20_000)]
    assert statistics.correlation(*zip(*rows, strict=True)) == pytest.approx(0.6, abs=0.02)


@pytest.mark.parametrize("size", [1e-300, 1e-200, 1e-160, 1e160, 1e200, 1e300])
def test_no_square_overflows_or_underflows(size: Any) -> None:
    program = parse_program("a - 2*b")
    inputs = {"a": normal(3 * size, 0.3 * size), "b": uniform(0.0, 0.2 * math.sqrt(12) * size)}
    program.bind({name: each.value for name, each in inputs.items()})
    quantities = Quantities(inputs)
    result = propagated(program, quantities)
    assert (result.method, result.shown.u / size) == (FIRST, pytest.approx(0.5))
    assert [share.share for share in result.budget] == [pytest.approx(0.36), pytest.approx(0.64)]
    assert result.grid.estimate
    assert result.grid.estimate.u / size == pytest.approx(0.5)
    assert sampled(program, quantities, 2000).estimate.u / size == pytest.approx(0.5, rel=0.05)


def test_a_value_that_floats_overflow_on_the_way_to_is_checked_all_the_same() -> None:
    result = result_of("log(1 + exp(z))", {"z": normal(1000.0, 1.0)})
    assert (result.method, result.shown) == (FIRST, (1000.0, 1.0))
    assert result.grid.estimate == (pytest.approx(1000.0), pytest.approx(1.0))


def test_samples_that_overflow_are_counted() -> None:
    result = result_of("exp(x)", {"x": normal(700.0, 100.0)})
    assert (result.method, result.samples.outside) == (MONTE_CARLO, 9184)
    assert result.grid.point == {"x": pytest.approx(873.2, abs=0.1)}


def test_a_quantity_that_is_exactly_known_adds_nothing() -> None:
    result = result_of("x*y", {"x": normal(12.0, 0.0), "y": normal(3.0, 0.1)})
    assert [share.share for share in result.budget] == [0.0, pytest.approx(1.0)]
    result = result_of("x + 1", {"x": readings(5.0, 5.0, 5.0)})
    assert (result.method, result.shown) == (FIRST, (6.0, 0.0))


def test_at_a_stationary_point_of_two_variables_the_grid_follows_the_curvature() -> None:
    # Neither contributes to first order, but their product does, and the four others are no smaller.
    inputs = {name: normal(1.0, 0.01) for name in "abcd"} | {"x": normal(0.0, 1.0), "y": normal(0.0, 1.0)}
    result = result_of("a + b + c + d + x*y", inputs)
    assert result.method == SECOND
    assert result.shown.u == pytest.approx(1.0002, abs=1e-4)


def test_samples_on_arrays_are_those_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from mgcli.analysis import monte_carlo

    program = parse_program("log(x)*y")
    inputs = {"x": normal(1.0, 0.5), "y": uniform(0.0, 1.0)}
    program.bind({"x": 1.0, "y": 0.5})
    quantities = Quantities(inputs)
    alone = sampled(program, quantities, 5000, seed=7)
    monkeypatch.setattr(monte_carlo, "MANY", 0)
    together = sampled(program, quantities, 5000, seed=7)
    assert together.outside == alone.outside > 0
    assert together.values == pytest.approx(alone.values, rel=1e-12, abs=1e-15)


def test_sampling_may_stop_between_blocks() -> None:
    program = parse_program("x")
    program.bind({"x": 0.0})
    samples = sampled(program, Quantities({"x": normal(0.0, 1.0)}), 50_000, watch=lambda blocks: list(blocks)[:2])
    assert (samples.drawn, samples.count) == (20_000, 20_000)
    assert program.root.data == 0.0


def test_many_quantities_are_propagated() -> None:
    names = [f"v{index}" for index in range(60)]
    text = "*".join(f"(1 + {name}/100)" for name in names)
    result = result_of(text, {name: normal(1.0, 0.1) for name in names})
    assert result.method == FIRST
    assert result.shown.u == pytest.approx(1.01**59 * 0.001 * math.sqrt(60))
