/**
 * What the elementary functions need to know of float32 and float64: sizes, and the bits of exponents.
 *
 * Functions are written once for both types; where 64-bit integers would be used on float64 the high word serves.
 */
import type { Block } from "../block.ts";
import { add, and, bitcast, fromBits, highBits, lowBits, mul, shiftLeft, shiftRight, sub } from "../build.ts";
import type { Expression } from "../kernel.ts";

/** One float type. */
export interface FloatFormat {
  /** Bits of the significand, the hidden one included. */
  readonly precision: 24 | 53;
  /** 2^-precision. */
  readonly roundoff: number;
  readonly leastNormal: number;
  /** ln 2 in two parts; products of the first with any exponent are exact. */
  readonly ln2: readonly [number, number];
  /** Adding and subtracting it rounds to an integer. */
  readonly rounder: number;
}

const float32: FloatFormat = {
  precision: 24,
  roundoff: 2 ** -24,
  leastNormal: 2 ** -126,
  ln2: [0.693145751953125, 1.4286068203094173e-6],
  rounder: 1.5 * 2 ** 23,
};

const float64: FloatFormat = {
  precision: 53,
  roundoff: 2 ** -53,
  leastNormal: 2 ** -1022,
  ln2: [0.6931471806019545, -4.2009150726810846e-11],
  rounder: 1.5 * 2 ** 52,
};

/** The format of an expression of a float type. */
export function formatOf(x: Expression): FloatFormat {
  return x.dtype === "float64" ? float64 : float32;
}

/** One of two values, by the type of `x`. */
export function byType<T>(x: Expression, values: { readonly float32: T; readonly float64: T }): T {
  return x.dtype === "float64" ? values.float64 : values.float32;
}

/** `t`, at most 2^20 in size, rounded to an integer: as a float and as int32. */
export function roundBoth(block: Block, t: Expression): { readonly float: Expression; readonly integer: Expression } {
  const { rounder } = formatOf(t);
  const moved = block.name("moved", add(t, rounder));
  const bits = t.dtype === "float64" ? lowBits(moved) : sub(bitcast("int32", moved), 0x4b400000);
  return { float: block.name("k", sub(moved, rounder)), integer: block.name("ki", bits) };
}

/** 2^n of the type of `like`, for an int32 n within the normal exponents. */
export function powerOfTwo(like: Expression, n: Expression): Expression {
  if (like.dtype === "float64") return fromBits(shiftLeft(add(n, 1023), 20), 0);
  return bitcast("float32", shiftLeft(add(n, 127), 23));
}

/** x 2^n in two steps, so that results may be subnormal or overflow. */
export function scale(block: Block, x: Expression, n: Expression): Expression {
  const half = block.name("half", shiftRight(n, 1));
  return mul(mul(x, powerOfTwo(x, half)), powerOfTwo(x, sub(n, half)));
}

/** The exponent k (as int32) and m in [sqrt(1/2), sqrt(2)) with x = m 2^k, for positive normal x. */
export function splitExponent(block: Block, x: Expression): { readonly k: Expression; readonly m: Expression } {
  if (x.dtype === "float64") {
    const moved = block.name("bits", add(highBits(x), 0x3ff00000 - 0x3fe6a09e));
    const high = add(and(moved, 0x000fffff), 0x3fe6a09e);
    return { k: sub(shiftRight(moved, 20), 1023), m: fromBits(high, lowBits(x)) };
  }
  const moved = block.name("bits", add(bitcast("int32", x), 0x3f800000 - 0x3f3504f3));
  const bits = add(and(moved, 0x007fffff), 0x3f3504f3);
  return { k: sub(shiftRight(moved, 23), 127), m: bitcast("float32", bits) };
}
