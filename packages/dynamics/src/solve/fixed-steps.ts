/**
 * The forward phase of an integration with equal steps.
 *
 * In: a problem, the longest step, times to stop at. Out: as many equal steps between neighbouring stops as make each at
 * most that long, cut before the first that leads to a state that is not finite. The states are found by a `scan` that is
 * not differentiated.
 */
import {
  abs,
  add,
  and,
  ceil,
  concatenate,
  convert,
  div,
  equal,
  expandDimensions,
  full,
  greater,
  iota,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  not,
  or,
  scan,
  select,
  slice,
  sub,
  sum,
  type Tensor,
  TensorError,
  type TensorLike,
  take,
} from "@leastaction/tensor";
import { zipTensors } from "../nn/tensor-tree.ts";
import { allFinite, constant } from "./constant.ts";
import type { Problem } from "./problem.ts";
import { statusCodes } from "./status.ts";
import type { ForwardPhase } from "./step-record.ts";
import type { Stops } from "./stops.ts";
import { hostNumber, hostTimes, type Times } from "./times.ts";

/** Times and the length of steps, as the user gave them. */
export interface GivenSteps {
  readonly t0: TensorLike;
  readonly t1: TensorLike;
  readonly dt0: TensorLike | undefined;
  /** Default: as many as needed when the count is known, else 1024. */
  readonly maxSteps: number | undefined;
  readonly stopTimes: readonly Times[];
}

/** A grid of steps before they are run. */
interface Grid {
  readonly starts: Tensor;
  readonly steps: Tensor;
  /** Steps from t0 to t1, float64: NaN or infinite when the times or dt0 are not usable. */
  readonly wanted: Tensor;
  readonly slots: number;
}

const defaultSlots = 1024;

/** Runs equal steps within 1e-9 of at most `dt0`. Errors: no dt0. */
export function fixedSteps<Y>(problem: Problem<Y>, given: GivenSteps, stops: Stops | null): ForwardPhase<Y> {
  const dt0 = abs(convert(expectLength(given.dt0), "float64"));
  const known = countOf(given);
  const { maxSteps } = given;
  const slots = Math.max(1, known === null ? (maxSteps ?? defaultSlots) : Math.min(known, maxSteps ?? known));
  const grid = stops === null ? plainGrid(problem, dt0, known, slots) : gridWithStops(problem, dt0, stops, slots);
  const usable = lessEqual(grid.wanted, Number.MAX_VALUE);
  const taken = convert(select(usable, minimum(grid.wanted, slots), 0), "int32");
  const { y, good, sound } = scout(problem, grid, taken);
  const code = (value: number): Tensor => full([], value, "int32");
  const { success, maxStepsReached, stepSizeUnderflow, nonFinite } = statusCodes;
  const complete = equal(convert(taken, "float64"), grid.wanted);
  const reached = select(complete, code(success), code(maxStepsReached));
  const unusable = select(equal(dt0, 0), code(stepSizeUnderflow), code(nonFinite));
  const passed = select(equal(good, 0), problem.t0, ended(grid, good));
  return {
    record: {
      ...grid,
      count: good,
      rejected: code(0),
      status: select(sound, select(usable, reached, unusable), code(nonFinite)),
      end: select(and(complete, sound), problem.t1, passed),
      startEvaluations: problem.solver.startEvaluations,
    },
    y,
    next: take(grid.steps, good),
  };
}

/** Where step `count` began, or the last of the grid ended. */
function ended({ starts, steps, slots }: Grid, count: Tensor): Tensor {
  const last = sub(count, 1);
  return select(less(count, slots), take(starts, count), add(take(starts, last), take(steps, last)));
}

interface Walk<Y> {
  readonly y: Y;
  /** The state before it. */
  readonly before: Y;
  readonly memory: readonly Y[];
  readonly good: Tensor;
  readonly sound: Tensor;
}

/** Where the walk ended. */
interface Scouted<Y> {
  /** The last state that is finite and has a finite slope, which the dense output of the step to it needs. */
  readonly y: Y;
  /** How many steps lead to it: int32 scalar. */
  readonly good: Tensor;
  /** Whether all steps were taken: scalar bool. */
  readonly sound: Tensor;
}

/** Takes the steps as long as the state is finite. */
function scout<Y>(problem: Problem<Y>, grid: Grid, length: Tensor): Scouted<Y> {
  const { field, t0, y0, solver } = problem;
  const start: Walk<Y> = {
    y: y0,
    before: y0,
    memory: solver.start(field, t0, y0),
    good: full([], 0, "int32"),
    sound: allFinite(y0),
  };
  const [{ y, before, good, sound }] = scan<Walk<Y>, { t: Tensor; h: Tensor }, Record<string, never>>(
    (walk, { t, h }) => {
      const step = solver.step(field, t, h, walk.y, walk.memory);
      const goes = and(walk.sound, allFinite(step.y));
      const next: Walk<Y> = {
        y: chosen(goes, step.y, walk.y),
        before: chosen(goes, walk.y, walk.before),
        memory: chosen(goes, step.memory, walk.memory),
        good: add(walk.good, convert(goes, "int32")),
        sound: goes,
      };
      return [constant(next), {}];
    },
    constant(start),
    { t: grid.starts, h: grid.steps },
    { length },
  );
  const keeps = or(or(sound, equal(good, 0)), allFinite(constant(field(ended(grid, good), y))));
  return { y: chosen(keeps, y, before), good: sub(good, convert(not(keeps), "int32")), sound };
}

function chosen<T>(condition: Tensor, whenTrue: T, whenFalse: T): T {
  return zipTensors((a, b) => select(condition, a, b), whenTrue, whenFalse);
}

/** Equal steps from t0 to t1. */
function plainGrid<Y>({ t0, t1, span }: Problem<Y>, dt0: Tensor, known: number | null, slots: number): Grid {
  const wanted = known === null ? ceil(sub(div(span, dt0), 1e-9)) : full([], known, "float64");
  const step = div(sub(t1, t0), maximum(wanted, 1));
  return {
    starts: add(t0, mul(step, iota([slots], 0, "float64"))),
    steps: mul(step, full([slots], 1, "float64")),
    wanted,
    slots,
  };
}

/** Equal steps in every interval between neighbouring stops. */
function gridWithStops<Y>({ t0, t1, direction }: Problem<Y>, dt0: Tensor, stops: Stops, slots: number): Grid {
  const [from, to] = [mul(t0, direction), mul(t1, direction)];
  const inner = minimum(maximum(stops.signed, from), to);
  const edges = concatenate([expandDimensions(from, 0), inner, expandDimensions(to, 0)]);
  const left = slice(edges, 0, 0, stops.count + 1);
  const lengths = sub(slice(edges, 0, 1), left);
  const counts = select(greater(lengths, 0), maximum(ceil(sub(div(lengths, dt0), 1e-9)), 1), lengths);
  const intervals = stops.count + 1;
  const upTo = lessEqual(iota([intervals, intervals], 1), iota([intervals, intervals], 0));
  const passed = sum(mul(convert(upTo, "float64"), expandDimensions(counts, 0)), 1);
  const slot = iota([slots], 0, "float64");
  const behind = lessEqual(expandDimensions(passed, 0), expandDimensions(slot, 1));
  const interval = sum(convert(behind, "int32"), 1);
  const step = div(take(lengths, interval), maximum(take(counts, interval), 1));
  const since = sub(slot, sub(take(passed, interval), take(counts, interval)));
  return {
    starts: mul(add(take(left, interval), mul(step, since)), direction),
    steps: mul(step, direction),
    wanted: sum(counts),
    slots,
  };
}

/** How many steps there are, when all times are known. */
function countOf({ t0, t1, dt0, stopTimes }: GivenSteps): number | null {
  const [from, to, longest] = [t0, t1, dt0 ?? 1].map(hostNumber);
  const lists = stopTimes.map(hostTimes);
  if (from == null || to == null || longest == null || lists.some((list) => list === null)) return null;
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const inner = lists.flatMap((list) => list as readonly number[]).filter((time) => time > low && time < high);
  const edges = [low, ...new Set(inner.sort((a, b) => a - b)), high];
  const counts = edges.slice(1).map((edge, i) => {
    const length = edge - (edges[i] as number);
    return length > 0 ? Math.max(edges.length > 2 ? 1 : 0, Math.ceil(length / longest - 1e-9)) : 0;
  });
  return counts.reduce((total, count) => total + count, 0);
}

function expectLength(dt0: TensorLike | undefined): TensorLike {
  if (dt0 !== undefined) return dt0;
  throw new TensorError(
    "Cannot solve with equal steps: expected a positive dt0, got none",
    "Pass dt0, the longest step; its sign does not matter for backward time and is always positive.",
  );
}
