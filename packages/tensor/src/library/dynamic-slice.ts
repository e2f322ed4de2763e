/**
 * Slices at a place known only at run time: reading them, and writing them.
 */

import { emitOneOf } from "../dialect/dialect.ts";
import { sequences } from "../dialect/sequences.ts";
import { TensorError } from "../errors.ts";
import { broadcastTo, single, unify } from "../ops/broadcasting.ts";
import { take } from "../ops/indexing.ts";
import { windowIndices } from "../ops/window-indices.ts";
import { showType } from "../program/infer.ts";
import { normalizeAxis, type Shape } from "../shape.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";

/**
 * `size` neighbouring slices of `x` from `start` on along an axis. A start that would lead beyond an end is clamped, so
 * that the window lies within.
 *
 * @param start int32 scalar.
 * @param size From 0 to the extent of the axis, known while tracing.
 * @returns `x` with `size` along the axis.
 * Errors: a start that is no int32 scalar; a size out of range.
 * @example
 * const window = (x: Tensor, start: Tensor) => dynamicSlice(x, start, 2);
 * evaluate(window, array([1, 2, 3, 4]), array([9], [], "int32")).data; // => [3, 4]
 */
export function dynamicSlice(x: TensorLike, start: TensorLike, size: number, axis = 0): Tensor {
  const tensor = single(x);
  const place = normalizeAxis("dynamicSlice", axis, tensor.shape.length);
  const extent = tensor.shape[place] as number;
  if (!Number.isInteger(size) || size < 0 || size > extent) {
    throw new TensorError(
      `Cannot dynamicSlice: expected a size from 0 to ${extent}, got ${size}`,
      "Only the start is known at run time; the size is a number of the program.",
    );
  }
  return take(tensor, windowIndices(startOf("dynamicSlice", start), size, extent), place);
}

/**
 * `x` with `update` written over its slices from `start` on along an axis. A start that would lead beyond an end is
 * clamped. In the carry of a loop it is written in place: a step costs what the update does, not what `x` does.
 *
 * @param update Of the element type and shape of `x`, but along the axis, where it may be shorter.
 * @param start int32 scalar.
 * Errors: an update of another type, or longer; a start that is no int32 scalar.
 * @example
 * const written = (x: Tensor, start: Tensor) => dynamicUpdateSlice(x, array([0, 0]), start);
 * evaluate(written, array([1, 2, 3, 4]), array([1], [], "int32")).data; // => [1, 0, 0, 4]
 */
export function dynamicUpdateSlice(x: TensorLike, update: TensorLike, start: TensorLike, axis = 0): Tensor {
  const [tensor, part] = unify("dynamicUpdateSlice", [x, update]) as [Tensor, Tensor];
  const place = normalizeAxis("dynamicUpdateSlice", axis, tensor.shape.length);
  const fits = (shape: Shape): boolean =>
    shape.length === tensor.shape.length &&
    shape.every((extent, i) => (i === place ? extent <= (tensor.shape[i] as number) : extent === tensor.shape[i]));
  if (!fits(part.shape)) {
    throw new TensorError(
      `Cannot dynamicUpdateSlice: expected an update like ${showType(tensor)}, at most as long along axis ${place}, got ${showType(part)}`,
      "Reshape or broadcast the update; a single slice has an extent of 1 along the axis.",
    );
  }
  const starts = broadcastTo(startOf("dynamicUpdateSlice", start), tensor.shape.slice(0, place));
  return emitOneOf(sequences, "updateSlice", { batch: place }, [tensor, part, starts]);
}

function startOf(operation: string, start: TensorLike): Tensor {
  const tensor = single(start, "int32");
  if (tensor.dtype === "int32" && tensor.shape.length === 0) return tensor;
  throw new TensorError(
    `Cannot ${operation}: expected an int32 scalar as start, got ${showType(tensor)}`,
    'Use convert(x, "int32"); use vmap for one start in each row.',
  );
}
