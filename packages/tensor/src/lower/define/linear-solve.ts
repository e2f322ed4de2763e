/**
 * Solving by the factors of `lu`; equal factors are computed once, whatever is solved with them.
 */
import { broadcastTo } from "../../ops/broadcasting.ts";
import { equal, select } from "../../ops/comparison.ts";
import { takeRows } from "../../ops/indexing.ts";
import { matrixTranspose } from "../../ops/matrix-product.ts";
import { at, expandDimensions, iota, stack } from "../../ops/movement.ts";
import { sum } from "../../ops/reduction.ts";
import { emit, emitOne } from "../../trace/builder.ts";
import type { Tensor } from "../../trace/tensor.ts";
import { writtenOut } from "./blocks.ts";
import type { Definition } from "./definition.ts";

/** See `library/linear-algebra.ts`. */
export const linearSolve: Definition<"linearSolve"> = ({ transposed }, operands) => {
  const [a, b] = operands as [Tensor, Tensor];
  const [factors, order] = emit("lu", {}, [a]) as [Tensor, Tensor];
  const substitute = (matrix: Tensor, sides: Tensor, lower: boolean, unitDiagonal: boolean): Tensor =>
    emitOne("triangularSolve", { lower, unitDiagonal }, [matrix, sides]);
  if (!transposed) return [substitute(factors, substitute(factors, inOrder(b, order), true, true), false, false)];
  // A^T = U^T L^T P: the rows found last go back to where the permutation took them from.
  const turned = matrixTranspose(factors);
  return [inOrder(substitute(turned, substitute(turned, b, true, false), false, true), inverseOf(order))];
};

function inOrder(rows: Tensor, order: Tensor): Tensor {
  const n = order.shape.at(-1) as number;
  if (n === 0 || n > writtenOut) return n === 0 ? rows : takeRows(rows, order);
  const range = Array.from({ length: n }, (_, i) => i);
  const parts = range.map((i) => at(rows, i, -2));
  const chosen = range.map((i) => {
    const number = expandDimensions(at(order, i, -1), -1);
    return parts.reduce((found, part, k) => select(equal(number, k), part, found));
  });
  return stack(chosen, -2);
}

/** The permutation that undoes another. */
function inverseOf(order: Tensor): Tensor {
  const n = order.shape.at(-1) as number;
  const shape = [...order.shape, n];
  const isFrom = equal(broadcastTo(expandDimensions(order, -1), shape), iota(shape, -1));
  return sum(select(isFrom, iota(shape, -2), 0), -2);
}
