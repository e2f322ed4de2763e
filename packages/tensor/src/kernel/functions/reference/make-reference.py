"""Writes reference.json: what the elementary functions are in truth, to test their float64 versions against.

Needs mpmath (any version from 1.3 on): python make-reference.py > reference.json

A row is "argument value error": argument and value (the truth rounded to the nearest float64) as the hexadecimal digits
of their 64 bits, error as what the rounding took away, in thousandths of a unit of the last place of the value. Truth is
computed with at least 50 digits, and with enough more where the argument is huge. Rows of pow have two arguments.
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


def ulp(x):
    return mpf(math.ulp(x))


def row(function, *arguments):
    mp.prec = 1400
    truth = function(*[mpf(x) for x in arguments])
    if abs(truth) > mpf(2) ** 1024 * (1 - mpf(2) ** -54):
        return " ".join([*map(bits, arguments), bits(math.inf if truth > 0 else -math.inf), "0"])
    nearest = float(truth)
    error = 0 if truth == nearest else int(mpmath.nint((truth - nearest) / ulp(nearest) * 1000))
    return " ".join([*map(bits, arguments), bits(nearest), str(error)])


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


table = {name: [row(function, x) for x in arguments] for name, (function, arguments) in FUNCTIONS.items()}
table["pow"] = [row(mpmath.power, x, y) for x, y in powers()]
print(json.dumps(table, indent=0))
