/**
 * Whole turns in a column of angles: how long one is in its unit, and angles without their jumps.
 */

import type { PlannedColumn } from "../column-plan.ts";
import { hasDimension } from "../unit.ts";
import { type Oddity, placeAt } from "./oddity.ts";
import { type ColumnSeries, countOf, presentValues, type Series } from "./series.ts";

/**
 * The turn by which the values of a column jump, in its unit; null where none jumps. Wrapped values stay within one
 * turn and jump by nearly a whole one. An angle without a stated unit may be in degrees.
 */
export function turnOfJumps({ column, series }: ColumnSeries): number | null {
  const isAngle = column.role === "angle" || hasDimension(column.unit, { angle: 1 });
  if (!isAngle) return null;
  const own = column.unit.known ? (2 * Math.PI * column.unit.denominator) / column.unit.numerator : 2 * Math.PI;
  const range = trimmedRange(series);
  const turn = [own, ...(column.unitStated ? [] : [360])].find((each) => range <= 1.02 * each) ?? null;
  return turn !== null && series.some((each) => jumpRows(each, turn).length > 0) ? turn : null;
}

/** The rows after which a series has jumped by nearly a whole turn. */
export function jumpRows({ values }: Pick<Series, "values">, turn: number): readonly number[] {
  const present = presentValues(values);
  return [...present.rows].filter(
    (_, at) => at > 0 && Math.abs((present.values[at] as number) - (present.values[at - 1] as number)) > 0.75 * turn,
  );
}

/** Values without jumps of a whole turn. */
export function withoutJumps(values: Float64Array, turn: number | null): Float64Array {
  if (turn === null) return values;
  const result = values.slice();
  let [turns, before] = [0, Number.NaN];
  for (const [at, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    if (!Number.isNaN(before)) turns -= Math.round((value - before) / turn);
    result[at] = value + turn * turns;
    before = value;
  }
  return result;
}

/** The range of all values but 1 % on each side: a spike does not widen it. */
function trimmedRange(series: readonly Series[]): number {
  const all = series.flatMap(({ values }) => [...presentValues(values).values]);
  const sorted = Float64Array.from(all).sort();
  const edge = Math.floor(sorted.length / 100);
  return (sorted[sorted.length - 1 - edge] ?? 0) - (sorted[edge] ?? 0);
}

/** The oddity of a column that jumps by `turn`. */
export function wrappedOddity({ column, series }: ColumnSeries, turn: number): Oddity {
  const places = series.flatMap((each) => jumpRows(each, turn).map((row) => placeAt(each.file, each.lines[row])));
  return {
    kind: "wrapped",
    column: column.name,
    found: `${countOf(places.length, "jump")} of a whole turn`,
    remedy: remedyFor(column),
    count: places.length,
    places,
  };
}

function remedyFor({ role, name }: PlannedColumn): string {
  if (role === "angle") return "Unwrapped for processing.";
  return `Say --column ${/^[\w.-]+$/.test(name) ? name : `"${name}"`}=angle: only angles are unwrapped.`;
}
