/**
 * Bounds of arguments, as one comparison and a choice: cheaper on vectors than `max` and `min`, which order zeros.
 */
import { less, numberLike, select } from "../build.ts";
import type { Expression } from "../kernel.ts";

/** x, or the limit where x is above it; NaN stays. */
export function atMost(x: Expression, limit: number): Expression {
  const bound = numberLike(x, limit);
  return select(less(bound, x), bound, x);
}

/** x, or the limit where x is below it; NaN stays. */
export function atLeast(x: Expression, limit: number): Expression {
  const bound = numberLike(x, limit);
  return select(less(x, bound), bound, x);
}
