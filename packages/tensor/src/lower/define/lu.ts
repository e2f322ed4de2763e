/**
 * Elimination with partial pivoting. Tiny matrices are written out element by element, rows exchanged by selection; others
 * are eliminated column by column (`lu-panel.ts`), large ones by panels of columns, so that most of it is products.
 */
import { equal, greater, select } from "../../ops/comparison.ts";
import { abs, convert, div, mul, sub } from "../../ops/elementwise.ts";
import { takeRows } from "../../ops/indexing.ts";
import { matrixProduct } from "../../ops/matrix-product.ts";
import { at, concatenate, expandDimensions, iota, slice, stack, zeros } from "../../ops/movement.ts";
import { max, min, sum } from "../../ops/reduction.ts";
import { emitOne } from "../../trace/builder.ts";
import { full, type Tensor } from "../../trace/tensor.ts";
import { blocksOf, columnsOf, inBlocks, rowsOf, writtenOut } from "./blocks.ts";
import type { Definition } from "./definition.ts";
import { eliminated, multipliers, sizeOf } from "./lu-panel.ts";

/** See `library/linear-algebra.ts`. */
export const lu: Definition<"lu"> = (_, [given]) => {
  const a = given as Tensor;
  const n = a.shape.at(-1) as number;
  const lead = a.shape.slice(0, -2);
  if (n === 0) return [a, zeros([...lead, 0], "int32"), full(lead, 1, a.dtype)];
  const [factors, order] = n <= writtenOut ? elements(a, n) : inBlocks(n) ? blocks(a, n) : eliminated(a);
  return [factors, order, reciprocalCondition(a, factors, order)];
};

type Elements = Tensor[][];

function elements(a: Tensor, n: number): [Tensor, Tensor] {
  const range = Array.from({ length: n }, (_, i) => i);
  const rows: Elements = range.map((i) => range.map((k) => at(at(a, i, -2), k, -1)));
  // The number of a row goes wherever the row goes.
  rows.forEach((row, i) => {
    row.push(full(a.shape.slice(0, -2), i, "int32"));
  });
  for (let step = 0; step < n; step++) {
    exchange(rows, step);
    const pivot = rows[step] as Tensor[];
    for (const row of rows.slice(step + 1)) {
      const factor = multipliers(row[step] as Tensor, pivot[step] as Tensor);
      row[step] = factor;
      for (let k = step + 1; k < n; k++) row[k] = sub(row[k] as Tensor, mul(factor, pivot[k] as Tensor));
    }
  }
  const factors = rows.map((row) => stack(row.slice(0, n), -1));
  return [
    stack(factors, -2),
    stack(
      rows.map((row) => row[n] as Tensor),
      -1,
    ),
  ];
}

/** Brings the row with the first largest element in column `step` to that place, and the one there to its place. */
function exchange(rows: Elements, step: number): void {
  const top = rows[step] as Tensor[];
  const below = rows.slice(step + 1);
  let best = sizeOf(top[step] as Tensor);
  let place = full(best.shape, 0, "int32");
  below.forEach((row, i) => {
    const size = sizeOf(row[step] as Tensor);
    const isLarger = greater(size, best);
    best = select(isLarger, size, best);
    place = select(isLarger, i + 1, place);
  });
  const chosen = [...top];
  below.forEach((row, i) => {
    const isPlace = equal(place, i + 1);
    row.forEach((element, k) => {
      chosen[k] = select(isPlace, element, chosen[k] as Tensor);
      row[k] = select(isPlace, top[k] as Tensor, element);
    });
  });
  rows[step] = chosen;
}

/** A panel of columns, then rows on its right put in order and freed of it, then the same for the rest. */
function blocks(a: Tensor, n: number): [Tensor, Tensor] {
  let rest = a;
  let remaining = iota(a.shape.slice(0, -1), -1);
  let left: Tensor | undefined;
  const factors: Tensor[] = [];
  const orders: Tensor[] = [];
  for (const [from, to] of blocksOf(n)) {
    const extent = to - from;
    const [panel, order] = eliminated(columnsOf(rest, 0, extent));
    remaining = at(takeRows(expandDimensions(remaining, -1), order), 0, -1);
    orders.push(slice(remaining, -1, 0, extent));
    remaining = slice(remaining, -1, extent);
    const parts = left === undefined ? [panel] : [takeRows(left, order), panel];
    const strip = parts.map((part) => rowsOf(part, 0, extent));
    if (to < n) {
      const right = takeRows(columnsOf(rest, extent), order);
      const corner = rowsOf(panel, 0, extent);
      const above = emitOne("triangularSolve", { lower: true, unitDiagonal: true }, [corner, rowsOf(right, 0, extent)]);
      rest = sub(rowsOf(right, extent), matrixProduct(rowsOf(panel, extent), above));
      strip.push(above);
      left = concatenate(
        parts.map((part) => rowsOf(part, extent)),
        -1,
      );
    }
    factors.push(concatenate(strip, -1));
  }
  return [concatenate(factors, -2), concatenate(orders, -1)];
}

/** 1 / (|A| |A^-1|) from the inverse, column by column of ones. */
function reciprocalCondition(a: Tensor, factors: Tensor, order: Tensor): Tensor {
  const ones = convert(equal(expandDimensions(order, -1), iota(a.shape, -1)), a.dtype);
  const down = emitOne("triangularSolve", { lower: true, unitDiagonal: true }, [factors, ones]);
  const inverse = emitOne("triangularSolve", { lower: false, unitDiagonal: false }, [factors, down]);
  const norm = (x: Tensor): Tensor => max(sum(abs(x), -2), -1);
  const isSingular = equal(min(abs(diagonalOf(factors)), -1), 0);
  return select(isSingular, 0, div(div(1, norm(a)), norm(inverse)));
}

/** The diagonals of matrices: [..., n]. */
export function diagonalOf(a: Tensor): Tensor {
  const isDiagonal = equal(iota(a.shape, -2), iota(a.shape, -1));
  return sum(select(isDiagonal, a, 0), -1);
}
