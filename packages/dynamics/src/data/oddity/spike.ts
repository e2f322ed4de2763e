/**
 * Values that leave the motion for up to three rows and come back.
 *
 * A spike is a step out and a step back, both well beyond the usual step there, to a value that is more than twenty times
 * farther from the cubic through its neighbours than any value around is from its own. The measure is local and has no
 * scale, so that a fast swing, a sharp turn or a heavy noise is none; what is smaller than 2 % of the column's range is not
 * told.
 */

import { median, timeSteps } from "../oddity-measure.ts";
import { presentValues } from "../present-values.ts";
import type { Oddity } from "./oddity.ts";
import { type ColumnSeries, countOf, innerRange, placeOf, roundingOf, type Series, shortNumber } from "./series.ts";

const longest = 3;
const around = 5;
/** Of a step out or back to the steps around. */
const stepRatio = 2;
/** Of a distance from the cubic to the distances around. */
const ratio = 20;
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
    8 * quantum,
    least * Math.min(innerRange(present.values.slice()), turn ?? Number.POSITIVE_INFINITY),
    roundingOf(present.values),
  );
  const steps = timeSteps(present.values);
  const found: number[] = [];
  for (let at = 0; at < steps.length - 1; at++) {
    // No candidate without a sudden step: the test of the neighbours is the dear part.
    if (Math.abs((steps[at] as number) - (steps[at - 1] ?? 0)) <= floor) continue;
    const width = spikeWidth(present.values, steps, at, floor);
    for (let row = 0; row < width; row++) found.push(present.rows[at + 1 + row] as number);
    at += width;
  }
  return found;
}

/** How many values stand apart after the step `at`; 0 for none. */
function spikeWidth(values: Float64Array, steps: Float64Array, at: number, floor: number): number {
  for (let width = 1; width <= longest; width++) {
    const near = stepsAround(steps, at, at + width);
    if (near.length < around) return 0;
    // A swing that goes on adds its own step to both.
    const usual = median(near) ?? 0;
    const [out, back] = [(steps[at] as number) - usual, (steps[at + width] ?? Number.NaN) - usual];
    const size = Math.min(Math.abs(out), Math.abs(back));
    const largest = near.reduce((most, step) => Math.max(most, Math.abs(step - usual)), 0);
    if (out * back < 0 && size > floor && size > stepRatio * largest && isApart(values, at + 1, width)) return width;
  }
  return 0;
}

/** Whether the values from `from` on are twenty times farther from their cubic than those before and after from theirs. */
function isApart(values: Float64Array, from: number, width: number): boolean {
  const offsets = [0, 1, 2, 3].flatMap((shift) => [from - width - 2 - shift, from + width + 2 + shift]);
  const near = offsets.map((start) => distance(values, start, width)).filter((each) => !Number.isNaN(each));
  const largest = near.reduce((most, each) => Math.max(most, each), 0);
  return near.length >= 4 && distance(values, from, width) > ratio * largest;
}

/** How far `width` values are from the cubic through two values on each side, at least; NaN where these are not there. */
function distance(values: Float64Array, from: number, width: number): number {
  const at = [from - 2, from - 1, from + width, from + width + 1];
  if ((at[0] as number) < 0 || (at[3] as number) >= values.length) return Number.NaN;
  let least = Number.POSITIVE_INFINITY;
  for (let row = from; row < from + width; row++) {
    const cubic = at.reduce((sum, node) => {
      const others = at.filter((other) => other !== node);
      return (
        sum + others.reduce((product, other) => (product * (row - other)) / (node - other), values[node] as number)
      );
    }, 0);
    least = Math.min(least, Math.abs((values[row] as number) - cubic));
  }
  return least;
}

/** The steps within five before the step `from` and five after the step `to`. */
function stepsAround(steps: Float64Array, from: number, to: number): readonly number[] {
  return [...steps.subarray(Math.max(0, from - around), from), ...steps.subarray(to + 1, to + 1 + around)];
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
