/**
 * Pieces of trajectories: a run of rows, and what becomes of it at gaps.
 *
 * In: trajectories. Out: segments that share the trajectory's memory (nothing is copied). A step longer than 2.5 times
 * the median step of its recording is a gap and starts a new segment: no integration step may cross it. Missing values are
 * not gaps; they stay, masked, because their rows still hold times and controls. Only where nothing at all is measured
 * for more than ten median steps is the motion lost: the empty rows belong to no segment.
 */

import type { Trajectory } from "./dataset.ts";
import { medianStep } from "./oddity-measure.ts";

/** A run of rows of one trajectory; the arrays are views of the trajectory's own. */
export interface Segment extends Trajectory {
  /** Rows [from, to) of the trajectory `name`. */
  readonly from: number;
  readonly to: number;
  /** The whole trajectory: controls act on after they were recorded, across the start of a segment too. */
  readonly recording: Trajectory;
}

/** Rows [from, to) of a trajectory or of a segment (then counted within it). */
export function slice(source: Trajectory | Segment, from: number, to: number): Segment {
  const rows = source.times.length;
  const cut = <A extends Float64Array | Uint8Array>(array: A): A => {
    const width = rows === 0 ? 0 : array.length / rows;
    return array.subarray(from * width, to * width) as A;
  };
  const offset = "from" in source ? source.from : 0;
  const recording = "recording" in source ? source.recording : source;
  return Object.freeze({
    ...source,
    from: offset + from,
    to: offset + to,
    recording,
    times: cut(source.times),
    values: cut(source.values),
    mask: cut(source.mask),
    controls: cut(source.controls),
    contexts: cut(source.contexts),
    sigmas: source.sigmas === null ? null : cut(source.sigmas),
  });
}

/** A whole trajectory as one segment. */
export function whole(trajectory: Trajectory): Segment {
  return slice(trajectory, 0, trajectory.times.length);
}

/** The longest step that is no gap, s: 2.5 of its own median steps (files may differ in rate); infinite for one time. */
export function gapLimit(trajectory: Trajectory): number {
  return 2.5 * (medianStep([trajectory]) ?? Number.POSITIVE_INFINITY);
}

/** Gaps without rows end a segment; this many times as long a time with rows, but nothing measured in them, does too. */
const emptyFactor = 4;

/** Cuts a segment wherever a step is longer than `limit` seconds, and takes out long runs of rows without a value. */
export function cutAtGaps(segment: Segment, limit: number): readonly Segment[] {
  const { times } = segment;
  const cuts: Segment[] = [];
  let [from, measured] = [0, -1];
  const close = (to: number): void => {
    if (measured >= from && to > from) cuts.push(slice(segment, from, to));
  };
  for (let row = 0; row < times.length; row++) {
    const now = times[row] as number;
    if (row > 0 && now - (times[row - 1] as number) > limit) {
      close(row);
      from = row;
    }
    if (!hasValue(segment, row)) continue;
    const before = Math.max(from, measured);
    if (now - (times[before] as number) > emptyFactor * limit) {
      close(measured + 1);
      from = row;
    }
    measured = row;
  }
  const isLost = (times.at(-1) ?? 0) - (times[measured] ?? 0) > emptyFactor * limit;
  close(isLost ? measured + 1 : times.length);
  return cuts;
}

function hasValue({ mask, times }: Segment, row: number): boolean {
  const width = mask.length / times.length;
  return mask.subarray(row * width, (row + 1) * width).includes(1);
}
