/**
 * log and log1p in float32 within 4 units of the last place, without a division: k ln 2 + f + f² R(f) for 1 + f in
 * [sqrt(1/2), sqrt(2)), R a polynomial of degree 7 (relative error of f + f² R 3.2e-8 before rounding, least by the exchange
 * of Remez).
 *
 * Numbers below 2^-126 count as 0: `log` is -infinity there.
 */
import type { Block } from "../block.ts";
import {
  add,
  and,
  bitcast,
  convert,
  equal,
  less,
  lessEqual,
  mul,
  numberLike,
  select,
  shiftRight,
  sub,
} from "../build.ts";
import type { Expression } from "../kernel.ts";
import { estrin } from "./estrin.ts";
import { formatOf, splitExponent } from "./float-format.ts";

/** (log(1 + f) - f) / f². */
const coefficients = [
  -0.5, 0.3333390951156616, -0.2500133812427521, 0.19963064789772034, -0.1657758504152298, 0.1491476446390152,
  -0.14267489314079285, 0.08700449019670486,
];

/** The natural logarithm of float32; -infinity at 0, NaN below. */
export function fastLog(block: Block, x: Expression): Expression {
  const { k, m } = splitExponent(block, x);
  const result = logarithm(block, sub(m, 1), k);
  const { leastNormal } = formatOf(x);
  const inside = and(lessEqual(leastNormal, x), less(x, Number.POSITIVE_INFINITY));
  const below = select(less(x, 0), numberLike(x, Number.NaN), numberLike(x, Number.NEGATIVE_INFINITY));
  return select(inside, result, select(less(x, leastNormal), below, x));
}

/**
 * log(1 + x) of float32; -infinity at -1, NaN below. With k the exponent of 1 + x as it is rounded, f is
 * 2^-k x + (2^-k - 1), where nothing of a small x is lost.
 */
export function fastLog1p(block: Block, x: Expression): Expression {
  const moved = block.name("bits", add(bitcast("int32", add(x, 1)), 0x3f800000 - 0x3f3504f3));
  // 2^(2-k), since 2^-k is below the normal numbers for the largest x.
  const fourth = block.name("fourth", bitcast("float32", sub(0x80000000 | 0, and(moved, 0xff800000 | 0))));
  const f = add(mul(mul(x, fourth), 0.25), sub(mul(fourth, 0.25), 1));
  const result = logarithm(block, f, sub(shiftRight(moved, 23), 127));
  const inside = and(less(-1, x), less(x, Number.POSITIVE_INFINITY));
  const below = select(equal(x, -1), numberLike(x, Number.NEGATIVE_INFINITY), numberLike(x, Number.NaN));
  return select(inside, result, select(lessEqual(x, -1), below, x));
}

/** k ln 2 + log(1 + fraction). All but the polynomial is known before it. */
function logarithm(block: Block, fraction: Expression, k: Expression): Expression {
  const f = block.name("f", fraction);
  const square = block.name("square", mul(f, f));
  const known = add(f, mul(convert("float32", k), Math.LN2));
  return add(known, mul(square, estrin(block, f, coefficients)));
}
