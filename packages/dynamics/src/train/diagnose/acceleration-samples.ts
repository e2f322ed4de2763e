/**
 * Measured motion as samples of states and accelerations, in units of the motion and free of most noise.
 *
 * Positions are smoothed by the spline of `smoothing-spline.ts`; so are velocities where they are measured, and their slopes
 * are the accelerations; where they are not, both are slopes of the positions' spline. Its ends are left out: a spline
 * knows little of slopes there.
 */
import type { MotionSegment } from "../../data/prepare.ts";
import { type SplineMotion, smoothingSpline } from "../../data/smoothing-spline.ts";
import type { AccelerationSamples } from "./kernel-field.ts";
import { type MotionScales, type MotionStates, scaledStates } from "./scaled-motion.ts";

/** So many blocks are wanted: a bootstrap over fewer says little. */
const wantedBlocks = 12;
/** Samples in all, at most about. */
const mostSamples = 2400;
/** Rows at either end of a segment that are left out. */
const ends = 3;

/** A smoothed segment, SI. */
export interface SmoothedMotion extends MotionStates {
  /** [n, d] SI. */
  readonly accelerations: Float64Array;
}

/** The smoothed paths of segments; those with fewer than ten times, or without a path of some coordinate, are left out. */
export function smoothedMotions(
  segments: readonly MotionSegment[],
  measuredVelocities: readonly boolean[],
): readonly SmoothedMotion[] {
  return segments
    .filter(({ times }) => times.length >= 10)
    .map(({ trajectory, times, positions, velocities }) => {
      const d = measuredVelocities.length;
      const column = (values: Float64Array, i: number): Float64Array =>
        times.map((_, row) => values[row * d + i] as number);
      const columns = measuredVelocities.map((isMeasured, i): SplineMotion => {
        const path = smoothingSpline(times, column(positions, i));
        if (!isMeasured) return path;
        const speed = smoothingSpline(times, column(velocities, i));
        return { ...path, velocities: speed.positions, accelerations: speed.velocities };
      });
      const rows = [...times.keys()].slice(ends, -ends);
      const joined = (pick: (motion: SplineMotion) => Float64Array): Float64Array =>
        Float64Array.from(rows.flatMap((row) => columns.map((motion) => pick(motion)[row] as number)));
      return {
        trajectory,
        times: Float64Array.from(rows, (row) => times[row] as number),
        positions: joined((motion) => motion.positions),
        velocities: joined((motion) => motion.velocities),
        accelerations: joined((motion) => motion.accelerations),
      };
    })
    .filter(({ positions, accelerations }) => [...positions, ...accelerations].every(Number.isFinite));
}

/** Samples of smoothed motion, thinned evenly, in blocks of whole segments or of pieces of them. */
export function accelerationSamples(motions: readonly SmoothedMotion[], scales: MotionScales): AccelerationSamples {
  const n = scales.length.length;
  const total = motions.reduce((sum, { times }) => sum + times.length, 0);
  const stride = Math.max(1, Math.ceil(total / mostSamples));
  const pieces = Math.max(1, Math.ceil(wantedBlocks / motions.length));
  const states = scaledStates(motions, scales);
  const blocks = motions.flatMap(({ accelerations }, m) => {
    const { positions, velocities } = states[m] as MotionStates;
    const rows = Array.from({ length: positions.length / n }, (_, row) => row).filter((row) => row % stride === 0);
    return Array.from({ length: pieces }, (_, piece) => {
      const own = rows.slice(
        Math.floor((piece * rows.length) / pieces),
        Math.floor(((piece + 1) * rows.length) / pieces),
      );
      const part = (values: Float64Array, row: number): Float64Array => values.subarray(row * n, (row + 1) * n);
      const unit = (value: number, i: number): number => value / ((scales.length[i] as number) * scales.frequency ** 2);
      return {
        states: Float64Array.from(own.flatMap((row) => [...part(positions, row), ...part(velocities, row)])),
        accelerations: Float64Array.from(own.flatMap((row) => Array.from(part(accelerations, row), unit))),
      };
    });
  });
  return { coordinates: n, blocks: blocks.filter(({ states: { length } }) => length > 0) };
}
