/**
 * The one door to integration: y' = f(t, y, args) from t0 to t1.
 *
 * It is traced: call it inside a function given to `compile`, `evaluate`, `grad` or `vmap`. Three phases: find the
 * steps (`adaptive-steps`, `fixed-steps`), replay them (`replay`), read the wanted times (`saved-states`). Derivatives
 * pass through the replay only: they are those of the discrete solution with its steps held fixed, with respect to y0
 * and everything the field uses, not to t0 and t1. Other ways to the gradient are in `adjoint/`. A failure is a status, never an exception; then `t` and `y` are
 * where it stopped, and have no derivative.
 */
import { add, at, full, mul, select, type Tensor, type Traced } from "@leastaction/tensor";
import { mapTensors } from "../nn/tensor-tree.ts";
import type { Solver } from "../solver/solver.ts";
import { tsit5 } from "../solver/tsit5.ts";
import type { Tolerances } from "../step-size/error-norm.ts";
import { pid } from "../step-size/pid.ts";
import { adaptiveSteps } from "./adaptive-steps.ts";
import type { Keeping } from "./adjoint/phase.ts";
import { keepingFor, readSolution } from "./adjoint/read-solution.ts";
import { expectDense, withAdjoint } from "./adjoint/with-adjoint.ts";
import { type Breaks, breaksOf } from "./breaks.ts";
import { expectOptions } from "./check-options.ts";
import { allFinite } from "./constant.ts";
import { slopesAt, statesAt } from "./dense-output.ts";
import { endByReplay } from "./end-by-replay.ts";
import { differentiableIf, startingOnlyFor } from "./failed-member.ts";
import { failureOf } from "./failure.ts";
import { fixedSteps } from "./fixed-steps.ts";
import { oneSided } from "./one-sided.ts";
import type { DenseSolution, Solution, SolveOptions, SolveStatistics } from "./options.ts";
import { type Problem, problemOf } from "./problem.ts";
import { type Replay, replay } from "./replay.ts";
import { savedStates } from "./saved-states.ts";
import { statusCodes } from "./status.ts";
import type { ForwardPhase, StepRecord } from "./step-record.ts";
import { stopsOf } from "./stops.ts";
import { type Times, timesTensor } from "./times.ts";
import { tolerancesFor } from "./tolerances.ts";
/**
 * Integrates a field.
 *
 * @example
 * const decay = (rate: Tensor) => solve({ field: (_t, y) => mul(y, neg(rate)), t0: 0, t1: 1, y0: array([1]) });
 * const { y, status } = evaluate(decay, array(0.5));
 *
 * Errors (while tracing): a field that does not return what the state is, tolerances below the resolution of the
 * element type, adaptive steps with a solver that has no error estimate, equal steps without dt0, times that are not
 * finite, `saveAt.times` outside the span or out of order, `dt0` or `maxSteps` that are not positive.
 */
export function solve<Y, A = undefined>(options: SolveOptions<Y, A>): Solution<Traced<Y>> {
  return run<Traced<Y>, A>(options as unknown as InnerOptions<Traced<Y>, A>, options.saveAt !== undefined).solution;
}

/** As `solve`, and the solution can be read at any time afterwards; `saveAt` is still obeyed. */
export function solveDense<Y, A = undefined>(options: SolveOptions<Y, A>): DenseSolution<Traced<Y>> {
  expectDense(options.adjoint);
  const inner = options as unknown as InnerOptions<Traced<Y>, A>;
  const { solution, problem, record, replayed } = run<Traced<Y>, A>(inner, true);
  const read =
    (reader: typeof statesAt) =>
    (times: Times): Traced<Y> => {
      const found = differentiableIf(solution.status, reader(problem, record, replayed, timesTensor(times)));
      return isScalar(times) ? mapTensors((leaf) => at(leaf, 0), found) : found;
    };
  return { solution, at: read(statesAt), derivativeAt: read(slopesAt) };
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
  const { field, t0, t1, y0, args, saveAt } = options;
  expectOptions(options);
  const breaks = breaksOf(options);
  const solver = breaks.jump ? oneSided(options.solver ?? tsit5) : (options.solver ?? tsit5);
  const { problem, adjoint } = withAdjoint(problemOf(field, y0, args as A, { t0, t1 }, solver), options, breaks.jump);
  const constant = adjoint.kind === "none";
  const tolerances = { rtol: options.rtol ?? 1e-6, atol: options.atol ?? 1e-9 };
  const replays = adjoint.kind === "replay" || constant;
  const forward = forwardPhase(problem, options, tolerances, breaks, keepingFor(adjoint, problem, options, dense));
  const { record } = forward;
  const replayed = replays ? replayPhase(problem, forward, { constant, dense }) : { y: forward.y, dense: [] };
  const { y, times, count, states } = replays
    ? { y: replayed.y, ...savedStates(problem, record, replayed, saveAt) }
    : readSolution(adjoint, problem, forward, { ...options, tolerances, stopTimes: breaks.times, jump: breaks.jump });
  const sound = allFinite(y);
  const status = select(sound, record.status, full([], statusCodes.nonFinite, "int32"));
  const read = { y, states };
  const solution: Solution<Y> = {
    t: record.end,
    times,
    count,
    ...(constant ? read : differentiableIf(status, read)),
    status,
    statistics: statisticsOf(record, solver),
    ...(options.explain === true ? { failure: failureOf(problem, forward, tolerances) } : {}),
  };
  return { solution, problem, record, replayed };
}

/** The steps again, where they are needed: for their polynomials, or to be differentiated. */
function replayPhase<Y>(
  problem: Problem<Y>,
  forward: ForwardPhase<Y>,
  { constant, dense }: { readonly constant: boolean; readonly dense: boolean },
): Replay<Y> {
  const { record, y } = forward;
  if (!dense) return { y: constant ? y : endByReplay(problem, forward), dense: [] };
  return replay({ ...problem, solver: startingOnlyFor(problem.solver, record) }, record, dense);
}

function forwardPhase<Y, A>(
  problem: Problem<Y>,
  options: InnerOptions<Y, A>,
  tolerances: Tolerances,
  { times }: Breaks,
  keeping: Keeping,
): ForwardPhase<Y> {
  const { stepSize = pid(), dt0, t0, t1, maxSteps } = options;
  const stops = stopsOf(problem, times);
  if (stepSize.kind === "constant") return fixedSteps(problem, { t0, t1, dt0, maxSteps, stopTimes: times }, stops);
  const checked = tolerancesFor(problem.y0, tolerances);
  const control = stepSize;
  return adaptiveSteps(problem, { control, tolerances: checked, dt0, maxSteps: maxSteps ?? 1024, stops, ...keeping });
}

function isScalar(times: Times): boolean {
  return typeof times === "number" || ("shape" in times && times.shape.length === 0);
}

function statisticsOf({ count, rejected, startEvaluations }: StepRecord, { evaluations }: Solver): SolveStatistics {
  const trials = add(count, rejected);
  return { accepted: count, rejected, fieldEvaluations: add(mul(trials, evaluations), startEvaluations) };
}
