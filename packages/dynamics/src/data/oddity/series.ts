/**
 * One column of one trajectory, with the line of every value: what the oddities of values are looked for in.
 */

import type { PlannedColumn } from "../column-plan.ts";
import type { Axis } from "../dataset.ts";
import { selectRanked } from "../select-ranked.ts";
import { type OddityPlace, placeAt } from "./oddity.ts";

/** [n] values of one column, in the order of time. */
export interface Series {
  readonly file: string;
  readonly trajectory: string;
  /** [n] line of each value in its file. */
  readonly lines: ArrayLike<number>;
  /** [n] s, rising. */
  readonly times: Float64Array;
  /** The median step of time, s; null for a single time. */
  readonly step: number | null;
  /** [n] in the user's unit; NaN where missing or declared invalid. May be the table's own memory: nothing writes to it. */
  readonly values: Float64Array;
}

/** One column over all trajectories. */
export interface ColumnSeries {
  readonly column: PlannedColumn;
  readonly series: readonly Series[];
}

/**
 * The range of numbers without the outer 1 % on each side: a spike does not widen it. 0 for none.
 * @param numbers their order is changed
 */
export function innerRange(numbers: Float64Array): number {
  if (numbers.length === 0) return 0;
  const edge = Math.floor(numbers.length / 100);
  const least = selectRanked(numbers, edge);
  return selectRanked(numbers, numbers.length - 1 - edge, edge) - least;
}

/** Differences below this are rounding, not motion: a billionth of the largest value. */
export function roundingOf(values: Float64Array): number {
  let most = 0;
  for (let at = 0; at < values.length; at++) most = Math.max(most, Math.abs(values[at] as number));
  return 1e-9 * most;
}

/** The place of the rows [from, to] of a series. */
export function placeOf({ file, lines }: Pick<Series, "file" | "lines">, from: number, to: number = from): OddityPlace {
  return placeAt(file, lines[from], lines[to]);
}

/** A number as it is told: five digits at most. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(5)));
}

/** A number with the unit of its column. */
export function withUnit(value: number, { unit }: Pick<Axis, "unit">): string {
  return unit.symbol === "" ? shortNumber(value) : `${shortNumber(value)} ${unit.symbol}`;
}

/** `1 value`, `3 values`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
