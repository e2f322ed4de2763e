/**
 * How a table is written: delimiter, decimal comma, and where its header is.
 *
 * In: the text and what the caller declared. Out: a plain `Dialect`, guessed from the first records.
 * A delimiter is judged by two things: that the records have equally many fields, and that those fields are numbers.
 * A header may hide in the comment directly above the data (`% t theta omega`): it counts only when it names every
 * column; one that names fewer is kept as `shortHeader`, for a message that can say what to write instead.
 */

import { calendarTime } from "./calendar-time.ts";
import { DataError } from "./data-error.ts";
import { isMissingWord, numberIn } from "./read-cell.ts";
import { findHeader, isUnits, withUnits } from "./table-header.ts";
import {
  contentOf,
  type Delimiter,
  isComment,
  logicalLines,
  records,
  splitFields,
  type TableRecord,
} from "./table-lines.ts";

/** How a table is written. */
export interface Dialect {
  readonly delimiter: Delimiter;
  readonly decimalComma: boolean;
  /** Line of the header; null without one. */
  readonly headerLine: number | null;
  /** Line of the first record that can be data: what stands above it is header or preamble. */
  readonly dataLine: number;
  /** Records above the header that belong to no table. */
  readonly preamble: readonly TableRecord[];
  /** One text for each column; empty texts when there is no header. */
  readonly headers: readonly string[];
  /** A comment above the data that looks like a header but names another number of columns. */
  readonly shortHeader: { readonly line: number; readonly names: readonly string[] } | null;
  /** The first data records, for looking at. */
  readonly sample: readonly TableRecord[];
}

/** What a caller may declare about the writing. */
export interface DialectOptions {
  readonly delimiter?: Delimiter;
  /** Whether the first record is a header; guessed when not stated. */
  readonly header?: boolean;
  /** Whether the names in a comment above the data can be a header and are not prose. */
  readonly acceptHeader?: (names: readonly string[]) => boolean;
}

const sampleSize = 50;
const delimiters: readonly Delimiter[] = ["\t", ";", ",", " "];

/** Guesses how a text is written; of the text, only the first records are read. */
export function detectDialect(chunks: () => Iterable<string>, file: string, options: DialectOptions): Dialect {
  const { lines, comments } = openingLines(chunks(), file);
  if (lines.length === 0) throw emptyTable(file);
  const delimiter = options.delimiter ?? bestDelimiter(lines);
  const opening = [...firstRecords(chunks(), delimiter, file)];
  const decimalComma = delimiter !== "," && usesDecimalComma(opening);
  const { names, headers, dataFrom, preamble } = findHeader(opening, decimalComma, options.header);
  const sample = opening.slice(dataFrom);
  const first = opening[Math.max(0, dataFrom - 1)] as TableRecord;
  const writing = { delimiter, decimalComma, dataLine: dataFrom === 0 ? 1 : first.line + 1, sample, preamble };
  if (names !== null && headers !== null) {
    return { ...writing, headerLine: names.line, headers: withoutTrailing(headers, sample), shortHeader: null };
  }
  const width = withoutTrailing((sample[0] ?? first).fields, sample).length;
  const none = { ...writing, headerLine: null, headers: Array.from({ length: width }, () => "") };
  if (options.header === false) return { ...none, shortHeader: null };
  return { ...none, ...commentHeader(comments, delimiter, decimalComma, width, options) };
}

/** Names in the comment above the data, or in the one above a comment of units. */
function commentHeader(
  comments: readonly Comment[],
  delimiter: Delimiter,
  decimalComma: boolean,
  width: number,
  { acceptHeader }: DialectOptions,
): Partial<Dialect> & Pick<Dialect, "shortHeader"> {
  const fieldsOf = ({ content }: Comment): readonly string[] =>
    splitFields(content.trim().replace(/^[#%]+\s*/, ""), commentDelimiter(content, delimiter));
  const [last, above] = [comments.at(-1), comments.at(-2)];
  if (last === undefined) return { shortHeader: null };
  const units = fieldsOf(last);
  const isAboveUnits = above !== undefined && isUnits(units) && fieldsOf(above).length === units.length;
  const { line } = isAboveUnits ? above : last;
  const names = isAboveUnits ? withUnits(fieldsOf(above), units) : units;
  if (!names.every((name) => Number.isNaN(numberIn(name, decimalComma)))) return { shortHeader: null };
  if (names.length !== width) return { shortHeader: { line, names } };
  if (acceptHeader?.(names) === false) return { shortHeader: null };
  return { headerLine: line, headers: names, shortHeader: null };
}

interface Comment {
  readonly line: number;
  readonly content: string;
}

interface Opening {
  readonly lines: readonly string[];
  /** The last two comments before the first record. */
  readonly comments: readonly Comment[];
}

function openingLines(chunks: Iterable<string>, file: string): Opening {
  const lines: string[] = [];
  let comments: readonly Comment[] = [];
  for (const each of logicalLines(chunks, file)) {
    const content = contentOf(each);
    if (!isComment(each)) lines.push(content);
    else if (lines.length === 0 && content.trim().length > 1) {
      comments = [...comments.slice(-1), { line: each.line, content }];
    }
    if (lines.length > sampleSize) break;
  }
  return { lines, comments };
}

function* firstRecords(chunks: Iterable<string>, delimiter: Delimiter, file: string): Generator<TableRecord> {
  let count = 0;
  for (const record of records(chunks, delimiter, file)) {
    yield record;
    count += 1;
    if (count > sampleSize) return;
  }
}

/** A comment header may be written with blanks above a table of commas. */
function commentDelimiter(content: string, delimiter: Delimiter): Delimiter {
  return content.includes(delimiter) ? delimiter : " ";
}

function bestDelimiter(lines: readonly string[]): Delimiter {
  let best: Delimiter = ",";
  let bestScore = 0;
  for (const delimiter of delimiters) {
    const score = delimiterScore(lines.map((line) => splitFields(line, delimiter)));
    if (score > bestScore + 1e-9) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

/** 0 for a delimiter that does not divide; otherwise agreement of the widths times (half plus half the share of numbers). */
function delimiterScore(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  const [width, agreeing] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
  if (width < 2) return 0;
  const body = (rows.length > 1 ? rows.slice(1) : rows).flat();
  const isNumber = (field: string): boolean => !Number.isNaN(numberIn(field, true)) || calendarTime(field) !== null;
  const numbers = body.filter((field) => isMissingWord(field) || isNumber(field)).length;
  return (agreeing / rows.length) * (0.5 + (0.5 * numbers) / body.length);
}

function usesDecimalComma(opening: readonly TableRecord[]): boolean {
  const fields = opening.flatMap((record) => record.fields);
  return (
    fields.some((field) => /^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(field)) &&
    !fields.some((field) => /^[+-]?\d*\.\d/.test(field))
  );
}

/** A delimiter at the end of every line is no column. */
function withoutTrailing(fields: readonly string[], sample: readonly TableRecord[]): readonly string[] {
  const last = fields.length - 1;
  const isEmpty = last > 0 && fields[last] === "" && sample.every((record) => (record.fields[last] ?? "") === "");
  return isEmpty ? fields.slice(0, last) : fields;
}

function emptyTable(file: string): DataError {
  return new DataError({
    code: "empty",
    file,
    expected: "a table of numbers",
    found: "no line of data",
    remedy: "Check that the file is the one you meant and that it was saved.",
  });
}
