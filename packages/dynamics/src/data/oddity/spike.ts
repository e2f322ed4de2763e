/**
 * Values that leave the motion for up to three rows and come back.
 *
 * A spike is a step out and a step back, both farther from the usual step there than eight times any of the steps around.
 * The measure is local and has no scale, so that a fast swing, a sharp turn or a heavy noise is none; what is smaller than
 * 2 % of the column's range is not told.
 */

import { median } from "../oddity-measure.ts";
import type { Oddity } from "./oddity.ts";
import { type ColumnSeries, countOf, placeOf, presentValues, roundingOf, type Series, shortNumber } from "./series.ts";

const longest = 3;
const around = 5;
const ratio = 8;
const least = 0.02;

/**
 * The rows of a series that are spikes: [k] ascending.
 * @param series without jumps of a whole turn
 * @param quantum what two readings of one state may differ by
 * @param turn the turn of an angle that jumps: its range is a turn, however often it turns
 */
export function spikeRows({ values }: Pick<Series, "values">, quantum: number, turn: number | null): readonly number[] {
  const present = presentValues(values);
  const floor = Math.max(
    ratio * quantum,
    least * Math.min(innerRange(present.values), turn ?? Number.POSITIVE_INFINITY),
    roundingOf(present.values),
  );
  const steps = present.values.subarray(1).map((value, at) => value - (present.values[at] as number));
  const found: number[] = [];
  for (let at = 0; at < steps.length - 1; at++) {
    // No candidate without a sudden step: the test of the neighbours is the dear part.
    if (Math.abs((steps[at] as number) - (steps[at - 1] ?? 0)) <= floor) continue;
    const width = spikeWidth(steps, at, floor);
    for (let row = 0; row < width; row++) found.push(present.rows[at + 1 + row] as number);
    at += width;
  }
  return found;
}

/** How many values stand apart after the step `at`; 0 for none. */
function spikeWidth(steps: Float64Array, at: number, floor: number): number {
  for (let width = 1; width <= longest; width++) {
    const near = stepsAround(steps, at, at + width);
    if (near.length < around) return 0;
    // A swing that goes on adds its own step to both.
    const usual = median(near) ?? 0;
    const [out, back] = [(steps[at] as number) - usual, (steps[at + width] ?? Number.NaN) - usual];
    const size = Math.min(Math.abs(out), Math.abs(back));
    const largest = near.reduce((most, step) => Math.max(most, Math.abs(step - usual)), 0);
    if (out * back < 0 && size > floor && size > ratio * largest) return width;
  }
  return 0;
}

/** The steps within five before the step `from` and five after the step `to`. */
function stepsAround(steps: Float64Array, from: number, to: number): readonly number[] {
  return [...steps.subarray(Math.max(0, from - around), from), ...steps.subarray(to + 1, to + 1 + around)];
}

/** The range without the outer 1 % on each side. */
function innerRange(values: Float64Array): number {
  const sorted = values.slice().sort();
  const edge = Math.floor(sorted.length / 100);
  return (sorted[sorted.length - 1 - edge] ?? 0) - (sorted[edge] ?? 0);
}

/** The oddity of a column whose spikes are these rows of its series. */
export function spikeOddity({ column, series }: ColumnSeries, rows: readonly (readonly number[])[]): Oddity | null {
  const count = rows.reduce((sum, found) => sum + found.length, 0);
  if (count === 0) return null;
  const examples = series.flatMap(({ values }, index) => rows[index]?.map((row) => values[row] as number) ?? []);
  const farthest = [...new Set(examples)].slice(0, 3).map(shortNumber).join(", ");
  const unit = column.unit.symbol === "" ? "" : ` ${column.unit.symbol}`;
  return {
    kind: "spike",
    column: column.name,
    found: `${countOf(count, "spiking value")} (${farthest}${unit}${count > 3 ? ", …" : ""})`,
    remedy: "Kept as measured: empty the cells if they are faults of the sensor.",
    count,
    places: series.flatMap((each, index) => (rows[index] ?? []).map((row) => placeOf(each, row))),
  };
}
