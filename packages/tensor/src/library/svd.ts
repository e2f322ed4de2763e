/**
 * Singular values and vectors.
 */
import { emitOf } from "../dialect/dialect.ts";
import { spectral } from "../dialect/spectral.ts";
import { single } from "../ops/broadcasting.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";

/** A = left diag(values) rightTransposed, with k the smaller extent of A. */
export interface SingularValues {
  /** U, shape [..., n, k], orthonormal columns. */
  readonly left: Tensor;
  /** Shape [..., k], descending, not negative. */
  readonly values: Tensor;
  /** V^T, shape [..., k, m], orthonormal rows. Column i of U and row i of V^T may both have the other sign. */
  readonly rightTransposed: Tensor;
}

/**
 * The thin singular value decomposition of matrices.
 *
 * Derivatives are finite everywhere: two values no more than k eps max(values) apart count as equal, and what would be
 * divided by their difference counts as 0; so with values and sums of two that are zero. Right are all functions that do
 * not depend on the choice of vectors of equal values, in first derivatives (second ones as for `eigh`); the derivative of
 * a single value among equal ones, or of one that is zero, is one of its one-sided derivatives. For smooth functions of
 * singular values at any matrix take `spectralFunction` of A^T A.
 *
 * @param a Shape [..., n, m], floats.
 * @returns Values to within max(n, m) eps max(values); vectors orthonormal also where values are zero. NaN or infinity in a
 *   matrix makes all its results NaN, and those of no other.
 * Errors: fewer than two axes, not of floats.
 *
 * @example
 * evaluate(() => svd(array([[0, 2], [3, 0]])).values).data; // => [3, 2]
 *
 * Source: Golub, G. H., Van Loan, C. F. (2013), Matrix Computations, 4th edition, section 8.6; derivatives: Townsend, J.
 * (2016), Differentiating the singular value decomposition.
 */
export function svd(a: TensorLike): SingularValues {
  const [left, values, rightTransposed] = emitOf(spectral, "svd", {}, [single(a)]) as [Tensor, Tensor, Tensor];
  return { left, values, rightTransposed };
}
