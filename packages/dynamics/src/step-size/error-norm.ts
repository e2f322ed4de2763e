/**
 * The size of an error in units of the tolerance.
 */
import {
  abs,
  add,
  convert,
  div,
  full,
  less,
  mul,
  select,
  sizeOf,
  sqrt,
  sumOfSquares,
  type Tensor,
  type TensorLike,
} from "@leastaction/tensor";
import { tensorsOf } from "../nn/tensor-tree.ts";

/** Relative and absolute tolerance; the absolute one is a number, or a tree of the structure of the state. */
export interface Tolerances {
  readonly rtol: number;
  readonly atol: unknown;
}

/**
 * Root mean square over all components of error / (atol + rtol max(|y0|, |y1|)), a float64 scalar.
 * Hairer, Nørsett, Wanner, 1993, "Solving ordinary differential equations I", equation II.4.11.
 *
 * @param error, y0, y1 trees of one structure; without `y1` the scale is that of `y0` alone
 */
export function errorNorm(error: unknown, tolerances: Tolerances, y0: unknown, y1: unknown = y0): Tensor {
  return sqrt(squaredErrorNorm(error, tolerances, y0, y1));
}

/**
 * The square of `errorNorm`: what decides a step, without the root. The scale is inverted, and has the count in it,
 * since it is known before.
 */
export function squaredErrorNorm(error: unknown, { rtol, atol }: Tolerances, y0: unknown, y1: unknown = y0): Tensor {
  const [errors, before, after] = [tensorsOf(error), tensorsOf(y0), tensorsOf(y1)];
  const absolute = typeof atol === "number" ? errors.map(() => atol) : tensorsOf(atol);
  const count = errors.reduce((total, { shape }) => total + sizeOf(shape), 0);
  const share = Math.sqrt(1 / Math.max(1, count));
  const parts = errors.map((leaf, i) => {
    const [from, to] = [abs(before[i] as Tensor), abs(after[i] as Tensor)];
    // One instruction, where `maximum` also orders zeros; NaN of the new state stays.
    const size = select(less(to, from), from, to);
    const scale = add(mul(size, rtol), asType(absolute[i] as TensorLike, leaf));
    return convert(sumOfSquares(mul(leaf, div(share, scale))), "float64");
  });
  return add(full([], 0, "float64"), ...parts);
}

function asType(value: TensorLike, like: Tensor): TensorLike {
  return typeof value === "number" ? value : convert(value, like.dtype);
}
