/**
 * From prepared training segments to the constants a model may build in, and to samples for regressions.
 *
 * Only the training use enters. Accelerations are central differences of the velocities over each segment's own times.
 */
import type { DataPlace } from "../data/data-place.ts";
import type { Dataset } from "../data/dataset.ts";
import { lineOver } from "../data/measured-control.ts";
import type { MotionSegment } from "../data/prepare.ts";
import type { CoordinateFacts, DatasetFacts, Samples } from "./model.ts";

/** The constants of training segments. */
export function datasetFacts(dataset: Dataset, segments: readonly MotionSegment[]): DatasetFacts {
  const samples = trainingSamples(dataset, segments);
  const width = dataset.coordinates.length;
  const column = (values: Float64Array, index: number): number[] =>
    Array.from({ length: samples.count }, (_, row) => values[row * 2 * width + index] as number);
  const coordinates = dataset.coordinates.map((coordinate, i): CoordinateFacts => {
    const positions = column(samples.observations, i);
    const velocities = column(samples.observations, width + i);
    const range = extremes(positions);
    return {
      name: coordinate.name,
      periodic: coordinate.periodic,
      centre: (range[0] + range[1]) / 2,
      scale: deviation(positions) || 1,
      velocityScale: rootMeanSquare(velocities) || (deviation(positions) || 1) / typicalStep(segments),
      range,
      velocityRange: extremes(velocities),
      noise: rootMeanSquare(segments.map((segment) => segment.noise[i] ?? 0)),
    };
  });
  const ratios = dataset.coordinates.map((_, i) => {
    const accelerations = column(samples.rates, width + i);
    return rootMeanSquare(accelerations) / (rootMeanSquare(column(samples.observations, width + i)) || 1);
  });
  return {
    coordinates,
    controls: dataset.controls.map(({ name }, i) => ({ name, scale: largest(segments, i, dataset.controls.length) })),
    dt: typicalStep(segments),
    // Nothing here is compared with a constant in SI: the unit of time may be a year or a nanosecond.
    frequency: Math.max(...ratios, 1e-6 / typicalStep(segments)),
    measuredVelocities: dataset.coordinates.every(({ velocity }) => velocity !== null),
  };
}

/**
 * Rows with positions, velocities and accelerations; the first and last of each segment are left out. A control is its
 * mean over the times that the acceleration was taken from, `delays` [c] seconds (default none) before.
 */
export function trainingSamples(
  dataset: Dataset,
  segments: readonly MotionSegment[],
  delays: readonly number[] = [],
): Samples {
  const width = dataset.coordinates.length;
  const observations: number[] = [];
  const rates: number[] = [];
  const controls: number[] = [];
  const places: DataPlace[] = [];
  for (const { trajectory, times, positions, velocities, signals } of segments) {
    const row = (values: Float64Array, at: number): number[] => [...values.subarray(at * width, (at + 1) * width)];
    for (let at = 1; at + 1 < times.length; at++) {
      const [from, to] = [times[at - 1] as number, times[at + 1] as number];
      const span = to - from;
      const before = row(velocities, at - 1);
      const after = row(velocities, at + 1);
      const accelerations = after.map((velocity, i) => (velocity - (before[i] as number)) / span);
      const sample = [...row(positions, at), ...row(velocities, at), ...accelerations];
      if (!sample.every(Number.isFinite)) continue;
      places.push({ trajectory, time: times[at] as number });
      observations.push(...sample.slice(0, 2 * width));
      rates.push(...sample.slice(width));
      controls.push(
        ...signals.map((signal, i) => lineOver(signal, from - (delays[i] ?? 0), to - (delays[i] ?? 0)).middle),
      );
    }
  }
  return {
    count: observations.length / (2 * width),
    observations: Float64Array.from(observations),
    rates: Float64Array.from(rates),
    controls: Float64Array.from(controls),
    place: (sample) => places[sample] as DataPlace,
  };
}

/** The median step of segments, s. */
export function typicalStep(segments: readonly Pick<MotionSegment, "times">[]): number {
  const steps = segments.flatMap(({ times }) =>
    Array.from({ length: Math.max(0, times.length - 1) }, (_, i) => (times[i + 1] as number) - (times[i] as number)),
  );
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 1;
}

function largest(segments: readonly MotionSegment[], index: number, width: number): number {
  let result = 0;
  for (const { controls } of segments) {
    for (let at = index; at < controls.length; at += width) {
      const value = Math.abs(controls[at] as number);
      if (value > result) result = value;
    }
  }
  return result === 0 ? 1 : result;
}

function extremes(values: readonly number[]): readonly [number, number] {
  return [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
}

function rootMeanSquare(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return rootMeanSquare(values.map((value) => value - mean));
}
