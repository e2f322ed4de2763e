/**
 * Segments made ready for a model: angles unwrapped, rate by rule, velocities where none are measured.
 *
 * In: segments of one use. Out: positions, velocities and momenta apart, in SI. Every number comes from its own segment
 * only, so that nothing leaks from one use into another. At the data's own rate measured numbers stay as they are; at a
 * lower rate they are filtered by local polynomials whose window spans at least the new step.
 */

import { type Dataset, observedIndex } from "./dataset.ts";
import { type MeasuredControl, measuredControls } from "./measured-control.ts";
import { columnOf, positionsOf, type Sampling } from "./sampling.ts";
import type { Segment } from "./segment.ts";
import { chooseHalfWidth, estimateVelocity, type Motion } from "./velocity.ts";

/** One segment, ready: n times, d coordinates, c controls, k contexts. */
export interface MotionSegment {
  readonly trajectory: string;
  /** [n] s. */
  readonly times: Float64Array;
  /** [n, d] SI, unwrapped where periodic; NaN where missing. */
  readonly positions: Float64Array;
  /** [n, d] SI: measured, or estimated from positions. */
  readonly velocities: Float64Array;
  /** [n, d] SI, or null when no momentum is measured. */
  readonly momenta: Float64Array | null;
  /** [n, c] SI. */
  readonly controls: Float64Array;
  /** [n, k] SI. */
  readonly contexts: Float64Array;
  /** [c] the controls of the whole recording at its own rate. */
  readonly signals: readonly MeasuredControl[];
  /** [n, d] 1 where position (and a measured velocity) is there. */
  readonly mask: Uint8Array;
  /** [d] standard deviation of the positions' noise, SI, estimated on this segment. */
  readonly noise: readonly number[];
}

/** Prepares the segments of one use; segments with fewer than five samples give nothing to differentiate and are left out. */
export function prepareSegments(
  dataset: Dataset,
  segments: readonly Segment[],
  sampling: Sampling,
): readonly MotionSegment[] {
  return Object.freeze(
    segments.filter(({ times }) => times.length >= 5).map((segment) => prepareSegment(dataset, segment, sampling)),
  );
}

function prepareSegment(dataset: Dataset, segment: Segment, sampling: Sampling): MotionSegment {
  const rows = keptRows(segment.times.length, sampling.every);
  const columns = dataset.coordinates.map((_, coordinate) => prepareCoordinate(dataset, segment, sampling, coordinate));
  const interleaved = (pick: (column: PreparedColumn) => Float64Array): Float64Array =>
    Float64Array.from(rows.flatMap((row) => columns.map((column) => pick(column)[row] as number)));
  const positions = interleaved((column) => column.positions);
  const velocities = interleaved((column) => column.velocities);
  const hasMomenta = dataset.coordinates.some((coordinate) => coordinate.momentum !== null);
  return Object.freeze({
    trajectory: segment.name,
    times: Float64Array.from(rows, (row) => segment.times[row] as number),
    positions,
    velocities,
    momenta: hasMomenta ? interleaved((column) => column.momenta) : null,
    controls: keptColumns(segment.controls, segment.times.length, rows),
    contexts: keptColumns(segment.contexts, segment.times.length, rows),
    signals: measuredControls(segment.recording, dataset.controls),
    mask: Uint8Array.from(positions, (value, at) => (Number.isNaN(value + (velocities[at] as number)) ? 0 : 1)),
    noise: columns.map((column) => column.noise),
  });
}

interface PreparedColumn {
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
  readonly momenta: Float64Array;
  readonly noise: number;
}

function prepareCoordinate(dataset: Dataset, segment: Segment, sampling: Sampling, coordinate: number): PreparedColumn {
  const { times } = segment;
  const { every, period } = sampling;
  const raw = positionsOf(dataset, segment, coordinate);
  const motion = smoothed(times, raw, every, period);
  const column = (role: "velocity" | "momentum"): Float64Array | null => {
    const index = observedIndex(dataset, role, coordinate);
    if (index === -1) return null;
    const measured = columnOf(dataset, segment, index);
    return every === 1 ? measured : smoothed(times, measured, every, period).positions;
  };
  return {
    // A missing position stays missing: the fit through its neighbours is no measurement.
    positions: every === 1 ? raw : motion.positions.map((value, row) => (Number.isNaN(raw[row]) ? Number.NaN : value)),
    velocities: column("velocity") ?? motion.velocities,
    momenta: column("momentum") ?? new Float64Array(times.length).fill(Number.NaN),
    noise: motion.noise,
  };
}

function smoothed(times: Float64Array, values: Float64Array, every: number, period: number | null): Motion {
  const halfWidth = Math.max(every, chooseHalfWidth(times, values, period));
  return estimateVelocity(times, values, { halfWidth, period });
}

function keptRows(count: number, every: number): readonly number[] {
  return Array.from({ length: Math.ceil(count / every) }, (_, index) => index * every);
}

function keptColumns(values: Float64Array, count: number, rows: readonly number[]): Float64Array {
  const width = count === 0 ? 0 : values.length / count;
  return Float64Array.from(rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]));
}
