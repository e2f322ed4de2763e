/**
 * Segments made ready for a model: angles unwrapped, rate by rule, velocities where none are measured.
 *
 * In: segments of one use. Out: positions, velocities and momenta apart, in SI. Every number comes from its own segment
 * only, so that nothing leaks from one use into another. At the data's own rate measured numbers stay as they are; at a
 * lower rate they are filtered by the smoothing that the sampling names, which also gives velocities that were not
 * measured.
 */

import { type Dataset, observedIndex } from "./dataset.ts";
import { type MeasuredControl, measuredControls } from "./measured-control.ts";
import { median, timeSteps } from "./oddity-measure.ts";
import { columnOf, everyOf, positionsOf, type Sampling } from "./sampling.ts";
import type { Segment } from "./segment.ts";
import { smoothed } from "./smoothing.ts";
import { usualSigma } from "./stated-noise.ts";

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
  /** [d] standard deviation of the positions' noise, SI, estimated on this segment; not below what is stated. */
  readonly noise: readonly number[];
  /** [n, d] stated standard deviations of the positions, SI, NaN where none is stated; null without such a column. */
  readonly sigmas: Float64Array | null;
}

/** A velocity is not estimated amid more steps than this without a position. */
const mostEmptySteps = 10;

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
  const own = { ...sampling, every: everyOf(sampling, segment) };
  const rows = keptRows(segment.times.length, own.every);
  const columns = dataset.coordinates.map((_, coordinate) => prepareCoordinate(dataset, segment, own, coordinate));
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
    sigmas: segment.sigmas === null ? null : interleaved((column) => column.sigmas),
  });
}

interface PreparedColumn {
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
  readonly momenta: Float64Array;
  readonly noise: number;
  readonly sigmas: Float64Array;
}

function prepareCoordinate(dataset: Dataset, segment: Segment, sampling: Sampling, coordinate: number): PreparedColumn {
  const { times } = segment;
  const { every, period, smooth = "spline" } = sampling;
  const raw = positionsOf(dataset, segment, coordinate);
  const quantum = sampling.quanta?.[coordinate] ?? null;
  const sigmas = sigmasOf(dataset, segment, coordinate);
  const motion = smoothed(times, raw, { smooth, every, period, quantum, stated: usualSigma(sigmas) });
  // A missing value stays missing: the fit through its neighbours is no measurement.
  const filtered = (values: Float64Array, from: Float64Array): Float64Array =>
    every === 1 ? from : values.map((value, row) => (Number.isNaN(from[row]) ? Number.NaN : value));
  const column = (role: "velocity" | "momentum"): Float64Array | null => {
    const index = observedIndex(dataset, role, coordinate);
    if (index === -1) return null;
    const measured = columnOf(dataset, segment, index);
    if (every === 1) return measured;
    const options = { smooth, every, period, quantum: null, stated: null };
    return filtered(smoothed(times, measured, options).positions, measured);
  };
  return {
    positions: filtered(motion.positions, raw),
    velocities: column("velocity") ?? knownRates(times, raw, motion.velocities),
    momenta: column("momentum") ?? new Float64Array(times.length).fill(Number.NaN),
    noise: motion.noise,
    sigmas,
  };
}

/** [n] stated standard deviations of a position; NaN where none is stated. */
function sigmasOf({ observed }: Dataset, { sigmas, times }: Segment, coordinate: number): Float64Array {
  const index = observedIndex({ observed }, "position", coordinate);
  return Float64Array.from(times, (_, row) => sigmas?.[row * observed.length + index] ?? Number.NaN);
}

/** Estimated velocities without those amid a long time that nothing was measured in. */
function knownRates(times: Float64Array, raw: Float64Array, velocities: Float64Array): Float64Array {
  const longest = mostEmptySteps * (median(timeSteps(times)) ?? Number.POSITIVE_INFINITY);
  const known = velocities.slice();
  let before = 0;
  for (let row = 0; row <= raw.length; row++) {
    if (row < raw.length && Number.isNaN(raw[row])) continue;
    const last = Math.min(row, raw.length - 1);
    const isLong = (times[last] as number) - (times[before] as number) > longest;
    if (isLong) known.fill(Number.NaN, Number.isNaN(raw[before]) ? before : before + 1, row);
    before = row;
  }
  return known;
}

function keptRows(count: number, every: number): readonly number[] {
  return Array.from({ length: Math.ceil(count / every) }, (_, index) => index * every);
}

function keptColumns(values: Float64Array, count: number, rows: readonly number[]): Float64Array {
  const width = count === 0 ? 0 : values.length / count;
  return Float64Array.from(rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]));
}
