/**
 * exp in float32 within 2 units of the last place, by a short chain of operations: e^r by a polynomial of degree 6 on
 * |r| <= ln 2 / 2 (relative error 3e-9 before rounding, least by Lawson's iteration), 2^k by one addition of bits. Degree 5
 * would err by a unit of the last place in one direction, which differences of exponentials (sinh) then have in full.
 *
 * Results below 2^-126 are 0; above the largest number infinite; e^0 is exactly 1.
 */
import type { Block } from "../block.ts";
import { add, bitcast, less, mul, numberLike, select, shiftLeft, sub } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { estrin } from "./estrin.ts";
import { formatOf } from "./float-format.ts";

const coefficients = [
  1, 1, 0.4999999341247943, 0.16666520107634766, 0.04166839421461299, 0.008368780433989103, 0.0013814466965198485,
];

/** Arguments of the least normal and of the largest number. */
const least = -87.33654022216797;
const greatest = 88.72283172607422;

/** e^x of float32; NaN stays. */
export function fastExp(block: Block, x: Expression): Expression {
  const { ln2, rounder } = formatOf(x);
  const moved = block.name("moved", add(mul(x, Math.LOG2E), rounder));
  const k = block.name("k", sub(moved, rounder));
  const r = block.name("r", sub(sub(x, mul(k, ln2[0])), mul(k, ln2[1])));
  const mantissa = estrin(block, r, coefficients);
  // The shift leaves nothing of the bits of the rounder.
  const power = shiftLeft(bitcast("int32", moved), 23);
  const inside = bitcast("float32", add(bitcast("int32", mantissa), power));
  // Above, infinity; NaN is on that side.
  const above = select(less(x, greatest), inside, add(x, Number.POSITIVE_INFINITY));
  return select(less(x, least), numberLike(x, 0), above);
}
