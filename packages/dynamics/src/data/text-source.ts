/**
 * Delimited text as a table source: dialect guessed, cells read when they are asked for.
 */

import { firstDateOf } from "./calendar-time.ts";
import { roleOfName, splitHeader } from "./column-name.ts";
import { meanNote } from "./mean-source.ts";
import { isMissingWord, numberIn } from "./read-cell.ts";
import { readCells } from "./table-cells.ts";
import { type Dialect, detectDialect } from "./table-dialect.ts";
import type { Delimiter } from "./table-lines.ts";
import type { ColumnLook, TableSource } from "./table-source.ts";

/** What is known about a text. Everything that is left out is guessed. */
export interface TextSourceOptions {
  /** The table's name for messages and for its only trajectory; default `table`. */
  readonly name?: string;
  readonly delimiter?: Delimiter;
  /** Whether the first line that is no comment is a header. */
  readonly header?: boolean;
  /** Rows that become one, their mean (see `block-mean.ts`); default 1, every row is kept. */
  readonly mean?: number;
  /** More numbers than this are refused; default: any for a string, 2 million for chunks. */
  readonly maximumNumbers?: number;
  /** Characters of a text in chunks, so that a refusal can say how many rows to average. */
  readonly size?: number;
  /** Columns spoken of elsewhere: a comment that names one of them is a header. */
  readonly columns?: Readonly<Record<string, string>>;
}

const delimiterNames = { ",": "comma", "\t": "tab", ";": "semicolon", " ": "white space" } as const;

/** A text in pieces, from its start at every call: for files larger than the memory, which are read several times. */
export type TextChunks = () => Iterable<string>;

/** Numbers kept of a text in chunks: with all that is made of them they take about 150 MB. */
const numbersOfChunks = 2_000_000;

/**
 * The source of a text.
 * @param text the whole table, or a function that gives it in pieces; a byte-order mark is passed over
 * @param options what is known about it
 * @throws DataError when there is no line of data, or a quote that never ends in its first lines
 */
export function textSource(text: string | TextChunks, options: TextSourceOptions = {}): TableSource {
  const file = options.name ?? "table";
  const columns = options.columns ?? {};
  const chunks = typeof text === "string" ? (): Iterable<string> => [text] : text;
  const acceptHeader = (names: readonly string[]): boolean => isHeader(names, columns);
  const dialect = detectDialect(chunks, file, { ...options, acceptHeader });
  const mean = options.mean ?? 1;
  const maximumNumbers =
    options.maximumNumbers ?? (typeof text === "string" ? Number.POSITIVE_INFINITY : numbersOfChunks);
  const size = typeof text === "string" ? text.length : (options.size ?? null);
  const how = { ...dialect, mean, maximumNumbers, size };
  return Object.freeze({
    file,
    format: "text",
    delimiter: delimiterNames[dialect.delimiter],
    decimalComma: dialect.decimalComma,
    headerLine: dialect.headerLine,
    names: dialect.headers,
    looks: dialect.headers.map((_, index) => look(dialect, index)),
    shortHeader: dialect.shortHeader,
    notes: notesOf(dialect, mean),
    cells: (plan, missing = []) => readCells(chunks(), { ...how, missing: new Set(missing) }, plan, file),
  } satisfies TableSource);
}

function notesOf({ preamble }: Dialect, mean: number): readonly string[] {
  const [first] = preamble;
  const lines = preamble.length === 1 ? "1 line" : `${preamble.length} lines`;
  return [
    first === undefined
      ? []
      : [`${lines} above the table passed over, from line ${first.line}: ${first.fields.join(" ").slice(0, 60)}`],
    mean === 1 ? [] : [meanNote(mean)],
  ].flat();
}

/** Names in a comment are a header when the time is among them, when they are spoken of, or when half of them are known. */
function isHeader(names: readonly string[], columns: Readonly<Record<string, string>>): boolean {
  const known = names.map((name) => roleOfName(splitHeader(name).name));
  return (
    known.includes("time") ||
    names.some((name) => Object.hasOwn(columns, name) || Object.hasOwn(columns, splitHeader(name).name)) ||
    2 * known.filter((role) => role !== null).length >= names.length
  );
}

function look(dialect: Dialect, index: number): ColumnLook {
  const fields = dialect.sample.map((record) => record.fields[index] ?? "").filter((field) => !isMissingWord(field));
  const numbers = fields.map((field) => numberIn(field, dialect.decimalComma));
  return {
    isText: numbers.length > 0 && numbers.every((value) => Number.isNaN(value)),
    isRising: numbers.length > 1 && numbers.every((value, at) => at === 0 || value > (numbers[at - 1] as number)),
    firstDate: firstDateOf(fields),
  };
}
