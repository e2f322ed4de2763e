/**
 * Velocities from positions, with the noise of the positions, by local cubic polynomials.
 *
 * In: times and positions of one coordinate, angles unwrapped. Out: smoothed positions, velocities, the standard
 * deviation of the noise, and the window that was used. The window is the one with the least leave-one-out error, so
 * that clean data is hardly smoothed and noisy data is smoothed more; it never spans more than half a period.
 *
 * Source: leave-one-out by leverages: Allen, 1974, Technometrics 16, 125, doi:10.1080/00401706.1974.10489157.
 */

import { type LocalFit, localFit } from "./local-polynomial.ts";

/** Velocities and what was found on the way. */
export interface Motion {
  /** [n] smoothed positions. */
  readonly positions: Float64Array;
  /** [n] per second; NaN where too few samples are near. */
  readonly velocities: Float64Array;
  /** Standard deviation of the positions' noise, in their unit. */
  readonly noise: number;
  /** Samples on each side of the window. */
  readonly halfWidth: number;
}

export interface VelocityOptions {
  /** Samples on each side; chosen by leave-one-out when not stated. */
  readonly halfWidth?: number;
  /** The dominant period, s: bounds the window. */
  readonly period?: number | null;
}

const degree = 3;
const candidates: readonly number[] = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
const judgedSamples = 400;

/**
 * Estimates velocities.
 * @param times [n] s, increasing
 * @param positions [n]; NaN where missing
 */
export function estimateVelocity(times: Float64Array, positions: Float64Array, options: VelocityOptions = {}): Motion {
  const halfWidth = options.halfWidth ?? chooseHalfWidth(times, positions, options.period ?? null);
  const count = times.length;
  const smooth = new Float64Array(count);
  const velocities = new Float64Array(count);
  let [squares, freedom] = [0, 0];
  for (let row = 0; row < count; row++) {
    const fit = localFit(times, positions, row, halfWidth, degree);
    smooth[row] = fit.value;
    velocities[row] = fit.slope;
    const residual = (positions[row] as number) - fit.value;
    if (Number.isNaN(residual)) continue;
    squares += residual * residual;
    freedom += 1 - Math.min(1, fit.leverage);
  }
  const noise = freedom > 0 ? Math.sqrt(squares / freedom) : 0;
  return Object.freeze({ positions: smooth, velocities, noise, halfWidth });
}

/** The half width with the least mean squared leave-one-out error on at most 400 samples. */
export function chooseHalfWidth(times: Float64Array, positions: Float64Array, period: number | null): number {
  const step = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / Math.max(1, times.length - 1);
  const widest = Math.min(
    (times.length - 1) / 2,
    period === null || step === 0 ? Number.POSITIVE_INFINITY : period / step / 4,
  );
  let best = 2;
  let bestError = Number.POSITIVE_INFINITY;
  for (const halfWidth of candidates) {
    if (halfWidth > widest && halfWidth > 2) break;
    const error = leaveOneOutError(times, positions, halfWidth);
    if (error < bestError) {
      best = halfWidth;
      bestError = error;
    }
  }
  return best;
}

function leaveOneOutError(times: Float64Array, positions: Float64Array, halfWidth: number): number {
  const stride = Math.max(1, Math.floor(times.length / judgedSamples));
  let [sum, count] = [0, 0];
  for (let row = 0; row < times.length; row += stride) {
    const fit: LocalFit = localFit(times, positions, row, halfWidth, degree);
    const residual = ((positions[row] as number) - fit.value) / (1 - fit.leverage);
    if (!Number.isFinite(residual)) continue;
    sum += residual * residual;
    count += 1;
  }
  return count === 0 ? Number.POSITIVE_INFINITY : sum / count;
}
