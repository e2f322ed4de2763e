/**
 * Columns in memory as a table source: what an application has measured itself, and what files of arrays hold.
 */

import { firstDateOf } from "./calendar-time.ts";
import { DataError } from "./data-error.ts";
import { isMissingWord, numberIn, numberOfField, numberOfValue, wordOfField } from "./read-cell.ts";
import { type ColumnLook, holdsWords, type TableSource, type WantedColumn } from "./table-source.ts";
import { TimeCells } from "./time-cells.ts";

/** One column: numbers in the user's unit (NaN where missing), or words. */
export interface ArrayColumn {
  /** Header text, unit included (`theta [deg]`); empty where there is none. */
  readonly name: string;
  /** [rows] */
  readonly values: ArrayLike<number> | readonly string[];
}

/** What is known about the columns as a whole. */
export interface ArraySourceOptions {
  /** The table's name for messages and for its only trajectory; default `table`. */
  readonly name?: string;
  /** How the columns were stored, in the words of `TableSource.format`; default `arrays`. */
  readonly format?: string;
  /** What was left out or assumed on the way. */
  readonly notes?: readonly string[];
}

const sampleSize = 50;

/**
 * The source of columns in memory. The arrays are not copied: leave them alone until the data set is made.
 * @param columns [columns] all of one length
 * @param options what is known about them
 * @throws DataError when there is no column or the lengths differ
 * @example
 * import { arraySource, datasetOf } from "@leastaction/dynamics";
 * const t = Float64Array.from({ length: 100 }, (_, row) => row / 50);
 * const theta = t.map((time) => 20 * Math.cos(5 * time));
 * const data = datasetOf([arraySource([{ name: "t", values: t }, { name: "theta [deg]", values: theta }])]);
 * data.trajectories[0]?.times.length; // 100
 */
export function arraySource(columns: readonly ArrayColumn[], options: ArraySourceOptions = {}): TableSource {
  const file = options.name ?? "table";
  const rows = columns[0]?.values.length ?? 0;
  if (rows === 0) throw noRows(file);
  const ragged = columns.find(({ values }) => values.length !== rows);
  if (ragged !== undefined) throw unequal(ragged, columns[0] as ArrayColumn, file);
  return Object.freeze({
    file,
    format: options.format ?? "arrays",
    delimiter: null,
    decimalComma: false,
    headerLine: null,
    names: columns.map(({ name }) => name),
    looks: columns.map(look),
    shortHeader: null,
    notes: options.notes ?? [],
    cells: (wanted, missing = []) => ({
      rows,
      lines: Float64Array.from({ length: rows }, (_, row) => row + 1),
      numbers: columns.map(({ values }, at) => numbersOf(values, wanted[at] as WantedColumn, new Set(missing), file)),
      words: columns.map(({ values }, at) => wordsOf(values, wanted[at] as WantedColumn, file)),
    }),
  } satisfies TableSource);
}

function look({ values }: ArrayColumn): ColumnLook {
  const sample = Array.from({ length: Math.min(sampleSize, values.length) }, (_, row) => values[row] ?? "");
  const present = sample.filter((value) => (typeof value === "string" ? !isMissingWord(value) : !Number.isNaN(value)));
  const numbers = present.map((value) => (typeof value === "string" ? numberIn(value, false) : value));
  return {
    isText: numbers.length > 0 && numbers.every((value) => Number.isNaN(value)),
    isRising: numbers.length > 1 && numbers.every((value, at) => at === 0 || value > (numbers[at - 1] as number)),
    firstDate: firstDateOf(present.map((value) => (typeof value === "string" ? value.trim() : ""))),
  };
}

function numbersOf(
  values: ArrayColumn["values"],
  column: WantedColumn,
  missing: ReadonlySet<string>,
  file: string,
): Float64Array | null {
  if (column.role === "ignore" || holdsWords(column.role)) return null;
  const numbers = new Float64Array(values.length);
  const times = column.role === "time" ? new TimeCells() : null;
  for (let row = 0; row < numbers.length; row++) {
    const stored = values[row] as number | string;
    const value = missing.size > 0 && missing.has(String(stored)) ? "" : stored;
    const place = { column, line: row + 1, file };
    if (typeof value === "number") numbers[row] = numberOfValue(value, place);
    else if (times !== null) numbers[row] = times.read(value.trim(), place, false, row === 0);
    else numbers[row] = numberOfField(value.trim(), place, false);
  }
  return numbers;
}

function wordsOf(values: ArrayColumn["values"], column: WantedColumn, file: string): readonly string[] | null {
  if (!holdsWords(column.role)) return null;
  return Array.from({ length: values.length }, (_, row) => {
    const value = values[row] as number | string;
    const field = typeof value === "string" ? value.trim() : Number.isNaN(value) ? "" : String(value);
    return wordOfField(field, { column, line: row + 1, file }, false);
  });
}

function noRows(file: string): DataError {
  return new DataError({
    code: "empty",
    file,
    expected: "columns with rows in them",
    found: "none",
    remedy: "Check that the file is the one you meant and that it was saved.",
  });
}

function unequal(column: ArrayColumn, first: ArrayColumn, file: string): DataError {
  return new DataError({
    code: "ragged-row",
    file,
    column: column.name,
    expected: `${first.values.length} rows, as in ${first.name === "" ? "the first column" : first.name}`,
    found: `${column.values.length}`,
    remedy: "Give every column of a table the same number of rows.",
  });
}
