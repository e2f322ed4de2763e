/**
 * Whole turns in a column of angles: how long one is in its unit, and angles without their jumps.
 */

import type { PlannedColumn } from "../column-plan.ts";
import { presentValues } from "../present-values.ts";
import { hasDimension } from "../unit.ts";
import { extremesOf } from "./extremes.ts";
import { type Oddity, placeAt } from "./oddity.ts";
import { type ColumnSeries, countOf, innerRange, type Series } from "./series.ts";

/**
 * The turn by which the values of a column jump, in its unit; null where none jumps. Wrapped values stay within one
 * turn and jump by nearly a whole one. An angle without a stated unit may be in degrees.
 */
export function turnOfJumps({ column, series }: ColumnSeries): number | null {
  const isAngle = column.role === "angle" || hasDimension(column.unit, { angle: 1 });
  if (!isAngle) return null;
  const own = column.unit.known ? (2 * Math.PI * column.unit.denominator) / column.unit.numerator : 2 * Math.PI;
  const wanted = [own, ...(column.unitStated ? [] : [360])];
  const { minimum, maximum } = extremesOf(series);
  // Without its edges the range is no wider: they are looked for only where it is too wide with them.
  const isWithin = (maximum ?? 0) - (minimum ?? 0) <= 1.02 * own;
  const range = isWithin ? 0 : innerRange(allValues(series));
  const turn = wanted.find((each) => range <= 1.02 * each) ?? null;
  return turn !== null && series.some((each) => jumpRows(each, turn).length > 0) ? turn : null;
}

/** The rows after which a series has jumped by nearly a whole turn. */
export function jumpRows({ values }: Pick<Series, "values">, turn: number): readonly number[] {
  const rows: number[] = [];
  let before = Number.NaN;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    if (Math.abs(value - before) > 0.75 * turn) rows.push(row);
    before = value;
  }
  return rows;
}

/** Values without jumps of a whole turn. */
export function withoutJumps(values: Float64Array, turn: number | null): Float64Array {
  if (turn === null) return values;
  const result = values.slice();
  let [turns, before] = [0, Number.NaN];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (Number.isNaN(value)) continue;
    if (!Number.isNaN(before)) turns -= Math.round((value - before) / turn);
    result[at] = value + turn * turns;
    before = value;
  }
  return result;
}

/** The values of all series that are there, one after another. */
function allValues(series: readonly Series[]): Float64Array {
  const pieces = series.map(({ values }) => presentValues(values).values);
  const all = new Float64Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const piece of pieces) {
    all.set(piece, filled);
    filled += piece.length;
  }
  return all;
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
