/**
 * The cells of a table, column by column: numbers in the user's unit, or words.
 *
 * In: records and the plan. Out: growing typed arrays, the line of each row, and an error with line and column at the
 * first cell that is not what its column holds. Missing cells are NaN. Columns with the role `ignore` are not parsed.
 */

import type { PlannedColumn } from "./column-plan.ts";
import { DataError } from "./data-error.ts";
import { type Dialect, isMissingWord, numberIn } from "./table-dialect.ts";
import { records, type TableRecord } from "./table-lines.ts";

/** Numbers that grow. */
interface NumberColumn {
  readonly kind: "number";
  numbers: Float64Array;
}

interface WordColumn {
  readonly kind: "word";
  readonly words: string[];
}

type Column = NumberColumn | WordColumn | null;

/** All cells of a table. */
export interface TableCells {
  readonly rows: number;
  /** [rows] line of each row, from 1. */
  readonly lines: Float64Array;
  /** For each column: [rows] numbers in the user's unit, NaN where missing; null for words and ignored columns. */
  readonly numbers: readonly (Float64Array | null)[];
  /** For each column: [rows] words; null for numbers and ignored columns. */
  readonly words: readonly (readonly string[] | null)[];
}

/** Reads all records of a normalized text. */
export function readCells(text: string, dialect: Dialect, plan: readonly PlannedColumn[], file: string): TableCells {
  const columns = plan.map((column) => emptyColumn(column));
  let lines = new Float64Array(1024);
  let rows = 0;
  for (const record of records(text, dialect.delimiter, file)) {
    if (dialect.headerIsRecord && record.line === dialect.headerLine) continue;
    if (rows === lines.length) lines = grown(lines);
    lines[rows] = record.line;
    readRow(record, rows, columns, plan, dialect, file);
    rows += 1;
  }
  return {
    rows,
    lines: lines.subarray(0, rows),
    numbers: columns.map((column) => (column?.kind === "number" ? column.numbers.subarray(0, rows) : null)),
    words: columns.map((column) => (column?.kind === "word" ? column.words : null)),
  };
}

function emptyColumn({ role }: PlannedColumn): Column {
  if (role === "ignore") return null;
  if (role === "trajectory" || role === "split" || role === "valid") return { kind: "word", words: [] };
  return { kind: "number", numbers: new Float64Array(1024) };
}

function readRow(
  record: TableRecord,
  row: number,
  columns: readonly Column[],
  plan: readonly PlannedColumn[],
  dialect: Dialect,
  file: string,
): void {
  const { fields, line } = record;
  const extra = fields.length - columns.length;
  if (extra !== 0 && !(extra === 1 && fields[columns.length] === "")) throw raggedRow(record, plan, file);
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index] as Column;
    if (column === null) continue;
    const field = fields[index] as string;
    const planned = plan[index] as PlannedColumn;
    if (column.kind === "word") column.words.push(wordIn(field, planned, line, dialect.decimalComma, file));
    else {
      if (row === column.numbers.length) column.numbers = grown(column.numbers);
      column.numbers[row] = cellNumber(field, planned, line, dialect.decimalComma, file);
    }
  }
}

function cellNumber(field: string, column: PlannedColumn, line: number, decimalComma: boolean, file: string): number {
  const value = numberIn(field, decimalComma);
  if (!Number.isNaN(value)) return value;
  if (!isMissingWord(field)) throw notANumber(field, column, line, file);
  if (column.role !== "time") return Number.NaN;
  throw new DataError({
    code: "missing-value",
    file,
    line,
    column: column.name,
    expected: "a time in every row",
    found: "none",
    remedy: "Fill in the time or remove the row: a measurement without its time cannot be used.",
  });
}

/** `0` and `0.0e+00` name the same trajectory. */
function wordIn(field: string, column: PlannedColumn, line: number, decimalComma: boolean, file: string): string {
  if (column.role === "valid") return field.toLowerCase();
  if (field === "") {
    throw new DataError({
      code: "missing-value",
      file,
      line,
      column: column.name,
      expected: `a ${column.role} in every row`,
      found: "an empty cell",
      remedy: `Fill it in, or do not use the column: --column ${column.name}=ignore.`,
    });
  }
  const value = numberIn(field, decimalComma);
  return Number.isNaN(value) ? field : String(value + 0);
}

function grown(numbers: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

function raggedRow(record: TableRecord, plan: readonly PlannedColumn[], file: string): DataError {
  return new DataError({
    code: "ragged-row",
    file,
    line: record.line,
    expected: `${plan.length} columns (${plan.map((column) => column.name).join(", ")})`,
    found: `${record.fields.length}`,
    remedy:
      "Complete or remove the line; values with a comma in them need quotes, and a last line may have been cut off.",
  });
}

function notANumber(field: string, column: PlannedColumn, line: number, file: string): DataError {
  return new DataError({
    code: "not-a-number",
    file,
    line,
    column: column.name,
    expected: "a number",
    found: `"${field.length > 40 ? `${field.slice(0, 40)}…` : field}"`,
    remedy: `Correct the cell, leave it empty if the value is missing, or do not use the column: --column ${column.name}=ignore.`,
  });
}
