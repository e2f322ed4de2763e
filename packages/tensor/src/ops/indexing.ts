/**
 * Reading and adding at positions known only at run time.
 */
import { normalizeAxis } from "../shape.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { single } from "./broadcasting.ts";
import { transpose } from "./movement.ts";

/**
 * Slices of `x` along `axis` at int32 `indices` of any shape; that axis is replaced by the axes of `indices`.
 * Indices outside the axis are clamped to its ends.
 */
export function take(x: TensorLike, indices: TensorLike, axis = 0): Tensor {
  const tensor = single(x);
  const where = single(indices, "int32");
  const place = normalizeAxis("take", axis, tensor.shape.length);
  const rank = tensor.shape.length;
  const front = [place, ...range(rank).filter((i) => i !== place)];
  const taken = emitOne("gather", { batch: 0 }, [transpose(tensor, front), where]);
  const width = where.shape.length;
  const lead = range(place).map((i) => i + width);
  const tail = range(rank - 1 - place).map((i) => i + width + place);
  return transpose(taken, [...lead, ...range(width), ...tail]);
}

/**
 * Zeros of `size` slices to which slice `i` of `updates` is added at `indices[i]`; the transpose of `take` along
 * axis 0. `updates` has the shape of `indices` followed by that of one slice. Indices are clamped.
 */
export function scatterAdd(updates: TensorLike, indices: TensorLike, size: number): Tensor {
  return emitOne("scatterAdd", { batch: 0, size }, [single(updates), single(indices, "int32")]);
}

/**
 * @internal Rows of matrices [..., n, m] in the order of int32 indices [..., k], each matrix with its own: [..., k, m].
 */
export function takeRows(x: Tensor, indices: Tensor): Tensor {
  return emitOne("gather", { batch: x.shape.length - 2 }, [x, indices]);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
