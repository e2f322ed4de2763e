/**
 * How a table is written: delimiter, decimal comma, and where its header is.
 *
 * In: normalized text and what the caller declared. Out: a plain `Dialect`, guessed from the first records.
 * A delimiter is judged by two things: that the records have equally many fields, and that those fields are numbers.
 * A header may hide in the comment directly above the data (`% t theta omega`): it counts only when it names every
 * column; one that names fewer is kept as `shortHeader`, for a message that can say what to write instead.
 */

import { DataError } from "./data-error.ts";
import { isMissingWord, numberIn } from "./read-cell.ts";
import { type Delimiter, isComment, logicalLines, records, splitFields, type TableRecord } from "./table-lines.ts";

/** How a table is written. */
export interface Dialect {
  readonly delimiter: Delimiter;
  readonly decimalComma: boolean;
  /** Line of the header; null without one. */
  readonly headerLine: number | null;
  /** Whether the header is an ordinary record (and must be passed over) or a comment (which is passed over anyway). */
  readonly headerIsRecord: boolean;
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

/** Guesses how a normalized text is written. */
export function detectDialect(text: string, file: string, options: DialectOptions): Dialect {
  const { lines, comment } = openingLines(text, file);
  if (lines.length === 0) throw emptyTable(file);
  const delimiter = options.delimiter ?? bestDelimiter(lines);
  const opening = [...firstRecords(text, delimiter, file)];
  const decimalComma = delimiter !== "," && usesDecimalComma(opening);
  const first = opening[0] as TableRecord;
  const headerIsRecord = options.header ?? looksLikeHeader(opening, decimalComma);
  const sample = headerIsRecord ? opening.slice(1) : opening;
  const writing = { delimiter, decimalComma, headerIsRecord, sample };
  if (headerIsRecord) {
    return { ...writing, headerLine: first.line, headers: withoutTrailing(first.fields, sample), shortHeader: null };
  }
  const width = withoutTrailing(first.fields, sample).length;
  const none = { ...writing, headerLine: null, headers: Array.from({ length: width }, () => "") };
  if (comment === null || options.header === false) return { ...none, shortHeader: null };
  const names = splitFields(
    comment.content.trim().replace(/^[#%]+\s*/, ""),
    commentDelimiter(comment.content, delimiter),
  );
  if (!names.every((name) => Number.isNaN(numberIn(name, decimalComma)))) return { ...none, shortHeader: null };
  if (names.length !== width) return { ...none, shortHeader: { line: comment.line, names } };
  if (options.acceptHeader?.(names) === false) return { ...none, shortHeader: null };
  return { ...writing, headerLine: comment.line, headers: names, shortHeader: null };
}

interface Opening {
  readonly lines: readonly string[];
  /** The last comment before the first record. */
  readonly comment: { readonly line: number; readonly content: string } | null;
}

function openingLines(text: string, file: string): Opening {
  const lines: string[] = [];
  let comment: Opening["comment"] = null;
  for (const { line, content } of logicalLines(text, file)) {
    if (!isComment(content)) lines.push(content);
    else if (lines.length === 0 && content.trim().length > 1) comment = { line, content };
    if (lines.length > sampleSize) break;
  }
  return { lines, comment };
}

function* firstRecords(text: string, delimiter: Delimiter, file: string): Generator<TableRecord> {
  let count = 0;
  for (const record of records(text, delimiter, file)) {
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
  const numbers = body.filter((field) => isMissingWord(field) || !Number.isNaN(numberIn(field, true))).length;
  return (agreeing / rows.length) * (0.5 + (0.5 * numbers) / body.length);
}

function usesDecimalComma(opening: readonly TableRecord[]): boolean {
  const fields = opening.flatMap((record) => record.fields);
  return (
    fields.some((field) => /^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(field)) &&
    !fields.some((field) => /^[+-]?\d*\.\d/.test(field))
  );
}

/** A header is a first record of words over at least one column of numbers. */
function looksLikeHeader(opening: readonly TableRecord[], decimalComma: boolean): boolean {
  const isWord = (field: string): boolean => !isMissingWord(field) && Number.isNaN(numberIn(field, decimalComma));
  const first = opening[0] as TableRecord;
  const words = first.fields.filter(isWord).length;
  const values = first.fields.filter((field) => !isMissingWord(field)).length;
  if (words === 0 || words * 2 < values) return false;
  const rest = opening.slice(1);
  if (rest.length === 0) return true;
  return first.fields.some(
    (field, index) =>
      isWord(field) && rest.some((record) => !Number.isNaN(numberIn(record.fields[index] ?? "", decimalComma))),
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
