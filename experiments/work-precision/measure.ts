/**
 * All solvers on one problem, over their tolerances or step lengths.
 */
import { bosh3, dop853, dopri5, rk4, type Solver, tsit5, vern7 } from "@leastaction/dynamics";
import type { Target } from "@leastaction/tensor";
import { adaptive, equalSteps } from "./integration.ts";
import { end, type Problem } from "./problem.ts";

/** One integration. */
export interface Row {
  readonly problem: string;
  readonly solver: string;
  /** The absolute tolerance, or the length of equal steps (`rk4`). */
  readonly setting: number;
  readonly error: number;
  readonly steps: number;
  readonly rejected: number;
  readonly evaluations: number;
}

/** The solvers that choose their steps. */
export const adaptiveSolvers: readonly Solver[] = [bosh3, dopri5, tsit5, vern7, dop853];

/** From coarse to fine. */
export const tolerances: readonly number[] = Array.from({ length: 10 }, (_, i) => Number(`1e-${i + 3}`));

const stepCounts = Array.from({ length: 10 }, (_, i) => 20 * 2 ** i);

/** The rows of a problem. An integration that does not reach the end, or misses it by more than 1, has none. */
export function measure(problem: Problem, truth: readonly number[], target: Target): Row[] {
  const chosen = adaptiveSolvers.flatMap((solver) => {
    const run = adaptive(problem, solver, truth, target);
    return tolerances.map((setting) => ({ solver: solver.name, setting, outcome: run(setting) }));
  });
  const run = equalSteps(problem, rk4, truth, target);
  const equal = stepCounts.map((count) => ({ solver: rk4.name, setting: end / count, outcome: run(end / count) }));
  return [...chosen, ...equal].flatMap(({ outcome, ...rest }) =>
    outcome !== null && outcome.error <= 1 ? [{ problem: problem.name, ...rest, ...outcome }] : [],
  );
}
