/**
 * tanh: below 0.625 a polynomial, x + x^3 P(x^2); above, 1 - 2 / (e^2|x| + 1), where an error of the exponential counts
 * less and less. The split is that of Cephes (S. L. Moshier, tanh.c); the polynomials go through Chebyshev nodes.
 */
import type { Block } from "../block.ts";
import {
  abs,
  add,
  bitcast,
  div,
  fromBits,
  lessEqual,
  lowBits,
  mul,
  numberLike,
  select,
  shiftLeft,
  sub,
} from "../build.ts";
import type { Expression } from "../kernel.ts";
import { atMost } from "./clamp.ts";
import { fastTanh } from "./fast-tanh.ts";
import { byType, formatOf } from "./float-format.ts";
import { polynomial } from "./polynomial.ts";
import { withSign } from "./with-sign.ts";

/** (tanh(x) / x - 1) / x^2 in x^2, on |x| <= 0.626. */
const odd = {
  float32: [
    -0.33333328878455243, 0.13332763123791969, -0.05384990546480388, 0.020992421926663545, -0.00608980268565943,
  ],
  float64: [
    -0.3333333333333333, 0.1333333333333303, -0.05396825396788639, 0.0218694885185552, -0.008863235093353298,
    0.0035921216257880605, -0.0014557744246177977, 0.0005896556789868695, -0.000237574569188287, 9.253899476295944e-5,
    -3.1164823912889704e-5, 6.467533020977372e-6,
  ],
};

/**
 * 2^r on |r| <= 1/2. In float32 errors are weighted by what they do to the result (least largest by Lawson's iteration);
 * in float64 coefficients of e^r through Chebyshev nodes, times powers of ln 2.
 */
const powers = {
  float32: [
    1, 0.6931470136053436, 0.2402234872998167, 0.055507348421033414, 0.009666793549390124, 0.0013254958671120864,
  ],
  float64: [
    1, 1, 0.5, 0.1666666666666667, 0.04166666666666978, 0.008333333333326084, 0.0013888888888883711,
    0.0001984126987500228, 2.480158732567746e-5, 2.755725517000089e-6, 2.755727347871858e-7, 2.5105312729622103e-8,
    2.09147553258932e-9,
  ].map((coefficient, power) => coefficient * Math.LN2 ** power),
};

/** The hyperbolic tangent. */
export function tanh(block: Block, x: Expression): Expression {
  if (block.accuracy === "fast") return fastTanh(block, x);
  const size = block.name("size", abs(x));
  const square = block.name("square", mul(x, x));
  const small = add(mul(mul(square, polynomial(square, byType(x, odd))), size), size);
  const clamped = atMost(size, byType(x, { float32: 9.1, float64: 22 }));
  const large = sub(1, div(numberLike(x, 2), add(exp2(block, mul(clamped, 2 * Math.LOG2E)), 1)));
  // NaN is on the side of the polynomial.
  return withSign(block.name("positive", select(lessEqual(0.625, size), large, small)), x);
}

/** 2^t for 0 <= t < 64. */
function exp2(block: Block, argument: Expression): Expression {
  const t = block.name("t", argument);
  const { rounder } = formatOf(t);
  const moved = block.name("moved", add(t, rounder));
  const mantissa = polynomial(block.name("r", sub(t, sub(moved, rounder))), byType(t, powers));
  if (t.dtype === "float64") return mul(mantissa, fromBits(shiftLeft(add(lowBits(moved), 1023), 20), 0));
  // The shift leaves nothing of the bits of the rounder.
  return bitcast("float32", add(bitcast("int32", mantissa), shiftLeft(bitcast("int32", moved), 23)));
}
