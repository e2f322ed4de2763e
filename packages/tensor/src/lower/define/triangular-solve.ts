/**
 * Substitution: each unknown row is found and taken from all rows that follow.
 */

import { div, mul, sub } from "../../ops/elementwise.ts";
import { matrixProduct } from "../../ops/matrix-product.ts";
import { at, concatenate, expandDimensions, moveAxis, pad, reverse, slice, stack } from "../../ops/movement.ts";
import { plainScan } from "../../ops/plain-scan.ts";
import type { Tensor } from "../../trace/tensor.ts";
import { blocksOf, columnsOf, inBlocks, rowsOf, writtenOut } from "./blocks.ts";
import { columnsFromDiagonal } from "./columns.ts";
import type { Definition } from "./definition.ts";

/** See `library/linear-algebra.ts`. */
export const triangularSolve: Definition<"triangularSolve"> = ({ lower, unitDiagonal }, operands) => {
  const [a, b] = operands as [Tensor, Tensor];
  const n = a.shape.at(-1) as number;
  if (n === 0) return [b];
  if (n <= writtenOut) return [rows(a, b, lower, unitDiagonal)];
  const solve = (matrix: Tensor, sides: Tensor): Tensor => {
    if (lower) return downward(matrix, sides, unitDiagonal);
    // Both orders of rows and columns turned around, an upper triangle is a lower one.
    return reverse(downward(reverse(matrix, [-2, -1]), reverse(sides, -2), unitDiagonal), -2);
  };
  return [inBlocks(n) ? blocks(a, b, lower, solve) : solve(a, b)];
};

/** Rows of a block less what the rows that are known make of them, then its own triangle. */
function blocks(a: Tensor, b: Tensor, lower: boolean, solve: (a: Tensor, b: Tensor) => Tensor): Tensor {
  const ranges = blocksOf(a.shape.at(-1) as number);
  let known: Tensor | undefined;
  for (const [from, to] of lower ? ranges : ranges.toReversed()) {
    const rows = rowsOf(a, from, to);
    const others = lower ? columnsOf(rows, 0, from) : columnsOf(rows, to);
    const own = rowsOf(b, from, to);
    const rest = known === undefined ? own : sub(own, matrixProduct(others, known));
    const found = solve(columnsOf(rows, from, to), rest);
    known = known === undefined ? found : concatenate(lower ? [known, found] : [found, known], -2);
  }
  return known as Tensor;
}

function rows(a: Tensor, b: Tensor, lower: boolean, unitDiagonal: boolean): Tensor {
  const n = a.shape.at(-1) as number;
  const order = Array.from({ length: n }, (_, i) => (lower ? i : n - 1 - i));
  const x: Tensor[] = [];
  const element = (i: number, k: number): Tensor => expandDimensions(at(at(a, i, -2), k, -1), -1);
  order.forEach((i, step) => {
    const rest = order.slice(0, step).reduce((left, k) => sub(left, mul(element(i, k), x[k] as Tensor)), at(b, i, -2));
    x[i] = unitDiagonal ? rest : div(rest, element(i, i));
  });
  return stack(x, -2);
}

/** The rows still to be found, moved so that the next is the first, are carried from turn to turn. */
function downward(a: Tensor, b: Tensor, unitDiagonal: boolean): Tensor {
  const [, found] = plainScan(
    (rest: Tensor, column: Tensor) => {
      const first = slice(rest, -2, 0, 1);
      const x = unitDiagonal ? first : div(first, expandDimensions(slice(column, -1, 0, 1), -1));
      const below = expandDimensions(slice(column, -1, 1), -1);
      return [pad(sub(slice(rest, -2, 1), mul(below, x)), -2, 0, 1), at(x, 0, -2)] as const;
    },
    b,
    moveAxis(columnsFromDiagonal(a), -2, 0),
  );
  return moveAxis(found as Tensor, 0, -2);
}
