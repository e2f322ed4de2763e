/**
 * Cholesky decomposition column by column: divide a column by the root of its pivot, take its outer product from the rest.
 */
import { greater, select } from "../../ops/comparison.ts";
import { add, div, mul, sqrt, sub } from "../../ops/elementwise.ts";
import { matrixProduct, matrixTranspose } from "../../ops/matrix-product.ts";
import { at, concatenate, expandDimensions, moveAxis, pad, slice, stack, zerosLike } from "../../ops/movement.ts";
import { plainScan } from "../../ops/plain-scan.ts";
import { lowerTriangle } from "../../ops/triangle.ts";
import { emitOne } from "../../trace/builder.ts";
import type { Tensor } from "../../trace/tensor.ts";
import { blocksOf, columnsOf, inBlocks, rowsOf, writtenOut } from "./blocks.ts";
import { fromColumns } from "./columns.ts";
import type { Definition } from "./definition.ts";

/** See `library/linear-algebra.ts`. */
export const cholesky: Definition<"cholesky"> = (_, [given]) => {
  const a = given as Tensor;
  const n = a.shape.at(-1) as number;
  if (n === 0) return [a];
  const symmetric = add(mul(0.5, a), mul(0.5, matrixTranspose(a)));
  if (inBlocks(n)) return [blocks(symmetric, n)];
  return [n <= writtenOut ? elements(symmetric, n) : columns(symmetric)];
};

/** A block of columns less what those on its left make of it, then its triangle, then what is below by substitution. */
function blocks(a: Tensor, n: number): Tensor {
  let left: Tensor | undefined;
  const parts = blocksOf(n).map(([from, to]) => {
    const own = columnsOf(rowsOf(a, from), from, to);
    const rest = left === undefined ? own : sub(own, matrixProduct(left, matrixTranspose(rowsOf(left, 0, to - from))));
    const corner = columns(rowsOf(rest, 0, to - from));
    if (to === n) return pad(corner, -2, from, 0);
    const turned = emitOne("triangularSolve", { lower: true, unitDiagonal: false }, [
      corner,
      matrixTranspose(rowsOf(rest, to - from)),
    ]);
    const below = matrixTranspose(turned);
    left = left === undefined ? below : concatenate([rowsOf(left, to - from), below], -1);
    return pad(concatenate([corner, below], -2), -2, from, 0);
  });
  return concatenate(parts, -1);
}

/** The root of a pivot; NaN where it is not positive. */
function rootOf(pivot: Tensor): Tensor {
  return sqrt(select(greater(pivot, 0), pivot, Number.NaN));
}

function elements(a: Tensor, n: number): Tensor {
  const l: Tensor[][] = [];
  for (let i = 0; i < n; i++) {
    const row: Tensor[] = [];
    l.push(row);
    for (let j = 0; j <= i; j++) {
      let rest = at(at(a, i, -2), j, -1);
      for (let k = 0; k < j; k++) rest = sub(rest, mul(row[k] as Tensor, l[j]?.[k] as Tensor));
      row.push(i === j ? rootOf(rest) : div(rest, l[j]?.[j] as Tensor));
    }
    while (row.length < n) row.push(zerosLike(row[0] as Tensor));
  }
  return stack(
    l.map((row) => stack(row, -1)),
    -2,
  );
}

/** What is left after j columns, moved so that its pivot is at 0, 0, is carried from turn to turn. */
function columns(a: Tensor): Tensor {
  const n = a.shape.at(-1) as number;
  const [, found] = plainScan(
    (rest: Tensor) => {
      const column = at(rest, 0, -1);
      const scaled = div(column, rootOf(slice(column, -1, 0, 1)));
      const below = slice(scaled, -1, 1);
      const outer = mul(expandDimensions(below, -1), expandDimensions(below, -2));
      const inner = sub(slice(slice(rest, -2, 1), -1, 1), outer);
      return [pad(pad(inner, -2, 0, 1), -1, 0, 1), scaled] as const;
    },
    a,
    {},
    { bound: n },
  );
  return lowerTriangle(fromColumns(moveAxis(found as Tensor, 0, -2)));
}
