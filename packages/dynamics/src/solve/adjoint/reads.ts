/**
 * Reading states at given times while the steps go by, for methods that do not keep the dense output of every step.
 *
 * In: the steps and the times. Out: a schedule of turns. A turn takes one step and reads at most `width` of the times that
 * lie in it; a step with more of them takes several turns and moves on in the last. So the number of turns has a bound
 * that is known while tracing, slots + n / width, and no turn costs more than one step and `width` polynomials.
 */
import {
  add,
  and,
  convert,
  expandDimensions,
  full,
  greaterEqual,
  iota,
  less,
  minimum,
  mul,
  not,
  or,
  scan,
  scatterAdd,
  stopGradient,
  sum,
  type Tensor,
  take,
} from "@leastaction/tensor";
import type { Problem } from "../problem.ts";
import type { StepRecord } from "../step-record.ts";

/** Times to read at, in the order in which the steps pass them. */
export interface Reads {
  /** Float64 [n], multiplied by the direction, ascending. */
  readonly signed: Tensor;
  /** Where each of the times as given is in that order: int32 [n]; null: in the same place. */
  readonly places: Tensor | null;
  readonly count: number;
}

/** What each turn does: int32 and bool sequences of extent `bound`. */
export interface Schedule {
  /** The step that the turn takes. */
  readonly step: Tensor;
  /** The first of the times, in order, that it reads. */
  readonly read: Tensor;
  /** How many it reads. */
  readonly reads: Tensor;
  /** Whether the next turn goes on from the end of the step. */
  readonly moves: Tensor;
}

/** A schedule and its extent. */
export interface Turns {
  readonly schedule: Schedule;
  /** The most times that a turn reads. */
  readonly width: number;
  readonly bound: number;
  /** Turns needed: int32 scalar. */
  readonly length: Tensor;
}

/**
 * Times in order.
 *
 * @param times float64 [n]
 * @param ordered whether they follow the direction already; else they are ranked with n² comparisons
 */
export function readsOf(direction: Tensor, times: Tensor, ordered: boolean): Reads {
  const count = times.shape[0] as number;
  const signed = mul(times, direction);
  if (ordered) return { signed, places: null, count };
  const fixed = stopGradient(signed);
  const [mine, others] = [expandDimensions(fixed, 1), expandDimensions(fixed, 0)];
  const earlier = less(iota([count, count], 1), iota([count, count], 0));
  // NaN is after everything and before nothing.
  const before = or(less(others, mine), and(not(or(less(mine, others), less(others, mine))), earlier));
  const places = sum(convert(before, "int32"), 1);
  return { signed: scatterAdd(signed, places, count), places, count };
}

/** The turns for some reads. Nothing in it has a derivative. */
export function turnsFor<Y>({ direction }: Problem<Y>, record: StepRecord, { signed, count }: Reads): Turns {
  const width = Math.min(count, 3 + Math.ceil(count / record.slots));
  const extra = Math.floor(count / width);
  const bound = record.slots + extra;
  const length = add(record.count, mul(convert(less(0, record.count), "int32"), extra));
  const starts = mul(record.starts, direction);
  const wanted = stopGradient(signed);
  const [, schedule] = scan<{ step: Tensor; read: Tensor }, Record<string, never>, Schedule>(
    ({ step, read }) => {
      // What is wanted where a step ends is read where the next begins, without its polynomial.
      const end = take(starts, add(step, 1));
      const isLast = greaterEqual(add(step, 1), record.count);
      const inside = (place: Tensor, shape: readonly number[]): Tensor =>
        and(less(place, count), or(isLastFor(isLast, shape), less(take(wanted, place), end)));
      const reads = sum(convert(inside(add(read, iota([width])), [width]), "int32"));
      const next = add(read, reads);
      const moves = not(inside(next, []));
      return [
        { step: add(step, convert(moves, "int32")), read: next },
        { step, read, reads, moves: convert(moves, "int32") },
      ];
    },
    { step: full([], 0, "int32"), read: full([], 0, "int32") },
    {},
    { bound, length },
  );
  return { schedule: schedule as unknown as Schedule, width, bound, length: minimum(length, bound) };
}

function isLastFor(isLast: Tensor, shape: readonly number[]): Tensor {
  return shape.length === 0 ? isLast : and(isLast, full(shape, 1, "bool"));
}
