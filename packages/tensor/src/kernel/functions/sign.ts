/**
 * The sign: -1, 0 or 1; zeros keep their sign and NaN stays.
 */
import type { Block } from "../block.ts";
import { less, numberLike, select } from "../build.ts";
import type { Expression } from "../kernel.ts";

/** The sign of a float or an integer. */
export function sign(_block: Block, x: Expression): Expression {
  const positive = select(less(0, x), numberLike(x, 1), x);
  return x.dtype === "uint32" ? positive : select(less(x, 0), numberLike(x, -1), positive);
}
