/**
 * What compensated summation is worth: where the mean energy ends when a solver of order 6 takes so many steps a period
 * that nothing but rounding is left.
 */
import { compensated, type Solver, solverNamed } from "@leastaction/dynamics";
import { mean } from "../statistics.ts";
import { energyRun } from "./energy-run.ts";
import type { Problem } from "./problem.ts";

/** The mean energy of the last fifty periods minus that of the first fifty. */
export interface Rounding {
  readonly problem: Problem["name"];
  readonly solver: string;
  readonly steps: number;
  readonly plain: number;
  readonly compensated: number;
}

/** Runs `blanesMoanNystrom6` on one system with and without, about `steps` steps of the length `stormerVerlet` has. */
export function rounding(problem: Problem, steps: number): Rounding {
  const solver = solverNamed("blanesMoanNystrom6");
  const periods = Math.floor(steps / problem.steps);
  const change = (which: Solver): number => {
    const { means } = energyRun(problem, which, problem.steps, periods);
    return mean(means.slice(-50)) - mean(means.slice(0, 50));
  };
  return {
    problem: problem.name,
    solver: solver.name,
    steps: periods * problem.steps,
    plain: change(solver),
    compensated: change(compensated(solver)),
  };
}
