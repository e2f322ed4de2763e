/**
 * The test: one rollout from the recorded first state, compared with the recording at its own times.
 */
import { solveOnGrid } from "@leastaction/dynamics";
import { array, compile, type HostTensor, type Target, type Tensor } from "@leastaction/tensor";
import type { Recording } from "./recording.ts";

/** How far a rollout is from the recording. */
export interface Score {
  /** Mean of (H(predicted) - H(measured))² with H = 2.4 (1 - cos q) + p². */
  readonly energy: number;
  /** Mean squared error over both numbers of the state. */
  readonly state: number;
}

/** d/dt of a state [2], float64, traced. */
export type Field<P> = (parameters: P, state: Tensor) => Tensor;

/** Rolls a field out from the first state of each recording (all of one length) and scores it. */
export function scoreRollouts<P>(
  field: Field<P>,
  parameters: P,
  recordings: readonly Recording[],
  target: Target,
): Score[] {
  const [first] = recordings as [Recording];
  const types = [parameters, array(new Float64Array(2)), array(new Float64Array(first.times.length))];
  const compiled = compile(
    (theta: P, y0: Tensor, times: Tensor) =>
      solveOnGrid({ field: (_t, y: Tensor) => field(theta, y), times, y0, substeps: 8 }),
    types,
    target,
  );
  return recordings.map(({ times, states }) => {
    const start = array(Float64Array.from(states[0] as readonly [number, number]));
    const path = compiled.callSync(parameters, start, array(Float64Array.from(times))) as unknown as HostTensor;
    return score(
      states.map((_, i) => [path.data[2 * i] as number, path.data[2 * i + 1] as number]),
      states,
    );
  });
}

/** Scores predicted states. */
export function score(
  predicted: readonly (readonly [number, number])[],
  measured: readonly (readonly [number, number])[],
): Score {
  const errors = predicted.map(([q, p], i) => {
    const [truth, momentum] = measured[i] as readonly [number, number];
    return {
      energy: (energyOf(q, p) - energyOf(truth, momentum)) ** 2,
      state: ((q - truth) ** 2 + (p - momentum) ** 2) / 2,
    };
  });
  const mean = (pick: (error: Score) => number): number =>
    errors.reduce((total, error) => total + pick(error), 0) / errors.length;
  return { energy: mean(({ energy }) => energy), state: mean(({ state }) => state) };
}

function energyOf(q: number, p: number): number {
  return 2.4 * (1 - Math.cos(q)) + p * p;
}
