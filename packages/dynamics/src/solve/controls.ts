/**
 * Controls and other known inputs as functions of time, from values at knots.
 *
 * In: times and values. Out: an object that a field reads, differentiable with respect to the values. Handed to `solve` as
 * `controls` too, steps end at the knots where it is not smooth. Before the first and after the last knot it stays what it
 * is there.
 */
import {
  add,
  concatenate,
  convert,
  div,
  full,
  isLeaf,
  lessEqual,
  maximum,
  minimum,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
  TensorError,
  type Traced,
  take,
} from "@leastaction/tensor";
import { mapTensors, tensorsOf } from "../nn/tensor-tree.ts";
import { lastBegun } from "./bisect.ts";
import { hostTimes, type Times, timesTensor } from "./times.ts";

/**
 * How values are joined.
 *
 * - `hold`: each value until the next knot (zero-order hold)
 * - `linear`: straight lines
 * - `cubic`: cubics with the slope at every knot of the parabola through it and its neighbours (Bessel; de Boor, 1978, "A
 *   practical guide to splines", chapter IV): once continuously differentiable, exact for parabolas, each value felt two
 *   intervals away at most
 */
export type ControlKind = "hold" | "linear" | "cubic";

/** Options of `controls`. */
export interface ControlOptions<U> {
  /** Knots, strictly increasing, float64 [n]; n at least 1 for `hold`, else 2. May be known at run time, and then by batch. */
  readonly times: Times;
  /** A tree of float tensors with a leading axis of n. */
  readonly values: U;
  /** Default `hold`. */
  readonly kind?: ControlKind;
}

/** Controls as a function of time. */
export interface Controls<U> {
  readonly kind: ControlKind;
  readonly times: Times;
  /** The values at a time, a float64 scalar: a tree like `values` without the leading axis. At a jump, the later value. */
  readonly at: (t: Tensor) => U;
}

/**
 * Joins values at knots to a function of time.
 *
 * @example
 * const push = controls({ times: [0, 1, 2], values: array([0, 2, 1]), kind: "linear" });
 * const end = evaluate(() => solve({ field: (t, y) => push.at(t), t0: 0, t1: 2, y0: array(0), controls: push }).y);
 *
 * Errors: times that do not increase, too few, or values of another length.
 */
export function controls<U>({ times, values, kind = "hold" }: ControlOptions<U>): Controls<Traced<U>> {
  expectKnots(times, values, kind);
  const tree = values as unknown as Traced<U>;
  return Object.freeze({
    kind,
    times,
    at: (t: Tensor): Traced<U> => {
      const knots = timesTensor(times);
      const count = knots.shape[0] as number;
      const places = kind === "hold" ? count : count - 1;
      const begun = (index: Tensor): Tensor => lessEqual(take(knots, index), t);
      const index = lastBegun([], begun, full([], places, "int32"), places);
      if (kind === "hold") return mapTensors((leaf) => take(leaf, index), tree);
      const [from, to] = [take(knots, index), take(knots, add(index, 1))];
      const length = sub(to, from);
      const theta = minimum(maximum(div(sub(t, from), length), 0), 1);
      const join = kind === "linear" ? line : cubic(knots);
      return mapTensors((leaf) => join(leaf, index, { theta, length }), tree);
    },
  });
}

/** Where in its interval a time is. */
interface Inside {
  /** 0 .. 1. */
  readonly theta: Tensor;
  readonly length: Tensor;
}

function line(values: Tensor, index: Tensor, { theta }: Inside): Tensor {
  const [from, to] = [take(values, index), take(values, add(index, 1))];
  return add(from, mul(sub(to, from), convert(theta, values.dtype)));
}

function cubic(knots: Tensor): (values: Tensor, index: Tensor, inside: Inside) => Tensor {
  return (values, index, inside) => {
    const slopes = parabolaSlopes(knots, values);
    const [theta, length] = [inside.theta, inside.length].map((scalar) => convert(scalar, values.dtype)) as [
      Tensor,
      Tensor,
    ];
    const after = add(index, 1);
    const [from, to] = [take(values, index), take(values, after)];
    const [rise, fall] = [take(slopes, index), take(slopes, after)].map((slope) => mul(slope, length)) as [
      Tensor,
      Tensor,
    ];
    const change = sub(to, from);
    const square = sub(mul(change, 3), add(mul(rise, 2), fall));
    const cube = sub(add(rise, fall), mul(change, 2));
    return add(from, mul(theta, add(rise, mul(theta, add(square, mul(theta, cube))))));
  };
}

/** At each knot the slope of the parabola through it and its neighbours: of the shape of `values`. */
function parabolaSlopes(knots: Tensor, values: Tensor): Tensor {
  const count = knots.shape[0] as number;
  const along = (scalars: Tensor): Tensor =>
    reshape(convert(scalars, values.dtype), [scalars.shape[0] as number, ...values.shape.slice(1).map(() => 1)]);
  const difference = (x: Tensor): Tensor => sub(slice(x, 0, 1), slice(x, 0, 0, -1));
  const lengths = along(difference(knots));
  const chords = div(difference(values), lengths);
  if (count === 2) return concatenate([chords, chords]);
  const [first, last] = [(x: Tensor) => slice(x, 0, 0, -1), (x: Tensor) => slice(x, 0, 1)];
  const both = add(first(lengths), last(lengths));
  const inner = div(add(mul(first(chords), last(lengths)), mul(last(chords), first(lengths))), both);
  // At an end the parabola through the three nearest knots: twice the chord less the slope at the neighbour.
  const start = sub(mul(slice(chords, 0, 0, 1), 2), slice(inner, 0, 0, 1));
  const end = sub(mul(slice(chords, 0, -1), 2), slice(inner, 0, -1));
  return concatenate([start, inner, end]);
}

function expectKnots(times: Times, values: unknown, kind: ControlKind): void {
  const known = hostTimes(times);
  const count = known?.length ?? timesTensor(times).shape[0] ?? 0;
  const least = kind === "hold" ? 1 : 2;
  const wrong = (known ?? []).findIndex((time, i) => i > 0 && !(time > (known?.[i - 1] as number)));
  if (wrong >= 0) {
    throw new TensorError(
      `Cannot make controls: expected times that increase, got ${known?.[wrong]} after ${known?.[wrong - 1]} at index ${wrong}`,
      "Sort the knots, and keep one value for each time.",
    );
  }
  const leaves = isLeaf(values) && typeof values === "number" ? [] : tensorsOf(values);
  const lengths = leaves.map(({ shape }) => shape[0] ?? 0);
  if (count >= least && leaves.length > 0 && lengths.every((length) => length === count)) return;
  throw new TensorError(
    `Cannot make controls: expected at least ${least} times and a value for each, got ${count} times and ${lengths.join(" and ") || "no"} values`,
    "Give values a leading axis as long as the list of times.",
  );
}
