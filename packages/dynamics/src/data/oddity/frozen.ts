/**
 * Stretches in which a measured column stands still although the motion does not.
 *
 * A pendulum at its turning point, a coarse encoder and a body at rest repeat values too. A stretch is told only where
 * it ends with a jump (what was missed comes at once) or begins with the motion cut off (the speed just before it would
 * have carried the value far out of its step). A body that comes to rest does neither.
 */

import { hostMath } from "../../host-math/host-math.ts";
import { entriesOf } from "../entries-of.ts";
import type { PresentValues } from "../present-values.ts";
import type { Oddity, OddityPlace } from "./oddity.ts";
import { type ColumnSeries, countOf, placeOf, roundingOf, type Series, withUnit } from "./series.ts";

const shortest = 5;

/** One stretch: rows [from, to] of a series. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The frozen stretches of one series.
 * @param present its values without missing ones and spikes, angles unwrapped
 * @param times [n] s, of all its rows
 * @param quantum what two readings of one state may differ by
 */
export function frozenStretches(present: PresentValues, times: Float64Array, quantum: number): readonly Stretch[] {
  const { values, rows } = present;
  const step = Math.max(quantum, roundingOf(values));
  const clock = entriesOf(times, rows);
  const { runs, count } = longRuns(values);
  const usual = values.length / Math.max(1, count);
  return runs
    .filter((run) => endsWithJump(values, clock, run, step) || beginsCutOff(values, run, step, usual))
    .map(({ from, to }) => ({ from: rows[from] as number, to: rows[to] as number }));
}

/** Runs of equal values that are long enough, and how many there are of any length. */
function longRuns(values: Float64Array): { readonly runs: readonly Stretch[]; readonly count: number } {
  const runs: Stretch[] = [];
  let count = 0;
  let from = 0;
  for (let at = 1; at <= values.length; at++) {
    if (at < values.length && values[at] === values[from]) continue;
    if (at - from >= shortest) runs.push({ from, to: at - 1 });
    count += 1;
    from = at;
  }
  return { runs, count };
}

/** The first step after the stretch is more than three times the fastest around for its time, and two quanta. */
function endsWithJump(values: Float64Array, clock: Float64Array, { from, to }: Stretch, quantum: number): boolean {
  if (to + 1 >= values.length) return false;
  const between = (numbers: Float64Array, at: number): number => (numbers[at + 1] as number) - (numbers[at] as number);
  const near = Math.max(10, to - from + 1);
  const elapsed = between(clock, to);
  let [fastest, moving] = [0, 0];
  const look = (at: number): void => {
    const step = Math.abs(between(values, at));
    fastest = Math.max(fastest, Math.max(step, quantum) / between(clock, at));
    if (step > 0) moving += 1;
  };
  for (let at = Math.max(0, from - near); at + 1 < from; at++) look(at);
  for (let at = to + 1; at + 1 < Math.min(values.length, to + near); at++) look(at);
  return moving >= 3 && Math.abs(between(values, to)) > 3 * fastest * elapsed + 2 * quantum;
}

/** The motion before the stretch would have left the step of the value long before the stretch ends. */
function beginsCutOff(values: Float64Array, { from, to }: Stretch, quantum: number, usual: number): boolean {
  const length = to - from + 1;
  const window = Math.min(60, Math.max(8, length));
  if (length < 4 * usual || from < window) return false;
  const before = values.subarray(from - window, from);
  const { speed, fastest, residual } = motionAtEnd(before);
  const carried = (Math.abs(speed) * Math.min(length, window)) / 2;
  return !hasJump(before, quantum) && Math.abs(speed) > fastest / 4 && carried > 6 * (quantum + residual);
}

/** Whether one step is far larger than the mean one: no smooth motion to go on from. */
function hasJump(values: Float64Array, quantum: number): boolean {
  let [sum, largest] = [0, 0];
  for (let at = 1; at < values.length; at++) {
    const step = Math.abs((values[at] as number) - (values[at - 1] as number));
    sum += step;
    largest = Math.max(largest, step);
  }
  return largest > (4 * sum) / (values.length - 1) + 2 * quantum;
}

/** The least-squares parabola: its slope at the end, its largest slope, and the standard deviation about it. */
function motionAtEnd(values: Float64Array): { speed: number; fastest: number; residual: number } {
  const n = values.length;
  const half = (n - 1) / 2;
  const x = (at: number): number => at - half;
  let [mean, slope, square, fourth] = [0, 0, 0, 0];
  for (let at = 0; at < n; at++) {
    mean += (values[at] as number) / n;
    square += x(at) ** 2;
    fourth += hostMath.power(x(at), 4);
    slope += x(at) * (values[at] as number);
  }
  slope /= square;
  let bend = 0;
  for (let at = 0; at < n; at++) bend += (x(at) ** 2 - square / n) * ((values[at] as number) - mean);
  bend /= fourth - square ** 2 / n;
  let squares = 0;
  for (let at = 0; at < n; at++) {
    squares += ((values[at] as number) - mean - slope * x(at) - bend * (x(at) ** 2 - square / n)) ** 2;
  }
  const [start, end] = [slope - 2 * bend * half, slope + 2 * bend * half];
  return {
    speed: end,
    fastest: Math.max(Math.abs(start), Math.abs(end)),
    residual: Math.sqrt(squares / Math.max(1, n - 3)),
  };
}

/** The oddity of a column with these stretches in its series. */
export function frozenOddity(
  { column, series }: ColumnSeries,
  stretches: readonly (readonly Stretch[])[],
): Oddity | null {
  const all = series.flatMap((each, index) => (stretches[index] ?? []).map((stretch) => ({ each, stretch })));
  const [first] = all;
  if (first === undefined) return null;
  const seconds = ({ each, stretch }: { each: Series; stretch: Stretch }): number =>
    (each.times[stretch.to] as number) - (each.times[stretch.from] as number);
  const longest = all.reduce((most, one) => (seconds(one) > seconds(most) ? one : most), first);
  const held = withUnit(longest.each.values[longest.stretch.from] as number, column);
  return {
    kind: "frozen",
    column: column.name,
    found: `${countOf(all.length, "frozen stretch", "frozen stretches")}, the longest ${seconds(longest).toPrecision(3)} s at ${held}`,
    remedy: "Kept as measured: empty these cells if the sensor hung, so that no law is fitted to them.",
    count: all.length,
    places: all.map(({ each, stretch }): OddityPlace => placeOf(each, stretch.from, stretch.to)),
  };
}
