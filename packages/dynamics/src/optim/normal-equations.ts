/**
 * The normal equations of weighted linear least squares, and their solution.
 */

/** JᵀWJ and what belongs to it, W the weights of Huber's loss (1 without). */
export interface NormalEquations {
  /** JᵀWJ, row-major [n, n]. */
  readonly matrix: Float64Array;
  /** JᵀW r: the gradient of the cost, [n]. */
  readonly gradient: Float64Array;
  /** rᵀW r. */
  readonly sumOfSquares: number;
  /** The number of residuals, m. */
  readonly count: number;
}

/**
 * @param jacobian row-major [m, n]
 * @param residuals [m]
 * @param huber residuals beyond it get the weight huber / |r|
 */
export function normalEquations(
  jacobian: ArrayLike<number>,
  residuals: ArrayLike<number>,
  n: number,
  huber: number,
): NormalEquations {
  const matrix = new Float64Array(n * n);
  const gradient = new Float64Array(n);
  let sumOfSquares = 0;
  for (let row = 0; row < residuals.length; row++) {
    const residual = residuals[row] as number;
    const weight = Math.abs(residual) <= huber ? 1 : huber / Math.abs(residual);
    sumOfSquares += weight * residual * residual;
    for (let i = 0; i < n; i++) {
      const left = weight * (jacobian[row * n + i] as number);
      gradient[i] = (gradient[i] as number) + left * residual;
      for (let j = 0; j <= i; j++) {
        const at = i * n + j;
        matrix[at] = (matrix[at] as number) + left * (jacobian[row * n + j] as number);
      }
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) matrix[j * n + i] = matrix[i * n + j] as number;
  return { matrix, gradient, sumOfSquares, count: residuals.length };
}

/**
 * The solution of A x = b for a symmetric positive definite A, by Cholesky's factors; where a pivot is lost to
 * rounding, that unknown is zero.
 *
 * @param matrix row-major [n, n]; overwritten by the factor
 * @param right [n]; overwritten by the solution and returned
 */
export function choleskySolve(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const at = (i: number, j: number): number => matrix[i * n + j] as number;
  const value = (i: number): number => right[i] as number;
  for (let i = 0; i < n; i++) {
    const original = at(i, i);
    for (let j = 0; j <= i; j++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      if (j < i) matrix[i * n + j] = sum / at(j, j);
      else matrix[i * n + i] = sum > Number.EPSILON * original ? Math.sqrt(sum) : Number.POSITIVE_INFINITY;
    }
    let sum = value(i);
    for (let k = 0; k < i; k++) sum -= at(i, k) * value(k);
    right[i] = sum / at(i, i);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = value(i);
    for (let k = i + 1; k < n; k++) sum -= at(k, i) * value(k);
    right[i] = sum / at(i, i);
  }
  return right;
}
