/** The natural logarithm, after e_log.c of fdlibm: x = 2^k (1 + f) with 1 + f between the roots of 1/2 and 2. */
import { splitBinary } from "./binary-exponent.ts";
import { horner } from "./horner.ts";

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const series = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
];

/** ln x; -infinity at 0, NaN below. */
export function logarithm(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN;
  const split = splitBinary(x);
  const upper = split.m > Math.SQRT2;
  const k = upper ? split.k + 1 : split.k;
  const f = (upper ? split.m / 2 : split.m) - 1;
  const s = f / (2 + f);
  const square = s * s;
  const half = 0.5 * f * f;
  return k * ln2High - (half - (s * (half + square * horner(square, series)) + k * ln2Low) - f);
}
