/**
 * The step that a column moves in: the quantum of an encoder, or of the digits it was written with.
 *
 * A grid is found from the values alone: differences from the smallest one are whole multiples of one step. It is told
 * where it is coarse enough to matter: at most 20 000 steps in the range. Where most values come again, they are taken for
 * rounded and the grid may be blurred by an eighth of a step; where they do not, it must hold to the last digit.
 */

import { hasDimension } from "../unit.ts";
import type { Oddity } from "./oddity.ts";
import { placeAt } from "./oddity.ts";
import { type ColumnSeries, shortNumber, withUnit } from "./series.ts";

const mostSteps = 20_000;
/** So many different values show a grid; fewer may be on one by chance. */
const leastSteps = 20;

/** How finely a column was measured, in its own unit. */
export interface Quantum {
  /** The step of its grid; 0 for none. */
  readonly step: number;
  /** What two readings of the same state may differ by: the step, or the least distance of values that come again. */
  readonly resolution: number;
}

/** The quantum of a column. */
export function quantumOf({ series }: Pick<ColumnSeries, "series">): Quantum {
  let count = 0;
  const distinct = new Set<number>();
  for (const { values } of series) {
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      count += 1;
      distinct.add(value);
      if (distinct.size > 2 * mostSteps) return { step: 0, resolution: 0 };
    }
  }
  const none = { step: 0, resolution: 0 };
  if (distinct.size < 4 || distinct.size > 2 * mostSteps) return none;
  const sorted = Float64Array.from(distinct).sort();
  const differences = sorted.subarray(1).map((value, at) => value - (sorted[at] as number));
  const smallest = smallestOf(differences);
  const step = gridOf(sorted, smallest, 2 * distinct.size <= count);
  if (step > 0) return { step, resolution: step };
  return 2 * distinct.size > count ? none : { step: 0, resolution: smallest };
}

/** The step of a grid that holds all of these rising values; 0 where there is none. */
function gridOf(sorted: Float64Array, smallest: number, comesAgain: boolean): number {
  const [first, last] = [sorted[0] as number, sorted.at(-1) as number];
  if (last - first > 2 * mostSteps * smallest) return 0;
  const rounding = roundingOf(sorted);
  // From the middle outwards: the sum over those so far gives a step good enough to count to the next.
  const middle = sorted[sorted.length >> 1] as number;
  const ways = sorted.map((value) => value - middle).sort((a, b) => Math.abs(a) - Math.abs(b));
  let [product, square, worst, step] = [0, 0, 0, smallest];
  for (const away of ways.subarray(1)) {
    const steps = Math.round(away / step);
    product += steps * away;
    square += steps * steps;
    step = product / square;
  }
  for (const away of ways) {
    worst = Math.max(worst, Math.abs(away - step * Math.round(away / step)));
  }
  if (last - first > mostSteps * step) return 0;
  const isExact = worst <= 1.5 * rounding && step > 5 * rounding;
  return (isExact || comesAgain) && worst <= step / 8 && sorted.length >= leastSteps ? step : 0;
}

/** The mean of the differences that are not larger than 1.5 times the smallest: digits round up as often as down. */
function smallestOf(differences: Float64Array): number {
  const least = differences.reduce((most, difference) => Math.min(most, difference), Number.POSITIVE_INFINITY);
  const near = differences.filter((difference) => difference < 1.5 * least);
  return near.reduce((sum, difference) => sum + difference, 0) / near.length;
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
  return Math.max(Number(`1e-${digits}`), 4 * Number.EPSILON * largest);
}

/** The oddity of a column with a step. */
export function quantumOddity({ column, series }: ColumnSeries, { step: quantum }: Quantum): Oddity | null {
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
