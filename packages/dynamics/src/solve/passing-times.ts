/**
 * States at given times, read while the steps are found: for solutions whose steps are not taken again.
 *
 * In: a loop of steps, cut at any time, and the times in the order in which it passes them. Out: the state at each, from
 * the polynomial of the step that passes it. The loop runs from time to time, and once more to its end; of all steps only
 * the last is known.
 */
import {
  add,
  concatenate,
  convert,
  div,
  equal,
  full,
  maximum,
  minimum,
  mul,
  scan,
  select,
  slice,
  sub,
  type Tensor,
  zerosLike,
} from "@leastaction/tensor";
import { mapTensors, zipTensors } from "../nn/tensor-tree.ts";
import type { Field } from "../solver/solver.ts";
import { constant } from "./constant.ts";
import type { Problem } from "./problem.ts";

/** The last step that was accepted. */
export interface PassedStep<Y> {
  readonly start: Tensor;
  /** Signed; 0 before the first step. */
  readonly length: Tensor;
  /** Of its polynomial in theta = 0 .. 1. */
  readonly coefficients: readonly Y[];
}

/** Before the first step: the state at the start everywhere. */
export function beforeSteps<Y>({ t0, y0, solver }: Problem<Y>): PassedStep<Y> {
  // Only how many coefficients there are is asked; this field costs nothing.
  const still: Field<Y> = (_t, y) => y;
  const none = full([], 0, "float64");
  const { length } = solver.step(still, t0, none, y0, solver.start(still, t0, y0)).dense();
  const rest = Array.from({ length: Math.max(0, length - 1) }, () => mapTensors(zerosLike, y0));
  return { start: t0, length: none, coefficients: [y0, ...rest] };
}

/** Times to read states at while the steps go by. */
export interface PassedTimes {
  /** Multiplied by the direction, ascending: float64 [n], n > 0. */
  readonly signed: Tensor;
  /** Whether the last of them is known to be the end of the integration. */
  readonly endsAtLast: boolean;
}

/**
 * Runs a loop past the times and to its end.
 *
 * @param advance takes steps until the end of the last is beyond a signed time, or there are no more
 * @returns what the loop carries at the end, and the states, each leaf with a leading axis of n
 */
export function passTimes<Y, Carry extends { readonly passed: PassedStep<Y> }>(
  { direction }: Problem<Y>,
  { signed, endsAtLast }: PassedTimes,
  start: Carry,
  advance: (carry: Carry, until: Tensor) => Carry,
): { readonly end: Carry; readonly states: Y } {
  const count = signed.shape[0] as number;
  const goals = endsAtLast ? signed : concatenate([signed, full([1], Infinity, "float64")]);
  const [end, states] = scan<Carry, Tensor, Y>(
    (carry, goal) => {
      const next = advance(carry, goal);
      return [next, stateWithin(next.passed, mul(goal, constant(direction)))];
    },
    start,
    constant(goals),
  );
  return { end, states: mapTensors((series) => (endsAtLast ? series : slice(series, 0, 0, count)), states as Y) };
}

/** The state in a step; beyond its ends that at the nearer one. */
function stateWithin<Y>({ start, length, coefficients }: PassedStep<Y>, time: Tensor): Y {
  const divisor = select(equal(length, 0), 1, length);
  const fraction = minimum(maximum(div(sub(time, start), divisor), 0), 1);
  return zipTensors(
    (...parts) => {
      const [last, ...lower] = parts.reverse() as [Tensor, ...Tensor[]];
      const theta = convert(fraction, last.dtype);
      return lower.reduce((value, coefficient) => add(coefficient, mul(value, theta)), last);
    },
    ...(coefficients as readonly [Y, ...Y[]]),
  );
}
