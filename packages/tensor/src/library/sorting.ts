/**
 * Order along an axis: sorting, the largest few, and reading at positions found in such ways.
 *
 * Everything is stable: equal elements keep their order, and -0 equals 0. NaN comes last in either order. Positions carry
 * no derivative; what is moved by them does, to the place where it came from.
 */

import { emitOneOf } from "../dialect/dialect.ts";
import { sequences } from "../dialect/sequences.ts";
import { TensorError } from "../errors.ts";
import { single } from "../ops/broadcasting.ts";
import { moveAxis, slice } from "../ops/movement.ts";
import { showType } from "../program/infer.ts";
import { normalizeAxis, sameShape } from "../shape.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";

/** How `sort` and `argsort` order. */
export interface SortOptions {
  /** The axis along which, counted from the end when negative. Default: the last. */
  readonly axis?: number;
  /** From the largest to the smallest; equal elements still keep their order, and NaN is still last. Default: false. */
  readonly descending?: boolean;
}

/**
 * The int32 positions along an axis that put `x` in order, stable; NaN last, -0 equal to 0.
 *
 * @param x Of any numeric type, with at least one axis.
 * @returns int32 of the shape of `x`.
 * Errors: bool; a scalar; an axis out of range.
 * @example
 * const places = (x: Tensor) => argsort(x);
 * evaluate(places, array([3, NaN, 1, 3, -2])).data; // => [4, 2, 0, 3, 1]
 */
export function argsort(x: TensorLike, { axis = -1, descending = false }: SortOptions = {}): Tensor {
  const tensor = single(x);
  const place = normalizeAxis("argsort", axis, tensor.shape.length);
  const rows = moveAxis(tensor, place, -1);
  return moveAxis(emitOneOf(sequences, "argsort", { descending }, [rows]), -1, place);
}

/**
 * `x` in order along an axis, stable; NaN last, -0 equal to 0. The derivative goes to the element that was moved.
 *
 * @param x Of any numeric type, with at least one axis.
 * Errors: bool; a scalar; an axis out of range.
 * @example
 * const sorted = (x: Tensor) => sort(x, { descending: true });
 * evaluate(sorted, array([2, 5, NaN, 3])).data; // => [5, 3, 2, NaN]
 */
export function sort(x: TensorLike, options: SortOptions = {}): Tensor {
  return takeAlong(x, argsort(x, options), options.axis);
}

/** The `count` largest along an axis, the largest first, and their positions. */
export interface TopK {
  /** Of the type of the operand, `count` long along the axis. */
  readonly values: Tensor;
  /** int32, of the same shape. */
  readonly indices: Tensor;
}

/**
 * The `count` largest elements along an axis in descending order, and where they are; of equal ones the first. NaN is
 * taken only when nothing else is left.
 *
 * @param x Of any numeric type, with at least one axis.
 * @param count From 0 to the extent of the axis.
 * Errors: a count that is no such integer; bool; a scalar; an axis out of range.
 * @example
 * const best = (x: Tensor) => topK(x, 2).indices;
 * evaluate(best, array([1, 7, 3, 7])).data; // => [1, 3]
 */
export function topK(x: TensorLike, count: number, axis = -1): TopK {
  const tensor = single(x);
  const extent = tensor.shape[normalizeAxis("topK", axis, tensor.shape.length)] as number;
  if (!Number.isInteger(count) || count < 0 || count > extent) {
    throw new TensorError(
      `Cannot topK: expected a count from 0 to ${extent}, got ${count}`,
      "Ask for at most as many elements as the axis has.",
    );
  }
  const indices = slice(argsort(tensor, { axis, descending: true }), axis, 0, count);
  return { values: takeAlong(tensor, indices, axis), indices };
}

/**
 * Elements of `x` at int32 `indices` along an axis, each row with indices of its own: what `argsort` found. Indices
 * outside the axis are clamped to its ends.
 *
 * @param indices int32, of the shape of `x` but along the axis.
 * @returns `x` with the extent of `indices` along the axis.
 * Errors: other shapes; an axis of no elements.
 * @example
 * const last = (x: Tensor, i: Tensor) => takeAlong(x, i, 1);
 * evaluate(last, array([[1, 2], [3, 4]]), array([[1], [0]], [2, 1], "int32")).data; // => [2, 3]
 */
export function takeAlong(x: TensorLike, indices: TensorLike, axis = -1): Tensor {
  const tensor = single(x);
  const where = single(indices, "int32");
  const rank = tensor.shape.length;
  const place = normalizeAxis("takeAlong", axis, rank);
  const others = (shape: readonly number[]): number[] => shape.filter((_, i) => i !== place);
  if (where.shape.length !== rank || !sameShape(others(where.shape), others(tensor.shape))) {
    throw new TensorError(
      `Cannot takeAlong: expected indices of the shape of ${showType(tensor)} but along axis ${place}, got ${showType(where)}`,
      "Broadcast the indices, or use take for the same indices in all rows.",
    );
  }
  if (where.shape[place] === 0) return slice(tensor, place, 0, 0);
  const rows = emitOne("gather", { batch: rank - 1 }, [moveAxis(tensor, place, -1), moveAxis(where, place, -1)]);
  return moveAxis(rows, -1, place);
}
