/**
 * Reduction of arguments of sin and cos that are too large for a subtraction of parts, for both types and both signs.
 */
import type { Block } from "../block.ts";
import { abs, equal, less, neg, numberLike, select } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { reduceHuge32 } from "./reduce-huge-32.ts";
import { reduceHuge64 } from "./reduce-huge-64.ts";
import type { Reduced } from "./reduced.ts";

/** Reduces a large number of either sign; of infinity and NaN the rest is NaN. */
export function reduceHuge(block: Block, x: Expression): Reduced {
  const size = block.name("size", abs(x));
  const huge = x.dtype === "float64" ? reduceHuge64(block, size) : reduceHuge32(block, size);
  const back = block.name("back", less(x, 0));
  const infinite = equal(size, Number.POSITIVE_INFINITY);
  return {
    r: select(infinite, numberLike(x, Number.NaN), select(back, neg(huge.r), huge.r)),
    rest: select(back, neg(huge.rest), huge.rest),
    quadrant: select(back, neg(huge.quadrant), huge.quadrant),
  };
}
