"""The helpers of Python: what `math` lacks or computes inaccurately; a generated function has a copy of their text."""

import math


def f_cbrt(x: float) -> float:
    """Return the real cube root."""
    if x == 0.0 or x - x != 0.0:
        return x
    root = math.copysign(math.pow(abs(x), 1.0 / 3.0), x)
    # One step of Newton's method: 1/3 is not a float.
    return root - (root - x / root / root) / 3.0


def f_pow(x: float, y: float) -> float:
    """Return a power; a square and a reciprocal are rounded once."""
    if y == 2.0:
        return x * x
    return 1.0 / x if y == -1.0 else math.pow(x, y)


def f_lgamma_beside_1(d: float) -> float:
    """Return lgamma(1 + d), from a sum without cancellation, as a multiple of d."""
    factors = 1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400, 43867 / 244188
    u, v = 1.0 / (12.0 + d), 1.0 / 12.0
    near = sum(math.log1p(d / k) for k in range(11, 0, -1))
    series, between, power = 0.0, 1.0, 1.0
    for factor in factors:
        series += factor * between
        for _ in range(2):
            power *= v
            between = between * u + power
    stirling = (11.5 + d) * math.log1p(d / 12.0) - d
    return d * math.log(12.0) + stirling - d * u * v * series - near


def f_lgamma(x: float) -> float:
    """Return the logarithm of the absolute value of gamma, accurate next to its zeros at 1 and 2, too."""
    if 0.5 <= x < 1.5:
        return f_lgamma_beside_1(x - 1.0)
    if 1.5 <= x <= 2.5:
        return math.log1p(x - 2.0) + f_lgamma_beside_1(x - 2.0)
    return math.lgamma(x)


def f_bernoulli() -> tuple[float, ...]:
    """Return the Bernoulli numbers B2, B4, ..., B18."""
    return 1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798


def f_digamma(x: float) -> float:
    """Return the derivative of lgamma."""
    if x >= 12.0:
        series = 0.0
        for k in range(9, 0, -1):
            series = (series + f_bernoulli()[k - 1] / (2 * k)) * (1.0 / x / x)
        return math.log(x) - 0.5 / x - series
    if x <= 0.0:
        if x == math.floor(x):
            raise ValueError("a pole")
        return f_digamma(1.0 - x) - math.pi / math.tan(math.pi * (x - round(x)))
    # Its positive zero, in two parts; (x - zero) times a sum of positive terms: nothing cancels.
    zero, rest = 1.4616321449683622, 9.549995429965697e-17
    d = (x - zero) - rest
    near = sum(1.0 / ((x + k) * (zero + k)) for k in range(11, -1, -1))
    u, v = 1.0 / (x + 12.0), 1.0 / (zero + 12.0)
    series, between, power = 0.5 * u * v, 1.0, 1.0
    for k, number in enumerate(f_bernoulli(), start=1):
        power *= v
        between = between * u + power
        series += number / (2 * k) * u * v * between
        power *= v
        between = between * u + power
    return d * (near + series) + math.log1p(d * v)


def f_powers(s: int, x: float, scale: float) -> float:
    """Return the sum of (scale/(x + j))**s for j = 0, 1, ... and x > 0, by the formula of Euler and Maclaurin."""
    steps = max(0, s + 12 - math.floor(x))
    end = x + steps
    near: float = sum((scale / (x + k)) ** s for k in range(steps - 1, -1, -1))
    series, term = end / (s - 1) + 0.5, 1.0
    for k, number in enumerate(f_bernoulli(), start=1):
        term *= (s + 2 * k - 2) / end / (2 * k) / (2 * k - 1)
        series += term * number
        term *= (s + 2 * k - 1) / end
    last: float = (scale / end) ** s
    return near + last * series


def f_polygamma(n: float, x: float) -> float:
    """Return the derivative of digamma of the order n."""
    if not 0 <= n <= 170 or n != int(n) or (x <= 0.0 and x == math.floor(x)):
        raise ValueError("an order that is not whole, or a pole")
    if n == 0:
        return f_digamma(x)
    s = int(n) + 1
    scale = x if x > 0.0 else x - round(x)
    if x < 0.0 and s % 2 == 1 and abs(scale) == 0.5:
        x = scale = 1.0 - x
    if x > 0.0:
        total = f_powers(s, x, scale)
    else:
        left = f_powers(s, 1.0 - scale, scale) - f_powers(s, 1.0 - x, scale)
        total = 1.0 + f_powers(s, 1.0 + scale, scale) + (left if s % 2 == 0 else -left)
    # n!/scale**(n + 1), each partial product between 1 and the whole where that is out of range.
    factor = 1.0 if s % 2 == 0 else -1.0
    for k in range(1, s):
        factor *= k / scale
    return factor * total / scale
