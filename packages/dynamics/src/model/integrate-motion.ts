/**
 * The motions of a batch from its states at the first time, at all times that are wanted.
 */
import {
  add,
  concatenate,
  convert,
  div,
  expandDimensions,
  full,
  mul,
  scan,
  slice,
  sub,
  type Tensor,
  type TensorLike,
  take,
  transpose,
} from "@leastaction/tensor";
import { solve } from "../solve/solve.ts";
import { dopri5 } from "../solver/dopri5.ts";
import { rk4 } from "../solver/rk4.ts";
import type { MotionOptions, MotionSolver } from "./motion-model.ts";

/** Positions, and velocities or momenta, [N, n] each. */
export type MotionState = readonly [x: Tensor, w: Tensor];

/** What is integrated. */
export interface GivenMotion {
  readonly first: MotionState;
  readonly slope: (t: Tensor, state: MotionState) => MotionState;
  /** [T] */
  readonly times: TensorLike;
}

/** States at all times. */
export interface IntegratedMotion {
  /** [N, T, n] each. */
  readonly states: MotionState;
  /** A code of `statusCodes`, int32 scalar. */
  readonly status: Tensor;
}

/** Integrates; traced. */
export function integrateMotion(
  given: GivenMotion,
  { solver = { kind: "adaptive" }, length }: MotionOptions = {},
): IntegratedMotion {
  const times = convert(given.times, "float64");
  return solver.kind === "adaptive"
    ? adaptiveMotion(given, times, length, solver)
    : fixedMotion(given, times, length, solver.substeps);
}

function adaptiveMotion(
  { first, slope }: GivenMotion,
  times: Tensor,
  length: Tensor | undefined,
  { rtol = 1e-6, atol = 1e-6, maxSteps = 128 }: Extract<MotionSolver, { kind: "adaptive" }>,
): IntegratedMotion {
  const last = sub(length ?? full([], times.shape[0] as number, "int32"), 1);
  const { states, status } = solve<MotionState>({
    field: slope,
    t0: take(times, full([], 0, "int32")),
    t1: take(times, last),
    y0: first,
    solver: dopri5,
    rtol,
    atol,
    maxSteps,
    saveAt: { times },
  });
  return { states: [transpose(states[0], [1, 0, 2]), transpose(states[1], [1, 0, 2])], status };
}

function fixedMotion(
  { first, slope }: GivenMotion,
  times: Tensor,
  length: Tensor | undefined,
  substeps: number,
): IntegratedMotion {
  const count = times.shape[0] as number;
  const begins = slice(times, 0, 0, count - 1);
  const steps = div(sub(slice(times, 0, 1), begins), substeps);
  const [, later] = scan<MotionState, { t: Tensor; h: Tensor }, MotionState>(
    (state, { t, h }) => {
      let next = state;
      for (let i = 0; i < substeps; i++) {
        const now = i === 0 ? t : add(t, mul(h, i));
        next = rk4.step(slope, now, h, next, rk4.start(slope, now, next)).y;
      }
      return [next, next];
    },
    first,
    { t: begins, h: steps },
    length === undefined ? {} : { length: sub(length, 1) },
  );
  const all = (i: 0 | 1): Tensor => transpose(concatenate([expandDimensions(first[i], 0), later[i]]), [1, 0, 2]);
  return { states: [all(0), all(1)], status: full([], 0, "int32") };
}
