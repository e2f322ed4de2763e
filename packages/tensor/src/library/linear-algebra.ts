/**
 * Decompositions of matrices and what is solved with them. Matrices are the last two axes; leading axes are a batch.
 */

import { emitOf, emitOneOf } from "../dialect/dialect.ts";
import { linearAlgebra } from "../dialect/linear-algebra.ts";
import { TensorError } from "../errors.ts";
import { broadcastTo, single, unify } from "../ops/broadcasting.ts";
import { equal, select } from "../ops/comparison.ts";
import { abs, convert, mul, stopGradient } from "../ops/elementwise.ts";
import { matrixTranspose } from "../ops/matrix-product.ts";
import { at, concatenate, iota, moveAxis, reshape, slice } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import { showType } from "../program/infer.ts";
import { broadcastShapes, sizeOf } from "../shape.ts";
import { full, type Tensor, type TensorLike } from "../trace/tensor.ts";

/**
 * The lower triangular L with L L^T = A, its diagonal positive.
 *
 * Differentiable to any order; the derivative with respect to A is symmetric.
 *
 * @param a Shape [..., n, n], floats, symmetric positive definite. Of another matrix the symmetric part (A + A^T) / 2 is
 *   decomposed.
 * @returns Shape [..., n, n], zeros above the diagonal. Where A is not positive definite to working accuracy, NaN from the
 *   first pivot that is not positive; other members of a batch are not touched by it.
 * Errors: not square, not of floats.
 *
 * @example
 * evaluate(() => cholesky(array([[4, 2], [2, 10]]))).data; // => [2, 0, 1, 3]
 *
 * Source: Golub, G. H., Van Loan, C. F. (2013), Matrix Computations, 4th edition, section 4.2.
 */
export function cholesky(a: TensorLike): Tensor {
  return emitOneOf(linearAlgebra, "cholesky", {}, [single(a)]);
}

/** Options of `triangularSolve`. */
export interface TriangularSolveOptions {
  /** Whether the matrix is its lower triangle; else its upper one. Default: true. */
  readonly lower?: boolean;
  /** Solves with the transposed matrix, A^T X = B. Default: false. */
  readonly transposed?: boolean;
  /** Takes the diagonal as ones, whatever stands there. Default: false. */
  readonly unitDiagonal?: boolean;
}

/**
 * The X of A X = B for triangular A, by substitution. Differentiable to any order.
 *
 * @param a Shape [..., n, n], floats. Only the triangle that `options` names is read.
 * @param b Shape [n], one vector, or [..., n, m]: m right-hand sides. Leading axes broadcast against those of `a`.
 * @returns Shape of `b` with the broadcast leading axes. A zero on the diagonal gives infinities and NaN.
 * Errors: not square, not of floats, extents that do not agree.
 *
 * X A = B is A^T X^T = B^T.
 *
 * @example
 * evaluate(() => triangularSolve(array([[2, 0], [1, 4]]), array([2, 9]))).data; // => [1, 2]
 *
 * Source: Higham, N. J. (2002), Accuracy and Stability of Numerical Algorithms, 2nd edition, chapter 8: the backward
 * error is componentwise below n eps |A|.
 */
export function triangularSolve(a: TensorLike, b: TensorLike, options: TriangularSolveOptions = {}): Tensor {
  const { lower = true, transposed = false, unitDiagonal = false } = options;
  const parameters = { lower: lower !== transposed, unitDiagonal };
  return withSides("triangularSolve", a, b, (matrix, sides) =>
    emitOneOf(linearAlgebra, "triangularSolve", parameters, [transposed ? matrixTranspose(matrix) : matrix, sides]),
  );
}

/** What `lu` finds. */
export interface LuDecomposition {
  /** Shape [..., n, n]: U on and above the diagonal, below it L, whose diagonal is ones. */
  readonly factors: Tensor;
  /** int32, shape [..., n]: row i of L U is row `permutation[i]` of A. */
  readonly permutation: Tensor;
  /**
   * Shape [...]: 1 / (|A| |A^-1|) in the 1-norm, from 1 (perfect) to 0 (singular); below about 1e-16 (float64) or 1e-7
   * (float32) no digit of a solution is right. Computed only where it is used, from the whole inverse. Its derivative is 0.
   */
  readonly reciprocalCondition: Tensor;
}

/**
 * A with its rows permuted as the product of a lower and an upper triangle, by elimination with partial pivoting.
 *
 * Differentiable to any order where A is regular.
 *
 * @param a Shape [..., n, n], floats.
 * @returns See `LuDecomposition`. A singular A has zeros on the diagonal of U, and 0 as its reciprocal condition.
 * Errors: not square, not of floats.
 *
 * @example
 * evaluate(() => lu(array([[1, 2], [2, 8]])).factors).data; // => [2, 8, 0.5, -2]
 *
 * Source: Golub, G. H., Van Loan, C. F. (2013), Matrix Computations, 4th edition, algorithm 3.4.1.
 */
export function lu(a: TensorLike): LuDecomposition {
  const [factors, permutation, reciprocalCondition] = emitOf(linearAlgebra, "lu", {}, [single(a)]) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  return { factors, permutation, reciprocalCondition };
}

/**
 * The X of A X = B, by elimination with partial pivoting. Differentiable to any order; reverse mode uses the factors of
 * the value again.
 *
 * @param a Shape [..., n, n], floats.
 * @param b Shape [n], one vector, or [..., n, m]: m right-hand sides. Leading axes broadcast against those of `a`.
 * @returns Shape of `b` with the broadcast leading axes. A singular A gives infinities and NaN; of one that is nearly so
 *   `lu(a).reciprocalCondition` tells, and shares the work.
 * Errors: not square, not of floats, extents that do not agree.
 *
 * @example
 * evaluate(() => linearSolve(array([[0, 2], [4, 0]]), array([2, 8]))).data; // => [2, 1]
 *
 * Source: Higham, N. J. (2002), Accuracy and Stability of Numerical Algorithms, 2nd edition, chapter 9; the derivative is
 * Giles, M. B. (2008), Collected matrix derivative results, section 2.3.1, doi:10.1007/978-3-540-68942-3_4.
 */
export function linearSolve(a: TensorLike, b: TensorLike): Tensor {
  return withSides("solve", a, b, (matrix, sides) =>
    emitOneOf(linearAlgebra, "linearSolve", { transposed: false }, [matrix, sides]),
  );
}

/**
 * The inverse. To apply it to vectors, `linearSolve` is more accurate and does less.
 *
 * @param a Shape [..., n, n], floats.
 * @returns Shape [..., n, n]; infinities and NaN where A is singular.
 * Errors: not square, not of floats.
 *
 * @example
 * evaluate(() => inverse(array([[0, 2], [4, 0]]))).data; // => [0, 0.25, 0.5, 0]
 */
export function inverse(a: TensorLike): Tensor {
  const matrix = single(a);
  const ones = equal(iota(matrix.shape, -2), iota(matrix.shape, -1));
  return emitOneOf(linearAlgebra, "linearSolve", { transposed: false }, [matrix, convert(ones, matrix.dtype)]);
}

/** What `logDeterminant` finds. */
export interface LogDeterminant {
  /** Shape [...]: -1, 0 or 1, NaN if A holds one. */
  readonly sign: Tensor;
  /** Shape [...]: ln |det A|, -infinity where A is singular. */
  readonly logAbsolute: Tensor;
}

/**
 * The sign and the logarithm of the magnitude of a determinant, which overflows soon by itself. Differentiable to any
 * order where A is regular.
 *
 * @param a Shape [..., n, n], floats.
 * Errors: not square, not of floats.
 *
 * @example
 * evaluate(() => logDeterminant(array([[0, 1], [1, 0]]))).sign.data; // => [-1]
 */
export function logDeterminant(a: TensorLike): LogDeterminant {
  const [sign, logAbsolute] = emitOf(linearAlgebra, "logDeterminant", {}, [single(a)]) as [Tensor, Tensor];
  return { sign, logAbsolute };
}

/**
 * The determinant, of every regular or singular A; `logDeterminant` does not overflow.
 *
 * Differentiable to any order where A is regular; where it is singular derivatives are not numbers.
 *
 * @param a Shape [..., n, n], floats.
 * @returns Shape [...].
 * Errors: not square, not of floats.
 *
 * @example
 * evaluate(() => determinant(array([[1, 2], [3, 4]]))).data; // => [-2]
 */
export function determinant(a: TensorLike): Tensor {
  const matrix = single(a);
  const { sign } = logDeterminant(matrix);
  const { factors } = lu(matrix);
  const isDiagonal = equal(iota(matrix.shape, -2), iota(matrix.shape, -1));
  const magnitudes = abs(sum(select(isDiagonal, factors, 0), -1));
  return mul(stopGradient(sign), productOf(magnitudes));
}

/** The product along the last axis, halves by halves. */
function productOf(x: Tensor): Tensor {
  const count = x.shape.at(-1) as number;
  if (count === 0) return full(x.shape.slice(0, -1), 1, x.dtype);
  if (count === 1) return at(x, 0, -1);
  const half = Math.floor(count / 2);
  const pairs = mul(slice(x, -1, 0, half), slice(x, -1, half, 2 * half));
  return productOf(2 * half === count ? pairs : concatenate([pairs, slice(x, -1, 2 * half)], -1));
}

/** What `qr` finds. */
export interface QrDecomposition {
  /** Shape [..., m, n]; its columns are orthonormal. */
  readonly q: Tensor;
  /** Shape [..., n, n], zeros below a diagonal that is not negative. */
  readonly r: Tensor;
}

/**
 * A = Q R by reflections, in the reduced form. The diagonal of R is not negative, which makes both unique and smooth
 * where the columns of A are independent; there it is differentiable to any order.
 *
 * @param a Shape [..., m, n], floats, m >= n. Transpose a matrix of more columns than rows.
 * @returns See `QrDecomposition`. Of dependent columns R has zeros on its diagonal, to rounding; Q is orthonormal all the
 *   same, and derivatives are not numbers.
 * Errors: m < n, not of floats.
 *
 * @example
 * evaluate(() => qr(array([[3, 1], [4, 2]])).r).data; // => [5, 2.2, 0, 0.4]
 *
 * Source: Householder, A. S. (1958), Unitary triangularization of a nonsymmetric matrix, doi:10.1145/320941.320947.
 */
export function qr(a: TensorLike): QrDecomposition {
  const [q, r] = emitOf(linearAlgebra, "qr", {}, [single(a)]) as [Tensor, Tensor];
  return { q, r };
}

/**
 * @internal Calls `solve` with a matrix [..., n, n] and right-hand sides [..., n, m] of the same leading axes. Members
 * that share one matrix are more right-hand sides.
 */
export function withSides(
  operation: string,
  a: TensorLike,
  b: TensorLike,
  solve: (matrix: Tensor, sides: Tensor) => Tensor,
): Tensor {
  const [matrix, right] = unify(operation, [a, b]) as [Tensor, Tensor];
  const isVector = right.shape.length === 1;
  if (matrix.shape.length < 2 || right.shape.length < 1 || matrix.shape.at(-1) !== right.shape.at(isVector ? -1 : -2)) {
    throw new TensorError(
      `Cannot ${operation}: expected shapes [..., n, n] and [n] or [..., n, m], got ${showType(matrix)} and ${showType(right)}`,
      "Give a batch of vectors a last axis of 1.",
    );
  }
  const sides = isVector ? reshape(right, [...right.shape, 1]) : right;
  const solved = solveOver(operation, matrix, sides, solve);
  return isVector ? reshape(solved, solved.shape.slice(0, -1)) : solved;
}

function solveOver(
  operation: string,
  matrix: Tensor,
  sides: Tensor,
  solve: (matrix: Tensor, sides: Tensor) => Tensor,
): Tensor {
  const leads = [matrix, sides].map(({ shape }) => shape.slice(0, -2));
  if (leads[0]?.length === 0 && sides.shape.length > 2) {
    const rows = moveAxis(sides, -2, 0);
    return moveAxis(reshape(solve(matrix, flat(rows)), rows.shape), 0, -2);
  }
  const lead = broadcastShapes(operation, leads);
  const spread = (x: Tensor): Tensor => broadcastTo(x, [...lead, ...x.shape.slice(-2)]);
  return solve(spread(matrix), spread(sides));
}

/** A matrix of the rows along axis 0. */
function flat(x: Tensor): Tensor {
  const [rows, ...rest] = x.shape as [number, ...number[]];
  return reshape(x, [rows, sizeOf(rest)]);
}
