/**
 * Elimination of a panel of columns with partial pivoting.
 *
 * No row moves meanwhile: each knows the place it would have, and one gather puts them in order at the end.
 */
import { and, equal, less, lessEqual, not, notEqual, select } from "../../ops/comparison.ts";
import { abs, div, mul, sub } from "../../ops/elementwise.ts";
import { takeRows } from "../../ops/indexing.ts";
import { at, concatenate, expandDimensions, iota, slice } from "../../ops/movement.ts";
import { plainScan } from "../../ops/plain-scan.ts";
import { max, min, sum } from "../../ops/reduction.ts";
import { emitOne } from "../../trace/builder.ts";
import type { Tensor } from "../../trace/tensor.ts";
import { small } from "./blocks.ts";

/** How large a candidate for a pivot is: NaN is taken first, so that it is not hidden. */
export function sizeOf(x: Tensor): Tensor {
  return select(notEqual(x, x), Number.POSITIVE_INFINITY, abs(x));
}

/** A column divided by its pivot, which is zero only where the whole column is. */
export function multipliers(column: Tensor, pivot: Tensor): Tensor {
  return select(equal(pivot, 0), 0, div(column, pivot));
}

interface State {
  /** All rows where they were; the columns still to be eliminated, then those that are done. */
  readonly rest: Tensor;
  /** The place each row would have. */
  readonly place: Tensor;
}

/** The factors of a panel [..., m, n], its rows in order, and that order: int32 [..., m]. */
export function eliminated(panel: Tensor): [Tensor, Tensor] {
  const [m, n] = panel.shape.slice(-2) as [number, number];
  const numbers = iota(panel.shape.slice(0, -1), -1);
  const step = (state: State, turn: Tensor): readonly [State, Record<string, Tensor>] => [
    next(state, turn, numbers),
    {},
  ];
  const [{ rest, place }] = plainScan(step, { rest: panel, place: numbers }, iota([n]));
  const order = emitOne("scatterAdd", { batch: panel.shape.length - 2, size: m }, [numbers, place]);
  return [takeRows(rest, order), order];
}

function next({ rest, place }: State, turn: Tensor, numbers: Tensor): State {
  const [m, n] = rest.shape.slice(-2) as [number, number];
  const column = at(rest, 0, -1);
  const candidates = select(lessEqual(turn, place), sizeOf(column), -1);
  const isLargest = equal(candidates, expandDimensions(max(candidates, -1), -1));
  const from = expandDimensions(min(select(isLargest, place, m), -1), -1);
  const isPivot = equal(place, from);
  const row = pivotRow(rest, isPivot, numbers);
  const waits = and(lessEqual(turn, place), not(isPivot));
  const factors = select(waits, multipliers(column, slice(row, -1, 0, 1)), 0);
  const right = slice(row, -1, 1);
  const isOpen = less(iota(right.shape, -1), sub(n - 1, turn));
  const outer = mul(expandDimensions(factors, -1), expandDimensions(select(isOpen, right, 0), -2));
  const done = expandDimensions(select(waits, factors, column), -1);
  return {
    rest: concatenate([sub(slice(rest, -1, 1), outer), done], -1),
    place: select(isPivot, turn, select(equal(place, turn), from, place)),
  };
}

/** The row of the pivot: read where it is, or of a small matrix selected, which members of a batch can do in lanes. */
function pivotRow(rest: Tensor, isPivot: Tensor, numbers: Tensor): Tensor {
  if ((rest.shape.at(-2) as number) <= small) return sum(select(expandDimensions(isPivot, -1), rest, 0), -2);
  const number = expandDimensions(sum(select(isPivot, numbers, 0), -1), -1);
  return at(takeRows(rest, number), 0, -2);
}
