function f_cbrt(x) {
  if (x === 0 || !Number.isFinite(x)) return x;
  const root = Math.sign(x) * Math.pow(Math.abs(x), 1 / 3);
  // One step of Newton's method: 1/3 is not a float.
  return root - (root - x / root / root) / 3;
}

/** The remainder with the sign of y. */
function f_mod(x, y) {
  const remainder = x % y;
  return remainder !== 0 && (remainder < 0) !== (y < 0) ? remainder + y : remainder + 0;
}

/** The nearest whole number; of two, the even one. */
function f_round(x) {
  const below = Math.floor(x);
  const part = x - below;
  if (part !== 0.5) return (part < 0.5 ? below : below + 1) + 0;
  return 2 * Math.round(x / 2) + 0;
}

/** The rounding error of the product x*y, whose halves have products without one. */
function f_rounding(x, y, product) {
  const half = (number) => {
    const high = 134217729 * number;
    return high - (high - number);
  };
  const [a, b] = [half(x), half(y)];
  return (x - a) * (y - b) - (product - a * b - (x - a) * b - a * (y - b));
}

/** exp(-x*x); the square is rounded, and a large exponential would magnify that. */
function f_bell(x) {
  const near = Math.round(x * 1024) / 1024;
  return Math.exp(-near * near) * Math.exp((near - x) * (near + x));
}

/** A series of positive terms up to 2, beyond by what is missing to 1. */
function f_erf(x) {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (size >= 2) return Math.sign(x) * (1 - f_erfc(size));
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return 1.1283791670955126 * f_bell(x) * sum;
}

/** A continued fraction from 1/2, of as many levels as it takes. */
function f_erfc(x) {
  if (!(x > 0.5)) return 1 - f_erf(x);
  if (x > 28) return 0;
  let fraction = x;
  for (let k = Math.ceil(200 / (x * x)) + 10; k > 0; k--) fraction = x + k / 2 / fraction;
  return (0.5641895835477563 * f_bell(x)) / fraction;
}

/** The sum that Stirling's formula ends with, for x from 10. */
function f_stirling(x) {
  const factors = [-691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12];
  return factors.reduce((sum, factor) => sum / (x * x) + factor, 1 / 156) / x;
}

/** sin(pi*x), exact in how far x is from a whole number. */
function f_sinpi(x) {
  const nearest = Math.round(x);
  const sine = Math.sin(Math.PI * (x - nearest));
  return nearest % 2 === 0 ? sine : -sine;
}

/** Gamma by Stirling's formula from 10, below as gamma(x + n)/(x*(x + 1)*...*(x + n - 1)), with the rounding errors. */
function f_gamma(x) {
  const root = 2.5066282746310007; // of 2*pi
  if (x <= 0 && Math.floor(x) === x) return NaN;
  if (x < 0) {
    const rest = -Math.PI / (x * f_sinpi(x));
    if (x > -10) return rest / f_gamma(-x);
    const power = Math.pow(-x, -0.5 * x - 0.25);
    return rest / power / (root * Math.exp(x) * Math.exp(f_stirling(-x))) / power;
  }
  if (x === Math.floor(x) && x < 24) {
    let factorial = 1;
    for (let k = 2; k < x; k++) factorial *= k;
    return factorial;
  }
  let y = x;
  let shift = 0;
  let product = 1;
  let error = 0;
  while (y < 10) {
    const factor = x + shift;
    const part = factor - shift;
    const rounding = shift - (factor - part) + (x - part);
    const next = product * factor;
    error = error * factor + product * rounding + f_rounding(product, factor, next);
    product = next;
    shift += 1;
    y = x + shift;
  }
  const power = Math.pow(y, 0.5 * y - 0.25);
  const value = root * power * Math.exp(-y) * Math.exp(f_stirling(y)) * power;
  // y is rounded, too: the derivative of log(gamma) is nearly log(y) - 1/(2*y).
  const part = y - shift;
  const rounding = shift - (y - part) + (x - part);
  return (value + value * (rounding * (Math.log(y) - 0.5 / y) - error / product)) / product;
}

/** lgamma(1 + d), from a sum without cancellation, as a multiple of d. */
function f_lgamma_beside_1(d) {
  const factors = [
    1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400, 43867 / 244188,
  ];
  const u = 1 / (12 + d);
  const v = 1 / 12;
  let near = 0;
  for (let k = 11; k > 0; k--) near += Math.log1p(d / k);
  let series = 0;
  let between = 1;
  let power = 1;
  for (const factor of factors) {
    series += factor * between;
    power *= v;
    between = between * u + power;
    power *= v;
    between = between * u + power;
  }
  return d * 2.4849066497880004 + ((11.5 + d) * Math.log1p(d / 12) - d) - d * u * v * series - near;
}

function f_lgamma(x) {
  if (x <= 0) {
    if (Math.floor(x) === x) return NaN;
    return Math.log(Math.PI / Math.abs(x * f_sinpi(x))) - f_lgamma(-x);
  }
  if (x < 0.5) return f_lgamma_beside_1(x) - Math.log(x);
  if (x >= 10) return (x - 0.5) * (Math.log(x) - 1) + (0.4189385332046727 + f_stirling(x));
  let y = x;
  let product = 1;
  while (y > 1.5) {
    y -= 1;
    product *= y;
  }
  return Math.log(product) + f_lgamma_beside_1(y - 1);
}

/** The Bernoulli numbers B2, B4, ..., B18. */
function f_bernoulli() {
  return [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798];
}

function f_digamma(x) {
  if (x >= 12) {
    const terms = f_bernoulli().map((number, k) => number / (2 * k + 2));
    return Math.log(x) - 0.5 / x - terms.reduceRight((series, term) => (series + term) * (1 / x / x), 0);
  }
  if (x <= 0) {
    if (Math.floor(x) === x) return NaN;
    return f_digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - f_round(x)));
  }
  // Its positive zero, in two parts; (x - zero) times a sum of positive terms: nothing cancels.
  const zero = 1.4616321449683622;
  const d = x - zero - 9.549995429965697e-17;
  let near = 0;
  for (let k = 11; k >= 0; k--) near += 1 / ((x + k) * (zero + k));
  const u = 1 / (x + 12);
  const v = 1 / (zero + 12);
  let series = 0.5 * u * v;
  let between = 1;
  let power = 1;
  f_bernoulli().forEach((number, k) => {
    power *= v;
    between = between * u + power;
    series += (number / (2 * k + 2)) * u * v * between;
    power *= v;
    between = between * u + power;
  });
  return d * (near + series) + Math.log1p(d * v);
}

/** The sum of (scale/(x + j))**s for j = 0, 1, 2, ... and x > 0, by the formula of Euler and Maclaurin. */
function f_powers(s, x, scale) {
  const steps = Math.max(0, s + 12 - Math.floor(x));
  const end = x + steps;
  let near = 0;
  for (let k = steps - 1; k >= 0; k--) near += Math.pow(scale / (x + k), s);
  let series = end / (s - 1) + 0.5;
  let term = 1;
  f_bernoulli().forEach((number, k) => {
    term *= (s + 2 * k) / end / (2 * k + 2) / (2 * k + 1);
    series += term * number;
    term *= (s + 2 * k + 1) / end;
  });
  return near + Math.pow(scale / end, s) * series;
}

/** The derivative of order n of digamma. */
function f_polygamma(n, x) {
  if (!(n >= 0 && n <= 170) || n !== Math.floor(n) || (x <= 0 && Math.floor(x) === x)) return NaN;
  if (n === 0) return f_digamma(x);
  const s = n + 1;
  let scale = x < 0 ? x - f_round(x) : x;
  if (x < 0 && s % 2 === 1 && Math.abs(scale) === 0.5) scale = x = 1 - x;
  let total;
  if (x > 0) {
    total = f_powers(s, x, scale);
  } else {
    const left = f_powers(s, 1 - scale, scale) - f_powers(s, 1 - x, scale);
    total = 1 + f_powers(s, 1 + scale, scale) + (s % 2 === 0 ? left : -left);
  }
  // n!/scale**(n + 1), each partial product between 1 and the whole where that is out of range.
  let factor = s % 2 === 0 ? 1 : -1;
  for (let k = 1; k < s; k++) factor *= k / scale;
  return (factor * total) / scale;
}
