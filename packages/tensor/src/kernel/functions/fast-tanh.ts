/**
 * tanh in float32 within 5 units of the last place (4 where a * b + c is rounded once), at half the cost of 2: x P(x^2) / Q(x^2). Degrees 4 and 4, least
 * largest relative error on |x| <= 9.01 (2.1e-8 before rounding) by Lawson's iteration. At 9.7 the quotient is above 1 by
 * more than rounding can take from it: cut to 1, it is exactly 1 from there on, and 1 - tanh^2 is 0. Beyond 9.7 P and Q
 * stay what they are there, and x alone grows.
 */
import type { Block } from "../block.ts";
import { div, mul } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { atLeast, atMost } from "./clamp.ts";
import { polynomial } from "./polynomial.ts";

const numerator = [1, 0.13380376153588103, 0.0034948163522913953, 2.0596356305706487e-5, 1.3336952679909505e-8];
const denominator = [1, 0.4671369157671362, 0.025874047213437033, 0.00032843716926857355, 7.769327856509013e-7];

/** The hyperbolic tangent of float32; NaN stays. */
export function fastTanh(block: Block, x: Expression): Expression {
  const square = block.name("bounded", atMost(block.name("square", mul(x, x)), 9.7 ** 2));
  const quotient = div(mul(x, polynomial(square, numerator)), polynomial(square, denominator));
  return atLeast(block.name("cut", atMost(block.name("quotient", quotient), 1)), -1);
}
