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

/** One portrait for each coordinate, up to three; arrows on a grid where there is a single coordinate. */
export function phasePortraits(
  record: ModelRecord,
  simulator: Simulator,
  segments: readonly MotionSegment[],
): readonly PhasePortrait[] {
  const width = record.coordinates.length;
  return record.coordinates.slice(0, 3).map((axis, index) => ({
    coordinate: { name: axis.name, unit: axis.unit.symbol },
    velocity: { name: axis.velocity.name, unit: axis.velocity.unit.symbol },
    paths: segments.slice(0, pathsAtMost).map(({ positions, velocities }) => ({
      x: everyNth(positions, width, index).map((value) => fromSi(axis.unit, value)),
      y: everyNth(velocities, width, index).map((value) => fromSi(axis.velocity.unit, value)),
    })),
    arrows: width === 1 ? arrowsOf(record, simulator) : [],
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
      return energyAt(record, simulator, Float64Array.from([...at(positions), ...at(velocities)]));
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

function energyAt(record: ModelRecord, simulator: Simulator, observation: Float64Array): number | null {
  const course = { times: Float64Array.of(0), controls: new Float64Array(record.controls.length) };
  return simulator.run(simulator.encode(observation), course).energies?.[0] ?? null;
}

/** Learned rates on a grid over the trained range, with controls at zero. */
function arrowsOf(record: ModelRecord, simulator: Simulator): PhasePortrait["arrows"] {
  const [facts] = record.facts.coordinates;
  const [axis] = record.coordinates;
  if (facts === undefined || axis === undefined) return [];
  const grid = (range: readonly [number, number], count: number): readonly number[] =>
    Array.from({ length: count }, (_, index) => range[0] + ((range[1] - range[0]) * (index + 0.5)) / count);
  const course = { times: Float64Array.of(0, record.dt), controls: new Float64Array(2 * record.controls.length) };
  return grid(facts.range, columns).flatMap((q) =>
    grid(facts.velocityRange, rows).flatMap((v) => {
      const { observations } = simulator.run(simulator.encode(Float64Array.of(q, v)), course);
      const [q0, v0, q1, v1] = observations as unknown as readonly [number, number, number, number];
      const dx = fromSi(axis.unit, (q1 - q0) / record.dt);
      const dy = fromSi(axis.velocity.unit, (v1 - v0) / record.dt);
      if (!Number.isFinite(dx) || !Number.isFinite(dy)) return [];
      return [{ x: fromSi(axis.unit, q), y: fromSi(axis.velocity.unit, v), dx, dy }];
    }),
  );
}

function everyNth(values: Float64Array, width: number, index: number): Float64Array {
  return Float64Array.from(
    { length: Math.floor(values.length / width) },
    (_, row) => values[row * width + index] as number,
  );
}
