/**
 * exp and expm1.
 *
 * x = k ln 2 + r with |r| <= ln 2 / 2; e^r = 1 + r + r^2 q(r) with q a polynomial through Chebyshev nodes (relative error
 * below 0.2 units of the last place); the power of two is applied in two steps, so that subnormal results and overflow
 * come out of the last multiplication. Arguments are clamped to where the result is 0 or infinite anyway.
 */
import type { Block } from "../block.ts";
import { abs, add, less, mul, select, sub } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { atLeast, atMost } from "./clamp.ts";
import { fastExp } from "./fast-exp.ts";
import { byType, formatOf, powerOfTwo, roundBoth, scale } from "./float-format.ts";
import { polynomial } from "./polynomial.ts";

/** (e^r - 1 - r) / r^2 on |r| <= ln 2 / 2. */
const tail = {
  float32: [0.5, 0.16666576666119928, 0.04166655421298415, 0.008363232883682618, 0.0013926250831497611],
  float64: [
    0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333326084, 0.0013888888888883711, 0.0001984126987500228,
    2.480158732567746e-5, 2.755725517000089e-6, 2.755727347871858e-7, 2.5105312729622103e-8, 2.09147553258932e-9,
  ],
};

/** The same for expm1, where the relative error counts against a smaller result. */
const tailMinusOne = {
  float32: [
    0.500000001353873, 0.16666666681704215, 0.04166646419740569, 0.008333310844647862, 0.0013933730715792083,
    0.00019891080463998843,
  ],
  float64: tail.float64,
};

/** e^x. */
export function exp(block: Block, x: Expression): Expression {
  if (block.accuracy === "fast" && x.dtype === "float32") return fastExp(block, x);
  const [least, greatest] = byType(x, { float32: [-105, 89], float64: [-746, 710] });
  return exponential(block, atLeast(atMost(x, greatest as number), least as number), undefined);
}

/** e^(x + rest) for x within the clamps of `exp` and a rest of at most 1, in practice a rounding error of x. */
export function exponential(block: Block, x: Expression, rest: Expression | undefined): Expression {
  const reduced = reduce(block, x);
  const r = rest === undefined ? reduced.r : block.name("r", add(reduced.r, rest));
  const square = block.name("square", mul(r, r));
  const mantissa = add(add(mul(square, polynomial(r, byType(x, tail))), r), 1);
  return scale(block, mantissa, reduced.integer);
}

/**
 * e^x - 1, as 2 ((2^(k-1) - 1/2) + 2^(k-1) r + 2^(k-1) r^2 q(r)), where the first sum is made without error and the
 * halving avoids an overflow of 2^k. Below 2^-precision the result is x.
 */
export function expm1(block: Block, x: Expression): Expression {
  const { roundoff } = formatOf(x);
  const [least, greatest] = byType(x, { float32: [-18, 89], float64: [-38, 710] });
  const { r, rest, integer } = reduce(block, atLeast(atMost(x, greatest as number), least as number));
  const half = block.name("half", powerOfTwo(x, sub(integer, 1)));
  const base = block.name("base", sub(half, 0.5));
  const linear = block.name("linear", mul(half, r));
  const sum = block.name("sum", add(base, linear));
  const error = sub(linear, sub(sum, base));
  const square = mul(r, r);
  const curve = mul(half, add(mul(square, polynomial(r, byType(x, tailMinusOne))), rest));
  const result = mul(add(sum, add(error, curve)), 2);
  return select(less(abs(x), roundoff), x, result);
}

/** k, and r + rest = x - k ln 2. */
function reduce(
  block: Block,
  clamped: Expression,
): { readonly r: Expression; readonly rest: Expression; readonly integer: Expression } {
  const [high, low] = formatOf(clamped).ln2;
  const x = block.name("x", clamped);
  const { float, integer } = roundBoth(block, mul(x, Math.LOG2E));
  const first = block.name("first", sub(x, mul(float, high)));
  const second = block.name("second", mul(float, low));
  const r = block.name("r", sub(first, second));
  return { r, rest: sub(sub(first, r), second), integer };
}
