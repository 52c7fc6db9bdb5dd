"""Programs that random testing found, each of which ended in a traceback or was refused without a reason."""

import json

import pytest
from running import Run

STEPS = [
    "n0 = m; where(where(e, e*0.25, (α)), α, n0)",
    "n0 = exp((x) / x); f0(u, y) = clamp(x, y, y); atan2(f0(n0, x) - (+x), where(x > 0.5, ln(2), n0^n0))",
    "log(where((m)/lambda > (3.0) * 7, where(2 != m, log(m), lambda), min(-1, sin(lambda))))",
    "f0(u) = ((u)+pi); n0 = (cosh(y))-((y)); n1 = f0(y); sin((1 + n1) - n1)",
    "n0 = hypot(y, erf(y)); ((0.5)^y)**(0.5)+(digamma(1))-(n0)/n0",
    "n0 = (0.5+(x)); n1 = x; f0(t) = x; (n0 - n0) / x/(4)-((0.5 * (10)))",
    "u = x*x; v = u - 2; (u - v)**2",
    "n0 = (3.0) + y-(polygamma(1, y)); n1 = -tanh(n0); ((n0)) * (1)/(n0)",
    "n0 = (function) - (2.50); f0(x, u) = (u) ^ (1.5); n1 = f0(1, function); pow(n1 + (1)^(3), ((n0)-n0)+(relu(5)))",
    "(max((α), clamp(_, α, 3))*where(2, tanh(_), pi+7)) + atan2(abs(+v1), erf(_ - α))",
    "n=x+1; atan2(n,n)",
    "n0 = (lambda)-lambda + -lambda; where(n0-n0 < softplus(lambda), ((lambda)**3)*(1), lambda)",
    "hypot(where(abs(_) >= (_)-(α), acos(log2(α)), 1), atan2(clamp(_, α, 2), ln(_))/(α) ** (cosh(4)))",
    "n0 = 3; n1 = log(n0**-2); clamp(n1 - (n0), n1, n0)*(((n1)-n1)**((1/3)))",
    "n0 = (x - (x))+(cbrt(7)); (sqrt(normpdf((n0)-(n0)))) - where(ceil(x) < 4, (max(n0, n0)), where(n0 < n0, min(2, x), log2(n0)))",  # noqa: E501
    "n0 = clamp(y, y, y); n1 = atanh(n0) * (n0); (n1 + n1 / n1)",
    "n0 = function; f0(y) = y; n1 = (atan2(pi, function))+sigmoid(1.5); f0(a1) - (pow(n1 - n1, sin(a1)))",
    "(where(-z == pi, 2, z**(0) + (z-(z))))*((min((z) + (pi), (z))))",
    "n0 = sqrt(sigmoid(lambda)); (sign(1)) - +atan(n0)",
    "n0 = atan(lambda - (3)); n1 = n0-(tau); n2 = (acosh(n0))**(lambda); atanh(sigmoid((n1-(n1))*(digamma(1))))",
    "n0 = (e) * (v1) ^ (cosh(2)); n1 = n0-2; (n0-n1-((e)))**-0.5",
    "n=clamp(x,x,1); where(x,x,(n-n)*x)",
    "n0 = (_)-(10); n1 = sigmoid((n0)+(0.5)); f0(y) = sin(lambda); clamp(min(3, lambda)*(where(2 > _, n0, _)), 1.4, _)",
    "(where(2.50 == y, softplus(y), 10*y))*clamp(e ** 1, y, e)",
    "n0 = lambda; f0(t) = ((lambda) ^ (lambda)); f1(u, y) = (digamma(lambda)); (where(where(lambda <= 2, 0.5, lambda), n0 + (-lambda), atan((lambda) ** 10)))",  # noqa: E501
    "where(sin >= 1, sigmoid(sin), -sin)*(min(sin**(-1), atan2(1, sin)))",
    "where(1e20 + 2. <= +x, z - 2**1.5, (z/(z))*(where(z <= z, z, z)))",
    "where(1.4, abs(1), (_)^0.5) * (relu((sin)))",
    "n0 = (y)*z*z+y; f0(y, x) = (y) + (tau); n1 = log(n0-(n0)); log2(n1 / (y)+(+3))",
    "n0 = log(atan(_)); f0(u, y) = 5+(y)/y; n1 = y; f0(atanh((n0) ** 3), ((y)^(-0.5)) * y * (_))",
    "n0 = erfc(sin*sin); n1 = relu(-1e2); erf((asin(n0-(n0)))^3)",
    "f0(t) = (t) - (t); ln(sinh(expm1(10))) ^ where(1**1.5 >= x / lambda, where(x >= 1e-3, (x)*_, exp(lambda)), atanh(0.5) - softplus(lambda))",  # noqa: E501
    "n=1+x; n/n",
]


@pytest.mark.parametrize("text", STEPS)
def test_the_steps_of_every_program_can_be_shown(mg: Run, text: str) -> None:
    done = mg("diff", text, "--steps")
    assert done.stdout.startswith("with respect to ")
    assert done.stderr == "" or done.stderr.startswith(("error: ", "note: ", "warning: ", "the formula "))


EXPLAINED = [
    [
        "n0 = (min(.5, a1)) - ((0.5)); n1 = (erf(1)) ** (2); n2 = (0) ^ n1+(clamp(a1, 1, n0)); erfc(hypot(n2, a1)*((1)**1))",  # noqa: E501
        "--let",
        "a1=0.5",
    ],
    ["hypot((a1) * a1 ^ (1), (v1 - v1) - (0**v1))", "--let", "a1=0.5", "--let", "v1=0.5"],
    ["n0 = x; f0(t, y) = (0.1); f1(u) = 4; sin(0**(α))", "--let", "x=0.5", "--let", "α=0.5"],
    [
        "n0 = function-function ** 1; n1 = hypot(1_000, n0)^((function) ** 1.4); n2 = function**(n1)**(10); lgamma(sigmoid(n0))+0.0 ^ n2-n0 - α",  # noqa: E501
        "--let",
        "function=0.5",
        "--let",
        "α=0.5",
    ],
    ["-pow(0.0, lambda * lambda)", "--let", "lambda=0.5"],
    ["abs(atan2(m, 1)-pow(0.0, lambda))", "--let", "m=0.5", "--let", "lambda=0.5"],
    ["n0 = cos(x); n1 = function; n2 = -gamma(x); 0 ^ n1", "--let", "x=0.5", "--let", "function=0.5"],
    ["f0(u, x) = _; n0 = _; n1 = (0.0)^1 ** (acos(n0)); (_) - 5e-324 / (1_000) - n1", "--let", "_=0.5"],
    ["n0 = pow(+0.0, y); n1 = where(7 == 1, (4), (n0)^(10)); n2 = n0; sqrt(normcdf(3+(n2)))", "--let", "y=0.5"],
    ["n0 = (lambda)^1.5; n1 = sin(expm1(function)); 0 ^ (function)", "--let", "lambda=0.5", "--let", "function=0.5"],
    ["n0 = floor(digamma(2.50)); f0(u) = 0.5; n1 = 0; (exp(0 ** n1)) * (-0.0 * f0(n1))"],
    ["(e) + sigmoid(lambda)*2 - (0) ** e * e", "--let", "e=0.5", "--let", "lambda=0.5"],
    ["y*0**x", "-x", "2", "-y", "1"],
    ["cbrt(((0)**(e)))", "--let", "e=0.5"],
    ["f0(y) = (y)**y; softplus(-1*0.0 ** (a1))", "--let", "a1=0.5"],
    ["(0.0**(y ** y))", "--let", "y=0.5"],
    ["where(x > 0, log(x), 0)", "-x", "-1", "--latex"],
    [
        "n0 = abs(_ ** (lambda)); n1 = cosh(0) / (softplus(_)); (pow(0, lambda))**(n1 ** -1)",
        "--let",
        "_=0.5",
        "--let",
        "lambda=0.5",
    ],
    ["0**(max((where(4 <= a1, a1, a1)) * cbrt(a1), -(a1) ^ 3))", "--let", "a1=0.5"],
    ["where(cosh(z), (z)+(normcdf(1)), log2((z) - (z)))", "--let", "z=0.5", "--latex"],
    ["(abs(tanh(min(3.0, sin)))) * ((0)**sign(e))", "--let", "sin=0.5", "--let", "e=0.5"],
]


@pytest.mark.parametrize("arguments", EXPLAINED, ids=" ".join)
def test_what_grad_answers_explain_explains(mg: Run, arguments: list[str]) -> None:
    arguments = [argument for argument in arguments if argument != "--latex"]
    graded, explained = mg("grad", *arguments, "--json"), mg("explain", *arguments, "--json")
    assert explained.exit_code == graded.exit_code
    if graded.exit_code:
        assert explained == graded
    else:
        found, expected = (json.loads(done.stdout)["gradient"] for done in (explained, graded))
        assert {name: found[name] for name in expected if name in found}.items() <= expected.items()
        assert mg("explain", *arguments, "--latex").stdout.startswith("\\begin{align*}")
        assert mg("explain", *arguments).stdout.startswith("forward pass")


FORMULAS = [
    ["diff", "g = -9.81; t = 2; g*t/g"],
    ["diff", "n0 = -3; f0(u) = u-(u); n0 ** -1*n0"],
    ["diff", "n0 = min(0.5, 7); n1 = n0; (m) * ((5)/(m)) * n1"],
    ["diff", "a = -1; x/(a*x)"],
    ["explain", "pow(max(1, pow(exp(2), asin(α))), 0.5)", "--let", "α=0.5", "--latex"],
    ["explain", "exp(1)**x", "-x", "2", "--json"],
    ["diff", "f0(t) = (tau) - α; n0 = asinh(ceil(1)); (((n0 - n0) * (n0) + lambda)+pow(_, lambda) ** 2)**2"],
    ["explain", "exp(1)**x", "-x", "2"],
    [
        "diff",
        "n0 = m - (m); n1 = where(m <= 4, (m), n0**(0.5)); n2 = +normpdf(1e308); -(normpdf((n0)*(n2)))-erfc(m) * (-n0)",
    ],
    ["diff", "n0 = sin; f0(x) = -y; n1 = cbrt(4); erf(sin / 0.5 ^ (n1 - (n1)))"],
    ["diff", "a = -3; a**-1*a"],
    [
        "hessian",
        "f0(y) = 1**(10)-(y) + (1e-3); n0 = sigmoid(0); n1 = normcdf(n0); pow(atan2((n1) * n1, abs(0.0)), tan(pow(n0, 1e20)))",  # noqa: E501
        "--formulas",
    ],
    ["explain", "n0 = 5; n1 = atan2(n0, a1); pow(exp(1), a1*(3.0))", "--let", "a1=0.5"],
    ["diff", "n0 = cosh(log1p(0.1)); n1 = sin; (hypot(n0, n0))*((sin)-(n1)) * (2 ^ 10 * +0.1)"],
]


@pytest.mark.parametrize("arguments", FORMULAS, ids=" ".join)
def test_every_program_has_its_formulas(mg: Run, arguments: list[str]) -> None:
    done = mg(*arguments)
    assert (done.exit_code, bool(done.stdout)) == (0, True)


@pytest.mark.parametrize("text", ["clamp(1, x, x)", "clamp(x, 1, 1)", "clamp(x, x, x)", "clamp(1, 1, x) + max(x, 1)"])
def test_equal_operands_of_a_choice_are_not_a_disagreement(mg: Run, text: str) -> None:
    assert mg("check", text, "-x", "1").exit_code == 0
