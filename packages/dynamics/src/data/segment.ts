/**
 * Pieces of trajectories: a run of rows, and what becomes of it at gaps.
 *
 * In: trajectories. Out: segments that share the trajectory's memory (nothing is copied). A step longer than 2.5 times
 * the median step of the data is a gap and starts a new segment: no integration step may cross it.
 * Missing single values are not gaps; they stay, masked.
 */

import type { Trajectory } from "./dataset.ts";
import { medianStep } from "./oddity-measure.ts";

/** A run of rows of one trajectory; the arrays are views of the trajectory's own. */
export interface Segment extends Trajectory {
  /** Rows [from, to) of the trajectory `name`. */
  readonly from: number;
  readonly to: number;
}

/** Rows [from, to) of a trajectory or of a segment (then counted within it). */
export function slice(source: Trajectory | Segment, from: number, to: number): Segment {
  const rows = source.times.length;
  const cut = <A extends Float64Array | Uint8Array>(array: A): A => {
    const width = rows === 0 ? 0 : array.length / rows;
    return array.subarray(from * width, to * width) as A;
  };
  const offset = "from" in source ? source.from : 0;
  return Object.freeze({
    ...source,
    from: offset + from,
    to: offset + to,
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

/** The longest step that is no gap, s: 2.5 median steps; infinite when there is no step. */
export function gapLimit(trajectories: readonly Trajectory[]): number {
  return 2.5 * (medianStep(trajectories) ?? Number.POSITIVE_INFINITY);
}

/** Cuts a segment wherever a step is longer than `limit` seconds. */
export function cutAtGaps(segment: Segment, limit: number): readonly Segment[] {
  const { times } = segment;
  const starts = [0];
  for (let row = 1; row < times.length; row++) {
    if ((times[row] as number) - (times[row - 1] as number) > limit) starts.push(row);
  }
  if (times.length === 0) return [];
  return starts.map((from, index) => slice(segment, from, starts[index + 1] ?? times.length));
}
