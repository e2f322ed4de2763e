"""The truth of functions, by MPFR (gmpy2): checked against tables of 50 digits by mpmath, then as two floats a number.

    truth.py check TABLE              every row of reference.json to 49 digits; prints how many, exit status 1 if one differs
    truth.py NAME X [Y] > FILE         two floats for each argument

Arguments are files of float64. The result is a file of float64, two for each argument: the truth rounded to the nearest
float64, and what that lacks, in units of the last place of the first. MPFR rounds correctly; 120 bits leave 2^-67 units.
"""

import json
import math
import struct
import sys
from array import array

import gmpy2
from gmpy2 import mpfr

context = gmpy2.get_context()


def lgamma(x):
    return gmpy2.lgamma(x)[0]


FUNCTIONS = {
    **{name: getattr(gmpy2, name) for name in ("exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "erf", "erfc", "digamma")},
    "lgamma": lgamma,
    "pow": lambda x, y: x**y,
    "atan2": gmpy2.atan2,
}


def check(file):
    context.precision = 240
    with open(file) as source:
        table = json.load(source)
    counts, wrong = {}, 0
    for name, function in FUNCTIONS.items():
        for row in table[name]:
            *arguments, digits = row.split(" ")
            found = function(*[mpfr(struct.unpack(">d", bytes.fromhex(word))[0]) for word in arguments])
            truth = mpfr(digits)
            same = found == truth or abs(found - truth) <= abs(truth) * mpfr("1e-49")
            if not same:
                print(f"{name} of {row}: {found}", file=sys.stderr)
                wrong += 1
        counts[name] = len(table[name])
    print(json.dumps(counts))
    return wrong


def floats(file):
    numbers = array("d")
    with open(file, "rb") as source:
        numbers.frombytes(source.read())
    return numbers


def main(name, *files):
    context.precision = 120
    function, columns = FUNCTIONS[name], [floats(file) for file in files]
    units = {e: mpfr(2) ** -e for e in range(-1080, 1000)}
    result = array("d")
    for values in zip(*columns):
        truth = function(*[mpfr(x) for x in values])
        nearest = float(truth)
        if math.isinf(nearest) or math.isnan(nearest):
            result.extend((nearest, 0.0))
            continue
        exponent = max(math.frexp(nearest)[1] - 53, -1074) if nearest else -1074
        result.extend((nearest, float((truth - nearest) * units[exponent])))
    sys.stdout.buffer.write(result.tobytes())
    return 0


if __name__ == "__main__":
    sys.exit(min(1, check(sys.argv[2])) if sys.argv[1] == "check" else main(*sys.argv[1:]))
