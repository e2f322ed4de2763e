/**
 * The columns of a matrix from its diagonal down, without an index that is known only at run time.
 *
 * Loops over columns would read and write at a place that moves. Here the place stands still and the matrix moves: row j
 * of the result holds column j from its diagonal on, so that a loop gets it as a slice of a sequence.
 */

import { matrixTranspose } from "../../ops/matrix-product.ts";
import { pad, reshape, slice } from "../../ops/movement.ts";
import type { Tensor } from "../../trace/tensor.ts";

/**
 * From A[..., n, n] to [..., n, n] with A[j+i, j] at [j, i]; behind the last row stand other elements of A, and zeros.
 */
export function columnsFromDiagonal(a: Tensor): Tensor {
  const n = a.shape.at(-1) as number;
  const lead = a.shape.slice(0, -2);
  // In row-major order element i of row j is then at j (n + 1) + i = j n + (j + i).
  const flat = pad(reshape(matrixTranspose(a), [...lead, n * n]), -1, 0, n);
  return slice(reshape(flat, [...lead, n, n + 1]), -1, 0, n);
}

/**
 * The other way: from [..., n, m], m >= n, with A[j+i, j] at [j, i] to A[..., m, n], where what stands behind the last row
 * shows above the diagonal.
 */
export function fromColumns(columns: Tensor): Tensor {
  const [n, m] = columns.shape.slice(-2) as [number, number];
  const lead = columns.shape.slice(0, -2);
  const flat = slice(reshape(pad(columns, -1, 0, 1), [...lead, n * (m + 1)]), -1, 0, n * m);
  return matrixTranspose(reshape(flat, [...lead, n, m]));
}
