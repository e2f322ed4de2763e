/**
 * The dominant period of a motion, from its crossings of its own middle.
 *
 * In: times and positions. Out: the median time between crossings, or null for less than one whole period. The middle
 * is the mean over whole swings; where the motion does not come back to it, the least-squares line. A crossing counts
 * only after a swing to a quarter of a standard deviation below, so that noise near the middle makes no periods.
 * Rotation without a swing has no period here.
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

/** The times between successive crossings in one direction, upward and downward: [k] s; a drift shifts them oppositely. */
export function crossingIntervals(times: Float64Array, values: Float64Array): number[] {
  const rows = [...times.keys()].filter((row) => !Number.isNaN(values[row]));
  const clock = rows.map((row) => times[row] as number);
  const motion = rows.map((row) => values[row] as number);
  const first = upwardCrossings(clock, centred(motion, motion));
  const [start = 0, end = 0] = [first[0], first.at(-1)];
  // The mean over part of a swing is off the middle: once whole swings are known, they alone give it.
  const swings = motion.filter((_, at) => (clock[at] as number) >= start && (clock[at] as number) < end);
  const swing = first.length < 2 ? detrended(clock, motion) : centred(motion, swings);
  const downward = upwardCrossings(
    clock,
    swing.map((value) => -value),
  );
  return [upwardCrossings(clock, swing), downward].flatMap((crossings) => {
    return crossings.slice(1).map((time, index) => time - (crossings[index] as number));
  });
}

function upwardCrossings(times: readonly number[], swing: readonly number[]): number[] {
  const deviation = Math.sqrt(swing.reduce((sum, value) => sum + value * value, 0) / Math.max(1, swing.length));
  const crossings: number[] = [];
  let isBelow = false;
  for (let at = 1; at < swing.length; at++) {
    const [before, now] = [swing[at - 1] as number, swing[at] as number];
    if (before < -deviation / 4) isBelow = true;
    if (!isBelow || now < 0) continue;
    const [early, late] = [times[at - 1] as number, times[at] as number];
    crossings.push(early + ((late - early) * (0 - before)) / (now - before));
    isBelow = false;
  }
  return crossings;
}

/** Values less the mean of some of them. */
function centred(values: readonly number[], some: readonly number[]): number[] {
  const mean = some.reduce((sum, value) => sum + value, 0) / Math.max(1, some.length);
  return values.map((value) => value - mean);
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
