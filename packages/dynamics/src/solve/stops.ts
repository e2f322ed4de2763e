/**
 * Times that steps must hit.
 *
 * In: the `tStops` of the user and the knots of controls. Out: one list in the order in which the integration meets them.
 * Times outside the span, and NaN, are ignored; equal ones count once. Lists on the host are sorted here, others by the
 * program, with k² comparisons.
 */
import {
  and,
  array,
  concatenate,
  convert,
  equal,
  expandDimensions,
  full,
  greaterEqual,
  iota,
  less,
  lessEqual,
  mul,
  or,
  reshape,
  scatterAdd,
  select,
  sum,
  type Tensor,
  take,
} from "@leastaction/tensor";
import type { Problem } from "./problem.ts";
import { hostTimes, type Times, timesTensor } from "./times.ts";

/** Stops of one integration. */
export interface Stops {
  /** Times multiplied by the direction, ascending: float64 [k], k at least 1. */
  readonly signed: Tensor;
  readonly count: number;
}

/** What an adaptive integration goes to next: a stop, or the end. */
export interface Goal {
  /** Stops behind or reached by the next goal: int32 scalar. */
  readonly index: Tensor;
  /** Float64 scalar. */
  readonly time: Tensor;
  /** Whether it is the end: scalar bool. */
  readonly final: Tensor;
}

/** The stops of all lists together; null when there are none. */
export function stopsOf<Y>({ direction }: Problem<Y>, lists: readonly Times[]): Stops | null {
  const onHost = lists.map(hostTimes);
  if (onHost.every((list) => list !== null)) {
    const sorted = [...new Set(onHost.flat())].filter((time) => !Number.isNaN(time)).sort((a, b) => a - b);
    if (sorted.length === 0) return null;
    const backward = array(Float64Array.from([...sorted].reverse()));
    const ordered = select(less(direction, 0), backward, array(Float64Array.from(sorted)));
    return { signed: mul(ordered, direction), count: sorted.length };
  }
  const tensors = lists.map(timesTensor).filter(({ shape }) => shape[0] !== 0);
  if (tensors.length === 0) return null;
  const joined = concatenate(tensors);
  return { signed: sorted(mul(joined, direction)), count: joined.shape[0] as number };
}

/** The first goal after the start. */
export function firstGoal<Y>(problem: Problem<Y>, stops: Stops): Goal {
  const behind = lessEqual(stops.signed, mul(problem.t0, problem.direction));
  return goalAt(problem, stops, sum(convert(behind, "int32")));
}

/** The goal when `index` stops are behind. */
export function goalAt<Y>({ t1, direction }: Problem<Y>, { signed, count }: Stops, index: Tensor): Goal {
  const next = take(signed, index);
  const final = or(greaterEqual(index, count), greaterEqual(next, mul(t1, direction)));
  return { index, time: select(final, t1, mul(next, direction)), final };
}

/** Ascending, by rank; NaN and what was there before go to the end as infinity. */
function sorted(values: Tensor): Tensor {
  const count = values.shape[0] as number;
  const [column, row] = [expandDimensions(values, 1), expandDimensions(values, 0)];
  const earlier = less(iota([count, count], 1), iota([count, count], 0));
  const twice = sum(convert(and(equal(column, row), earlier), "int32"), 1);
  const unique = select(and(equal(twice, 0), equal(values, values)), values, full([count], Infinity, "float64"));
  const [mine, others] = [expandDimensions(unique, 1), reshape(unique, [1, count])];
  const before = or(less(others, mine), and(equal(others, mine), earlier));
  return scatterAdd(unique, sum(convert(before, "int32"), 1), count);
}
