/**
 * The solution of a differential equation as a differentiable function: the derivative is that of the equation, not of
 * the steps.
 *
 * In: a problem, the times at which its state is wanted, and how to integrate. Out: the states. The values come from the
 * forward phase, which is not differentiated; a rule says how they change. Along a tangent that is the variational
 * equation, integrated forward with the state; it is linear, and its transpose is given: the adjoint equation, integrated
 * backward (`backward.ts`). Both are flows again, so derivatives of any order and in any mix of modes follow, by while
 * loops that themselves cannot be reversed. Changes of t0, t1 and the times enter by the field at those times.
 */
import {
  abs,
  add,
  convert,
  customJvp,
  equal,
  full,
  isLeaf,
  linearCall,
  mul,
  reshape,
  scan,
  select,
  sign,
  sub,
  type Tensor,
  vmap,
} from "@leastaction/tensor";
import { mapTensors, tensorsOf, zipTensors } from "../../nn/tensor-tree.ts";
import type { Field } from "../../solver/solver.ts";
import { constant } from "../constant.ts";
import { statesAt } from "../dense-output.ts";
import type { Problem } from "../problem.ts";
import { replay } from "../replay.ts";
import { statusCodes } from "../status.ts";
import type { ForwardPhase } from "../step-record.ts";
import type { Change, Constants, Found, Frame, Impulse, Plan, Residuals, Variables } from "./flow-types.ts";
import { groupwise } from "./groupwise.ts";
import { derivativeAlong, filled } from "./maybe-tangents.ts";
import { type OpenProblem, openProblem } from "./open-problem.ts";
import { type Keeping, liftSettings, type Settings } from "./phase.ts";
import { readsOf, turnsFor } from "./reads.ts";
import { asGiven, inGivenOrder, walkReading } from "./walk.ts";

/**
 * The flow of a problem.
 *
 * @param times nothing, or one float64 [n] of times within the span
 * @param forward the forward phase, if it has been run: with a record when there are times or steps to keep
 */
export function flow<Y>(
  problem: Problem<Y>,
  times: readonly Tensor[],
  plan: Plan,
  forward?: ForwardPhase<Y>,
): Change<Y> & { readonly success: Tensor } {
  const open = openProblem(problem);
  const found = foundBy(
    problem,
    times,
    plan,
    forward ?? plan.phase(problem, plan.settings, keepingFor(problem, times, plan)),
  );
  const [settings, backward] = [liftSettings(plan.settings), liftSettings(plan.backward)];
  const frame: Frame<Y> = {
    plan,
    problemOf: (x, constants) => problemWith(problem, open, x, constants),
    planOf: (constants) => ({
      ...plan,
      settings: settings.put(constants.settings),
      backward: backward.put(constants.backward),
    }),
    slots: found.kept[0]?.steps.shape[0] ?? 1,
  };
  const attached = customJvp(
    ({ found: { y, states } }: Residuals<Y>): Change<Y> => ({ y, states }),
    // The results, which change with what they depend on, stand for what was found, which is constant.
    ([{ x, constants, found }], results, [tangents]) =>
      changeOf(frame, { x, constants, found: { ...found, ...results } }, tangents as unknown as { x: Variables<Y> }),
    { symbolicZeros: true },
  );
  const { y0, t0, t1 } = problem;
  const x: Variables<Y> = { y0, t0, t1, parameters: open.parameters, times };
  const constants = { integers: open.constants, settings: settings.tensors, backward: backward.tensors };
  return { ...attached({ x, constants, found }), success: found.success };
}

function problemWith<Y>(template: Problem<Y>, open: OpenProblem<Y>, x: Variables<Y>, constants: Constants): Problem<Y> {
  const { y0, t0, t1, parameters } = x;
  return problemBetween({ ...template, field: open.fieldOf(parameters, constants.integers), y0 }, t0, t1);
}

/** The problem on another span. */
export function problemBetween<Y>(problem: Omit<Problem<Y>, "span" | "direction">, t0: Tensor, t1: Tensor): Problem<Y> {
  const length = sub(t1, t0);
  return { ...problem, t0, t1, span: abs(length), direction: sign(length) };
}

/** Steps for their polynomials, or states at the times. */
function keepingFor<Y>({ direction }: Problem<Y>, [times]: readonly Tensor[], plan: Plan): Keeping {
  const { keepsSteps, ordered, endsAtLast } = plan;
  if (keepsSteps || times === undefined) return { record: keepsSteps, reads: null };
  return { record: false, reads: { signed: readsOf(direction, times, ordered).signed, endsAtLast } };
}

/** The values, from the forward phase: constants of every derivative. */
function foundBy<Y>(problem: Problem<Y>, times: readonly Tensor[], plan: Plan, forward: ForwardPhase<Y>): Found<Y> {
  const { record, y } = forward;
  const success = equal(record.status, statusCodes.success);
  const { starts, steps, count } = record;
  if (plan.keepsSteps) {
    const replayed = replay(problem, record, true);
    const states = times.map((list) => statesAt(problem, record, replayed, list));
    return constant({ y, states, success, kept: [{ starts, steps, count, dense: replayed.dense }] });
  }
  const states = times.map((list) => {
    const reads = readsOf(problem.direction, list, plan.ordered);
    if (forward.states !== undefined) return mapTensors((series) => asGiven(reads, series), forward.states);
    const walked = walkReading(problem, record, reads, turnsFor(problem, record, reads), scan);
    return inGivenOrder(problem, record, reads, walked.states);
  });
  return constant({ y, states, success, kept: [] });
}

/** The rule: how the results change with what they depend on. */
function changeOf<Y>(
  frame: Frame<Y>,
  residuals: Residuals<Y>,
  { x: tangents }: { readonly x: Variables<Y> },
): Change<Y> {
  const { x, constants, found } = residuals;
  const { field } = frame.problemOf(x, constants);
  const wanted = tangents.parameters.map((tangent) => tangent !== null);
  const direct = filled(x.y0, tangents.y0);
  const impulse: Impulse<Y> = {
    // The solution through y0 at t0 + dt goes through y0 - f dt at t0.
    y0:
      tangents.t0 === null
        ? direct
        : zipTensors((dy, f) => sub(dy, mul(f, convert(tangents.t0, f.dtype))), direct, field(x.t0, x.y0)),
    parameters: tangents.parameters.filter((tangent) => tangent !== null),
  };
  const { y, states } = linearCall(
    (given: Residuals<Y>, direction: Impulse<Y>): Change<Y> => variational(frame, wanted, given, direction),
    (given, cotangent) => frame.plan.pull(frame, wanted, given, cotangent),
    residuals,
    impulse,
  );
  return {
    y:
      tangents.t1 === null
        ? y
        : zipTensors((dy, f) => add(dy, mul(f, convert(tangents.t1, f.dtype))), y, field(x.t1, found.y)),
    states: states.map((series, i) => {
      const moved = tangents.times[i] ?? null;
      if (moved === null) return series;
      const slopes = vmap(field)(x.times[i] as Tensor, found.states[i] as Y);
      return zipTensors((dy, f) => add(dy, mul(f, asColumn(moved, f))), series, slopes);
    }),
  };
}

/** The tangent of the results: the equation and its variational equation, together. */
function variational<Y>(
  frame: Frame<Y>,
  wanted: readonly boolean[],
  { x, constants, found }: Residuals<Y>,
  { y0, parameters }: Impulse<Y>,
): Change<Y> {
  const problem = frame.problemOf(x, constants);
  let next = 0;
  const directions = wanted.map((flag) => (flag ? (parameters[next++] as Tensor) : null));
  const field: Field<{ readonly y: Y; readonly change: Y }> = (t, { y, change }) => ({
    y: problem.field(t, y),
    change: derivativeAlong(
      (at: { readonly state: Y; readonly parameters: readonly Tensor[] }) =>
        frame.problemOf({ ...x, parameters: at.parameters }, constants).field(t, at.state),
      { state: y, parameters: x.parameters },
      [...tensorsOf(change), ...directions],
    ),
  });
  const both = { y: x.y0, change: y0 };
  const plan = frame.planOf(constants);
  const settings = twice(plan.settings);
  const solver = groupwise(plan.solver, both);
  const result = flow({ ...problem, field, y0: both, solver }, x.times, {
    ...plan,
    settings,
    backward: twice(plan.backward),
  });
  const sure = <T>(tree: T): T => orNothing(found.success, orNaN(result.success, tree));
  return { y: sure(result.y.change), states: result.states.map(({ change }) => sure(change)) };
}

/** A tolerance for each component is that of its tangent too. */
function twice(settings: Settings): Settings {
  return isLeaf(settings.atol) ? settings : { ...settings, atol: { y: settings.atol, change: settings.atol } };
}

/** Zeros unless the forward phase reached its end. */
export function orNothing<T>(success: Tensor, tree: T): T {
  return mapTensors((leaf) => select(success, leaf, 0), tree);
}

/** NaN where an integration for a derivative failed: no number rather than a wrong one. */
export function orNaN<T>(success: Tensor, tree: T): T {
  return mapTensors((leaf) => select(success, leaf, full(leaf.shape, Number.NaN, leaf.dtype)), tree);
}

function asColumn(list: Tensor, like: Tensor): Tensor {
  const shape = like.shape.map((extent, axis) => (axis === 0 ? extent : 1));
  return reshape(convert(list, like.dtype), shape);
}
