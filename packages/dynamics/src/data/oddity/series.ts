/**
 * One column of one trajectory, with the line of every value: what the oddities of values are looked for in.
 */

import type { PlannedColumn } from "../column-plan.ts";
import type { Axis } from "../dataset.ts";
import { type OddityPlace, placeAt } from "./oddity.ts";

/** [n] values of one column, in the order of time. */
export interface Series {
  readonly file: string;
  readonly trajectory: string;
  /** [n] line of each value in its file. */
  readonly lines: ArrayLike<number>;
  /** [n] s, rising. */
  readonly times: Float64Array;
  /** [n] in the user's unit; NaN where missing or declared invalid. */
  readonly values: Float64Array;
}

/** One column over all trajectories. */
export interface ColumnSeries {
  readonly column: PlannedColumn;
  readonly series: readonly Series[];
}

/** The values that are there, one after another. */
export interface PresentValues {
  /** [m] index of each into the series. */
  readonly rows: Int32Array;
  /** [m] */
  readonly values: Float64Array;
}

/** Leaves missing values out. */
export function presentValues(values: Float64Array): PresentValues {
  const rows = new Int32Array(values.length);
  const present = new Float64Array(values.length);
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    rows[count] = row;
    present[count] = value;
    count += 1;
  }
  return { rows: rows.subarray(0, count), values: present.subarray(0, count) };
}

/** Differences below this are rounding, not motion: a billionth of the largest value. */
export function roundingOf(values: Float64Array): number {
  return 1e-9 * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
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
