/**
 * Rollouts of a learned field: classical Runge-Kutta with many small steps for a whole batch of starts, each with its
 * own duration.
 */
import { add, array, compile, type HostTensor, mul, scan, type Target, type Tensor } from "@leastaction/tensor";
import type { LearnedField, Weights } from "./learned-field.ts";
import type { State } from "./task.ts";

/** How a batch is rolled out. */
export interface RolloutOptions {
  /** One duration for each start. */
  readonly durations: readonly number[];
  /** Points of each trajectory, the start and the end included. */
  readonly points: number;
  /** Steps between neighbouring points. */
  readonly substeps: number;
  readonly target: Target;
}

/** States [points][starts] as (q, p), the start included. */
export function rollout(
  { field }: LearnedField,
  weights: Weights,
  starts: readonly State[],
  { durations, points, substeps, target }: RolloutOptions,
): State[][] {
  const steps = array(
    Float32Array.from(durations, (duration) => duration / (points - 1) / substeps),
    [starts.length, 1],
  );
  const states = array(Float32Array.from(starts.flat()), [starts.length, 2]);
  const compiled = compile(
    (parameters: Weights, z0: Tensor, h: Tensor) => {
      const step = (z: Tensor): Tensor => rungeKuttaStep((x) => field(parameters, x), z, h);
      const between = (z: Tensor): Tensor => scan((x: Tensor) => [step(x), {}] as const, z, {}, { bound: substeps })[0];
      return scan((z: Tensor) => [between(z), between(z)] as const, z0, {}, { bound: points - 1 })[1];
    },
    [weights, states, steps],
    target,
  );
  const { data } = compiled.callSync(weights, states, steps) as unknown as HostTensor;
  const at = (point: number, start: number): State => {
    const offset = 2 * ((point - 1) * starts.length + start);
    return [data[offset] as number, data[offset + 1] as number];
  };
  return Array.from({ length: points }, (_, point) => starts.map((start, i) => (point === 0 ? start : at(point, i))));
}

/** One step of the classical Runge-Kutta method for a batch of states [n, 2] with steps h [n, 1]. */
export function rungeKuttaStep(field: (states: Tensor) => Tensor, z: Tensor, h: Tensor): Tensor {
  const half = mul(h, 0.5);
  const k1 = field(z);
  const k2 = field(add(z, mul(half, k1)));
  const k3 = field(add(z, mul(half, k2)));
  const k4 = field(add(z, mul(h, k3)));
  return add(z, mul(mul(h, 1 / 6), add(k1, mul(2, k2), mul(2, k3), k4)));
}
