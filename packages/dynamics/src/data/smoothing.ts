/**
 * How positions become velocities, by name: a smoothing spline, local polynomials, or plain differences.
 *
 * In: times and positions of one coordinate of one segment. Out: smoothed positions, velocities and the noise. The
 * spline is the rule because it is nearest to the true velocity at every noise (`docs/sampling.md` has the table).
 */

import { smoothingSpline } from "./smoothing-spline.ts";
import { chooseHalfWidth, estimateVelocity } from "./velocity.ts";

/** Ways to smooth. */
export type Smoothing = "spline" | "polynomial" | "none";

/** All of them, the rule first. */
export const smoothings: readonly Smoothing[] = Object.freeze(["spline", "polynomial", "none"]);

/** What the smoothing of a coordinate is told. */
export interface SmoothingOptions {
  readonly smooth: Smoothing;
  /** Every how many samples one is kept afterwards: local polynomials span at least that many. */
  readonly every: number;
  /** The dominant period, s. */
  readonly period: number | null;
  /** The quantum of the sensor, or null: its noise is at least that of rounding. */
  readonly quantum: number | null;
  /** A stated standard deviation, or null: the noise is at least that. */
  readonly stated: number | null;
}

/** A smoothed coordinate, n times. */
export interface Smoothed {
  readonly positions: Float64Array;
  /** Per s; NaN where too few samples are near. */
  readonly velocities: Float64Array;
  /** Standard deviation of the positions' noise. */
  readonly noise: number;
}

/** Smooths one coordinate; NaN where missing. */
export function smoothed(times: Float64Array, values: Float64Array, options: SmoothingOptions): Smoothed {
  const { smooth, every, period } = options;
  const known = Math.max((options.quantum ?? 0) / Math.sqrt(12), options.stated ?? 0);
  if (smooth === "spline") return smoothingSpline(times, values, { leastNoise: known });
  if (smooth === "none") return { positions: values, velocities: differences(times, values), noise: known };
  const halfWidth = Math.max(every, chooseHalfWidth(times, values, period));
  const motion = estimateVelocity(times, values, { halfWidth, period });
  return { ...motion, noise: Math.max(motion.noise, known) };
}

/** Slopes between the neighbours that were measured, one-sided at ends and beside gaps. */
function differences(times: Float64Array, values: Float64Array): Float64Array {
  return times.map((_, row) => {
    const rows = [row - 1, row, row + 1].filter((at) => Number.isFinite(values[at]));
    const [first, last] = [rows[0] ?? row, rows.at(-1) ?? row];
    return (
      ((values[last] as number) - (values[first] as number)) / ((times[last] as number) - (times[first] as number))
    );
  });
}
