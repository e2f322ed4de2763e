/**
 * Elementary functions of the host, with the same bits in every engine.
 *
 * ECMAScript leaves `Math.sin` and its like to the engine, and engines differ: from one version of Node to the next in
 * `pow`, between Node and a browser in nearly all. A run must be the same on every machine, so whatever reaches numbers
 * of a run (simulated data, random normals, starts, smoothing) takes these. They use only what IEEE 754 and the language
 * fix: sums, products, quotients, square roots and bits.
 * Source: fdlibm (Sun Microsystems, 1993); below one unit of the last place.
 */
import { arctangent } from "./arctangent.ts";
import { exponential } from "./exponential.ts";
import { logarithm } from "./logarithm.ts";
import { cosine, sine } from "./trigonometric.ts";

/** Functions of float64. */
export interface HostMath {
  readonly exp: (x: number) => number;
  /** The natural logarithm. */
  readonly log: (x: number) => number;
  /** Of an angle in rad. */
  readonly sin: (x: number) => number;
  /** Of an angle in rad. */
  readonly cos: (x: number) => number;
  /** The angle of (x, y), rad, -pi to pi; the special cases are those of `Math.atan2`. */
  readonly atan2: (y: number, x: number) => number;
  /** 10^x. */
  readonly tenTo: (x: number) => number;
  /** x^n of an integer n, by repeated squaring. */
  readonly power: (x: number, n: number) => number;
}

/** The functions; those of `Math` under the same names. */
export const hostMath: HostMath = Object.freeze({
  exp: exponential,
  log: logarithm,
  sin: sine,
  cos: cosine,
  atan2: (y: number, x: number): number => {
    const [above, ahead] = [Math.abs(y), Math.abs(x)];
    // Zeros, infinities and NaN have exact answers that the engines agree on.
    if (!(above > 0 && ahead > 0 && above < Number.POSITIVE_INFINITY && ahead < Number.POSITIVE_INFINITY)) {
      return Math.atan2(y, x);
    }
    const angle = arctangent(above / ahead);
    const turned = x < 0 ? Math.PI - (angle - 1.2246467991473532e-16) : angle;
    return y < 0 ? -turned : turned;
  },
  tenTo: (x: number): number => exponential(x * Math.LN10),
  power: (x: number, n: number): number => {
    let [product, square] = [1, x];
    for (let left = Math.abs(n); left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) product *= square;
      square *= square;
    }
    return n < 0 ? 1 / product : product;
  },
});
