/**
 * Products of batches of matrices.
 */
import { TensorError } from "../errors.ts";
import { showType } from "../program/infer.ts";
import { broadcastShapes } from "../shape.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { broadcastTo, single, unify } from "./broadcasting.ts";
import { contract } from "./contraction.ts";
import { transpose } from "./movement.ts";

/**
 * Products of matrices, one for each index of the leading axes, which broadcast.
 *
 * @param a Shape [..., n, k].
 * @param b Shape [..., k, m].
 * @returns Shape [..., n, m].
 * Errors: less than two axes, unequal inner extents, leading axes that do not broadcast.
 *
 * @example
 * evaluate(() => matrixProduct(array([[[1, 2]], [[3, 4]]]), array([[5], [6]]))).data; // => [17, 39]
 */
export function matrixProduct(a: TensorLike, b: TensorLike): Tensor {
  const [left, right] = unify("multiply matrices", [a, b]) as [Tensor, Tensor];
  if (left.shape.length < 2 || right.shape.length < 2 || left.shape.at(-1) !== right.shape.at(-2)) {
    throw new TensorError(
      `Cannot multiply matrices: expected shapes [..., n, k] and [..., k, m], got ${showType(left)} and ${showType(right)}`,
      "Give a vector an axis of 1, or use contract(a, b, axes) for other products.",
    );
  }
  const leads = [left, right].map(({ shape }) => shape.slice(0, -2));
  const last = left.shape.length - 1;
  if (leads[1]?.length === 0) return contract(left, right, { contract: [[last], [0]] });
  const lead = broadcastShapes("multiply matrices", leads);
  const along = lead.map((_, axis) => axis);
  const rank = lead.length;
  return contract(
    broadcastTo(left, [...lead, ...left.shape.slice(-2)]),
    broadcastTo(right, [...lead, ...right.shape.slice(-2)]),
    { contract: [[rank + 1], [rank]], batch: [along, along] },
  );
}

/** Rows and columns of matrices [..., n, m] exchanged: [..., m, n]. Errors: less than two axes. */
export function matrixTranspose(x: TensorLike): Tensor {
  const tensor = single(x);
  const rank = tensor.shape.length;
  if (rank < 2) {
    throw new TensorError(
      `Cannot transpose matrices: expected shape [..., n, m], got ${showType(tensor)}`,
      "Give a vector an axis of 1.",
    );
  }
  return transpose(tensor, [...tensor.shape.slice(2).map((_, axis) => axis), rank - 1, rank - 2]);
}
