/**
 * Diagonals of matrices.
 */
import { TensorError } from "../errors.ts";
import { showType } from "../program/infer.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { single } from "./broadcasting.ts";
import { reshape, slice } from "./movement.ts";

/**
 * The main diagonals of matrices, as a view.
 *
 * @param x Shape [..., n, m], any type.
 * @returns Shape [..., k], k the smaller of n and m.
 * Errors: fewer than two axes.
 *
 * @example
 * evaluate(() => diagonal(array([[1, 2], [3, 4]]))).data; // => [1, 4]
 */
export function diagonal(x: TensorLike): Tensor {
  const tensor = single(x);
  if (tensor.shape.length < 2) {
    throw new TensorError(
      `Cannot take a diagonal: expected matrices [..., n, m], got ${showType(tensor)}`,
      "Reshape to two axes or more.",
    );
  }
  const [n, m] = tensor.shape.slice(-2) as [number, number];
  // In row-major order neighbours of the diagonal are one row and one element apart.
  const flat = reshape(tensor, [...tensor.shape.slice(0, -2), n * m]);
  return slice(flat, -1, 0, Math.min(n, m) * m, m + 1);
}
