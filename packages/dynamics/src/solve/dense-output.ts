/**
 * Reading a solution between its steps.
 *
 * In: the steps, and the polynomial of each in theta = 0 .. 1. Out: states at any times. A time outside the steps that
 * were taken gets the state at the nearer end.
 */
import {
  add,
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
  zerosLike,
} from "@leastaction/tensor";
import { mapTensors, zipTensors } from "../nn/tensor-tree.ts";
import { lastBegun } from "./bisect.ts";
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
  const { some, fraction, columns } = placesOf(problem, record, dense, times);
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

/** The slopes at `times` of the polynomials that `statesAt` reads; zero when there are no steps. */
export function slopesAt<Y>(problem: Problem<Y>, record: StepRecord, { dense }: Replay<Y>, times: Tensor): Y {
  const { some, step, fraction, columns } = placesOf(problem, record, dense, times);
  const perStep = (leaf: Tensor): Tensor => div(1, alongFirst(step, leaf));
  return zipTensors(
    (_start, ...parts) => {
      const slopes = parts.slice(1).map((part, power) => mul(part, power + 1));
      const [first] = parts as [Tensor, ...Tensor[]];
      return select(some, mul(horner(slopes, fraction), perStep(first)), zerosLike(first));
    },
    problem.y0,
    ...columns,
  );
}

interface Places<Y> {
  /** Whether there are steps: scalar bool. */
  readonly some: Tensor;
  /** Length of the step at each time, 1 when there are none; where in it the time is, 0 .. 1. */
  readonly step: Tensor;
  readonly fraction: Tensor;
  /** The coefficients of the step at each time. */
  readonly columns: readonly Y[];
}

function placesOf<Y>(problem: Problem<Y>, record: StepRecord, dense: readonly Y[], times: Tensor): Places<Y> {
  const index = stepOf(problem, record, times);
  const since = sub(times, take(record.starts, index));
  const some = less(0, record.count);
  const step = select(some, take(record.steps, index), full(times.shape, 1, "float64"));
  const fraction = minimum(maximum(div(since, step), 0), 1);
  const columns = dense.map((coefficient) => mapTensors((leaf) => take(leaf, index), coefficient));
  return { some, step, fraction, columns };
}

/** c_0 + theta (c_1 + theta (c_2 + …)). */
function horner(coefficients: readonly Tensor[], fraction: Tensor): Tensor {
  const [last, ...lower] = [...coefficients].reverse() as [Tensor, ...Tensor[]];
  const theta = alongFirst(fraction, last);
  return lower.reduce((value, coefficient) => add(coefficient, mul(value, theta)), last);
}

/** Values along the first axis of `like`, in its element type. */
function alongFirst(values: Tensor, like: Tensor): Tensor {
  return reshape(
    convert(values, like.dtype),
    like.shape.map((extent, axis) => (axis === 0 ? extent : 1)),
  );
}

/** The last step that starts at or before each time: int32 [n]. */
function stepOf<Y>({ direction }: Problem<Y>, { starts, count, slots }: StepRecord, times: Tensor): Tensor {
  const signed = mul(times, direction);
  return lastBegun(times.shape, (index) => lessEqual(mul(take(starts, index), direction), signed), count, slots);
}
