/**
 * The size of an error in units of the tolerance.
 */
import {
  abs,
  add,
  convert,
  div,
  full,
  isLeaf,
  leavesOf,
  less,
  maximum,
  mul,
  select,
  sizeOf,
  sqrt,
  sumOfSquares,
  type Tensor,
  type TensorLike,
} from "@leastaction/tensor";
import { tensorsOf } from "../nn/tensor-tree.ts";

/**
 * Relative and absolute tolerance. The relative one is a scalar; the absolute one a scalar, or a tree of the structure of
 * the state whose leaves are scalars or have the shapes of its tensors.
 */
export interface Tolerances {
  readonly rtol: TensorLike;
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
 * The sizes of the components of an error in units of the tolerance, by leaf, each with the shape of its leaf.
 */
export function scaledErrors(error: unknown, tolerances: Tolerances, y0: unknown, y1: unknown = y0): Tensor[] {
  const scales = scalesOf(error, tolerances, y0, y1);
  return tensorsOf(error).map((leaf, i) => abs(div(leaf, scales[i] as Tensor)));
}

/**
 * The square of `errorNorm`: what decides a step, without the root. The scale is inverted, and has the count in it,
 * since it is known before.
 */
export function squaredErrorNorm(error: unknown, tolerances: Tolerances, y0: unknown, y1: unknown = y0): Tensor {
  const errors = tensorsOf(error);
  const scales = scalesOf(error, tolerances, y0, y1);
  const count = errors.reduce((total, { shape }) => total + sizeOf(shape), 0);
  const share = Math.sqrt(1 / Math.max(1, count));
  const parts = errors.map((leaf, i) => convert(sumOfSquares(mul(leaf, div(share, scales[i] as Tensor))), "float64"));
  return add(full([], 0, "float64"), ...parts);
}

function scalesOf(error: unknown, { rtol, atol }: Tolerances, y0: unknown, y1: unknown): Tensor[] {
  const [errors, before, after] = [tensorsOf(error), tensorsOf(y0), tensorsOf(y1)];
  const absolute = isLeaf(atol) ? errors.map(() => atol as TensorLike) : (leavesOf(atol) as TensorLike[]);
  return errors.map((leaf, i) => {
    const [from, to] = [abs(before[i] as Tensor), abs(after[i] as Tensor)];
    // One instruction, where `maximum` also orders zeros; NaN of the new state stays.
    const size = select(less(to, from), from, to);
    return add(mul(size, asType(rtol, leaf)), aboveZero(absolute[i] as TensorLike, leaf));
  });
}

/** A component that is zero, with no absolute tolerance, may stay zero: its scale is never 0. */
function aboveZero(value: TensorLike, leaf: Tensor): TensorLike {
  const least = leaf.dtype === "float32" ? 2 ** -120 : 2 ** -1000;
  return typeof value === "number" ? Math.max(value, least) : maximum(asType(value, leaf), least);
}

function asType(value: TensorLike, like: Tensor): TensorLike {
  return typeof value === "number" ? value : convert(value, like.dtype);
}
