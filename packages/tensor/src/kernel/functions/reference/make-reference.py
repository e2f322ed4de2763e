"""Writes reference.json: what the elementary functions are in truth, to test ours against.

Needs mpmath (any version from 1.3 on): python make-reference.py > reference.json

A row is "argument truth": the argument as the hexadecimal digits of the 64 bits of a float64, the truth with 50 digits, or
"inf". Rows of pow and atan2 have two arguments, those of polygamma the order before the argument. Many arguments are float32
numbers too. Truth is computed with at least 90 digits, and with enough more where the argument is huge.
"""

import json
import math
import random
import struct

import mpmath
from mpmath import mp, mpf

random.seed(20240229)
LEAST = 5e-324


def bits(x):
    return struct.pack(">d", x).hex()


def row(function, *arguments):
    truth = function(*[mpf(x) for x in arguments])
    digits = ("inf" if truth > 0 else "-inf") if mpmath.isinf(truth) else mpmath.nstr(truth, 50, strip_zeros=True, min_fixed=0, max_fixed=0)
    return " ".join([*map(bits, arguments), digits])


def short(x):
    """The nearest float32."""
    return struct.unpack(">f", struct.pack(">f", x))[0]


def around(x, steps=2):
    below = above = x
    found = [x]
    for _ in range(steps):
        below, above = math.nextafter(below, -math.inf), math.nextafter(above, math.inf)
        found += [below, above]
    return found


def spread(low, high, count):
    """Both signs, sizes spread evenly in the logarithm."""
    sizes = [math.exp(random.uniform(math.log(low), math.log(high))) for _ in range(count)]
    return [random.choice((-1, 1)) * size for size in sizes]


def uniform(low, high, count):
    return [random.uniform(low, high) for _ in range(count)]


COMMON = [LEAST, -LEAST, 3 * LEAST, 2.2250738585072014e-308, -2.225073858507201e-308, 1e-200, -1e-200, 2.0**-53, -(2.0**-54)]
COMMON += [2.0**-27, -(2.0**-28), 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 0.75, 10.0, -10.0]


def turns():
    found = []
    for n in [*range(1, 40), 101, 1000, 12345, 99999, 2**20 - 1, 2**20, 2**20 + 1, 2**21 + 3, 10**9 + 7, 2**40 + 1, 2**52 + 5]:
        mp.prec = 1400
        found += around(float(n * mp.pi / 2), 1)
    # The float64 nearest to a multiple of pi/2 (J.-M. Muller et al., Handbook of Floating-Point Arithmetic, 11.2).
    found += [6381956970095103.0 * 2.0**797, -6381956970095103.0 * 2.0**797, 1.7976931348623157e308, 2.0**1023, 2.0**120]
    found += [5.3e300, 1647099.0, 1647099.5, 1647100.0, -1647098.25]
    return found


LN2 = math.log(2)
HALVES = [y for k in range(-6, 7) for y in around((k + 0.5) * LN2, 1)]
FUNCTIONS = {
    "exp": (mpmath.exp, COMMON + HALVES + around(709.782712893384) + around(-745.1332191019411) + around(-708.3964185322641) + uniform(-745, 710, 250) + uniform(-2, 2, 200) + spread(1e-20, 700, 100)),
    "expm1": (mpmath.expm1, COMMON + HALVES + around(709.782712893384) + [-37.5, -40.0, -800.0] + uniform(-40, 40, 150) + uniform(-1.2, 1.2, 250) + spread(1e-20, 700, 100)),
    "log": (mpmath.log, [x for x in COMMON if x > 0] + around(1.0, 20) + around(math.sqrt(2)) + around(math.sqrt(0.5)) + [1.7976931348623157e308] + uniform(0.5, 2, 300) + [abs(x) for x in spread(1e-310, 1e308, 200)]),
    "log1p": (mpmath.log1p, [x for x in COMMON if x > -1] + around(math.sqrt(2) - 1) + around(math.sqrt(0.5) - 1) + [-1 + 2.0**-53, -1 + 2.0**-40, 1.7976931348623157e308] + uniform(-0.9, 2, 350) + [abs(x) for x in spread(1e-20, 1e308, 150)]),
    "sin": (mpmath.sin, COMMON + turns() + uniform(-4, 4, 150) + uniform(-100, 100, 100) + spread(1e-9, 1e307, 150)),
    "cos": (mpmath.cos, COMMON + turns() + uniform(-4, 4, 150) + uniform(-100, 100, 100) + spread(1e-9, 1e307, 150)),
    "tanh": (mpmath.tanh, COMMON + around(0.625) + around(19.061547465398498) + [22.0, -25.0, 1e300] + uniform(-2, 2, 350) + uniform(-20, 20, 150) + spread(1e-20, 1, 80)),
}


def powers():
    pairs = [(0.5, 1074.0), (0.5, 1075.0), (2.0, 1023.0), (2.0, 1024.0), (-2.0, 3.0), (-2.0, -1074.0), (LEAST, -0.9), (LEAST, 0.5)]
    pairs += [(1 + 2.0**-52, 2.0**58), (1 - 2.0**-53, 2.0**61), (1 + 2.0**-52, -(2.0**61)), (1.0000001, 3e9), (10.0, 308.0), (10.0, -320.0)]
    pairs += [(abs(x), y) for x, y in zip(spread(1e-300, 1e300, 150), uniform(-1.05, 1.05, 150))]
    pairs += [(abs(x), y) for x, y in zip(uniform(0.5, 2, 200), uniform(-1000, 1000, 200))]
    return pairs + [(x, float(random.randint(-9, 9))) for x in spread(1e-9, 1e9, 80)]


def log_gamma(x):
    if x > 0:
        return mpmath.loggamma(x)
    return -mpmath.log(abs(x * mpmath.sinpi(x)) / mp.pi) - mpmath.loggamma(-x)


def digamma(x):
    return mpmath.digamma(x) if x > -1 else mpmath.digamma(1 - x) - mp.pi * mpmath.cospi(x) / mpmath.sinpi(x)


def near_integers(count):
    """Where lgamma changes its sign, and as near to negative integers as floats are."""
    found = []
    for n in range(1, count):
        for distance in (1 / math.factorial(n), -1 / math.factorial(n), 1e-3, -1e-9):
            found += [-n + distance, float(mpf(-n) + mpf(distance) * (1 + mpf(n) / 1000))]
        found += around(-float(n), 1)[1:]
    return [x for x in found if x != round(x)]


SPECIAL = {
    "erf": (mpmath.erf, COMMON + around(1.0) + around(5.9) + uniform(-1.2, 1.2, 150) + uniform(-6, 6, 150) + spread(1e-300, 1, 60)),
    "erfc": (mpmath.erfc, COMMON + around(0.5) + around(-1.0) + [26.5, 27.2, 9.2, 10.05] + uniform(-1.2, 1.2, 150) + uniform(-6, 26.5, 250) + spread(1e-300, 1, 40)),
    "lgamma": (log_gamma, [x for x in COMMON if x not in (-1, -2, -10)] + around(1.0, 10)[1:] + around(2.0, 10)[1:] + around(8.0) + around(0.75) + around(2.5) + [1e300, 2.5e305]
               + uniform(0, 9, 200) + uniform(0, 200, 80) + [abs(x) for x in spread(1e-300, 1e300, 60)] + near_integers(36) + uniform(-8, 0, 100) + uniform(-200, 0, 80)),
    "digamma": (digamma, [x for x in COMMON if x not in (-1, -2, -10)] + around(1.4616321449683622, 10) + around(8.0) + around(0.75) + around(2.5)
                + uniform(0, 9, 200) + uniform(0, 200, 80) + [abs(x) for x in spread(1e-300, 1e300, 60)] + uniform(-8, 0, 100) + uniform(-50, 0, 50)),
}


def points():
    near = [(x, y) for x in around(1.0) for y in around(1.0)]
    tiny = [(1.0, 1e-300), (-1.0, 1e-300), (1e-300, 1e300), (LEAST, 3 * LEAST), (-LEAST, 1.0), (1e300, 1e-300), (1.7e308, 1.6e308)]
    pairs = list(zip(spread(1e-3, 1e3, 300), spread(1e-3, 1e3, 300))) + list(zip(spread(1e-150, 1e150, 100), spread(1e-150, 1e150, 100)))
    return near + tiny + pairs


def polygamma(order, x):
    """By the recurrence from far out, where 40 terms of the asymptotic series suffice."""
    n, total = int(order), mpf(0)
    while x < 200:
        total += x ** (-n - 1)
        x += 1
    tail = x**-n / n + x ** (-n - 1) / 2
    for k in range(1, 41):
        tail += mpmath.bernoulli(2 * k) * mpmath.rf(n + 1, 2 * k - 1) / mpmath.factorial(2 * k) * x ** (-n - 2 * k)
    return (-1) ** (n + 1) * mpmath.factorial(n) * (total + tail)


def polygammas():
    places = [0.001, 0.5, 1.0, 1.5, 7.9, 12.0, 100.0, 1e5, *uniform(0, 10, 20), *spread(1e-20, 1e20, 10), *uniform(-4, 0, 10)]
    places = [x for x in places if x > -5]
    return [(float(order), x) for order in (1, 2, 3, 4) for x in places if x > 0 or x != round(x)]


def with_short(arguments):
    """And the same in float32, of every third."""
    return arguments + [short(x) for x in arguments[::3] if 1e-45 < abs(x) < 3e38]


mp.prec = 1400
table = {name: [row(function, x) for x in with_short(arguments)] for name, (function, arguments) in FUNCTIONS.items()}
table["pow"] = [row(mpmath.power, x, y) for x, y in powers()]
mp.prec = 320
table.update({name: [row(function, x) for x in with_short(arguments)] for name, (function, arguments) in SPECIAL.items()})
table["atan2"] = [row(mpmath.atan2, y, x) for y, x in points()]
table["polygamma"] = [row(polygamma, n, x) for n, x in polygammas()]
print(json.dumps(table, indent=0))
