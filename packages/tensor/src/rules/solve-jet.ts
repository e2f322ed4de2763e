/**
 * Taylor coefficients of solutions of linear systems: A_0 x_k = b_k - Σ A_j x_{k-j} over j >= 1.
 */
import { add, neg, sub } from "../ops/elementwise.ts";
import { matrixProduct, matrixTranspose } from "../ops/matrix-product.ts";
import { lowerTriangle, upperTriangle } from "../ops/triangle.ts";
import type { Parameters } from "../program/primitive.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { JetRule } from "./jet-rule.ts";
import type { Tangent } from "./jvp-rule.ts";
import { type Series, series, tensorAt } from "./series.ts";

/** The rule of a primitive that solves; `read` is what it reads of a matrix. */
const solving =
  <P extends "triangularSolve" | "linearSolve">(
    primitive: P,
    read: (matrix: Tensor, parameters: Parameters[P]) => Tensor,
  ): JetRule<P> =>
  (parameters, [a, b]) => {
    const [matrix, right] = [a as Series, b as Series];
    const solve = (y: Tensor): Tensor => emitOne(primitive, parameters, [tensorAt(matrix, 0), y]);
    const x: Series = series(right.type, (k) => {
      if (k === 0) return solve(tensorAt(right, 0));
      let known: Tangent = null;
      for (let j = 1; j <= k; j++) {
        const change = matrix.at(j);
        if (change === null) continue;
        const product = matrixProduct(read(change, parameters), tensorAt(x, k - j));
        known = known === null ? product : add(known, product);
      }
      const given = right.at(k);
      if (known === null) return given === null ? null : solve(given);
      return solve(given === null ? neg(known) : sub(given, known));
    });
    return [x];
  };

/** The rule of `triangularSolve`, which reads one triangle. */
export const triangularSolveJet: JetRule<"triangularSolve"> = solving(
  "triangularSolve",
  (matrix, { lower, unitDiagonal }) =>
    lower ? lowerTriangle(matrix, unitDiagonal ? -1 : 0) : upperTriangle(matrix, unitDiagonal ? 1 : 0),
);

/** The rule of `linearSolve`. */
export const linearSolveJet: JetRule<"linearSolve"> = solving("linearSolve", (matrix, { transposed }) =>
  transposed ? matrixTranspose(matrix) : matrix,
);
