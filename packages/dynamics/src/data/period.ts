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
  const { clock, motion } = present(times, values);
  const first = upwardCrossings(clock, lessMean(motion, 0, motion.length));
  const [start = 0, end = 0] = [first[0], first.at(-1)];
  // The mean over part of a swing is off the middle: once whole swings are known, they alone give it.
  const swing =
    first.length < 2 ? detrended(clock, motion) : lessMean(motion, placeOfTime(clock, start), placeOfTime(clock, end));
  const downward = upwardCrossings(
    clock,
    swing.map((value) => -value),
  );
  return [upwardCrossings(clock, swing), downward].flatMap((crossings) => {
    return crossings.slice(1).map((time, index) => time - (crossings[index] as number));
  });
}

function present(times: Float64Array, values: Float64Array): { clock: Float64Array; motion: Float64Array } {
  const [clock, motion] = [new Float64Array(values.length), new Float64Array(values.length)];
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row])) continue;
    clock[count] = times[row] as number;
    motion[count] = values[row] as number;
    count += 1;
  }
  return { clock: clock.subarray(0, count), motion: motion.subarray(0, count) };
}

/** The first row at or after a time. */
function placeOfTime(clock: Float64Array, time: number): number {
  const found = clock.findIndex((each) => each >= time);
  return found === -1 ? clock.length : found;
}

function upwardCrossings(times: Float64Array, swing: Float64Array): number[] {
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

/** Values less the mean of those in the rows [from, to). */
function lessMean(values: Float64Array, from: number, to: number): Float64Array {
  let sum = 0;
  for (let row = from; row < to; row++) sum += values[row] as number;
  const mean = sum / Math.max(1, to - from);
  return values.map((value) => value - mean);
}

function detrended(times: Float64Array, values: Float64Array): Float64Array {
  const count = Math.max(1, values.length);
  const middle = times.reduce((sum, time) => sum + time, 0) / count;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const square = times.reduce((sum, time) => sum + (time - middle) ** 2, 0);
  const product = values.reduce((sum, value, at) => sum + (value - mean) * ((times[at] as number) - middle), 0);
  const slope = square > 0 ? product / square : 0;
  return values.map((value, at) => value - mean - slope * ((times[at] as number) - middle));
}
