/**
 * Reductions over axes. Without `axes`, over all of them.
 */

import type { Reduction } from "../program/primitive.ts";
import { normalizeAxis, type Shape, sizeOf } from "../shape.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { single } from "./broadcasting.ts";
import { less, select } from "./comparison.ts";
import { abs, div, square, stopGradient } from "./elementwise.ts";

/** One axis or several, counted from the end when negative. */
export type Axes = number | readonly number[];

/** The sum; in float32 it is made by blocks, so that the error grows slowly with the length. */
export function sum(x: TensorLike, axes?: Axes): Tensor {
  return reduce("reduceSum", x, axes);
}
/** The largest; ties share the derivative equally. Of nothing: -infinity, or the least integer. */
export function max(x: TensorLike, axes?: Axes): Tensor {
  return reduce("reduceMax", x, axes);
}
/** The smallest; ties share the derivative equally. Of nothing: infinity, or the greatest integer. */
export function min(x: TensorLike, axes?: Axes): Tensor {
  return reduce("reduceMin", x, axes);
}
/** The arithmetic mean. */
export function mean(x: TensorLike, axes?: Axes): Tensor {
  const tensor = single(x);
  const total = sum(tensor, axes);
  return div(total, sizeOf(tensor.shape) / Math.max(1, sizeOf(total.shape)));
}
/** The sum of squares of all elements. */
export function sumOfSquares(x: TensorLike, axes?: Axes): Tensor {
  return sum(square(x), axes);
}

/** @internal The largest, 0 where it is infinite, without derivative. */
export function finiteTop(x: Tensor, axes: readonly number[]): Tensor {
  const top = stopGradient(max(x, axes));
  return select(less(abs(top), Infinity), top, 0);
}

/** @internal The shape with extent 1 in place of each of the axes. */
export function keptShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
}

function reduce(primitive: Reduction, x: TensorLike, axes?: Axes): Tensor {
  const tensor = single(x);
  const resolved = resolveAxes(primitive, tensor, axes);
  return resolved.length === 0 ? tensor : emitOne(primitive, { axes: resolved }, [tensor]);
}

/** @internal The axes as sorted numbers from 0; all of them when not given. */
export function resolveAxes(operation: string, { shape }: Tensor, axes?: Axes): number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const list = typeof axes === "number" ? [axes] : axes;
  return list.map((axis) => normalizeAxis(operation, axis, shape.length)).sort((a, b) => a - b);
}
