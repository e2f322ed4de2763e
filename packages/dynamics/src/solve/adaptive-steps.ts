/**
 * The forward phase of an adaptive integration: finds the steps.
 *
 * In: a problem, a controller, tolerances. Out: the times and lengths of the accepted steps and how it ended, and the
 * state there. It is one `whileLoop` and is not differentiated: everything that leaves it is constant. Each turn has
 * four phases: try a step, decide, record, judge.
 */
import {
  abs,
  add,
  and,
  convert,
  equal,
  full,
  greaterEqual,
  iota,
  lessEqual,
  max,
  minimum,
  mul,
  not,
  select,
  stopGradient,
  sub,
  type Tensor,
  TensorError,
  type TensorLike,
  whileLoop,
  zeros,
} from "@leastaction/tensor";
import { mapTensors, tensorsOf, zipTensors } from "../nn/tensor-tree.ts";
import type { SolverStep } from "../solver/solver.ts";
import { squaredErrorNorm, type Tolerances } from "../step-size/error-norm.ts";
import { firstStep } from "../step-size/first-step.ts";
import type { AdaptiveStepSize, ControllerMemory, Decision } from "../step-size/step-size.ts";
import type { Problem } from "./problem.ts";
import { statusCodes } from "./status.ts";
import type { StepRecord } from "./step-record.ts";

/** What the forward phase needs besides the problem. */
export interface AdaptiveOptions {
  readonly control: AdaptiveStepSize;
  readonly tolerances: Tolerances;
  /** Length of the first step, positive; by default chosen by `firstStep`. */
  readonly dt0: TensorLike | undefined;
  /** The most accepted steps. */
  readonly maxSteps: number;
  /** Whether times and lengths are kept; without, `starts` and `steps` are empty of meaning. */
  readonly record: boolean;
}

/** The steps, and the state at the end. */
export interface ForwardPhase<Y> {
  readonly record: StepRecord;
  readonly y: Y;
}

interface Carry<Y> {
  readonly t: Tensor;
  /** Signed length of the next trial, if it does not go to the end. */
  readonly h: Tensor;
  /** Whether the next trial goes to the end; found with h, so that a step waits for h alone. */
  readonly last: Tensor;
  readonly y: Y;
  readonly memory: readonly Y[];
  readonly control: ControllerMemory;
  readonly rejectedLast: Tensor;
  readonly count: Tensor;
  readonly rejected: Tensor;
  /** Code of `statusCodes`, or `running`. */
  readonly status: Tensor;
  readonly starts: Tensor;
  readonly steps: Tensor;
}

interface Trial<Y> {
  readonly step: SolverStep<Y>;
  readonly h: Tensor;
  /** The square of its error in units of the tolerance. */
  readonly squaredError: Tensor;
}

const running = -1;

/** Finds the steps. Errors: a solver without an error estimate. */
export function adaptiveSteps<Y>(problem: Problem<Y>, options: AdaptiveOptions): ForwardPhase<Y> {
  const { solver } = problem;
  const order = expectEstimate(problem) + 1;
  const start = constant(initialCarry(problem, options, order - 1));
  const end = whileLoop<Carry<Y>>(
    ({ status }) => equal(status, running),
    (carry) => {
      const trial = tryStep(problem, options.tolerances, carry);
      const decision = options.control.decide(trial.squaredError, order, carry.control, carry.rejectedLast);
      return constant(judge(problem, options, carry, trial, decision));
    },
    start,
  );
  const record: StepRecord = {
    starts: end.starts,
    steps: end.steps,
    count: end.count,
    slots: options.record ? options.maxSteps : 1,
    rejected: end.rejected,
    status: end.status,
    end: end.t,
    startEvaluations: solver.startEvaluations + (options.dt0 === undefined ? (solver.fsal ? 1 : 2) : 0),
  };
  return { record, y: end.y };
}

/** Nothing that leaves the loop has a derivative. */
function constant<T>(tree: T): T {
  return mapTensors((leaf) => (leaf.dtype === "float32" || leaf.dtype === "float64" ? stopGradient(leaf) : leaf), tree);
}

function initialCarry<Y>(problem: Problem<Y>, options: AdaptiveOptions, order: number): Carry<Y> {
  const { field, t0, y0, span, direction, solver } = problem;
  const memory = solver.start(field, t0, y0);
  const slots = options.record ? options.maxSteps : 1;
  const slope = (): Y => (solver.fsal ? (memory[0] as Y) : field(t0, y0));
  const chosen =
    options.dt0 === undefined
      ? firstStep(field, { t: t0, y: y0, slope: slope(), direction, span }, options.tolerances, order)
      : minimum(abs(convert(options.dt0, "float64")), span);
  const int = (value: number): Tensor => full([], value, "int32");
  // NaN fails every comparison: a field or a state that is not finite gives such a step.
  const usable = lessEqual(chosen, Number.MAX_VALUE);
  const begin = select(
    equal(span, 0),
    int(statusCodes.success),
    select(usable, int(running), int(statusCodes.nonFinite)),
  );
  const status = select(allFinite(y0), begin, int(statusCodes.nonFinite));
  const h = mul(chosen, direction);
  return {
    t: t0,
    h,
    last: reachesEnd(problem, t0, h),
    y: y0,
    memory,
    control: options.control.start(),
    rejectedLast: full([], 0, "bool"),
    count: int(0),
    rejected: int(0),
    status,
    starts: zeros([slots]),
    steps: zeros([slots]),
  };
}

function tryStep<Y>({ field, solver, t1 }: Problem<Y>, tolerances: Tolerances, carry: Carry<Y>): Trial<Y> {
  const h = select(carry.last, sub(t1, carry.t), carry.h);
  const step = solver.step(field, carry.t, h, carry.y, carry.memory);
  return { step, h, squaredError: squaredErrorNorm(step.error, tolerances, carry.y, step.y) };
}

/** A step that would leave less than one hundredth of itself goes to the end at once. */
function reachesEnd<Y>({ t1 }: Problem<Y>, t: Tensor, h: Tensor): Tensor {
  return greaterEqual(abs(h), mul(1 / 1.01, abs(sub(t1, t))));
}

function judge<Y>(
  problem: Problem<Y>,
  options: AdaptiveOptions,
  carry: Carry<Y>,
  trial: Trial<Y>,
  { accept, factor, memory }: Decision,
): Carry<Y> {
  const choose = <T>(whenAccepted: T, otherwise: T): T =>
    zipTensors((a, b) => select(accept, a, b), whenAccepted, otherwise);
  const t = select(accept, select(carry.last, problem.t1, add(carry.t, trial.h)), carry.t);
  const h = mul(trial.h, factor);
  const count = add(carry.count, convert(accept, "int32"));
  return {
    t,
    // A step cut short to meet the end does not tell how long the next may be.
    h: select(and(accept, carry.last), carry.h, h),
    last: reachesEnd(problem, t, h),
    y: choose(trial.step.y, carry.y),
    memory: choose(trial.step.memory, carry.memory),
    control: memory,
    rejectedLast: not(accept),
    count,
    rejected: add(carry.rejected, convert(not(accept), "int32")),
    status: statusAfter(options.maxSteps, { accept, t, h, count, last: carry.last }, trial),
    ...(options.record ? written(carry, trial, accept) : { starts: carry.starts, steps: carry.steps }),
  };
}

/** The slots with this step in place `count`, if it was accepted. */
function written<Y>(
  carry: Carry<Y>,
  { h }: Trial<Y>,
  accept: Tensor,
): { readonly starts: Tensor; readonly steps: Tensor } {
  const here = and(equal(iota(carry.starts.shape), carry.count), accept);
  return { starts: select(here, carry.t, carry.starts), steps: select(here, h, carry.steps) };
}

function statusAfter<Y>(
  maxSteps: number,
  { accept, t, h, count, last }: Record<"accept" | "t" | "h" | "count" | "last", Tensor>,
  { squaredError }: Trial<Y>,
): Tensor {
  const code = (value: number): Tensor => full([], value, "int32");
  const { success, maxStepsReached, stepSizeUnderflow, nonFinite } = statusCodes;
  const exhausted = greaterEqual(count, maxSteps);
  const stuck = and(not(accept), equal(add(t, h), t));
  const broken = select(lessEqual(squaredError, Number.MAX_VALUE), code(stepSizeUnderflow), code(nonFinite));
  const unfinished = select(exhausted, code(maxStepsReached), select(stuck, broken, code(running)));
  return select(and(accept, last), code(success), unfinished);
}

/** Whether every number of a tree is finite: scalar bool. */
export function allFinite(tree: unknown): Tensor {
  return tensorsOf(tree)
    .map((leaf) => lessEqual(convert(max(abs(leaf)), "float64"), Number.MAX_VALUE))
    .reduce(and);
}

function expectEstimate<Y>({ solver }: Problem<Y>): number {
  if (solver.embeddedOrder !== undefined) return solver.embeddedOrder;
  const why = solver.symplectic ? "; choosing its steps from errors would lose the symplectic structure" : "";
  throw new TensorError(
    `Cannot solve with adaptive steps: expected a solver with an error estimate, got ${solver.name}${why}`,
    "Use constantStepSize() with dt0, or a solver with an estimate such as tsit5 or dopri5.",
  );
}
