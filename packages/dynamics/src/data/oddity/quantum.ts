/**
 * The step that a column moves in: the quantum of an encoder, or of the digits it was written with.
 *
 * A grid is found from the values alone: differences from the smallest one are whole multiples of one step, to within
 * the rounding of the digits. It is told where it is coarse enough to matter: at most 5000 steps in the range, and at
 * most half as many values as rows.
 */

import { hasDimension } from "../unit.ts";
import type { Oddity } from "./oddity.ts";
import { placeAt } from "./oddity.ts";
import { type ColumnSeries, shortNumber, withUnit } from "./series.ts";

const mostSteps = 5000;

/** The step of a column in its own unit; 0 for none. */
export function quantumOf({ series }: Pick<ColumnSeries, "series">): number {
  const all = series.reduce((sum, { values }) => sum + values.length, 0);
  const distinct = new Set<number>();
  for (const { values } of series) {
    for (const value of values) if (!Number.isNaN(value)) distinct.add(value);
    if (distinct.size > Math.min(all / 2, 4 * mostSteps)) return 0;
  }
  const sorted = Float64Array.from(distinct).sort();
  const range = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
  const step = sorted.length < 4 ? 0 : gridOf(sorted);
  return step > 0 && range / step <= mostSteps ? step : 0;
}

/** The step of a grid that holds all of these rising values; 0 where there is none. */
function gridOf(sorted: Float64Array): number {
  const first = sorted[0] as number;
  let step = smallestDifference(sorted);
  const rounding = roundingOf(sorted);
  // Nearest first: the sum over those so far gives a step good enough to count to the next.
  let [product, square, worst] = [0, 0, 0];
  for (const value of sorted.subarray(1)) {
    const away = value - first;
    const count = Math.round(away / step);
    product += count * away;
    square += count * count;
    step = product / square;
  }
  for (const value of sorted) {
    const away = value - first;
    worst = Math.max(worst, Math.abs(away - step * Math.round(away / step)));
  }
  return worst <= Math.min(1.01 * rounding, step / 8) ? step : 0;
}

/** The median of the differences that are not larger than 1.5 times the smallest one that is no rounding. */
function smallestDifference(sorted: Float64Array): number {
  const differences = sorted
    .subarray(1)
    .map((value, at) => value - (sorted[at] as number))
    .sort();
  const least = differences[0] as number;
  const near = differences.filter((difference) => difference < 1.5 * least);
  return near[near.length >> 1] as number;
}

/** The unit of the last digit that the values are written with, or the rounding of binary numbers. */
function roundingOf(sorted: Float64Array): number {
  const largest = Math.max(Math.abs(sorted[0] ?? 0), Math.abs(sorted.at(-1) ?? 0));
  let digits = 0;
  for (const value of sorted) {
    const text = String(value);
    const exponent = Number(/e([+-]\d+)$/.exec(text)?.[1] ?? 0);
    digits = Math.max(digits, (/\.(\d+)/.exec(text)?.[1]?.length ?? 0) - exponent);
  }
  return Math.max(10 ** -digits, 4 * Number.EPSILON * largest);
}

/** The oddity of a column with a step. */
export function quantumOddity({ column, series }: ColumnSeries, quantum: number): Oddity | null {
  if (quantum === 0) return null;
  const turn = hasDimension(column.unit, { angle: 1 })
    ? (2 * Math.PI * column.unit.denominator) / column.unit.numerator
    : null;
  const perTurn = turn === null ? Number.NaN : turn / quantum;
  const isEncoder = Math.abs(perTurn / Math.round(perTurn) - 1) < 1e-4;
  return {
    kind: "quantum",
    column: column.name,
    found: `moves in steps of ${withUnit(quantum, column)}${isEncoder ? ` (${shortNumber(Math.round(perTurn))} in a turn)` : ""}`,
    remedy: "Known noise of an encoder or of rounded digits: nothing needs to be done.",
    count: 1,
    places: [...new Set(series.map(({ file }) => file))].map((file) => placeAt(file, null)),
  };
}
