/**
 * Transpose rules of linear algebra.
 */
import { matrixTranspose } from "../ops/matrix-product.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { TransposeRule } from "./transpose-rule.ts";

/** X = A^-1 B is linear in B: the cotangent of B is A^-T times that of X. */
export const triangularSolveTranspose: TransposeRule<"triangularSolve"> = (
  { lower, unitDiagonal },
  [cotangent],
  [a],
) => {
  const turned = matrixTranspose(a?.value as Tensor);
  return [null, emitOne("triangularSolve", { lower: !lower, unitDiagonal }, [turned, cotangent as Tensor])];
};

/** As that of `triangularSolve`; the factors of A serve both. */
export const linearSolveTranspose: TransposeRule<"linearSolve"> = ({ transposed }, [cotangent], [a]) => [
  null,
  emitOne("linearSolve", { transposed: !transposed }, [a?.value as Tensor, cotangent as Tensor]),
];
