/**
 * The reading in words: one line for the files, one for each column, then one list of everything odd, before any
 * training.
 */

import type { Oddity, OddityPlace } from "./oddity/oddity.ts";
import { countOf, shortNumber } from "./oddity/series.ts";
import type { ColumnReading, Reading } from "./reading.ts";
import { toSi, type Unit, unitNamed } from "./unit.ts";

const placesShown = 3;

/** The lines to print. */
export function describeReading(reading: Reading): readonly string[] {
  const { files, oddities } = reading;
  const list = oddities.flatMap((oddity, index) => [
    `  ${String(index + 1).padStart(String(oddities.length).length)}. ${describeOddity(oddity)}`,
    `     ${oddity.remedy}`,
  ]);
  return [
    `${namesOf(files.map(({ file }) => file))}: ${countOf(reading.rows, "row")}, ${countOf(reading.trajectories, "trajectory", "trajectories")}, ${writingOf(reading)}`,
    ...reading.notes.map((note) => `  ${note}`),
    ...reading.columns.map(describeColumn),
    oddities.length === 0 ? "nothing odd" : `${countOf(oddities.length, "oddity", "oddities")}:`,
    ...list,
  ];
}

/** One oddity in one line: column, what was found, and where. */
export function describeOddity({ column, found, places }: Oddity): string {
  const where = describePlaces(places);
  return `${column === null ? "" : `${column}: `}${found}${where === "" ? "" : ` (${where})`}`;
}

function namesOf(files: readonly string[]): string {
  if (files.length <= 3) return files.join(", ");
  return `${files.length} files (${files[0]}, ${files[1]} … ${files.at(-1)})`;
}

function writingOf({ format, delimiter, decimalComma, headerLine }: Reading): string {
  const header = headerLine === null ? "no header" : `header in line ${headerLine}`;
  return delimiter === null ? format : `${delimiter}${decimalComma ? ", decimal commas" : ""}, ${header}`;
}

function describeColumn(column: ColumnReading): string {
  const unit = column.unit === "" ? "" : ` [${column.unit}]`;
  const range =
    column.minimum === null ? "" : `  ${shortNumber(column.minimum)} .. ${shortNumber(column.maximum ?? 0)}`;
  const pair = column.pairedWith === null ? "" : ` of ${column.pairedWith}`;
  const facts = [
    column.rate === null ? [] : [rateOf(column.rate, unitNamed(column.unit))],
    column.gaps === null || column.gaps === 0 ? [] : [countOf(column.gaps, "gap")],
    column.missing === 0 ? [] : [`${column.missing} missing`],
  ].flat();
  const told = facts.length === 0 ? "" : `  ${facts.join(", ")}`;
  return `  ${column.name}: ${column.role}${pair}${unit}${range}${told}  (${column.decided})`;
}

/** Samples per second, or per hour, day or year where the times are in such. */
function rateOf(rate: number, unit: Unit): string {
  const length = toSi(unit, 1);
  return length < 60 ? `${shortNumber(rate)} Hz` : `${shortNumber(rate * length)} per ${unit.symbol}`;
}

/** `run1.csv, line 7 and 12 more; run2.csv, lines 8-10; and 9 more files`. */
function describePlaces(places: readonly OddityPlace[]): string {
  const byFile = new Map<string, OddityPlace[]>();
  for (const place of places) byFile.get(place.file)?.push(place) ?? byFile.set(place.file, [place]);
  const files = [...byFile];
  const linesShown = files.length === 1 ? placesShown : 1;
  const words = files.slice(0, placesShown).map(([file, own]) => {
    const lines = own.slice(0, linesShown).flatMap(({ line, lastLine }) => {
      return line === null ? [] : [line === lastLine ? `line ${line}` : `lines ${line}-${lastLine}`];
    });
    const more = own.length - linesShown;
    return `${[file, ...lines].join(", ")}${more > 0 && lines.length > 0 ? ` and ${more} more` : ""}`;
  });
  const more = files.length - words.length;
  return [...words, ...(more > 0 ? [`and ${countOf(more, "more file", "more files")}`] : [])].join("; ");
}
