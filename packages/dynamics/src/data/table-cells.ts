/**
 * The cells of a text, column by column: numbers in the user's unit, or words.
 *
 * In: the text, whole or in chunks, and the plan. Out: typed arrays, the line of each row, and an error with line and
 * column at the first cell that is not what its column holds. Missing cells are NaN. Columns with the role `ignore` are
 * not parsed. Of a table too large for the memory, means of runs of rows are kept, or it is refused.
 */

import { BlockMean } from "./block-mean.ts";
import { DataError } from "./data-error.ts";
import { FieldCursor } from "./field-cursor.ts";
import { GrowingCells, holdsNumbers, type RowSink } from "./growing-cells.ts";
import { numberOfField, wordOfField } from "./read-cell.ts";
import type { Dialect } from "./table-dialect.ts";
import { contentOf, isComment, logicalLines, splitFields, type TableLine } from "./table-lines.ts";
import { holdsWords, type TableCells, type WantedColumn } from "./table-source.ts";
import { TimeCells } from "./time-cells.ts";

/** How a table is read. */
export interface CellDialect extends Dialect {
  /** Words that stand for a missing number, besides the usual ones. */
  readonly missing: ReadonlySet<string>;
  /** Rows that become one, their mean; 1 keeps every row. */
  readonly mean: number;
  /** More numbers than this are refused. */
  readonly maximumNumbers: number;
  /** Characters of the whole text, for the remedy; null where it is not known. */
  readonly size: number | null;
}

/** Reads all records of a text. */
export function readCells(
  chunks: Iterable<string>,
  dialect: CellDialect,
  plan: readonly WantedColumn[],
  file: string,
): TableCells {
  const reader = new RowReader(dialect, plan, file);
  const kept: RowSink = new GrowingCells(plan);
  const sink = dialect.mean > 1 ? new BlockMean(plan, dialect.mean, kept, file) : kept;
  const width = Math.max(1, plan.filter(({ role }) => holdsNumbers(role)).length);
  const limit = (dialect.maximumNumbers / width) * dialect.mean;
  let rows = 0;
  let characters = 0;
  for (const line of logicalLines(chunks, file)) {
    characters += line.to - line.from + 1;
    if (line.line < dialect.dataLine || isComment(line)) continue;
    reader.read(line);
    sink.push(line.line, reader.numbers, reader.words);
    rows += 1;
    if (rows > limit) throw tooLarge(dialect, plan, characters, file);
  }
  return sink.finish();
}

/** Reads one row after the other into the same two arrays. */
class RowReader {
  readonly numbers: Float64Array;
  readonly words: string[];
  readonly #dialect: CellDialect;
  readonly #plan: readonly WantedColumn[];
  readonly #file: string;
  readonly #cursor: FieldCursor;
  readonly #times: TimeCells = new TimeCells();
  #isFirst: boolean = true;

  constructor(dialect: CellDialect, plan: readonly WantedColumn[], file: string) {
    this.numbers = new Float64Array(plan.length);
    this.words = plan.map(() => "");
    this.#dialect = dialect;
    this.#plan = plan;
    this.#file = file;
    this.#cursor = new FieldCursor(dialect.delimiter, dialect.decimalComma);
  }

  read(line: TableLine): void {
    this.#readRow(line);
    this.#isFirst = false;
  }

  #readRow(line: TableLine): void {
    const { text, from, to } = line;
    if (line.mayHaveQuotes && text.slice(from, to).includes('"')) {
      this.#readFields(line);
      return;
    }
    const cursor = this.#cursor;
    const isPlain = this.#dialect.missing.size === 0;
    const hasDates = this.#times.holdsDates;
    cursor.enter(text, from, to);
    for (let index = 0; index < this.#plan.length; index++) {
      if (!cursor.hasField) throw raggedRow(line, index, this.#plan, this.#file);
      const { role } = this.#plan[index] as WantedColumn;
      if (role === "ignore") cursor.skip();
      else {
        const isNumber = isPlain && !holdsWords(role) && !(hasDates && role === "time");
        const value = isNumber ? cursor.number() : Number.NaN;
        if (Number.isNaN(value)) this.#keep(index, cursor.word(), line.line);
        else this.numbers[index] = value;
      }
    }
    if (cursor.hasField && (cursor.word() !== "" || cursor.hasField)) {
      throw raggedRow(line, splitFields(contentOf(line), this.#dialect.delimiter).length, this.#plan, this.#file);
    }
  }

  #readFields(line: TableLine): void {
    const fields = splitFields(contentOf(line), this.#dialect.delimiter);
    const width = this.#plan.length;
    const extra = fields.length - width;
    if (extra !== 0 && !(extra === 1 && fields[width] === "")) {
      throw raggedRow(line, fields.length, this.#plan, this.#file);
    }
    for (let index = 0; index < width; index++) this.#keep(index, fields[index] as string, line.line);
  }

  #keep(index: number, field: string, line: number): void {
    const column = this.#plan[index] as WantedColumn;
    const { decimalComma, missing } = this.#dialect;
    const place = { column, line, file: this.#file };
    if (holdsWords(column.role)) this.words[index] = wordOfField(field, place, decimalComma);
    else if (column.role !== "ignore") {
      const stated = missing.has(field) ? "" : field;
      this.numbers[index] =
        column.role === "time"
          ? this.#times.read(stated, place, decimalComma, this.#isFirst)
          : numberOfField(stated, place, decimalComma);
    }
  }
}

function raggedRow({ line }: TableLine, found: number, plan: readonly WantedColumn[], file: string): DataError {
  return new DataError({
    code: "ragged-row",
    file,
    line,
    expected: `${plan.length} columns (${plan.map((column) => column.name).join(", ")})`,
    found: `${found}`,
    remedy:
      "Complete or remove the line; values with a comma in them need quotes, and a last line may have been cut off.",
  });
}

function tooLarge(
  { size, mean, maximumNumbers }: CellDialect,
  plan: readonly WantedColumn[],
  characters: number,
  file: string,
): DataError {
  const needed = size === null ? 2 * mean : Math.ceil((1.05 * mean * size) / characters);
  const columns = plan.filter(({ role }) => holdsNumbers(role) && role !== "time").map(({ name }) => name);
  return new DataError({
    code: "too-large",
    file,
    expected: `at most ${rounded(maximumNumbers)} numbers`,
    found: size === null ? "more" : `about ${rounded((maximumNumbers * size) / characters)}`,
    remedy: `Keep the mean of every ${needed} rows: --mean ${needed}; or leave columns out (of ${columns.join(", ")}): --column ${columns.at(-1)}=ignore.`,
  });
}

function rounded(count: number): string {
  return Number(count.toPrecision(2)).toLocaleString("en");
}
