/**
 * Reading a solution between its steps.
 *
 * In: the steps, and the polynomial of each in theta = 0 .. 1. Out: states at any times. A time outside the steps that
 * were taken gets the state at the nearer end.
 */
import {
  add,
  and,
  convert,
  div,
  full,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  reshape,
  select,
  sub,
  type Tensor,
  take,
} from "@leastaction/tensor";
import { mapTensors, zipTensors } from "../nn/tensor-tree.ts";
import type { Problem } from "./problem.ts";
import type { Replay } from "./replay.ts";
import type { StepRecord } from "./step-record.ts";

/**
 * The states at `times`.
 *
 * @param times float64 [n], in any order
 * @returns a tree like the state, each leaf with a leading axis of n
 */
export function statesAt<Y>(problem: Problem<Y>, record: StepRecord, { dense }: Replay<Y>, times: Tensor): Y {
  const index = stepOf(problem, record, times);
  const since = sub(times, take(record.starts, index));
  const step = take(record.steps, index);
  const some = less(0, record.count);
  const fraction = minimum(maximum(div(since, select(some, step, full(times.shape, 1, "float64"))), 0), 1);
  const columns = dense.map((coefficient) => mapTensors((leaf) => take(leaf, index), coefficient));
  return zipTensors(
    (start, ...parts) =>
      select(
        some,
        horner(parts, fraction),
        mul(start, full([times.shape[0] ?? 1, ...start.shape.map(() => 1)], 1, start.dtype)),
      ),
    problem.y0,
    ...columns,
  );
}

/** c_0 + theta (c_1 + theta (c_2 + …)). */
function horner(coefficients: readonly Tensor[], fraction: Tensor): Tensor {
  const [last, ...lower] = [...coefficients].reverse() as [Tensor, ...Tensor[]];
  const shape = last.shape.map((extent, axis) => (axis === 0 ? extent : 1));
  const theta = reshape(convert(fraction, last.dtype), shape);
  return lower.reduce((value, coefficient) => add(coefficient, mul(value, theta)), last);
}

/** The last step that starts at or before each time, by bisection: int32 [n]. */
function stepOf<Y>({ direction }: Problem<Y>, { starts, count, slots }: StepRecord, times: Tensor): Tensor {
  let found = full(times.shape, 0, "int32");
  const signed = mul(times, direction);
  for (let width = 2 ** Math.ceil(Math.log2(slots)); width >= 1; width /= 2) {
    const candidate = add(found, width);
    const begun = lessEqual(mul(take(starts, candidate), direction), signed);
    found = select(and(less(candidate, count), begun), candidate, found);
  }
  return found;
}
