/**
 * tanh: below about 2/3 a polynomial, x + x^3 P(x^2); above, 1 - 2 / (e^2|x| + 1), where an error of the exponential counts
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

/** (tanh(x) / x - 1) / x^2 in x^2, on |x| <= 0.626 (float32) and 0.685 (float64). */
const odd = {
  float32: [
    -0.33333328878455243, 0.13332763123791969, -0.05384990546480388, 0.020992421926663545, -0.00608980268565943,
  ],
  float64: [
    -0.3333333333333333, 0.13333333333331482, -0.053968253966367674, 0.021869488460648637, -0.00886323396330565,
    0.0035921087792364715, -0.0014556834664235564, 0.0005892423074481101, -0.0002363679852105531, 9.035183873395402e-5,
    -2.892348726651561e-5, 5.47508044907047e-6,
  ],
};

/**
 * In float32 e^(2r) on |r| <= ln(2) / 4, the coefficients of `fastExp` times powers of 2; in float64 2^r on |r| <= 1/2, the
 * coefficients of e^r through Chebyshev nodes times powers of ln 2.
 */
const powers = {
  float32: [
    1, 1, 0.4999999341247943, 0.16666520107634766, 0.04166839421461299, 0.008368780433989103, 0.0013814466965198485,
  ].map((coefficient, power) => coefficient * 2 ** power),
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
  const large = sub(1, div(numberLike(x, 2), add(exponentialOfTwice(block, clamped), 1)));
  // NaN is on the side of the polynomial.
  return withSign(
    block.name("positive", select(lessEqual(byType(x, { float32: 0.625, float64: 0.68 }), size), large, small)),
    x,
  );
}

/**
 * e^(2x) for 0 <= x <= 22, as 2^k 2^r with k + r = 2x log2(e). In float32 the rounding of that product would be felt, and
 * r comes from x - k ln(2) / 2 in two parts.
 */
function exponentialOfTwice(block: Block, argument: Expression): Expression {
  const x = block.name("x", argument);
  const { rounder, ln2 } = formatOf(x);
  const t = block.name("t", mul(x, 2 * Math.LOG2E));
  const moved = block.name("moved", add(t, rounder));
  const k = block.name("k", sub(moved, rounder));
  if (x.dtype === "float64") {
    const mantissa = polynomial(block.name("r", sub(t, k)), powers.float64);
    return mul(mantissa, fromBits(shiftLeft(add(lowBits(moved), 1023), 20), 0));
  }
  const r = block.name("r", sub(sub(x, mul(k, ln2[0] / 2)), mul(k, ln2[1] / 2)));
  const mantissa = polynomial(r, powers.float32);
  // The shift leaves nothing of the bits of the rounder.
  return bitcast("float32", add(bitcast("int32", mantissa), shiftLeft(bitcast("int32", moved), 23)));
}
