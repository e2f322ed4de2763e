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
    -0.33333328878455241023, 0.13332763123791967449, -0.053849905464803878152, 0.020992421926663546718,
    -0.0060898026856594305477,
  ],
  float64: [
    -0.33333333333333332924, 0.1333333333333303198, -0.053968253967886391229, 0.021869488518555200434,
    -0.0088632350933532977632, 0.0035921216257880605057, -0.0014557744246177977722, 0.00058965567898686945303,
    -0.00023757456918828698363, 0.000092538994762959442055, -0.000031164823912889707152, 6.4675330209773721243e-6,
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
