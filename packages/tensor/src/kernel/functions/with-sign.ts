/**
 * The sign of one number on the size of another, by bits: zeros have signs too.
 */
import { and, bitcast, fromBits, highBits, less, lowBits, or } from "../build.ts";
import type { Expression } from "../kernel.ts";

/** A value that is not negative, with the sign of x. */
export function withSign(value: Expression, x: Expression): Expression {
  const mask = 0x80000000 | 0;
  if (x.dtype === "float64") return fromBits(or(highBits(value), and(highBits(x), mask)), lowBits(value));
  return bitcast("float32", or(bitcast("int32", value), and(bitcast("int32", x), mask)));
}

/** Whether the bit of the sign is set. */
export function hasSign(x: Expression): Expression {
  return less(x.dtype === "float64" ? highBits(x) : bitcast("int32", x), 0);
}
