/**
 * erf and erfc.
 *
 * Below 1, erf x = x + x P(x^2). Above, erfc x = e^(-x^2) q(x), where q = e^(x^2) erfc x is a quotient of polynomials with
 * positive coefficients and x^2 is carried in two floats, since the exponential makes a relative error of each absolute one.
 * Coefficients and their errors: `reference/make-coefficients.py`.
 */
import type { Block } from "../block.ts";
import { abs, add, div, less, mul, neg, numberLike, select, sub } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { atMost } from "./clamp.ts";
import { twoProduct } from "./double.ts";
import { exponential } from "./exp.ts";
import { byType } from "./float-format.ts";
import { polynomial } from "./polynomial.ts";
import { withSign } from "./with-sign.ts";

/** erf(x) / x - 1 in x^2, on |x| <= 1. */
const small = {
  float32: [
    0.12837916584835093, -0.37612626666720334, 0.11283594715160218, -0.026854212010626412, 0.005189087423433974,
    -0.000801686428716587, 7.875875062685488e-5,
  ],
  float64: [
    0.1283791670955126, -0.3761263890318375, 0.11283791670954879, -0.026866170645076792, 0.0052239776248180145,
    -0.000854832698083379, 0.0001205533111164271, -1.4925595266831182e-5, 1.6461000484121368e-6, -1.6350312701054695e-7,
    1.4659775274047436e-8, -1.1372848856791674e-9, 5.957176147748911e-11,
  ],
};

/** e^(x^2) erfc x on x >= 1/2. */
const above = {
  float32: [1.0000200357503717, 1.345205095115309, 0.8548369837095731, 0.292635017759028, 0.04869663049242744],
  float64: [
    0.9999999999424791, 2.290897120071112, 2.5879917325780015, 1.858930496609087, 0.9282847790926252,
    0.3333960499481473, 0.08627511666650906, 0.015608175036430803, 0.0018134131063743167, 0.0001058653814858983,
  ],
};
const below = {
  float32: [1, 2.4737693130565326, 2.6454072783097837, 1.5581642764781514, 0.5186895982068398, 0.08631236655122712],
  float64: [
    1, 3.4192762862804886, 5.4462318669783345, 5.337321537048634, 3.576735522292868, 1.7201941508043528,
    0.604667677561603, 0.1545257582711596, 0.027758590700991882, 0.0032141910436688293, 0.00018764150309230341,
  ],
};

/** The error function, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x. */
export function erf(block: Block, x: Expression): Expression {
  const size = block.name("size", abs(x));
  return select(less(size, 1), nearZero(block, x), withSign(block.name("far", sub(1, tail(block, size))), x));
}

/** 1 - erf x, accurate where that is small. */
export function erfc(block: Block, x: Expression): Expression {
  const far = block.name("far", tail(block, block.name("size", abs(x))));
  const near = select(less(x, -1), sub(2, far), sub(1, nearZero(block, x)));
  return select(less(x, 0.5), near, far);
}

/** erf x for |x| <= 1. */
function nearZero(block: Block, x: Expression): Expression {
  const square = block.name("square", mul(x, x));
  return add(x, mul(x, polynomial(square, byType(x, small))));
}

/** erfc x for x >= 1/2. */
function tail(block: Block, size: Expression): Expression {
  const x = block.name("x", atMost(size, byType(size, { float32: 10.6, float64: 27.6 })));
  const { high, low } = twoProduct(block, x, x);
  return mul(exponential(block, block.name("power", neg(high)), neg(low)), scaledTail(block, x));
}

/** e^(x^2) erfc x, in 1/x where x is large: by Horner's rule errors grow less from that end. */
function scaledTail(block: Block, x: Expression): Expression {
  const inner = block.name("inner", less(x, 2.5));
  const inverse = block.name("inverse", div(numberLike(x, 1), x));
  const t = block.name("t", select(inner, x, inverse));
  const part = (coefficients: readonly number[]): Expression => {
    const terms = coefficients.map((coefficient, i) => {
      return select(inner, numberLike(x, coefficient), numberLike(x, coefficients.at(-1 - i) as number));
    });
    return terms.reduceRight((sum, term) => add(mul(sum, t), term));
  };
  return mul(div(part(byType(x, above)), part(byType(x, below))), select(inner, numberLike(x, 1), inverse));
}
