fn f_cbrt(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let root = x.abs().powf(1.0 / 3.0).copysign(x);
    // One step of Newton's method: 1/3 is not a float.
    root - (root - x / root / root) / 3.0
}

/// The length of the vector (x, y), with the rounding errors of the squares and of their sum added at the end.
fn f_hypot(x: f64, y: f64) -> f64 {
    let largest = x.abs().max(y.abs());
    if largest == 0.0 || !x.is_finite() || !y.is_finite() {
        return x.abs() + y.abs();
    }
    if largest < f64::MIN_POSITIVE {
        return f_hypot(x / f64::MIN_POSITIVE, y / f64::MIN_POSITIVE) * f64::MIN_POSITIVE;
    }
    if largest > f64::MAX / 8.0 {
        return f_hypot(x / 8.0, y / 8.0) * 8.0;
    }
    // The power of 2 that makes `largest` a number from 1/2 to 1.
    let scale = f64::from_bits((2045 - (largest.to_bits() >> 52)) << 52);
    let (mut total, mut rounding, mut error) = (1.0, 0.0, 0.0);
    for part in [x * scale, y * scale] {
        let square = part * part;
        let sum = total + square;
        rounding += part.mul_add(part, -square);
        error += (total - sum) + square;
        total = sum;
    }
    let root = (total - 1.0 + (rounding + error)).sqrt();
    let square = -root * root;
    let sum = total + square;
    rounding += (-root).mul_add(root, -square);
    error += (total - sum) + square;
    (root + (sum - 1.0 + (rounding + error)) / (2.0 * root)) / scale
}

fn f_asinh(x: f64) -> f64 {
    let size = x.abs();
    let square = size * size;
    let value = if size < 2.0_f64.powi(-28) {
        return x;
    } else if size > 2.0_f64.powi(28) {
        size.ln() + std::f64::consts::LN_2
    } else if size > 2.0 {
        (2.0 * size + 1.0 / ((square + 1.0).sqrt() + size)).ln()
    } else {
        (size + square / (1.0 + (1.0 + square).sqrt())).ln_1p()
    };
    value.copysign(x)
}

fn f_acosh(x: f64) -> f64 {
    if x > 2.0_f64.powi(28) {
        x.ln() + std::f64::consts::LN_2
    } else if x > 2.0 {
        (2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt())).ln()
    } else {
        let above = x - 1.0;
        (above + (2.0 * above + above * above).sqrt()).ln_1p()
    }
}

fn f_atanh(x: f64) -> f64 {
    let size = x.abs();
    let value = if size < 0.5 {
        let double = size + size;
        0.5 * (double + double * size / (1.0 - size)).ln_1p()
    } else {
        0.5 * ((size + size) / (1.0 - size)).ln_1p()
    };
    value.copysign(x)
}

fn f_erf(x: f64) -> f64 {
    extern "C" {
        fn erf(x: f64) -> f64;
    }
    // The standard library links that of C, which has this function for all numbers.
    unsafe { erf(x) }
}

fn f_erfc(x: f64) -> f64 {
    extern "C" {
        fn erfc(x: f64) -> f64;
    }
    // The standard library links that of C, which has this function for all numbers.
    unsafe { erfc(x) }
}

/// The nearest whole number; of two, the even one.
fn f_round(x: f64) -> f64 {
    let nearest = x.round();
    if (x - x.trunc()).abs() == 0.5 {
        2.0 * (x / 2.0).round() + 0.0
    } else {
        nearest + 0.0
    }
}

/// The remainder with the sign of y.
fn f_mod(x: f64, y: f64) -> f64 {
    let remainder = x % y;
    if remainder != 0.0 && (remainder < 0.0) != (y < 0.0) {
        remainder + y
    } else {
        remainder + 0.0
    }
}

/// A power; a square and a reciprocal are rounded once.
fn f_pow(x: f64, y: f64) -> f64 {
    if y == 2.0 {
        x * x
    } else if y == -1.0 {
        1.0 / x
    } else {
        x.powf(y)
    }
}

/// `powf` itself: for some constants a compiler would take exp2 or sqrt, and the last bit may differ.
fn f_power(x: f64, y: f64) -> f64 {
    let hidden = |number: f64| unsafe { std::ptr::read_volatile(&number) };
    hidden(x).powf(hidden(y))
}

/// The sum that Stirling's formula ends with, for x from 10.
fn f_stirling(x: f64) -> f64 {
    let square = x * x;
    let mut sum = 1.0 / 156.0;
    for factor in [-691.0 / 360360.0, 1.0 / 1188.0, -1.0 / 1680.0, 1.0 / 1260.0, -1.0 / 360.0, 1.0 / 12.0] {
        sum = sum / square + factor;
    }
    sum / x
}

/// sin(pi*x), exact in how far x is from a whole number.
fn f_sinpi(x: f64) -> f64 {
    let nearest = x.round();
    let sine = (std::f64::consts::PI * (x - nearest)).sin();
    if nearest % 2.0 == 0.0 {
        sine
    } else {
        -sine
    }
}

/// Gamma by Stirling's formula from 10, below as gamma(x + n)/(x*(x + 1)*...*(x + n - 1)), with the rounding errors.
fn f_gamma(x: f64) -> f64 {
    let root = 2.5066282746310007; // of 2*pi
    if x <= 0.0 && x.floor() == x {
        return f64::NAN;
    }
    if x < 0.0 {
        let rest = -std::f64::consts::PI / (x * f_sinpi(x));
        if x > -10.0 {
            return rest / f_gamma(-x);
        }
        let power = (-x).powf(-0.5 * x - 0.25);
        return rest / power / (root * x.exp() * f_stirling(-x).exp()) / power;
    }
    if x == x.floor() && x < 24.0 {
        return (1..x as i32).map(f64::from).product();
    }
    let (mut y, mut shift, mut product, mut error) = (x, 0.0, 1.0, 0.0);
    while y < 10.0 {
        let factor: f64 = x + shift;
        let part = factor - shift;
        let rounding = (shift - (factor - part)) + (x - part);
        let next = product * factor;
        error = error * factor + product * rounding + f64::mul_add(product, factor, -next);
        product = next;
        shift += 1.0;
        y = x + shift;
    }
    let power = y.powf(0.5 * y - 0.25);
    let value = root * power * (-y).exp() * f_stirling(y).exp() * power;
    // y is rounded, too: the derivative of log(gamma) is nearly log(y) - 1/(2*y).
    let part = y - shift;
    let rounding = (shift - (y - part)) + (x - part);
    (value + value * (rounding * (y.ln() - 0.5 / y) - error / product)) / product
}

/// lgamma(1 + d), from a sum without cancellation, as a multiple of d.
fn f_lgamma_beside_1(d: f64) -> f64 {
    let factors = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360360.0,
        1.0 / 156.0,
        -3617.0 / 122400.0,
        43867.0 / 244188.0,
    ];
    let (u, v) = (1.0 / (12.0 + d), 1.0 / 12.0);
    let near: f64 = (1..12).rev().map(|k| (d / f64::from(k)).ln_1p()).sum();
    let (mut series, mut between, mut power) = (0.0, 1.0, 1.0);
    for factor in factors {
        series += factor * between;
        power *= v;
        between = between * u + power;
        power *= v;
        between = between * u + power;
    }
    d * 2.4849066497880004 + ((11.5 + d) * (d / 12.0).ln_1p() - d) - d * u * v * series - near
}

fn f_lgamma(x: f64) -> f64 {
    if x <= 0.0 {
        if x.floor() == x {
            return f64::NAN;
        }
        return (std::f64::consts::PI / (x * f_sinpi(x)).abs()).ln() - f_lgamma(-x);
    }
    if x < 0.5 {
        return f_lgamma_beside_1(x) - x.ln();
    }
    if x >= 10.0 {
        return (x - 0.5) * (x.ln() - 1.0) + (0.4189385332046727 + f_stirling(x));
    }
    let (mut y, mut product): (f64, f64) = (x, 1.0);
    while y > 1.5 {
        y -= 1.0;
        product *= y;
    }
    product.ln() + f_lgamma_beside_1(y - 1.0)
}

fn f_digamma(x: f64) -> f64 {
    let bernoulli = [
        1.0 / 6.0,
        -1.0 / 30.0,
        1.0 / 42.0,
        -1.0 / 30.0,
        5.0 / 66.0,
        -691.0 / 2730.0,
        7.0 / 6.0,
        -3617.0 / 510.0,
        43867.0 / 798.0,
    ];
    if x >= 12.0 {
        let mut series = 0.0;
        for k in (1..10).rev() {
            series = (series + bernoulli[k - 1] / (2 * k) as f64) * (1.0 / x / x);
        }
        return x.ln() - 0.5 / x - series;
    }
    if x <= 0.0 {
        if x.floor() == x {
            return f64::NAN;
        }
        let pi = std::f64::consts::PI;
        return f_digamma(1.0 - x) - pi / (pi * (x - f_round(x))).tan();
    }
    // Its positive zero, in two parts; (x - zero) times a sum of positive terms: nothing cancels.
    let (zero, rest) = (1.4616321449683622, 9.549995429965697e-17);
    let d = (x - zero) - rest;
    let near: f64 = (0..12).rev().map(|k| 1.0 / ((x + f64::from(k)) * (zero + f64::from(k)))).sum();
    let (u, v): (f64, f64) = (1.0 / (x + 12.0), 1.0 / (zero + 12.0));
    let (mut series, mut between, mut power) = (0.5 * u * v, 1.0, 1.0);
    for k in 1..10 {
        power *= v;
        between = between * u + power;
        series += bernoulli[k - 1] / (2 * k) as f64 * u * v * between;
        power *= v;
        between = between * u + power;
    }
    d * (near + series) + (d * v).ln_1p()
}

/// The sum of (scale/(x + j))**s for j = 0, 1, 2, ... and x > 0, by the formula of Euler and Maclaurin.
fn f_powers(s: f64, x: f64, scale: f64) -> f64 {
    let bernoulli = [
        1.0 / 6.0,
        -1.0 / 30.0,
        1.0 / 42.0,
        -1.0 / 30.0,
        5.0 / 66.0,
        -691.0 / 2730.0,
        7.0 / 6.0,
        -3617.0 / 510.0,
        43867.0 / 798.0,
    ];
    let steps = (s + 12.0 - x.floor()).max(0.0) as i32;
    let end = x + f64::from(steps);
    let near: f64 = (0..steps).rev().map(|k| (scale / (x + f64::from(k))).powf(s)).sum();
    let (mut series, mut term) = (end / (s - 1.0) + 0.5, 1.0);
    let mut double = 0.0;
    for factor in bernoulli {
        double += 2.0;
        term = term * (s + double - 2.0) / end / double / (double - 1.0);
        series += term * factor;
        term = term * (s + double - 1.0) / end;
    }
    near + (scale / end).powf(s) * series
}

/// The derivative of order n of digamma.
fn f_polygamma(n: f64, x: f64) -> f64 {
    if !(0.0..=170.0).contains(&n) || n != n.floor() || (x <= 0.0 && x.floor() == x) {
        return f64::NAN;
    }
    if n == 0.0 {
        return f_digamma(x);
    }
    let (s, is_even) = (n + 1.0, n % 2.0 == 1.0);
    let (mut x, mut scale) = (x, x);
    if x < 0.0 {
        scale = x - f_round(x);
        if !is_even && scale.abs() == 0.5 {
            scale = 1.0 - x;
            x = scale;
        }
    }
    let total = if x > 0.0 {
        f_powers(s, x, scale)
    } else {
        let left = f_powers(s, 1.0 - scale, scale) - f_powers(s, 1.0 - x, scale);
        1.0 + f_powers(s, 1.0 + scale, scale) + if is_even { left } else { -left }
    };
    // n!/scale**(n + 1), each partial product between 1 and the whole where that is out of range.
    let mut factor = if is_even { 1.0 } else { -1.0 };
    for k in 1..s as i32 {
        factor *= f64::from(k) / scale;
    }
    factor * total / scale
}
