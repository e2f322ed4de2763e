/**
 * The dominant period of a motion, from its crossings of its own middle.
 *
 * In: times and positions. Out: the median time between crossings, or null for less than one whole period. The middle
 * is the mean over whole swings; where the motion does not come back to it, the least-squares line. A crossing counts
 * only after a swing to a quarter of a standard deviation below, so that noise near the middle makes no periods.
 * Rotation without a swing has no period here.
 */

import { entriesOf } from "./entries-of.ts";
import { median } from "./oddity-measure.ts";
import { presentValues } from "./present-values.ts";

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
  const first = crossings(clock, lessMean(motion, 0, motion.length)).upward;
  const [start = 0, end = 0] = [first[0], first.at(-1)];
  // The mean over part of a swing is off the middle: once whole swings are known, they alone give it.
  const swing =
    first.length < 2 ? detrended(clock, motion) : lessMean(motion, placeOfTime(clock, start), placeOfTime(clock, end));
  const { upward, downward } = crossings(clock, swing);
  return [...differences(upward), ...differences(downward)];
}

function differences(moments: readonly number[]): number[] {
  return moments.slice(1).map((moment, index) => moment - (moments[index] as number));
}

function present(times: Float64Array, values: Float64Array): { clock: Float64Array; motion: Float64Array } {
  const { rows, values: motion } = presentValues(values);
  return { clock: entriesOf(times, rows), motion };
}

/** The first row at or after a time. */
function placeOfTime(clock: Float64Array, time: number): number {
  const found = clock.findIndex((each) => each >= time);
  return found === -1 ? clock.length : found;
}

/** The moments at which a motion crosses zero upward, and downward: s. */
interface Crossings {
  readonly upward: readonly number[];
  readonly downward: readonly number[];
}

function crossings(times: Float64Array, swing: Float64Array): Crossings {
  let squares = 0;
  for (let at = 0; at < swing.length; at++) squares += (swing[at] as number) * (swing[at] as number);
  const least = Math.sqrt(squares / Math.max(1, swing.length)) / 4;
  const [upward, downward]: [number[], number[]] = [[], []];
  let [isBelow, isAbove] = [false, false];
  for (let at = 1; at < swing.length; at++) {
    const [before, now] = [swing[at - 1] as number, swing[at] as number];
    if (before < -least) isBelow = true;
    if (before > least) isAbove = true;
    const isUpward = isBelow && now >= 0;
    const isDownward = isAbove && now <= 0;
    if (!isUpward && !isDownward) continue;
    const [early, late] = [times[at - 1] as number, times[at] as number];
    const moment = early + ((late - early) * (0 - before)) / (now - before);
    if (isUpward) {
      upward.push(moment);
      isBelow = false;
    }
    if (isDownward) {
      downward.push(moment);
      isAbove = false;
    }
  }
  return { upward, downward };
}

/** Values less the mean of those in the rows [from, to). */
function lessMean(values: Float64Array, from: number, to: number): Float64Array {
  let sum = 0;
  for (let row = from; row < to; row++) sum += values[row] as number;
  const mean = sum / Math.max(1, to - from);
  const result = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) result[row] = (values[row] as number) - mean;
  return result;
}

/** Values less their least-squares line. */
function detrended(times: Float64Array, values: Float64Array): Float64Array {
  const count = Math.max(1, values.length);
  let [allTimes, allValues] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    allTimes += times[at] as number;
    allValues += values[at] as number;
  }
  const [middle, mean] = [allTimes / count, allValues / count];
  let [square, product] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const from = (times[at] as number) - middle;
    square += from ** 2;
    product += ((values[at] as number) - mean) * from;
  }
  const slope = square > 0 ? product / square : 0;
  const result = new Float64Array(values.length);
  for (let at = 0; at < values.length; at++) {
    result[at] = (values[at] as number) - mean - slope * ((times[at] as number) - middle);
  }
  return result;
}
