#include <math.h>

static double f_cbrt(double x)
{
    double root;
    if (x == 0.0 || !isfinite(x))
        return x;
    root = copysign(pow(fabs(x), 1.0/3.0), x);
    /* One step of Newton's method: 1/3 is not a double. */
    return root - (root - x/root/root)/3.0;
}

/* The length of the vector (x, y), with the rounding errors of the squares and of their sum added at the end. */
static double f_hypot(double x, double y)
{
    const double largest = fabs(x) > fabs(y) ? fabs(x) : fabs(y);
    double scale, square, total = 1.0, sum, rounding = 0.0, error = 0.0, root;
    int exponent, i;
    if (largest == 0.0 || !isfinite(x) || !isfinite(y))
        return fabs(x) + fabs(y);
    frexp(largest, &exponent);
    if (exponent < -1023)
        return ldexp(f_hypot(ldexp(x, 1022), ldexp(y, 1022)), -1022);
    scale = ldexp(1.0, -exponent);
    for (i = 0; i < 2; i++) {
        const double part = i == 0 ? x*scale : y*scale;
        square = part*part;
        sum = total + square;
        rounding += fma(part, part, -square);
        error += (total - sum) + square;
        total = sum;
    }
    root = sqrt(total - 1.0 + (rounding + error));
    square = -root*root;
    sum = total + square;
    rounding += fma(-root, root, -square);
    error += (total - sum) + square;
    return (root + (sum - 1.0 + (rounding + error))/(2.0*root))/scale;
}

/* The remainder with the sign of y. */
static double f_mod(double x, double y)
{
    const double remainder = fmod(x, y);
    return remainder != 0.0 && (remainder < 0.0) != (y < 0.0) ? remainder + y : remainder + 0.0;
}

/* A square and a reciprocal are rounded once. */
static double f_pow(double x, double y)
{
    return y == 2.0 ? x*x : y == -1.0 ? 1.0/x : pow(x, y);
}

/* pow itself: for some constants a compiler would take exp2 or sqrt, and the last bit may differ. */
static double f_power(double x, double y)
{
    volatile double base = x, exponent = y;
    return pow(base, exponent);
}

/* The sum that Stirling's formula ends with, for x from 10. */
static double f_stirling(double x)
{
    const double square = x*x;
    double sum = 1.0/156.0;
    sum = sum/square - 691.0/360360.0;
    sum = sum/square + 1.0/1188.0;
    sum = sum/square - 1.0/1680.0;
    sum = sum/square + 1.0/1260.0;
    sum = sum/square - 1.0/360.0;
    return (sum/square + 1.0/12.0)/x;
}

/* sin(pi*x), exact in how far x is from a whole number. */
static double f_sinpi(double x)
{
    const double nearest = rint(x), sine = sin(3.141592653589793*(x - nearest));
    return fmod(nearest, 2.0) == 0.0 ? sine : -sine;
}

/* Gamma by Stirling's formula from 10, below as gamma(x + n)/(x*(x + 1)*...*(x + n - 1)), with the rounding errors. */
static double f_gamma(double x)
{
    double y = x, product = 1.0, error = 0.0, shift = 0.0, power, value;
    if (x < 0.0) {
        const double rest = -3.141592653589793/(x*f_sinpi(x));
        if (floor(x) == x)
            return NAN;
        if (x > -10.0)
            return rest/f_gamma(-x);
        power = pow(-x, -0.5*x - 0.25);
        return rest/power/(2.5066282746310007*exp(x)*exp(f_stirling(-x)))/power;
    }
    if (x == floor(x) && x < 24.0) {
        for (y = 1.0, value = x; value > 2.0; value -= 1.0)
            y *= value - 1.0;
        return x == 0.0 ? NAN : y;
    }
    for (; y < 10.0; shift += 1.0) {
        const double factor = x + shift, part = factor - shift;
        const double rounding = (shift - (factor - part)) + (x - part), next = product*factor;
        error = error*factor + product*rounding + fma(product, factor, -next);
        product = next;
        y = x + (shift + 1.0);
    }
    power = pow(y, 0.5*y - 0.25);
    value = 2.5066282746310007*power*exp(-y)*exp(f_stirling(y))*power;
    if (shift > 0.0) {
        /* y is rounded, too: the derivative of log(gamma) is nearly log(y) - 1/(2*y). */
        const double part = y - shift, rounding = (shift - (y - part)) + (x - part);
        value += value*(rounding*(log(y) - 0.5/y) - error/product);
        value /= product;
    }
    return value;
}

/* lgamma(1 + d), from a sum without cancellation, as a multiple of d. */
static double f_lgamma_beside_1(double d)
{
    const double factors[9] = {1.0/12.0, -1.0/360.0, 1.0/1260.0, -1.0/1680.0, 1.0/1188.0,
        -691.0/360360.0, 1.0/156.0, -3617.0/122400.0, 43867.0/244188.0};
    const double u = 1.0/(12.0 + d), v = 1.0/12.0;
    double near = 0.0, series = 0.0, between = 1.0, power = 1.0;
    int k;
    for (k = 11; k > 0; k--)
        near += log1p(d/k);
    for (k = 0; k < 9; k++) {
        series += factors[k]*between;
        power *= v;
        between = between*u + power;
        power *= v;
        between = between*u + power;
    }
    return d*2.4849066497880004 + ((11.5 + d)*log1p(d/12.0) - d) - d*u*v*series - near;
}

static double f_lgamma(double x)
{
    double product = 1.0, y = x;
    if (x <= 0.0)
        return floor(x) == x ? NAN : log(3.141592653589793/fabs(x*f_sinpi(x))) - f_lgamma(-x);
    if (x < 0.5)
        return f_lgamma_beside_1(x) - log(x);
    if (x >= 10.0)
        return (x - 0.5)*(log(x) - 1.0) + (0.4189385332046727 + f_stirling(x));
    for (; y > 1.5; product *= y)
        y -= 1.0;
    return log(product) + f_lgamma_beside_1(y - 1.0);
}

static double f_digamma(double x)
{
    const double bernoulli[9] = {1.0/6.0, -1.0/30.0, 1.0/42.0, -1.0/30.0, 5.0/66.0, -691.0/2730.0, 7.0/6.0,
        -3617.0/510.0, 43867.0/798.0};
    /* Its positive zero, in two parts. */
    const double zero = 1.4616321449683622, rest = 9.549995429965697e-17;
    double d, u, v, near = 0.0, series, between = 1.0, power = 1.0;
    int k;
    if (x >= 12.0) {
        series = 0.0;
        for (k = 9; k > 0; k--)
            series = (series + bernoulli[k - 1]/(2*k))*(1.0/x/x);
        return log(x) - 0.5/x - series;
    }
    if (x <= 0.0)
        return floor(x) == x ? NAN : f_digamma(1.0 - x) - 3.141592653589793/tan(3.141592653589793*(x - rint(x)));
    /* (x - zero) times a sum of positive terms: nothing cancels. */
    d = (x - zero) - rest;
    for (k = 11; k >= 0; k--)
        near += 1.0/((x + k)*(zero + k));
    u = 1.0/(x + 12.0);
    v = 1.0/(zero + 12.0);
    series = 0.5*u*v;
    for (k = 1; k <= 9; k++) {
        power *= v;
        between = between*u + power;
        series += bernoulli[k - 1]/(2*k)*u*v*between;
        power *= v;
        between = between*u + power;
    }
    return d*(near + series) + log1p(d*v);
}

/* The sum of (scale/(x + j))**s for j = 0, 1, 2, ... and x > 0, by the formula of Euler and Maclaurin. */
static double f_powers(int s, double x, double scale)
{
    const double bernoulli[9] = {1.0/6.0, -1.0/30.0, 1.0/42.0, -1.0/30.0, 5.0/66.0, -691.0/2730.0, 7.0/6.0,
        -3617.0/510.0, 43867.0/798.0};
    int steps = x < s + 12 ? (int)(s + 12 - floor(x)) : 0, k;
    const double end = x + steps;
    double near = 0.0, series = end/(s - 1) + 0.5, term = 1.0;
    for (k = steps - 1; k >= 0; k--)
        near += pow(scale/(x + k), s);
    for (k = 1; k <= 9; k++) {
        term *= (s + 2*k - 2)/end/(2*k)/(2*k - 1);
        series += term*bernoulli[k - 1];
        term *= (s + 2*k - 1)/end;
    }
    return near + pow(scale/end, s)*series;
}

/* The derivative of order n of digamma. */
static double f_polygamma(double n, double x)
{
    const int s = (int)n + 1;
    double scale = x, total, factor = s % 2 == 0 ? 1.0 : -1.0;
    int k;
    if (!(n >= 0.0 && n <= 170.0) || n != floor(n) || (x <= 0.0 && floor(x) == x))
        return NAN;
    if (n == 0.0)
        return f_digamma(x);
    if (x < 0.0) {
        scale = x - rint(x);
        if (s % 2 == 1 && fabs(scale) == 0.5)
            x = scale = 1.0 - x;
    }
    if (x > 0.0) {
        total = f_powers(s, x, scale);
    } else {
        const double left = f_powers(s, 1.0 - scale, scale) - f_powers(s, 1.0 - x, scale);
        total = 1.0 + f_powers(s, 1.0 + scale, scale) + (s % 2 == 0 ? left : -left);
    }
    /* n!/scale**(n + 1), each partial product between 1 and the whole where that is out of range. */
    for (k = 1; k < s; k++)
        factor *= k/scale;
    return factor*total/scale;
}
