/**
 * The cells of a table, column by column: numbers in the user's unit, or words.
 *
 * In: records and the plan. Out: growing typed arrays, the line of each row, and an error with line and column at the
 * first cell that is not what its column holds. Missing cells are NaN. Columns with the role `ignore` are not parsed.
 */

import { DataError } from "./data-error.ts";
import { numberOfField, wordOfField } from "./read-cell.ts";
import type { Dialect } from "./table-dialect.ts";
import { records, type TableRecord } from "./table-lines.ts";
import { holdsWords, type TableCells, type WantedColumn } from "./table-source.ts";

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

/** How a table is written, and which words stand for a missing number. */
export interface CellDialect extends Dialect {
  readonly missing: ReadonlySet<string>;
}

/** Reads all records of a normalized text. */
export function readCells(text: string, dialect: CellDialect, plan: readonly WantedColumn[], file: string): TableCells {
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

function emptyColumn({ role }: WantedColumn): Column {
  if (role === "ignore") return null;
  if (holdsWords(role)) return { kind: "word", words: [] };
  return { kind: "number", numbers: new Float64Array(1024) };
}

function readRow(
  record: TableRecord,
  row: number,
  columns: readonly Column[],
  plan: readonly WantedColumn[],
  dialect: CellDialect,
  file: string,
): void {
  const { fields, line } = record;
  const extra = fields.length - columns.length;
  if (extra !== 0 && !(extra === 1 && fields[columns.length] === "")) throw raggedRow(record, plan, file);
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index] as Column;
    if (column === null) continue;
    const field = fields[index] as string;
    const planned = plan[index] as WantedColumn;
    if (column.kind === "word")
      column.words.push(wordOfField(field, { column: planned, line, file }, dialect.decimalComma));
    else {
      if (row === column.numbers.length) column.numbers = grown(column.numbers);
      const known = dialect.missing.has(field) ? "" : field;
      column.numbers[row] = numberOfField(known, { column: planned, line, file }, dialect.decimalComma);
    }
  }
}

function grown(numbers: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

function raggedRow(record: TableRecord, plan: readonly WantedColumn[], file: string): DataError {
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
