/**
 * tanh within 5.5 units of the last place (4 where a * b + c is rounded once), at half the cost of 2. Nowhere beyond 1, and 1
 * exactly where it is that to the last digit, so that 1 - tanh^2 is 0 there; NaN stays.
 *
 * In float32 x P(x^2) / Q(x^2): degrees 4 and 4, least largest relative error on |x| <= 9.01 (2.1e-8 before rounding) by
 * Lawson's iteration. At 9.7 the quotient is above 1 by more than rounding can take from it: cut to 1, it is exactly 1 from
 * there on. Beyond 9.7 P and Q stay what they are there, and x alone grows.
 *
 * In float64 m / (m + 2) with m = e^(2x) - 1 = 2^k p + (2^k - 1), p = e^(2r) - 1, |r| <= ln 2 / 4: one polynomial where full
 * accuracy takes two. p / r has degree 10 through Chebyshev nodes (2.4e-17).
 */
import type { Block } from "../block.ts";
import { add, div, mul, sub } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { atLeast, atMost } from "./clamp.ts";
import { formatOf, powerOfTwo, roundBoth } from "./float-format.ts";
import { polynomial } from "./polynomial.ts";

const numerator = [1, 0.13380376153588103, 0.0034948163522913953, 2.0596356305706487e-5, 1.3336952679909505e-8];
const denominator = [1, 0.4671369157671362, 0.025874047213437033, 0.00032843716926857355, 7.769327856509013e-7];

/** (e^(2r) - 1) / r in r, from (e^s - 1) / s in s = 2r. */
const exponential = [
  1, 0.5000000000000006, 0.1666666666666667, 0.041666666666573066, 0.008333333333326136, 0.001388888893251478,
  0.00019841269874820627, 2.480150431378554e-5, 2.7557255400206422e-6, 2.7626371065696354e-7, 2.5105217004720745e-8,
].map((coefficient, power) => coefficient * 2 ** (power + 1));

/** The hyperbolic tangent. */
export function fastTanh(block: Block, x: Expression): Expression {
  return x.dtype === "float64" ? byExponential(block, x) : byQuotient(block, x);
}

function byQuotient(block: Block, x: Expression): Expression {
  const square = block.name("bounded", atMost(block.name("square", mul(x, x)), 9.7 ** 2));
  const quotient = div(mul(x, polynomial(square, numerator)), polynomial(square, denominator));
  return atLeast(block.name("cut", atMost(block.name("quotient", quotient), 1)), -1);
}

function byExponential(block: Block, x: Expression): Expression {
  const bounded = block.name("bounded", atLeast(block.name("bounded", atMost(x, 20)), -20));
  const { float, integer } = roundBoth(block, mul(bounded, 2 * Math.LOG2E));
  const [high, low] = formatOf(x).ln2;
  const r = block.name("r", sub(bounded, mul(float, (high + low) / 2)));
  const power = block.name("power", powerOfTwo(x, integer));
  const m = block.name("m", add(mul(power, mul(r, polynomial(r, exponential))), sub(power, 1)));
  return div(m, add(m, 2));
}
