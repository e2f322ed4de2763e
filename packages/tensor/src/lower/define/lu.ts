/**
 * Elimination with partial pivoting, column by column.
 *
 * Tiny matrices are written out element by element, rows exchanged by selection. Of larger ones no row moves while columns
 * are eliminated: each knows the place it would have, and one gather puts them in order at the end.
 */
import { and, equal, greater, less, lessEqual, not, notEqual, select } from "../../ops/comparison.ts";
import { scan } from "../../ops/control-flow.ts";
import { abs, convert, div, mul, sub } from "../../ops/elementwise.ts";
import { takeRows } from "../../ops/indexing.ts";
import { at, concatenate, expandDimensions, iota, moveAxis, slice, stack, zeros } from "../../ops/movement.ts";
import { max, min, sum } from "../../ops/reduction.ts";
import { emitOne } from "../../trace/builder.ts";
import { full, type Tensor } from "../../trace/tensor.ts";
import type { Definition } from "./definition.ts";

/** Matrices of at most this extent are written out element by element. */
const writtenOut = 4;

/** See `ops/linear-algebra.ts`. */
export const lu: Definition<"lu"> = (_, [given]) => {
  const a = given as Tensor;
  const n = a.shape.at(-1) as number;
  const lead = a.shape.slice(0, -2);
  if (n === 0) return [a, zeros([...lead, 0], "int32"), full(lead, 1, a.dtype)];
  const [factors, order] = n <= writtenOut ? elements(a, n) : columns(a);
  return [factors, order, reciprocalCondition(a, factors, order)];
};

/** How large a candidate for a pivot is: NaN is taken first, so that it is not hidden. */
function sizeOf(x: Tensor): Tensor {
  return select(notEqual(x, x), Number.POSITIVE_INFINITY, abs(x));
}

/** A column divided by its pivot, which is zero only where the whole column is. */
function multipliers(column: Tensor, pivot: Tensor): Tensor {
  return select(equal(pivot, 0), 0, div(column, pivot));
}

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

interface State {
  /** All rows where they were; the columns still to be eliminated, then those that are done. */
  readonly rest: Tensor;
  /** The place each row would have. */
  readonly place: Tensor;
}

function columns(a: Tensor): [Tensor, Tensor] {
  const n = a.shape.at(-1) as number;
  const rowShape = a.shape.slice(0, -1);
  const numbers = iota(rowShape, -1);
  const eliminate = ({ rest, place }: State, step: Tensor): readonly [State, Tensor] => {
    const column = at(rest, 0, -1);
    const candidates = select(lessEqual(step, place), sizeOf(column), -1);
    const isLargest = equal(candidates, expandDimensions(max(candidates, -1), -1));
    const from = expandDimensions(min(select(isLargest, place, n), -1), -1);
    const isPivot = equal(place, from);
    const row = sum(select(expandDimensions(isPivot, -1), rest, 0), -2);
    const pivot = slice(row, -1, 0, 1);
    const waits = and(lessEqual(step, place), not(isPivot));
    const factors = select(waits, multipliers(column, pivot), 0);
    const right = slice(row, -1, 1);
    const open = less(iota(right.shape, -1), sub(n - 1, step));
    const outer = mul(expandDimensions(factors, -1), expandDimensions(select(open, right, 0), -2));
    const done = expandDimensions(select(waits, factors, column), -1);
    const next = {
      rest: concatenate([sub(slice(rest, -1, 1), outer), done], -1),
      place: select(isPivot, step, select(equal(place, step), from, place)),
    };
    return [next, sum(select(isPivot, numbers, 0), -1)] as const;
  };
  const [{ rest }, found] = scan(eliminate, { rest: a, place: numbers }, iota([n]));
  const order = moveAxis(found as Tensor, 0, -1);
  return [takeRows(rest, order), order];
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
