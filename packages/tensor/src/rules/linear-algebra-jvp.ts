/**
 * Derivative rules of linear algebra, by matrix calculus on the results: no rule differentiates an algorithm.
 */
import { equal, select } from "../ops/comparison.ts";
import { add, convert, mul, neg, sub } from "../ops/elementwise.ts";
import { takeRows } from "../ops/indexing.ts";
import { matrixProduct, matrixTranspose } from "../ops/matrix-product.ts";
import { iota } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import { lowerTriangle, upperTriangle } from "../ops/triangle.ts";
import { emit, emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { JvpRule } from "./jvp-rule.ts";

/**
 * dL = L Phi(L^-1 dA L^-T), where Phi takes the lower triangle and half of the diagonal.
 *
 * Source: Murray, I. (2016), Differentiation of the Cholesky decomposition, equation 8, arXiv:1602.07527.
 */
export const choleskyJvp: JvpRule<"cholesky"> = (parameters, inputs, [t]) => {
  const factor = emitOne("cholesky", parameters, inputs);
  if (t == null) return { primals: [factor], tangents: [null] };
  const symmetric = mul(0.5, add(t, matrixTranspose(t)));
  const solve = (b: Tensor): Tensor => emitOne("triangularSolve", { lower: true, unitDiagonal: false }, [factor, b]);
  const inner = solve(matrixTranspose(solve(symmetric)));
  const [rows, columns] = [iota(inner.shape, -2), iota(inner.shape, -1)];
  const phi = select(equal(rows, columns), mul(0.5, inner), lowerTriangle(inner));
  return { primals: [factor], tangents: [matrixProduct(factor, phi)] };
};

/** dX = A^-1 (dB - dA X), where of dA only what is read of A counts. */
export const triangularSolveJvp: JvpRule<"triangularSolve"> = (parameters, inputs, [ta, tb]) => {
  const [a] = inputs as [Tensor];
  const x = emitOne("triangularSolve", parameters, inputs);
  const skipped = parameters.unitDiagonal ? 1 : 0;
  const read = (t: Tensor): Tensor => (parameters.lower ? lowerTriangle(t, -skipped) : upperTriangle(t, skipped));
  const byMatrix = ta == null ? null : matrixProduct(read(ta), x);
  if (byMatrix === null && tb == null) return { primals: [x], tangents: [null] };
  const right = byMatrix === null ? (tb as Tensor) : tb == null ? neg(byMatrix) : sub(tb, byMatrix);
  return { primals: [x], tangents: [emitOne("triangularSolve", parameters, [a, right])] };
};

/**
 * With X = L^-1 dA[p] U^-1: dL = L lower(X) and dU = upper(X) U, the diagonal counted to the upper part. The condition is a
 * measure, without derivative.
 *
 * Source: de Hoog, F. R., Anderssen, R. S., Lukas, M. A. (2011), Differentiation of matrix functionals using triangular
 * factorization, doi:10.1090/S0025-5718-2011-02451-8.
 */
export const luJvp: JvpRule<"lu"> = (parameters, inputs, [t]) => {
  const primals = emit("lu", parameters, inputs);
  if (t == null) return { primals, tangents: [null, null, null] };
  const [packed, order] = primals as [Tensor, Tensor];
  const solve = (a: Tensor, b: Tensor, unitDiagonal: boolean): Tensor =>
    emitOne("triangularSolve", { lower: true, unitDiagonal }, [a, b]);
  const left = solve(packed, takeRows(t, order), true);
  const x = matrixTranspose(solve(matrixTranspose(packed), matrixTranspose(left), false));
  const below = lowerTriangle(x, -1);
  const byLower = add(below, matrixProduct(lowerTriangle(packed, -1), below));
  return { primals, tangents: [add(byLower, matrixProduct(upperTriangle(x), upperTriangle(packed))), null, null] };
};

/** dX = A^-1 (dB - dA X), the factors of A used again. */
export const linearSolveJvp: JvpRule<"linearSolve"> = (parameters, inputs, [ta, tb]) => {
  const [a] = inputs as [Tensor];
  const x = emitOne("linearSolve", parameters, inputs);
  const byMatrix = ta == null ? null : matrixProduct(parameters.transposed ? matrixTranspose(ta) : ta, x);
  if (byMatrix === null && tb == null) return { primals: [x], tangents: [null] };
  const right = byMatrix === null ? (tb as Tensor) : tb == null ? neg(byMatrix) : sub(tb, byMatrix);
  return { primals: [x], tangents: [emitOne("linearSolve", parameters, [a, right])] };
};

/**
 * d ln|det A| = tr(A^-1 dA). With the inverse written out all tangents share it.
 *
 * Source: Giles, M. B. (2008), Collected matrix derivative results for forward and reverse mode algorithmic
 * differentiation, section 2.2.3, doi:10.1007/978-3-540-68942-3_4.
 */
export const logDeterminantJvp: JvpRule<"logDeterminant"> = (parameters, inputs, [t]) => {
  const [a] = inputs as [Tensor];
  const primals = emit("logDeterminant", parameters, inputs);
  const tangent = t == null ? null : sum(mul(matrixTranspose(inverseOf(a)), t), [-2, -1]);
  return { primals, tangents: [null, tangent] };
};

function inverseOf(a: Tensor): Tensor {
  const ones = equal(iota(a.shape, -2), iota(a.shape, -1));
  return emitOne("linearSolve", { transposed: false }, [a, convert(ones, a.dtype)]);
}

/**
 * With Y = dA R^-1 and X = Q^T Y: dR = U R and dQ = Y - Q U, where U is the upper triangle that is left of X when its
 * antisymmetric part with the lower triangle of X is taken away.
 *
 * Source: Walter, S. F., Lehmann, L. (2010), Algorithmic differentiation of linear algebra functions with application in
 * optimum experimental design, section 4, arXiv:1001.1654.
 */
export const qrJvp: JvpRule<"qr"> = (parameters, inputs, [t]) => {
  const primals = emit("qr", parameters, inputs);
  if (t == null) return { primals, tangents: [null, null] };
  const [q, r] = primals as [Tensor, Tensor];
  const solved = emitOne("triangularSolve", { lower: true, unitDiagonal: false }, [
    matrixTranspose(r),
    matrixTranspose(t),
  ]);
  const y = matrixTranspose(solved);
  const x = matrixProduct(matrixTranspose(q), y);
  const upper = add(upperTriangle(x), matrixTranspose(lowerTriangle(x, -1)));
  return { primals, tangents: [sub(y, matrixProduct(q, upper)), matrixProduct(upper, r)] };
};
