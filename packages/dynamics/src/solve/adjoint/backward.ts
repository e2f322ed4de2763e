/**
 * The adjoint equation of a flow: from cotangents of its results to cotangents of what it depends on.
 *
 * a' = -a df/dy backward from t1, where a is the cotangent of the state there, with a jump by its cotangent at every time
 * whose state was wanted; the cotangent of the parameters is the integral of a df/dp. The state that df/dy needs is
 * integrated back along with a (set anew at every wanted time, and compared with what is known there), or read from the
 * steps of the forward phase.
 */
import {
  add,
  and,
  concatenate,
  convert,
  customJvp,
  at as elementAt,
  expandDimensions,
  lessEqual,
  maximum,
  minimum,
  mul,
  neg,
  reshape,
  scan,
  scatterAdd,
  select,
  slice,
  sub,
  type Tensor,
  vjp,
} from "@leastaction/tensor";
import { mapTensors, zerosOf, zipTensors } from "../../nn/tensor-tree.ts";
import type { Field } from "../../solver/solver.ts";
import { squaredErrorNorm } from "../../step-size/error-norm.ts";
import { constant } from "../constant.ts";
import { statesAt } from "../dense-output.ts";
import type { Problem } from "../problem.ts";
import type { StepRecord } from "../step-record.ts";
import { flow, orNaN, orNothing, problemBetween } from "./flow.ts";
import type { Change, Frame, Impulse, Kept, Plan, Residuals } from "./flow-types.ts";
import { groupwise } from "./groupwise.ts";
import { derivativeAlong, leavesOrNull, merged } from "./maybe-tangents.ts";
import type { Settings } from "./phase.ts";
import { readsOf } from "./reads.ts";

/** The cotangents of the start and of the wanted parameters. */
export function pulledBack<Y>(
  frame: Frame<Y>,
  wanted: readonly boolean[],
  residuals: Residuals<Y>,
  cotangent: Change<Y>,
): Impulse<Y> {
  const back = (given: Arguments<Y>): Impulse<Y> => backsolve(frame, wanted, given);
  if (!frame.plan.keepsSteps) return back({ residuals, cotangent });
  // With the state from the steps it is the same function; derivatives are taken where the state is integrated too.
  const read = customJvp(
    (given: Arguments<Y>): Impulse<Y> => interpolating(frame, wanted, given),
    ([given], _, [tangents]) => derivativeAlong(back, given, leavesOrNull(tangents)),
    { symbolicZeros: true },
  );
  return read({ residuals, cotangent });
}

interface Arguments<Y> {
  readonly residuals: Residuals<Y>;
  readonly cotangent: Change<Y>;
}

/** The cotangents that travel backward. */
interface Costate<Y> {
  readonly a: Y;
  /** Cotangents of the wanted parameters. */
  readonly g: readonly Tensor[];
}

interface Interval<Y> {
  readonly from: Tensor;
  readonly to: Tensor;
  /** The state at `from`, and its cotangent. */
  readonly y: Y;
  readonly jump: Y;
}

function backsolve<Y>(frame: Frame<Y>, wanted: readonly boolean[], given: Arguments<Y>): Impulse<Y> {
  const { x, constants, found } = given.residuals;
  const problem = frame.problemOf(x, constants);
  const field: Field<{ readonly y: Y } & Costate<Y>> = (t, { y, a, g }) =>
    adjointField(frame, wanted, given, t, y, { a, g });
  const plan = backwardPlan(frame.planOf(constants));
  const start = { ...noCostate(x, wanted), reached: found.y };
  const end = overIntervals(frame, given, start, ({ from, to, y }, { a, g, reached }) => {
    const met = meets(reached, y, plan.settings);
    const state = { y, a, g };
    const solver = groupwise(plan.solver, state);
    const result = flow(problemBetween({ ...problem, field, y0: state, solver }, from, to), [], plan);
    const costate = orNaN(and(result.success, met), { a: result.y.a, g: result.y.g });
    return { ...costate, reached: constant(result.y.y) };
  });
  const met = meets(end.reached, x.y0, plan.settings);
  return orNothing(found.success, orNaN(met, { y0: end.a, parameters: end.g }));
}

function interpolating<Y>(frame: Frame<Y>, wanted: readonly boolean[], given: Arguments<Y>): Impulse<Y> {
  const { x, constants, found } = given.residuals;
  const problem = frame.problemOf(x, constants);
  const stateAt = readerOf(problem, frame.slots, found.kept[0] as Kept<Y>);
  const field: Field<Costate<Y>> = (t, { a, g }) => {
    const { y: _, ...rest } = adjointField(frame, wanted, given, t, stateAt(t), { a, g });
    return rest;
  };
  const plan = backwardPlan(frame.planOf(constants));
  const { a, g } = overIntervals(frame, given, noCostate(x, wanted), ({ from, to }, costate) => {
    const solver = groupwise(plan.solver, costate);
    const result = flow(problemBetween({ ...problem, field, y0: costate, solver }, from, to), [], plan);
    return orNaN(result.success, result.y);
  });
  return orNothing(found.success, { y0: a, parameters: g });
}

/**
 * Whether the state that was integrated back is the one that is known there, to the square root of the tolerance: where
 * it is not, its costate belongs to another solution.
 */
function meets(y: unknown, known: unknown, { rtol, atol }: Settings): Tensor {
  const drift = squaredErrorNorm(zipTensors(sub, y, known), { rtol, atol }, known);
  return lessEqual(mul(drift, maximum(convert(rtol, "float64"), Number.EPSILON)), 1);
}

/** y' = f, a' = -a df/dy, g' = -a df/dp. */
function adjointField<Y>(
  frame: Frame<Y>,
  wanted: readonly boolean[],
  { residuals: { x, constants } }: Arguments<Y>,
  t: Tensor,
  state: Y,
  { a }: Costate<Y>,
): { readonly y: Y } & Costate<Y> {
  const chosen = x.parameters.filter((_, i) => wanted[i] === true);
  const f = (y: Y, some: readonly Tensor[]): Y => {
    const parameters = merged(x.parameters, x.parameters, wanted, some);
    return frame.problemOf({ ...x, parameters }, constants).field(t, y);
  };
  const { value, pullback } = vjp(f, state, chosen);
  const [dy, dp] = pullback(a) as [Y, readonly Tensor[]];
  return { y: value as Y, a: mapTensors(neg, dy), g: dp.map((leaf) => neg(leaf)) };
}

function noCostate<Y>({ y0, parameters }: Residuals<Y>["x"], wanted: readonly boolean[]): Costate<Y> {
  return { a: zerosOf(y0), g: zerosOf(parameters.filter((_, i) => wanted[i] === true)) };
}

/** From the end to the start, interval by interval between the wanted times; `jump` is added to what `back` is given. */
function overIntervals<Y, Carry extends Costate<Y>>(
  frame: Frame<Y>,
  given: Arguments<Y>,
  start: Carry,
  back: (interval: Interval<Y>, carry: Carry) => Carry,
): Carry {
  const { intervals, jump } = intervalsOf(frame, given);
  const [end] = scan<Carry, Interval<Y>, Record<string, never>>(
    (carry, interval) => [back(interval, { ...carry, a: zipTensors(add, carry.a, interval.jump) }), {}],
    jump === null ? start : { ...start, a: jump },
    intervals,
    { reverse: true },
  );
  return end;
}

interface Intervals<Y> {
  /** In the order of the integration; of no length after a failure, so that nothing is done. */
  readonly intervals: Interval<Y>;
  /** The cotangent of the end, where that is the last of the wanted times and no interval of its own; else null. */
  readonly jump: Y | null;
}

function intervalsOf<Y>(
  frame: Frame<Y>,
  { residuals: { x, constants, found }, cotangent }: Arguments<Y>,
): Intervals<Y> {
  const { direction, t0, t1 } = frame.problemOf(x, constants);
  const [first, last] = [expandDimensions(t0, 0), expandDimensions(select(found.success, t1, t0), 0)];
  const [times, states, jumps] = [x.times[0], found.states[0], cotangent.states[0]];
  const lone = (tree: Y): Y => mapTensors((leaf) => expandDimensions(leaf, 0), tree);
  if (times === undefined || states === undefined || jumps === undefined) {
    return { intervals: { from: last, to: first, y: lone(found.y), jump: lone(cotangent.y) }, jump: null };
  }
  const { ordered: inOrder, endsAtLast } = frame.plan;
  const { signed, places, count } = readsOf(direction, times, inOrder);
  const clamped = minimum(maximum(mul(signed, direction), minimum(t0, t1)), maximum(t0, t1));
  const inside = select(found.success, clamped, t0);
  const ordered = (series: Y): Y =>
    places === null ? series : mapTensors((leaf) => scatterAdd(leaf, places, count), series);
  if (endsAtLast) {
    const to = concatenate([first, slice(inside, 0, 0, count - 1)]);
    return { intervals: { from: inside, to, y: ordered(states), jump: ordered(jumps) }, jump: cotangent.y };
  }
  const joined = (one: Y, other: Y): Y => zipTensors((a, b) => concatenate([a, b]), one, other);
  const intervals = {
    from: concatenate([inside, last]),
    to: concatenate([first, inside]),
    y: joined(ordered(states), lone(found.y)),
    jump: joined(ordered(jumps), lone(cotangent.y)),
  };
  return { intervals, jump: null };
}

/** The state at a time, from the polynomials of the steps. */
function readerOf<Y>(problem: Problem<Y>, slots: number, { dense, starts, steps, count }: Kept<Y>): (t: Tensor) => Y {
  const record = { starts, steps, count, slots } as StepRecord;
  return (t) => {
    const found = statesAt(problem, record, { y: problem.y0, dense }, reshape(t, [1]));
    return mapTensors((leaf) => elementAt(leaf, 0), found);
  };
}

/** The plan of the adjoint equation: its own tolerances. */
function backwardPlan(plan: Plan): Plan {
  return { ...plan, settings: plan.backward, keepsSteps: false, ordered: true };
}
