/**
 * What is run and when a solver is said to keep the energy.
 *
 * The criterion is one of equivalence: the whole 95 % interval of the drift (slope of the period means times the length
 * of the run) must lie within the larger of 1 % of the oscillation within a period and 100 eps sqrt(steps). A wide
 * interval therefore fails; absence of evidence does not pass.
 */
import { compensated, type Solver, solverNamed } from "@leastaction/dynamics";
import { driftOf } from "./drift.ts";
import { type EnergyRun, energyRun } from "./energy-run.ts";
import type { Problem } from "./problem.ts";

/** A solver and what part of the steps of `stormerVerlet` it takes. */
export interface Entry {
  readonly solver: Solver;
  readonly share: number;
}

/** One solver on one system. */
export interface Row {
  readonly problem: Problem["name"];
  readonly solver: string;
  readonly symplectic: boolean;
  readonly stepsPerPeriod: number;
  readonly steps: number;
  /** Median over the periods of the greatest minus the least energy error. */
  readonly oscillation: number;
  /** Of the mean energy over the whole run, with the half width of its 95 % interval. */
  readonly drift: { readonly estimate: number; readonly halfWidth: number; readonly kind: "stationary" | "walk" };
  readonly bound: number;
  /** The far end of the interval in units of the bound. */
  readonly share: number;
  readonly passes: boolean;
}

/** The symplectic solvers, and three that are not, to see that the criterion can fail. */
export const entries: readonly Entry[] = [
  { solver: solverNamed("stormerVerlet"), share: 1 },
  { solver: solverNamed("yoshida4"), share: 1 },
  { solver: solverNamed("blanesMoan4"), share: 1 / 2 },
  { solver: solverNamed("blanesMoan6"), share: 1 / 3 },
  { solver: solverNamed("blanesMoanNystrom6"), share: 1 / 3 },
  { solver: solverNamed("yoshida8"), share: 1 / 2 },
  { solver: solverNamed("rk4"), share: 1 },
  { solver: solverNamed("nystrom4"), share: 1 },
  { solver: solverNamed("dprkn6"), share: 1 / 2 },
];

/** Runs one solver on one system for about `steps` steps, whole periods. */
export function measure(problem: Problem, { solver, share }: Entry, steps: number): Row {
  const stepsPerPeriod = Math.round(problem.steps * share);
  const periods = Math.floor(steps / stepsPerPeriod);
  return judge(problem, solver, stepsPerPeriod, energyRun(problem, compensated(solver), stepsPerPeriod, periods));
}

function judge(problem: Problem, solver: Solver, stepsPerPeriod: number, run: EnergyRun): Row {
  const steps = stepsPerPeriod * run.means.length;
  const ranges = run.greatest.map((greatest, i) => greatest - (run.least[i] as number)).sort((a, b) => a - b);
  const oscillation = ranges[Math.floor(ranges.length / 2)] as number;
  const drift = driftOf(run.means);
  const bound = Math.max(0.01 * oscillation, 100 * Number.EPSILON * Math.sqrt(steps));
  const share = (Math.abs(drift.estimate) + drift.halfWidth) / bound;
  return {
    problem: problem.name,
    solver: solver.name,
    symplectic: solver.symplectic,
    stepsPerPeriod,
    steps,
    oscillation,
    drift,
    bound,
    share,
    passes: share <= 1,
  };
}
