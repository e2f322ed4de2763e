/**
 * Missing values of one column: empty cells, declared codes, and numbers that look like a code nobody declared.
 */

import type { MergedTables, ReadSource } from "../merge-plans.ts";
import { extremesOf } from "./extremes.ts";
import { type Oddity, type OddityPlace, placeAt } from "./oddity.ts";
import { type ColumnSeries, countOf, shortNumber } from "./series.ts";

/** The oddity of missing cells of the merged column `index`. */
export function missingOddities({ plan, tables }: MergedTables, index: number): readonly Oddity[] {
  const name = plan[index]?.name ?? "";
  const found = tables.flatMap((table) => runsIn(table, index));
  const missing = found.reduce((sum, { count }) => sum + count, 0);
  if (missing === 0) return [];
  const rows = tables.reduce((sum, { own, cells }) => sum + (own[index] === -1 ? 0 : cells.rows), 0);
  if (missing === rows) return [];
  const longest = found.reduce((most, { count }) => Math.max(most, count), 0);
  const coded = tables.reduce((sum, table) => sum + (table.coded[table.own[index] ?? -1] ?? 0), 0);
  const share = Number(((100 * missing) / rows).toPrecision(2));
  const codes = coded === 0 ? "" : `, ${coded} of them by a declared code`;
  return [
    {
      kind: "missing",
      column: name,
      found: `${countOf(missing, "value")} missing (${shortNumber(share)} %), at most ${countOf(longest, "row")} in a row${codes}`,
      remedy: "Left out by a mask: nothing is filled in.",
      count: missing,
      places: found.map(({ place }) => place),
    },
  ];
}

interface Run {
  readonly count: number;
  readonly place: OddityPlace;
}

function runsIn({ own, cells, source }: ReadSource, index: number): readonly Run[] {
  const numbers = cells.numbers[own[index] ?? -1];
  if (numbers == null) return [];
  const runs: Run[] = [];
  for (let row = 0; row < numbers.length; row++) {
    if (!Number.isNaN(numbers[row])) continue;
    const from = row;
    while (row + 1 < numbers.length && Number.isNaN(numbers[row + 1])) row += 1;
    runs.push({ count: row - from + 1, place: placeAt(source.file, cells.lines[from], cells.lines[row]) });
  }
  return runs;
}

/** Numbers that instruments write for no value. */
const usualCodes: readonly number[] = [
  99, 999, 9999, 99999, 999999, 32767, 65535, 2147483647, 1e20, 1e30, 9.96921e36, 1e37, 1e38,
].flatMap((code) => [code, -code, -code - 1]);

/**
 * An undeclared code in a column: a usual code at the end of the range, alone by more than the rest of the range; null
 * for none.
 */
export function undeclaredCode({ series }: Pick<ColumnSeries, "series">): number | null {
  const { minimum, maximum } = extremesOf(series);
  const ends = minimum === null || maximum === null ? [] : [minimum, maximum];
  return ends.find((end) => usualCodes.includes(end) && isAlone(series, end)) ?? null;
}

function isAlone(series: ColumnSeries["series"], code: number): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { values } of series) {
    for (const value of values) {
      if (value === code) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return least <= most && Math.min(Math.abs(code - least), Math.abs(code - most)) > most - least;
}

/** The oddity of an undeclared code. */
export function codeOddity({ column, series }: ColumnSeries, code: number): Oddity {
  const places: OddityPlace[] = [];
  for (const { file, lines, values } of series) {
    for (let row = 0; row < values.length; row++) if (values[row] === code) places.push(placeAt(file, lines[row]));
  }
  return {
    kind: "missing-code",
    column: column.name,
    found: `${countOf(places.length, "value")} of ${shortNumber(code)}, far from all others: looks like a code for a missing value`,
    remedy: `Say --missing ${shortNumber(code)} if it is one.`,
    count: places.length,
    places,
  };
}
