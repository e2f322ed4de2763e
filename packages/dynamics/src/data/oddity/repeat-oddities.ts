/**
 * The same thing twice: a column that is a fixed multiple of another of its kind, a recording that is in the data twice.
 */

import { quoted } from "../column-role.ts";
import type { Trajectory } from "../dataset.ts";
import type { Role } from "../reading.ts";
import type { Recording } from "../recording.ts";
import { extremesOf } from "./extremes.ts";
import { type Oddity, type OddityPlace, placeAt } from "./oddity.ts";
import { type ColumnSeries, countOf, shortNumber } from "./series.ts";

/** Only columns of one kind are compared: a momentum is a multiple of its velocity by nature. */
const kinds: readonly (readonly Role[])[] = [["coordinate", "angle"], ["velocity"], ["momentum"], ["control"]];

/** Columns that repeat an earlier one. */
export function repeatedColumns(columns: readonly ColumnSeries[]): readonly Oddity[] {
  return kinds.flatMap((roles) => {
    const same = columns.filter(({ column }) => roles.includes(column.role));
    return same.flatMap((later, index) => {
      for (const earlier of same.slice(0, index)) {
        const line = lineThrough(earlier, later);
        if (line !== null) return [repeatOddity(earlier, later, line)];
      }
      return [];
    });
  });
}

interface Line {
  readonly slope: number;
  readonly offset: number;
}

/** The line `later = slope * earlier + offset` that all values are on, to a millionth of the range; null without one. */
function lineThrough(earlier: ColumnSeries, later: ColumnSeries): Line | null {
  const [a, b] = [extremesOf(earlier.series), extremesOf(later.series)];
  if (a.minimum === null || b.minimum === null || a.maximum === a.minimum || b.maximum === b.minimum) return null;
  const ends = endsOf(earlier, later);
  if (ends === null) return null;
  const slope = (ends.high[1] - ends.low[1]) / (ends.high[0] - ends.low[0]);
  const offset = ends.low[1] - slope * ends.low[0];
  const allowed = 1e-6 * ((b.maximum as number) - b.minimum);
  const isOn = earlier.series.every(({ values }, index) => {
    const other = later.series[index]?.values;
    return values.every((value, at) => {
      const distance = Math.abs(slope * value + offset - (other?.[at] ?? Number.NaN));
      return Number.isNaN(distance) || distance <= allowed;
    });
  });
  return isOn ? { slope, offset: Math.abs(offset) <= allowed ? 0 : offset } : null;
}

/** The pairs of values where the earlier column is smallest and largest. */
function endsOf(earlier: ColumnSeries, later: ColumnSeries): { low: [number, number]; high: [number, number] } | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [atLow, atHigh] = [0, 0];
  for (const [index, { values }] of earlier.series.entries()) {
    const other = later.series[index]?.values ?? new Float64Array(0);
    for (let at = 0; at < values.length; at++) {
      const [value, partner] = [values[at] as number, other[at] as number];
      if (Number.isNaN(value + partner)) continue;
      if (value < low) [low, atLow] = [value, partner];
      if (value > high) [high, atHigh] = [value, partner];
    }
  }
  return high > low ? { low: [low, atLow], high: [high, atHigh] } : null;
}

function repeatOddity({ column: earlier }: ColumnSeries, { column, series }: ColumnSeries, line: Line): Oddity {
  const isCopy = Math.abs(line.slope - 1) < 1e-6 && line.offset === 0;
  const plus = line.offset === 0 ? "" : ` ${line.offset < 0 ? "-" : "+"} ${shortNumber(Math.abs(line.offset))}`;
  return {
    kind: "repeated-column",
    column: column.name,
    found: isCopy
      ? `repeats ${earlier.name}`
      : `is ${shortNumber(line.slope)} times ${earlier.name}${plus} in every row`,
    remedy: `Say --column ${quoted(column.name)}=ignore if it is the same quantity.`,
    count: 1,
    places: [...new Set(series.map(({ file }) => file))].map((file) => placeAt(file, null)),
  };
}

/** Recordings whose measurements are those of an earlier one. */
export function repeatedRecordings(
  trajectories: readonly Trajectory[],
  recordings: readonly Recording[],
): readonly Oddity[] {
  const seen = new Map<string, number[]>();
  const places: OddityPlace[] = [];
  const pairs: string[] = [];
  for (const [index, { times, values, name }] of trajectories.entries()) {
    const key = `${times.length} ${values.slice(0, 8).join(" ")}`;
    const alike = seen.get(key) ?? [];
    const twin = alike.find((other) => isEqual(trajectories[other] as Trajectory, trajectories[index] as Trajectory));
    seen.set(key, [...alike, index]);
    if (twin === undefined) continue;
    const { table, rows } = recordings[index] as Recording;
    const line = (row: number | undefined): number | undefined => table.cells.lines[row ?? -1];
    places.push(placeAt(table.source.file, line(rows[0]), line(rows.at(-1))));
    pairs.push(`${name} is ${trajectories[twin]?.name}`);
  }
  if (places.length === 0) return [];
  return [
    {
      kind: "repeated-recording",
      column: null,
      found: `${countOf(places.length, "recording")} twice: ${pairs.slice(0, 3).join(", ")}${pairs.length > 3 ? ", …" : ""}`,
      remedy: "Leave one of each out: a test on what was trained on proves nothing.",
      count: places.length,
      places,
    },
  ];
}

function isEqual(a: Trajectory, b: Trajectory): boolean {
  return a.values.length > 0 && a.values.every((value, at) => Object.is(value, b.values[at]));
}
