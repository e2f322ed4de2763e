/**
 * How operands meet: numbers take the element type of their neighbours, shapes broadcast by the rule of NumPy, and
 * element types must agree. The primitives themselves demand equal types and shapes; this is where they get them.
 */
import type { DType } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { showType } from "../program/infer.ts";
import { broadcastShapes, type Shape, sameShape } from "../shape.ts";
import { emitOne } from "../trace/builder.ts";
import { asTensor, full, type Tensor, type TensorLike } from "../trace/tensor.ts";

/** @internal Operands as tensors of one element type and shape. */
export function meet(operation: string, operands: readonly TensorLike[]): Tensor[] {
  const tensors = unify(operation, operands);
  const shape = broadcastShapes(
    operation,
    tensors.map((tensor) => tensor.shape),
  );
  return tensors.map((tensor) => broadcastTo(tensor, shape));
}

/** @internal Operands as tensors of one element type. */
export function unify(operation: string, operands: readonly TensorLike[]): Tensor[] {
  const dtype = operands.find((operand) => typeof operand !== "number")?.dtype ?? "float64";
  const tensors = operands.map((operand) => asTensor(operand, dtype));
  if (tensors.some((tensor) => tensor.dtype !== dtype)) {
    throw new TensorError(
      `Cannot ${operation}: expected operands of one element type, got ${tensors.map(showType).join(" and ")}`,
      "Use convert(x, dtype); there is no silent promotion.",
    );
  }
  return tensors;
}

/** @internal One operand as a tensor. */
export function single(x: TensorLike, dtype: DType = "float64"): Tensor {
  return asTensor(x, dtype);
}

/**
 * The tensor repeated along missing axes and axes of extent 1 until it has this shape.
 *
 * Errors: an extent that is neither 1 nor that of `shape`.
 */
export function broadcastTo(x: TensorLike, shape: Shape): Tensor {
  const tensor = single(x);
  if (sameShape(tensor.shape, shape)) return tensor;
  const { atom } = tensor;
  if (atom.kind === "constant" && typeof atom.value === "number") return full(shape, atom.value, tensor.dtype);
  const lead = shape.length - tensor.shape.length;
  return emitOne("broadcast", { shape, axes: tensor.shape.map((_, axis) => axis + lead) }, [tensor]);
}
