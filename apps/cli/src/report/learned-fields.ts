/**
 * What a trained model says at measured states: its rates for the phase portrait, and its energy along measured paths.
 * Both are asked of the simulator in terms of observations, so that the model's own state (momenta, say) does not matter.
 */
import { fromSi, type ModelRecord, type MotionSegment, type Simulator, type TrainedModel } from "@leastaction/dynamics";
import type { EnergyCurves, PhasePortrait } from "./report-content.ts";

/** Paths drawn at most. */
const pathsAtMost = 12;
const energyPoints = 250;
const columns = 15;
const rows = 11;

/** One portrait for each coordinate, up to three; arrows on a grid for a single one, else at measured states. */
export function phasePortraits(
  record: ModelRecord,
  simulator: Simulator,
  segments: readonly MotionSegment[],
): readonly PhasePortrait[] {
  const width = record.coordinates.length;
  const states = width === 1 ? gridStates(record) : measuredStates(segments, width);
  const rates = states.map((state) => ratesAt(record, simulator, state));
  return record.coordinates.slice(0, 3).map((axis, index) => ({
    coordinate: { name: axis.name, unit: axis.unit.symbol },
    velocity: { name: axis.velocity.name, unit: axis.velocity.unit.symbol },
    paths: segments.slice(0, pathsAtMost).map(({ positions, velocities }) => ({
      x: everyNth(positions, width, index).map((value) => fromSi(axis.unit, value)),
      y: everyNth(velocities, width, index).map((value) => fromSi(axis.velocity.unit, value)),
    })),
    arrows: states.flatMap((state, at) => {
      const [q, v] = [state[index] as number, state[width + index] as number];
      const [dq, dv] = [rates[at]?.[index] ?? Number.NaN, rates[at]?.[width + index] ?? Number.NaN];
      if (!Number.isFinite(dq) || !Number.isFinite(dv)) return [];
      const [x, dx] = [q, dq].map((value) => fromSi(axis.unit, value)) as [number, number];
      const [y, dy] = [v, dv].map((value) => fromSi(axis.velocity.unit, value)) as [number, number];
      return [{ x, y, dx, dy }];
    }),
  }));
}

/** The learned energy at the measured states, or null for a model without one. */
export function energyCurves(
  { record, simulator }: TrainedModel,
  segments: readonly MotionSegment[],
): EnergyCurves | null {
  const width = record.coordinates.length;
  const curves = segments.slice(0, pathsAtMost).map(({ trajectory, times, positions, velocities, mask }) => {
    const step = Math.max(1, Math.ceil(times.length / energyPoints));
    const picked = Array.from({ length: Math.floor(times.length / step) }, (_, index) => index * step).filter((row) =>
      mask.subarray(row * width, (row + 1) * width).every((flag) => flag === 1),
    );
    const energy = picked.map((row) => {
      const at = (values: Float64Array): readonly number[] => [...values.subarray(row * width, (row + 1) * width)];
      return energyAt(simulator, Float64Array.from([...at(positions), ...at(velocities)]));
    });
    return {
      trajectory,
      times: Float64Array.from(picked, (row) => fromSi(record.time.unit, times[row] as number)),
      energy: Float64Array.from(energy, (value) => value ?? Number.NaN),
    };
  });
  if (curves.every(({ energy }) => energy.every(Number.isNaN))) return null;
  return {
    model: record.name,
    time: { name: record.time.name, unit: record.time.unit.symbol },
    unit: "per unit inertia",
    curves: curves.filter(({ energy }) => energy.length > 1),
  };
}

function energyAt(simulator: Simulator, observation: Float64Array): number | null {
  const course = { times: Float64Array.of(0), controls: [], delays: [] };
  return simulator.run(simulator.encode(observation), course).energies?.[0] ?? null;
}

/** Observations on a grid over the trained range of the only coordinate. */
function gridStates({ facts: { coordinates } }: ModelRecord): readonly Float64Array[] {
  const [only] = coordinates;
  if (only === undefined) return [];
  const grid = (range: readonly [number, number], count: number): readonly number[] =>
    Array.from({ length: count }, (_, index) => range[0] + ((range[1] - range[0]) * (index + 0.5)) / count);
  return grid(only.range, columns).flatMap((q) => grid(only.velocityRange, rows).map((v) => Float64Array.of(q, v)));
}

/** Measured observations, spread evenly over all segments. */
function measuredStates(segments: readonly MotionSegment[], width: number): readonly Float64Array[] {
  const total = segments.reduce((sum, { times }) => sum + times.length, 0);
  const step = Math.max(1, Math.floor(total / (columns * rows)));
  return segments.flatMap(({ times, positions, velocities }) =>
    Array.from({ length: Math.floor(times.length / step) }, (_, index) => {
      const from = index * step * width;
      return Float64Array.from([...positions.subarray(from, from + width), ...velocities.subarray(from, from + width)]);
    }),
  );
}

/** What the model makes of an observation in one step, per second; controls are zero. */
function ratesAt({ dt }: ModelRecord, simulator: Simulator, observation: Float64Array): Float64Array {
  const course = { times: Float64Array.of(0, dt), controls: [], delays: [] };
  const { observations } = simulator.run(simulator.encode(observation), course);
  return observation.map(
    (_, index) => ((observations[observation.length + index] as number) - (observations[index] as number)) / dt,
  );
}

function everyNth(values: Float64Array, width: number, index: number): Float64Array {
  return Float64Array.from(
    { length: Math.floor(values.length / width) },
    (_, row) => values[row * width + index] as number,
  );
}
