/**
 * The forward phase of an adaptive integration: finds the steps.
 *
 * In: a problem, a controller, tolerances, times to stop at. Out: the times and lengths of the accepted steps and how it
 * ended, and the state there. It is one `whileLoop` and is not differentiated: everything that leaves it is constant.
 * Each turn has four phases: try a step, decide, record, judge. Stops and limits of the length that are not asked for are
 * not in the program.
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
  minimum,
  mul,
  not,
  or,
  select,
  sub,
  type Tensor,
  type TensorLike,
  whileLoop,
  zeros,
} from "@leastaction/tensor";
import { zipTensors } from "../nn/tensor-tree.ts";
import type { SolverStep } from "../solver/solver.ts";
import { squaredErrorNorm, type Tolerances } from "../step-size/error-norm.ts";
import { firstStep } from "../step-size/first-step.ts";
import type { AdaptiveStepSize, ControllerMemory, Decision } from "../step-size/step-size.ts";
import { expectEstimate } from "./check-options.ts";
import { allFinite, constant } from "./constant.ts";
import { type LengthLimits, lengthLimits } from "./length-limits.ts";
import { beforeSteps, type PassedStep, type PassedTimes, passTimes } from "./passing-times.ts";
import type { Problem } from "./problem.ts";
import { statusCodes } from "./status.ts";
import type { ForwardPhase, StepRecord } from "./step-record.ts";
import { firstGoal, type Goal, goalAt, type Stops } from "./stops.ts";

/** What the forward phase needs besides the problem. */
export interface AdaptiveOptions {
  readonly control: AdaptiveStepSize;
  readonly tolerances: Tolerances;
  /** Length of the first step, positive; by default chosen by `firstStep`. */
  readonly dt0: TensorLike | undefined;
  /** The most accepted steps. */
  readonly maxSteps: number;
  /** Times that steps must hit; null when there are none. */
  readonly stops: Stops | null;
  /** Whether times and lengths are kept; without, `starts` and `steps` are empty of meaning. */
  readonly record: boolean;
  /** Times to read states at on the way; null: none. */
  readonly reads?: PassedTimes | null;
}

/** The options and what is made of them before the loop. */
interface Plan extends AdaptiveOptions {
  readonly limits: LengthLimits;
}

interface Carry<Y> {
  readonly t: Tensor;
  /** Signed length of the next trial, if it does not go to the goal. */
  readonly h: Tensor;
  /** Whether the next trial goes to the goal; found with h, so that a step waits for h alone. */
  readonly last: Tensor;
  /** With stops; without, the goal is always the end. */
  readonly goal?: Goal;
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
  /** Where states are read on the way. */
  readonly passed?: PassedStep<Y>;
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
  const order = expectEstimate(solver) + 1;
  const plan: Plan = { ...options, limits: lengthLimits(options.control) };
  const start = constant(initialCarry(problem, plan, order - 1));
  const isRunning = ({ status }: Carry<Y>): Tensor => equal(status, running);
  const turn = (carry: Carry<Y>): Carry<Y> => {
    const trial = tryStep(problem, plan, carry);
    const decision = plan.control.decide(trial.squaredError, order, carry.control, carry.rejectedLast);
    return constant(judge(problem, plan, carry, trial, decision));
  };
  const { end, states } = walked(problem, plan, start, isRunning, turn);
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
  return { record, y: end.y, next: end.h, ...(states === undefined ? {} : { states }) };
}

/** Turns as long as the loop runs, and the states that are wanted on the way. */
function walked<Y>(
  problem: Problem<Y>,
  { reads = null }: Plan,
  start: Carry<Y>,
  isRunning: (carry: Carry<Y>) => Tensor,
  turn: (carry: Carry<Y>) => Carry<Y>,
): { readonly end: Carry<Y>; readonly states?: Y } {
  if (reads === null) return { end: whileLoop(isRunning, turn, start) };
  type Reading = Carry<Y> & { readonly passed: PassedStep<Y> };
  // What is wanted where a step ends is read where the next begins, without its polynomial.
  return passTimes<Y, Reading>(problem, reads, start as Reading, (carry, until) =>
    whileLoop<Reading>(
      (now) => and(isRunning(now), lessEqual(mul(now.t, problem.direction), until)),
      (now) => turn(now) as Reading,
      carry,
    ),
  );
}

function initialCarry<Y>(problem: Problem<Y>, plan: Plan, order: number): Carry<Y> {
  const { field, t0, y0, span, direction, solver } = problem;
  const memory = solver.start(field, t0, y0);
  const slots = plan.record ? plan.maxSteps : 1;
  const slope = (): Y => (solver.fsal ? (memory[0] as Y) : field(t0, y0));
  const chosen =
    plan.dt0 === undefined
      ? firstStep(field, { t: t0, y: y0, slope: slope(), direction, span }, plan.tolerances, order)
      : minimum(abs(convert(plan.dt0, "float64")), span);
  const int = (value: number): Tensor => full([], value, "int32");
  const h = mul(plan.limits.within(chosen), direction);
  const goal = plan.stops === null ? undefined : firstGoal(problem, plan.stops);
  return {
    t: t0,
    h,
    last: reachesGoal(problem, plan, { t: t0, h, goal }),
    ...(goal === undefined ? {} : { goal }),
    y: y0,
    memory,
    control: plan.control.start(),
    rejectedLast: full([], 0, "bool"),
    count: int(0),
    rejected: int(0),
    status: statusAtStart(problem, plan, chosen),
    starts: zeros([slots]),
    steps: zeros([slots]),
    ...(plan.reads == null ? {} : { passed: beforeSteps(problem) }),
  };
}

function statusAtStart<Y>({ y0, span }: Problem<Y>, { dt0 }: Plan, chosen: Tensor): Tensor {
  const code = (value: number): Tensor => full([], value, "int32");
  const { success, stepSizeUnderflow, nonFinite } = statusCodes;
  // NaN fails every comparison: a field or a state that is not finite gives such a step.
  const usable = select(lessEqual(chosen, Number.MAX_VALUE), code(running), code(nonFinite));
  // A given step of length zero would be accepted for ever; one that is chosen is never zero.
  const begin = dt0 === undefined ? usable : select(equal(chosen, 0), code(stepSizeUnderflow), usable);
  return select(allFinite(y0), select(equal(span, 0), code(success), begin), code(nonFinite));
}

function tryStep<Y>({ field, solver, t1 }: Problem<Y>, { tolerances }: Plan, carry: Carry<Y>): Trial<Y> {
  const h = select(carry.last, sub(carry.goal?.time ?? t1, carry.t), carry.h);
  const step = solver.step(field, carry.t, h, carry.y, carry.memory);
  const squaredNorm = (error: Y | null): Tensor => squaredErrorNorm(error, tolerances, carry.y, step.y);
  const squaredError = step.squaredError?.(squaredNorm) ?? squaredNorm(step.error);
  if (solver.fsal) return { step, h, squaredError };
  // Where the estimate has the slope at the new state in it, it tells; elsewhere an infinite state has a large tolerance.
  return { step, h, squaredError: select(allFinite(step.y), squaredError, Infinity) };
}

/** A step that would leave less than one hundredth of itself goes to the goal at once, unless that is too long. */
function reachesGoal<Y>(
  { t1 }: Problem<Y>,
  { limits }: Plan,
  { t, h, goal }: { readonly t: Tensor; readonly h: Tensor; readonly goal: Goal | undefined },
): Tensor {
  const distance = abs(sub(goal?.time ?? t1, t));
  const near = greaterEqual(abs(h), mul(1 / 1.01, distance));
  return limits.allows === null ? near : and(near, limits.allows(distance));
}

function judge<Y>(
  problem: Problem<Y>,
  plan: Plan,
  carry: Carry<Y>,
  trial: Trial<Y>,
  { accept, factor, memory }: Decision,
): Carry<Y> {
  const choose = <T>(whenAccepted: T, otherwise: T): T =>
    zipTensors((a, b) => select(accept, a, b), whenAccepted, otherwise);
  const reached = carry.goal?.time ?? problem.t1;
  const t = select(accept, select(carry.last, reached, add(carry.t, trial.h)), carry.t);
  const h = plan.limits.signed(mul(trial.h, factor), problem.direction);
  // A step cut short to meet the goal does not tell how long the next may be.
  const next = select(and(accept, carry.last), carry.h, h);
  const count = add(carry.count, convert(accept, "int32"));
  const goal = nextGoal(problem, plan, carry, accept);
  return {
    t,
    h: next,
    // After the end there is no next step, so that without stops this need not wait for it.
    last: reachesGoal(problem, plan, { t, h: goal === undefined ? h : next, goal }),
    ...(goal === undefined ? {} : { goal }),
    y: choose(trial.step.y, carry.y),
    memory: choose(trial.step.memory, carry.memory),
    control: memory,
    rejectedLast: not(accept),
    count,
    rejected: add(carry.rejected, convert(not(accept), "int32")),
    status: statusAfter(plan, carry, { accept, t, h, count }, trial),
    ...(plan.record ? written(carry, trial, accept) : { starts: carry.starts, steps: carry.steps }),
    ...(carry.passed === undefined ? {} : { passed: choose(passedBy(carry, trial), carry.passed) }),
  };
}

function nextGoal<Y>(problem: Problem<Y>, { stops }: Plan, { goal, last }: Carry<Y>, accept: Tensor): Goal | undefined {
  if (stops === null || goal === undefined) return undefined;
  return goalAt(problem, stops, add(goal.index, convert(and(accept, last), "int32")));
}

function passedBy<Y>({ t }: Carry<Y>, { step, h }: Trial<Y>): PassedStep<Y> {
  return { start: t, length: h, coefficients: step.dense() };
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
  { maxSteps, limits }: Plan,
  carry: Carry<Y>,
  { accept, t, h, count }: Record<"accept" | "t" | "h" | "count", Tensor>,
  trial: Trial<Y>,
): Tensor {
  const code = (value: number): Tensor => full([], value, "int32");
  const { success, maxStepsReached, stepSizeUnderflow, nonFinite } = statusCodes;
  const exhausted = greaterEqual(count, maxSteps);
  const same = equal(add(t, h), t);
  const stuck = and(not(accept), limits.isLeast === null ? same : or(same, limits.isLeast(trial.h)));
  const broken = select(lessEqual(trial.squaredError, Number.MAX_VALUE), code(stepSizeUnderflow), code(nonFinite));
  const unfinished = select(exhausted, code(maxStepsReached), select(stuck, broken, code(running)));
  const arrived = and(accept, carry.last);
  return select(carry.goal === undefined ? arrived : and(arrived, carry.goal.final), code(success), unfinished);
}
