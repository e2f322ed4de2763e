/**
 * Movement: the same elements in another arrangement. Nothing here computes; lowering turns most of it into addresses.
 */
import type { DType } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { normalizeAxis, type Shape, sameShape, showShape } from "../shape.ts";
import { emitOne } from "../trace/builder.ts";
import { full, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { single, unify } from "./broadcasting.ts";

/** The same elements in row-major order under another shape of as many elements. */
export function reshape(x: TensorLike, shape: Shape): Tensor {
  const tensor = single(x);
  return sameShape(tensor.shape, shape) ? tensor : emitOne("reshape", { shape }, [tensor]);
}
/** Axes in another order; by default reversed. Output axis `i` is input axis `permutation[i]`. */
export function transpose(x: TensorLike, permutation?: readonly number[]): Tensor {
  const tensor = single(x);
  const axes = permutation ?? tensor.shape.map((_, axis) => tensor.shape.length - 1 - axis);
  return axes.every((axis, i) => axis === i) ? tensor : emitOne("transpose", { permutation: axes }, [tensor]);
}
/** Axis `from` moved to position `to`, the others kept in order. */
export function moveAxis(x: TensorLike, from: number, to: number): Tensor {
  const tensor = single(x);
  const rank = tensor.shape.length;
  const source = normalizeAxis("moveAxis", from, rank);
  const order = tensor.shape.map((_, axis) => axis).filter((axis) => axis !== source);
  order.splice(normalizeAxis("moveAxis", to, rank), 0, source);
  return transpose(tensor, order);
}
/** A new axis of extent 1 at position `axis`. */
export function expandDimensions(x: TensorLike, axis: number): Tensor {
  const tensor = single(x);
  const at = normalizeAxis("expandDimensions", axis, tensor.shape.length + 1);
  return reshape(tensor, [...tensor.shape.slice(0, at), 1, ...tensor.shape.slice(at)]);
}
/** Elements in the opposite order along axes. */
export function reverse(x: TensorLike, axes: number | readonly number[]): Tensor {
  const tensor = single(x);
  const list = (typeof axes === "number" ? [axes] : axes).map((axis) =>
    normalizeAxis("reverse", axis, tensor.shape.length),
  );
  return emitOne("reverse", { axes: list }, [tensor]);
}
/**
 * Elements `start`, `start + stride`, … below `limit` along one axis. Negative bounds count from the end.
 */
export function slice(x: TensorLike, axis: number, start: number, limit?: number, stride = 1): Tensor {
  const tensor = single(x);
  const at = normalizeAxis("slice", axis, tensor.shape.length);
  const extent = tensor.shape[at] as number;
  const bound = (position: number): number => (position < 0 ? position + extent : position);
  const replace = (values: readonly number[], value: number): number[] =>
    values.map((old, i) => (i === at ? value : old));
  const from = bound(start);
  const to = bound(limit ?? extent);
  if (from === 0 && to === extent && stride === 1) return tensor;
  const zeros = tensor.shape.map(() => 0);
  return emitOne(
    "slice",
    {
      start: replace(zeros, from),
      limit: replace(tensor.shape, to),
      stride: replace(
        tensor.shape.map(() => 1),
        stride,
      ),
    },
    [tensor],
  );
}
/** The slice at `index` of an axis (negative from the end), without that axis. */
export function at(x: TensorLike, index: number, axis = 0): Tensor {
  const tensor = single(x);
  const place = normalizeAxis("take an element", axis, tensor.shape.length);
  const extent = tensor.shape[place] as number;
  const position = normalizeAxis("take an element", index, extent);
  const part = slice(tensor, place, position, position + 1);
  return reshape(
    part,
    tensor.shape.filter((_, i) => i !== place),
  );
}
/** Zeros before and after along one axis, and between neighbours. */
export function pad(x: TensorLike, axis: number, low: number, high: number, interior = 0): Tensor {
  const tensor = single(x);
  const place = normalizeAxis("pad", axis, tensor.shape.length);
  const only = (value: number): number[] => tensor.shape.map((_, i) => (i === place ? value : 0));
  return emitOne("pad", { low: only(low), high: only(high), interior: only(interior) }, [tensor]);
}
/** Tensors one after another along an axis. */
export function concatenate(tensors: readonly TensorLike[], axis = 0): Tensor {
  const parts = unify("concatenate", tensors);
  const [first] = parts;
  if (first === undefined) {
    throw new TensorError("Cannot concatenate: expected at least one tensor, got none", "Pass a non-empty list.");
  }
  const place = normalizeAxis("concatenate", axis, first.shape.length);
  return parts.length === 1 ? first : emitOne("concatenate", { axis: place }, parts);
}
/** Tensors of one shape side by side along a new axis. */
export function stack(tensors: readonly TensorLike[], axis = 0): Tensor {
  const parts = unify("stack", tensors);
  const [first] = parts;
  const odd = parts.find(({ shape }) => !sameShape(shape, first?.shape ?? []));
  if (first !== undefined && odd !== undefined) {
    throw new TensorError(
      `Cannot stack: expected tensors of one shape, got ${showShape(first.shape)} and ${showShape(odd.shape)}`,
      "Broadcast or reshape them first.",
    );
  }
  return concatenate(
    parts.map((part) => expandDimensions(part, axis)),
    axis,
  );
}
/** Zeros of a shape. */
export function zeros(shape: Shape, dtype: DType = "float64"): Tensor {
  return full(shape, 0, dtype);
}
/** Zeros of the type of `x`. */
export function zerosLike(x: Tensor): Tensor {
  return full(x.shape, 0, x.dtype);
}
/** 0, 1, 2, … along `axis` of a shape. */
export function iota(shape: Shape, axis = 0, dtype: DType = "int32"): Tensor {
  return emitOne("iota", { dtype, shape, axis: normalizeAxis("iota", axis, shape.length) }, []);
}
