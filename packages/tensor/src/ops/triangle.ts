/**
 * Triangles of matrices.
 */
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { single } from "./broadcasting.ts";
import { lessEqual, select } from "./comparison.ts";
import { add } from "./elementwise.ts";
import { iota } from "./movement.ts";

/**
 * The elements on and below a diagonal, zeros above.
 *
 * @param x Shape [..., n, m], any numeric type.
 * @param diagonal 0 is the main one, 1 that above it, -1 that below.
 *
 * @example
 * evaluate(() => lowerTriangle(array([[1, 2], [3, 4]]))).data; // => [1, 0, 3, 4]
 */
export function lowerTriangle(x: TensorLike, diagonal = 0): Tensor {
  const tensor = single(x);
  const [rows, columns] = [iota(tensor.shape, -2), iota(tensor.shape, -1)];
  return select(lessEqual(columns, diagonal === 0 ? rows : add(rows, diagonal)), tensor, 0);
}

/**
 * The elements on and above a diagonal, zeros below.
 *
 * @param x Shape [..., n, m], any numeric type.
 * @param diagonal 0 is the main one, 1 that above it, -1 that below.
 *
 * @example
 * evaluate(() => upperTriangle(array([[1, 2], [3, 4]]), 1)).data; // => [0, 2, 0, 0]
 */
export function upperTriangle(x: TensorLike, diagonal = 0): Tensor {
  const tensor = single(x);
  const [rows, columns] = [iota(tensor.shape, -2), iota(tensor.shape, -1)];
  return select(lessEqual(diagonal === 0 ? rows : add(rows, diagonal), columns), tensor, 0);
}
