/**
 * Eigenvalues and eigenvectors of symmetric matrices.
 */
import { emitOf } from "../dialect/dialect.ts";
import { spectral } from "../dialect/spectral.ts";
import { single } from "../ops/broadcasting.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";

/** A = vectors diag(values) vectors^T. */
export interface Eigen {
  /** Shape [..., n], ascending. */
  readonly values: Tensor;
  /** Shape [..., n, n], orthonormal columns: column i belongs to value i. Their signs are not specified. */
  readonly vectors: Tensor;
}

/**
 * Eigenvalues and eigenvectors of the symmetric part (A + A^T) / 2 of matrices; derivatives with respect to A are
 * symmetric.
 *
 * Two eigenvalues count as equal in derivatives when they are no more than n eps max|values| apart. Of equal eigenvalues
 * only what they and their vectors make together has a derivative; 1 / (difference of two values), which the derivative of a
 * vector contains, counts as 0 there. So all derivatives are finite, and
 * - the gradient of every smooth symmetric function of the eigenvalues (their sum, log-determinant, sum of f) is right at
 *   every matrix;
 * - the derivative of a single value among equal ones is that along the vector that is returned, one of its possible
 *   one-sided derivatives;
 * - second derivatives of symmetric functions lose digits as values approach each other (eps / relative distance), and lack
 *   a term where they are equal. `spectralFunction` has neither fault.
 *
 * @param a Shape [..., n, n], floats.
 * @returns Values to within a small multiple of n eps max|A|, vectors orthonormal to n eps; entries up to the largest float over n. NaN or
 *   infinity in a matrix makes all its results NaN, and those of no other.
 * Errors: not square, not of floats.
 *
 * @example
 * evaluate(() => eigh(array([[2, 1], [1, 2]])).values).data; // => [1, 3]
 *
 * Source: Golub, G. H., Van Loan, C. F. (2013), Matrix Computations, 4th edition, chapter 8; derivatives: Giles, M. (2008),
 * Collected matrix derivative results for forward and reverse mode algorithmic differentiation, section 3.1,
 * doi:10.1007/978-3-540-68942-3_4.
 */
export function eigh(a: TensorLike): Eigen {
  const [values, vectors] = emitOf(spectral, "eigh", {}, [single(a)]) as [Tensor, Tensor];
  return { values, vectors };
}
