/**
 * tanh: below 0.625 a polynomial, x + x^3 P(x^2); above, 1 - 2 / (e^2|x| + 1), where an error of the exponential counts
 * less and less. The split is that of Cephes (S. L. Moshier, tanh.c).
 */
import type { Block } from "../block.ts";
import {
  abs,
  add,
  bitcast,
  div,
  less,
  lessEqual,
  min,
  mul,
  neg,
  numberLike,
  select,
  shiftLeft,
  sub,
} from "../build.ts";
import type { Expression } from "../kernel.ts";
import { tail } from "./exp.ts";
import { byType, powerOfTwo, roundBoth } from "./float-format.ts";
import { polynomial } from "./polynomial.ts";

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

/** 2^r = 1 + c1 r + c2 r^2 + … on |r| <= 1/2. */
const powers = { float32: exponentialOf2(tail.float32), float64: exponentialOf2(tail.float64) };

/** The hyperbolic tangent. */
export function tanh(block: Block, x: Expression): Expression {
  const size = block.name("size", abs(x));
  const square = block.name("square", mul(x, x));
  const small = add(mul(mul(square, polynomial(square, byType(x, odd))), x), x);
  const twice = exp2(block, mul(min(size, byType(x, { float32: 9.1, float64: 22 })), 2 * Math.LOG2E));
  const large = block.name("large", sub(1, div(numberLike(x, 2), add(twice, 1))));
  // NaN is on the side of the polynomial.
  return select(lessEqual(0.625, size), select(less(x, 0), neg(large), large), small);
}

/** 2^t for 0 <= t < 64. */
function exp2(block: Block, argument: Expression): Expression {
  const t = block.name("t", argument);
  const { float, integer } = roundBoth(block, t);
  const mantissa = polynomial(block.name("r", sub(t, float)), byType(t, powers));
  if (t.dtype === "float64") return mul(mantissa, powerOfTwo(t, integer));
  return bitcast("float32", add(bitcast("int32", mantissa), shiftLeft(integer, 23)));
}

function exponentialOf2(tail: readonly number[]): number[] {
  return [1, Math.LN2, ...tail.map((coefficient, power) => coefficient * Math.LN2 ** (power + 2))];
}
