"""Prints the coefficients of erf, atan2, lgamma and digamma, with the largest relative errors they leave before rounding.

Needs mpmath 1.3: python make-coefficients.py

Polynomials go through Chebyshev nodes. Quotients of two polynomials of one degree, the constant of the denominator 1, go
through nodes that are Chebyshev's in t = (x - k) / (x + k), which puts them where functions bend.
"""

from mpmath import atan, cos, digamma, erf, erfc, euler, exp, findroot, log, loggamma, lu_solve, matrix, mp, mpf, nstr, pi, sqrt, zeta

mp.dps = 60


def chebyshev(low, high, count):
    return [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * i + 1) / (2 * count)) for i in range(count)]


def evaluate(coefficients, x):
    total = mpf(0)
    for coefficient in reversed(coefficients):
        total = total * x + coefficient
    return total


def through(function, nodes, above, below, origin):
    """P of degree `above` and Q of degree `below` in x - origin with P = function Q at the nodes."""
    size = above + below + 1
    system, right = matrix(size, size), matrix(size, 1)
    for i, x in enumerate(nodes):
        right[i] = function(x)
        for j in range(above + 1):
            system[i, j] = (x - origin) ** j
        for j in range(1, below + 1):
            system[i, above + j] = -right[i] * (x - origin) ** j
    found = list(lu_solve(system, right))
    return found[: above + 1], [mpf(1), *found[above + 1 :]]


def report(name, function, low, high, above, below=0, k=None, origin=0, offset=0, scale=None):
    """`scale(x)`: what an error at x is counted against; default the function with its offset."""
    low, high = mpf(low), mpf(high)
    if k is None:
        nodes = chebyshev(low, high, above + below + 1)
    else:
        inner = chebyshev((low - k) / (low + k), (high - k) / (high + k), above + below + 1)
        nodes = [k * (1 + t) / (1 - t) for t in inner]
    p, q = through(function, nodes, above, below, mpf(origin))
    worst = mpf(0)
    for i in range(1000):
        x = low + (high - low) * (i + mpf(1) / 3) / 1000
        u = x - mpf(origin)
        error = abs(evaluate(p, u) / evaluate(q, u) - function(x))
        worst = max(worst, error / abs(scale(x) if scale else function(x) + offset))
    print(f"{name}: {nstr(worst, 2)}")
    for part in (p, q) if below else (p,):
        print("  [" + ", ".join(repr(float(c)) for c in part) + "],")


def root(z):
    return sqrt(z) if z > 0 else mpf(10) ** -25


def slope(y):
    """lgamma(y) / ((y - 1)(y - 2)), less 1/2."""
    return loggamma(y) / ((y - 1) * (y - 2)) - mpf(1) / 2


def stirling(z):
    """What (1/x - 1/2)(log 1/x - 1) + (log 2 pi - 1) / 2 lacks of lgamma(1/x), over x, in z = x^2."""
    x = root(z)
    if x < mpf(10) ** -12:
        return mpf(1) / 12 - z / 360
    return (loggamma(1 / x) - (1 / x - mpf(1) / 2) * (log(1 / x) - 1) - (log(2 * pi) - 1) / 2) / x


def tail(z):
    """(log x - 1 / (2 x) - digamma x) x^2 in z = 1 / x^2."""
    x = root(z)
    if x < mpf(10) ** -12:
        return mpf(1) / 12 - z / 120
    return (log(1 / x) - x / 2 - digamma(1 / x)) / z


zero = findroot(digamma, mpf("1.4616321449683623"))
DEGREES = {"float32": (6, 5, 10.6, 8, 4, 2, 3, 1), "float64": (12, 10, 27.6, 20, 8, 5, 7, 4)}
for dtype, (small, far, farthest, angle, near, series, slow, short) in DEGREES.items():
    report(f"erf {dtype}", lambda z: erf(root(z)) / root(z) - 1, 0, 1, small, offset=1)
    report(f"erfcx {dtype}", lambda x: exp(x * x) * erfc(x), 0.5, farthest, far - 1, far, k=3)
    report(f"atan {dtype}", lambda z: (atan(root(z)) / root(z) - 1) / root(z) ** 2, 0, 1, angle, scale=lambda z: atan(root(z)) / root(z) / z)
    report(f"lgamma near {dtype}", slope, 0.75, 2.5, near, near, k=1.4, origin=0.75, offset=0.5)
    report(f"lgamma far {dtype}", stirling, 0, mpf(1) / 64, series)
    report(f"digamma near {dtype}", lambda y: digamma(y) / (y - zero) - 1, 0.75, 2.5, slow, slow, k=1.4, origin=0.75, offset=1)
    report(f"digamma far {dtype}", tail, 0, mpf(1) / 64, short)
print("(log 2 pi - 1) / 2:", repr(float((log(2 * pi) - 1) / 2)))
high = float(zero)
print("zero of digamma:", repr(high), repr(float(zero - mpf(high))))
