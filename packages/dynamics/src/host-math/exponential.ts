/** The exponential, after e_exp.c of fdlibm: x = k ln 2 + r, e^r by a rational form, then the exponent. */

import { timesPowerOfTwo } from "./binary-exponent.ts";
import { horner } from "./horner.ts";

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const series = [
  0.16666666666666602, -0.0027777777777015593, 6.613756321437934e-5, -1.6533902205465252e-6, 4.1381367970572385e-8,
];

/** e^x; infinity above 709.78, 0 below -745.13. */
export function exponential(x: number): number {
  if (!(x >= -746)) return Number.isNaN(x) ? x : 0;
  if (x > 710) return Number.POSITIVE_INFINITY;
  const k = Math.abs(x) > 0.5 * Math.LN2 ? Math.floor(x * Math.LOG2E + 0.5) : 0;
  const [high, low] = [x - k * ln2High, k * ln2Low];
  const r = high - low;
  const square = r * r;
  const c = r - square * horner(square, series);
  const value = 1 - (low - (r * c) / (2 - c) - high);
  return timesPowerOfTwo(value, k);
}
