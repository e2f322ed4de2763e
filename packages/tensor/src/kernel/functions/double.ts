/**
 * Sums of two floats that stand for one number of twice the precision.
 *
 * Sources: T. J. Dekker, "A floating-point technique for extending the available precision", 1971, DOI
 * 10.1007/BF01397083; D. E. Knuth, The Art of Computer Programming 2, section 4.2.2. Exact as long as nothing over- or
 * underflows (factors below 2^960, or 2^110 in float32).
 */
import type { Block } from "../block.ts";
import { abs, add, less, mul, select, sub } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { formatOf } from "./float-format.ts";

/** high + low, with low at most half a unit of the last place of high after `fastTwoSum`. */
export interface Double {
  readonly high: Expression;
  readonly low: Expression;
}

/** a + b without error, for |a| >= |b| or a = 0. */
export function fastTwoSum(block: Block, a: Expression, b: Expression): Double {
  const high = block.name("sum", add(a, b));
  return { high, low: block.name("error", sub(b, sub(high, a))) };
}

/**
 * a b without error, where it is finite; else its error counts as 0.
 *
 * The comparison also keeps the product rounded where a target may contract products and sums: a compiler that would put
 * the exact product into each sum that reads it, beside an error of the rounded one, needs it rounded here.
 */
export function twoProduct(block: Block, a: Expression, b: Expression): Double {
  const high = block.name("product", mul(a, b));
  const [a1, a2] = split(block, a);
  const [b1, b2] = split(block, b);
  const cross = add(add(sub(mul(a1, b1), high), mul(a1, b2)), mul(a2, b1));
  const bounded = less(abs(high), Number.POSITIVE_INFINITY);
  return { high, low: block.name("error", select(bounded, add(cross, mul(a2, b2)), 0)) };
}

/** high + low, |high| >= |low|, as a sum that does not overlap. */
export function renormalize(block: Block, high: Expression, low: Expression): Double {
  return fastTwoSum(block, high, block.name("low", low));
}

/** Two halves of the significand (Veltkamp). */
function split(block: Block, a: Expression): [Expression, Expression] {
  const factor = 2 ** Math.ceil(formatOf(a).precision / 2) + 1;
  const large = block.name("large", mul(a, factor));
  const high = block.name("high", sub(large, sub(large, a)));
  return [high, block.name("low", sub(a, high))];
}
