/**
 * The dominant period of a motion, from its upward crossings of its own trend.
 *
 * In: times and positions. Out: the median time between crossings, or null for less than one whole period. The trend is
 * the least-squares line; a crossing counts only after a swing to a quarter of a standard deviation below, so that
 * noise near the middle makes no periods. Rotation without a swing has no period here.
 */

import { median } from "./oddity-measure.ts";

/**
 * The dominant period.
 * @param times [n] s, increasing
 * @param values [n] any unit; NaN where missing; angles unwrapped
 * @returns s, or null
 */
export function dominantPeriod(times: Float64Array, values: Float64Array): number | null {
  return median(crossingIntervals(times, values));
}

/** The times between successive upward crossings: [k] s. */
export function crossingIntervals(times: Float64Array, values: Float64Array): number[] {
  const rows = [...times.keys()].filter((row) => !Number.isNaN(values[row]));
  const swing = detrended(
    rows.map((row) => times[row] as number),
    rows.map((row) => values[row] as number),
  );
  const deviation = Math.sqrt(swing.reduce((sum, value) => sum + value * value, 0) / Math.max(1, swing.length));
  const crossings: number[] = [];
  let isBelow = false;
  for (let at = 1; at < swing.length; at++) {
    const [before, now] = [swing[at - 1] as number, swing[at] as number];
    if (before < -deviation / 4) isBelow = true;
    if (!isBelow || now < 0) continue;
    const [early, late] = [times[rows[at - 1] as number] as number, times[rows[at] as number] as number];
    crossings.push(early + ((late - early) * (0 - before)) / (now - before));
    isBelow = false;
  }
  return crossings.slice(1).map((time, index) => time - (crossings[index] as number));
}

function detrended(times: readonly number[], values: readonly number[]): number[] {
  const count = Math.max(1, values.length);
  const middle = times.reduce((sum, time) => sum + time, 0) / count;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const square = times.reduce((sum, time) => sum + (time - middle) ** 2, 0);
  const product = values.reduce((sum, value, at) => sum + (value - mean) * ((times[at] as number) - middle), 0);
  const slope = square > 0 ? product / square : 0;
  return values.map((value, at) => value - mean - slope * ((times[at] as number) - middle));
}
