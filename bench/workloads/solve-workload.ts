/**
 * What a workload is that only solves: an initial value problem integrated to its end, nothing trained.
 *
 * One step of the measurement is one whole solve. In place of loss and gradient stand the error of an end state against
 * reference numbers and the steps that the solver accepted.
 */
import { type Compiled, compile, type HostTensor, specOf, type Target, type Tensor } from "@leastaction/tensor";
import { scalar } from "./workload.ts";

/** What a solve gives: the end state [n] or [lanes, n], and its counts, one number or one for each lane. */
export interface Solved<Leaf> {
  readonly end: Leaf;
  readonly accepted: Leaf;
  readonly rejected: Leaf;
}

/** A solve in float64: see `reference/ID.json` for every detail of its definition. */
export interface SolveWorkload {
  readonly id: string;
  /** Solves that make one round. */
  readonly steps: number;
  /** State at time 0. */
  readonly start: () => HostTensor;
  /** Where the time that is measured ends, and where the error is taken. */
  readonly end: number;
  readonly checkAt: number;
  /** The states at `checkAt`, row by row. */
  readonly expected: () => readonly number[];
  readonly solve: (start: Tensor, end: Tensor) => Solved<Tensor>;
}

/** What one system says of a solve before it is measured. */
export interface SolveFacts {
  /** Largest absolute error of a component at `checkAt`. */
  readonly error: number;
  /** Steps to `end`, of all lanes together. */
  readonly accepted: number;
  readonly rejected: number;
}

/** The compiled solve: (state at time 0, end) to the solution. */
export function compileSolve(workload: SolveWorkload, target: Target): Compiled<Solved<Tensor>> {
  return compile(workload.solve, [specOf(workload.start()), specOf(scalar(0, "float64"))], target);
}

/** Error and counts. */
export function solveFacts(workload: SolveWorkload, compiled: Compiled<Solved<Tensor>>): SolveFacts {
  const start = workload.start();
  const solveTo = (end: number): Solved<HostTensor> => compiled.callSync(start, scalar(end, "float64"));
  const found = solveTo(workload.checkAt).end.data;
  const errors = workload.expected().map((value, i) => Math.abs((found[i] as number) - value));
  const { accepted, rejected } = solveTo(workload.end);
  // A comparison with NaN is false: it must not pass for a small error.
  const error = errors.reduce((most, each) => (each <= most ? most : each), 0);
  return { error, accepted: total(accepted), rejected: total(rejected) };
}

function total({ data }: HostTensor): number {
  return Array.from(data).reduce((sum, each) => sum + each, 0);
}
