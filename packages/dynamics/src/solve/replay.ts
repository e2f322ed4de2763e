/**
 * The differentiable phase: the recorded steps once more, as a scan whose length is the number of steps.
 *
 * In: a problem and its steps. Out: the state at the end and, on request, the dense output of every step. It is an
 * ordinary program, so that gradients, Hessian-vector products and batching work; the steps themselves are constants.
 */
import { scan, type Tensor } from "@leastaction/tensor";
import type { Problem } from "./problem.ts";
import type { StepRecord } from "./step-record.ts";

/** What the replay gives. */
export interface Replay<Y> {
  /** The state at the end. */
  readonly y: Y;
  /** Coefficients c_0, c_1, … of the dense output, each with a leading axis of slots; empty when not asked for. */
  readonly dense: readonly Y[];
}

interface Carry<Y> {
  readonly y: Y;
  readonly memory: readonly Y[];
}

/** Runs the steps again. */
export function replay<Y>(problem: Problem<Y>, record: StepRecord, wantDense: boolean): Replay<Y> {
  const { field, t0, y0, solver } = problem;
  const start: Carry<Y> = { y: y0, memory: solver.start(field, t0, y0) };
  const [end, dense] = scan<Carry<Y>, { t: Tensor; h: Tensor }, readonly Y[]>(
    ({ y, memory }, { t, h }) => {
      const step = solver.step(field, t, h, y, memory);
      return [{ y: step.y, memory: step.memory }, wantDense ? step.dense() : []];
    },
    start,
    { t: record.starts, h: record.steps },
    { length: record.count },
  );
  return { y: end.y, dense: dense as unknown as readonly Y[] };
}
