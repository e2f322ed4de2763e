/**
 * The one door to integration: y' = f(t, y, args) from t0 to t1.
 *
 * It is traced: call it inside a function given to `compile`, `evaluate`, `grad` or `vmap`. Three phases: find the
 * steps (`adaptive-steps`, `fixed-steps`), replay them (`replay`), read the wanted times (`dense-output`). Derivatives
 * pass through the replay only: they are those of the discrete solution with its steps held fixed, with respect to y0
 * and everything the field uses, not to t0 and t1. A failure is a status, never an exception; then `t` and `y` are
 * where it stopped.
 */
import {
  add,
  array,
  broadcastTo,
  concatenate,
  convert,
  expandDimensions,
  full,
  iota,
  less,
  lessEqual,
  type MapLeaves,
  mul,
  select,
  sum,
  type Tensor,
  type TensorLike,
  type Traced,
} from "@leastaction/tensor";
import { mapTensors, zipTensors } from "../nn/tensor-tree.ts";
import type { Solver } from "../solver/solver.ts";
import { tsit5 } from "../solver/tsit5.ts";
import { pid } from "../step-size/pid.ts";
import type { StepSize } from "../step-size/step-size.ts";
import { adaptiveSteps, allFinite } from "./adaptive-steps.ts";
import { statesAt } from "./dense-output.ts";
import { fixedSteps } from "./fixed-steps.ts";
import { expectTolerances, type Problem, problemOf } from "./problem.ts";
import { type Replay, replay } from "./replay.ts";
import { statusCodes } from "./status.ts";
import type { StepRecord } from "./step-record.ts";

/** Which states are returned. */
export type SaveAt =
  /** At these times, in any order within the span: float64 [n]. */
  | { readonly times: TensorLike | readonly number[] }
  /** At the start and after every step. */
  | { readonly steps: true };

/** Options of `solve`; `Y` is the type of the state as it is given, `A` that of the arguments of the field. */
export interface SolveOptions<Y, A> {
  /** The derivative of every tensor of the state; `t` is a float64 scalar. */
  readonly field: (t: Tensor, y: Traced<Y>, args: A) => Traced<Y>;
  /** Scalars; t1 below t0 integrates backward. */
  readonly t0: TensorLike;
  readonly t1: TensorLike;
  /** Any tree of float tensors, traced or on the host. */
  readonly y0: Y;
  /** Handed to the field: any tree. */
  readonly args?: A;
  /** Default `tsit5`. */
  readonly solver?: Solver;
  /** Default `pid()`. */
  readonly stepSize?: StepSize;
  /** Positive: the first step of adaptive control (default: chosen), the longest of equal steps (required). */
  readonly dt0?: TensorLike;
  /** Relative tolerance, default 1e-6. */
  readonly rtol?: number;
  /** Absolute tolerance: a number or a tree like the state; default 1e-9. */
  readonly atol?: number | MapLeaves<Y, TensorLike>;
  /** Default: only the end. */
  readonly saveAt?: SaveAt;
  /** The most accepted steps; default 1024 for adaptive steps. Memory grows with it. */
  readonly maxSteps?: number;
  /** `replay` (default) gives discrete gradients; `none` skips the second pass when only the end is wanted. */
  readonly adjoint?: "replay" | "none";
}

/** Counts of an integration: int32 scalars. */
export interface SolveStatistics {
  readonly accepted: Tensor;
  readonly rejected: Tensor;
  /** Evaluations of the field until the end was found; the replay evaluates the accepted steps once more. */
  readonly fieldEvaluations: Tensor;
}

/** The result of `solve`: a tree of tensors. */
export interface Solution<Y> {
  /** The time reached: float64 scalar; t1 when the status is `success`. */
  readonly t: Tensor;
  /** The state there. */
  readonly y: Y;
  /** Times of `states`: float64 [n]. Without `saveAt`, n = 1: the end. */
  readonly times: Tensor;
  /** The states at `times`, each leaf with a leading axis; past the time reached, the last state. */
  readonly states: Y;
  /** How many of `times` are at or before the time reached: int32 scalar. For `steps` they come first. */
  readonly count: Tensor;
  /** A code of `statusCodes`: int32 scalar. */
  readonly status: Tensor;
  readonly statistics: SolveStatistics;
}

/** A solution that can be read at any time. */
export interface DenseSolution<Y> {
  readonly solution: Solution<Y>;
  /** The states at times, float64 [n], within the span; leading axis n. */
  readonly at: (times: TensorLike) => Y;
}

/**
 * Integrates a field.
 *
 * @example
 * const decay = (rate: Tensor) => solve({ field: (_t, y) => mul(y, neg(rate)), t0: 0, t1: 1, y0: array([1]) });
 * const { y, status } = evaluate(decay, array(0.5));
 *
 * Errors (while tracing): a field that does not return what the state is, tolerances below the resolution of the
 * element type, adaptive steps with a solver that has no error estimate, equal steps without dt0.
 */
export function solve<Y, A = undefined>(options: SolveOptions<Y, A>): Solution<Traced<Y>> {
  return run<Traced<Y>, A>(options as unknown as InnerOptions<Traced<Y>, A>, options.saveAt !== undefined).solution;
}

/** As `solve`, and the solution can be read at any time afterwards; `saveAt` is still obeyed. */
export function solveDense<Y, A = undefined>(options: SolveOptions<Y, A>): DenseSolution<Traced<Y>> {
  const inner = options as unknown as InnerOptions<Traced<Y>, A>;
  const { solution, problem, record, replayed } = run<Traced<Y>, A>(inner, true);
  return { solution, at: (times) => statesAt(problem, record, replayed, convert(times, "float64")) };
}

/** The options with one type for the state; leaves on the host become traced ones in `problemOf`. */
interface InnerOptions<Y, A> extends Omit<SolveOptions<unknown, A>, "field" | "y0"> {
  readonly field: (t: Tensor, y: Y, args: A) => Y;
  readonly y0: Y;
}

interface Run<Y> {
  readonly solution: Solution<Y>;
  readonly problem: Problem<Y>;
  readonly record: StepRecord;
  readonly replayed: Replay<Y>;
}

function run<Y, A>(options: InnerOptions<Y, A>, dense: boolean): Run<Y> {
  const { field, t0, t1, y0, args, solver = tsit5, saveAt } = options;
  const problem = problemOf(field, y0, args as A, { t0, t1 }, solver);
  const endOnly = options.adjoint === "none" && !dense;
  const forward = forwardPhase(problem, options, !endOnly);
  const { record } = forward;
  const replayed = endOnly && forward.y !== null ? { y: forward.y, dense: [] } : replay(problem, record, dense);
  const saved = savedStates(problem, record, replayed, saveAt);
  const sound = allFinite(replayed.y);
  const status = select(sound, record.status, full([], statusCodes.nonFinite, "int32"));
  const solution = { t: record.end, y: replayed.y, ...saved, status, statistics: statisticsOf(record, solver) };
  return { solution, problem, record, replayed };
}

function forwardPhase<Y, A>(
  problem: Problem<Y>,
  options: InnerOptions<Y, A>,
  record: boolean,
): { readonly record: StepRecord; readonly y: Y | null } {
  const { stepSize = pid(), rtol = 1e-6, atol = 1e-9, dt0, t0, t1, maxSteps } = options;
  if (stepSize.kind === "constant") return { record: fixedSteps(problem, { t0, t1, dt0 }, maxSteps), y: null };
  const tolerances = { rtol, atol };
  expectTolerances(tolerances, problem.y0);
  return adaptiveSteps(problem, { control: stepSize, tolerances, dt0, maxSteps: maxSteps ?? 1024, record });
}

function savedStates<Y>(
  problem: Problem<Y>,
  record: StepRecord,
  replayed: Replay<Y>,
  saveAt: SaveAt | undefined,
): Pick<Solution<Y>, "times" | "states" | "count"> {
  if (saveAt === undefined) {
    const states = mapTensors((leaf) => expandDimensions(leaf, 0), replayed.y);
    return { times: expandDimensions(record.end, 0), states, count: full([], 1, "int32") };
  }
  if ("steps" in saveAt) return statesOfSteps(record, replayed);
  const times = convert(listed(saveAt.times), "float64");
  const reached = lessEqual(mul(times, problem.direction), mul(record.end, problem.direction));
  const states = statesAt(problem, record, replayed, times);
  return { times, states, count: sum(convert(reached, "int32")) };
}

function listed(times: TensorLike | readonly number[]): TensorLike {
  return Array.isArray(times) ? array(Float64Array.from(times as readonly number[])) : (times as TensorLike);
}

/** The state at the start of every step, then that at the end in all slots that are left. */
function statesOfSteps<Y>(
  record: StepRecord,
  { y, dense }: Replay<Y>,
): Pick<Solution<Y>, "times" | "states" | "count"> {
  const taken = less(iota([record.slots + 1]), record.count);
  const extended = (series: Tensor, end: Tensor): Tensor => {
    const last = expandDimensions(end, 0);
    const mask = broadcastMask(taken, series.shape);
    return select(mask, concatenate([series, last]), broadcastTo(last, [record.slots + 1, ...end.shape]));
  };
  return {
    times: extended(record.starts, record.end),
    states: zipTensors((end, series) => extended(series, end), y, dense[0] as Y),
    count: add(record.count, 1),
  };
}

function broadcastMask(mask: Tensor, shape: readonly number[]): Tensor {
  let shaped = mask;
  while (shaped.shape.length < shape.length) shaped = expandDimensions(shaped, shaped.shape.length);
  return shaped;
}

function statisticsOf({ count, rejected, startEvaluations }: StepRecord, { evaluations }: Solver): SolveStatistics {
  const trials = add(count, rejected);
  return { accepted: count, rejected, fieldEvaluations: add(mul(trials, evaluations), startEvaluations) };
}
