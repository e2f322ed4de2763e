/**
 * Derivative rules of linear algebra, by matrix calculus on the results: no rule differentiates an algorithm.
 */
import { equal, select } from "../ops/comparison.ts";
import { add, mul, neg, sub } from "../ops/elementwise.ts";
import { matrixProduct, matrixTranspose } from "../ops/matrix-product.ts";
import { iota } from "../ops/movement.ts";
import { lowerTriangle, upperTriangle } from "../ops/triangle.ts";
import { emitOne } from "../trace/builder.ts";
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
