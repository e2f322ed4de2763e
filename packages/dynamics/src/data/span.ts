/**
 * The part of every recording that is used: from a start to a stop.
 *
 * In: a data set, and where to begin and end. Out: the data set with shorter trajectories. A number is a time on the
 * recording's own clock. The start `trigger` is the time of the first nonzero value of the trigger column, each
 * trajectory's own; it becomes t = 0, and the stop then counts from it. What lies outside enters nothing: no rate, no
 * split, no training, no forecast. The hash stays that of the whole recording.
 */

import { DataError } from "./data-error.ts";
import type { Dataset, Trajectory } from "./dataset.ts";
import { slice } from "./segment.ts";

/** What of every trajectory is used; all of it when nothing is stated. */
export interface Span {
  /** s on the recording's clock, or `trigger`. */
  readonly start?: "trigger" | number | undefined;
  /** s on the recording's clock, or after the trigger. */
  readonly stop?: number | undefined;
}

/** Fewer samples than this are no motion. */
const leastRows = 2;

/**
 * The data set from `start` to `stop`, both included.
 * @throws DataError without a trigger column, for a trajectory that was never triggered, and for a trajectory with
 * nothing between start and stop
 */
export function usedSpan(dataset: Dataset, { start, stop }: Span): Dataset {
  if (start === undefined && stop === undefined) return dataset;
  const trajectories = dataset.trajectories.map((trajectory) => cut(trajectory, dataset, { start, stop }));
  return Object.freeze({ ...dataset, trajectories: Object.freeze(trajectories) });
}

function cut(trajectory: Trajectory, dataset: Dataset, { start, stop }: Span): Trajectory {
  const origin = start === "trigger" ? triggerOf(trajectory, dataset) : 0;
  const begin = start === "trigger" ? origin : (start ?? Number.NEGATIVE_INFINITY);
  const end = origin + (stop ?? Number.POSITIVE_INFINITY);
  const { times } = trajectory;
  // Sums and differences of clocks round: a sample at the very start or stop is meant to be used.
  const margin = 1e-9 * Math.max(Math.abs(times[0] ?? 0), Math.abs(times.at(-1) ?? 0));
  const from = firstRow(times, begin - margin);
  const to = firstRow(times, end + margin);
  if (to - from < leastRows) throw nothingLeft(trajectory, dataset, begin, end);
  const { from: _from, to: _to, recording: _recording, ...kept } = slice(trajectory, from, to);
  return Object.freeze({
    ...kept,
    times: origin === 0 ? kept.times : kept.times.map((time) => time - origin),
    triggerTime: trajectory.triggerTime === null ? null : trajectory.triggerTime - origin,
  });
}

/** The first row whose time is at least `time`; the number of rows when there is none. */
function firstRow(times: Float64Array, time: number): number {
  const row = times.findIndex((value) => value >= time);
  return row === -1 ? times.length : row;
}

function triggerOf({ name, triggerTime }: Trajectory, dataset: Dataset): number {
  if (triggerTime !== null) return triggerTime;
  const hasColumn = dataset.reading.columns.some(({ role }) => role === "trigger");
  throw new DataError({
    code: "bad-option",
    file: dataset.name,
    expected: hasColumn ? `a trigger in trajectory ${name}` : "a trigger column",
    found: hasColumn ? "only zeros" : "none",
    remedy: hasColumn
      ? "State the start in seconds, or leave this recording out."
      : "Name the column: --column NAME=trigger, or state the start in seconds.",
  });
}

function nothingLeft({ name, times }: Trajectory, dataset: Dataset, begin: number, end: number): DataError {
  const short = (value: number): string => String(Number(value.toPrecision(4)));
  return new DataError({
    code: "too-few-rows",
    file: dataset.name,
    expected: `samples of ${name} from ${short(Math.max(begin, times[0] ?? 0))} to ${short(Math.min(end, times.at(-1) ?? 0))} s`,
    found: `recorded from ${short(times[0] ?? 0)} to ${short(times.at(-1) ?? 0)} s`,
    remedy: "Choose --start and --stop inside every recording.",
  });
}
