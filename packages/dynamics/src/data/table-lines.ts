/**
 * Text to lines and fields: line ends (LF, CRLF, CR), quotes, comments, delimiters.
 *
 * In: the text, whole or in chunks, so that a file larger than the memory is read too. Out, one at a time: the number of
 * each line and where it stands in a chunk, or its fields, trimmed, quotes removed.
 * A quoted field may hold delimiters, doubled quotes and line ends (RFC 4180). Blank lines and comment lines
 * (first character `#` or `%`) are passed over by `records`; a header that hides in a comment is found by
 * `table-dialect.ts`.
 * Deliberately not done: what the fields mean.
 */

import { DataError } from "./data-error.ts";

export type Delimiter = "," | "\t" | ";" | " ";

/** One line of fields. */
export interface TableRecord {
  /** From 1; the first line of a record that spans several. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** One logical line: quoted line ends do not end it. It is `text` from `from` to `to`, without its end. */
export interface TableLine {
  readonly line: number;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** Whether it may have quotes in it; where not, it has none. */
  readonly mayHaveQuotes: boolean;
}

const [carriageReturn, hash, percent] = [13, 35, 37];

/** A quoted field is not longer than this: an open quote would else keep the rest of the text together. */
const longestRecord = 1 << 24;

/** The characters of a line. */
export function contentOf({ text, from, to }: TableLine): string {
  return text.slice(from, to);
}

/** Whether the first character of a line that is no blank makes it a comment. */
export function isComment({ text, from, to }: Pick<TableLine, "text" | "from" | "to">): boolean {
  const first = text.charCodeAt(firstInk(text, from, to));
  return first === hash || first === percent;
}

/** The logical lines of a text that are not blank. */
export function* logicalLines(chunks: Iterable<string>, file: string): Generator<TableLine> {
  let line = 1;
  let rest = "";
  for (const chunk of withPlainEnds(chunks)) {
    const text = rest + chunk;
    const mayHaveQuotes = text.includes('"');
    let from = 0;
    for (;;) {
      const found = endOfLine(text, from, mayHaveQuotes);
      if (found === null) break;
      const read = lineAt(text, from, found.end, line, mayHaveQuotes);
      if (read !== null) yield read;
      from = found.end + 1;
      line += found.span;
    }
    rest = text.slice(from);
    if (rest.length > longestRecord && hasOddQuotes(rest, 0, rest.length)) throw unclosedQuote(file, line);
  }
  if (hasOddQuotes(rest, 0, rest.length) && !isComment({ text: rest, from: 0, to: rest.length })) {
    throw unclosedQuote(file, line);
  }
  const last = lineAt(rest, 0, rest.length, line, true);
  if (last !== null) yield last;
}

/** Chunks without byte-order mark; the lone carriage returns of old systems become line feeds. */
function* withPlainEnds(chunks: Iterable<string>): Generator<string> {
  let isFirst = true;
  let hasReturnsOnly = false;
  for (const chunk of chunks) {
    const bare = isFirst && chunk.charCodeAt(0) === 0xfeff ? chunk.slice(1) : chunk;
    if (isFirst) hasReturnsOnly = !bare.includes("\n") && bare.includes("\r");
    isFirst = false;
    yield hasReturnsOnly ? bare.replaceAll("\r", "\n") : bare;
  }
}

function lineAt(text: string, from: number, end: number, line: number, mayHaveQuotes: boolean): TableLine | null {
  const to = end > from && text.charCodeAt(end - 1) === carriageReturn ? end - 1 : end;
  return firstInk(text, from, to) === to ? null : { line, text, from, to, mayHaveQuotes };
}

/** Where a logical line ends and how many lines it spans; null where the text ends before it does. */
function endOfLine(text: string, from: number, mayHaveQuotes: boolean): { end: number; span: number } | null {
  let end = text.indexOf("\n", from);
  let span = 1;
  if (end === -1) return null;
  if (!mayHaveQuotes || !hasOddQuotes(text, from, end) || isComment({ text, from, to: end })) return { end, span };
  for (let isOpen = true; isOpen; span++) {
    const next = text.indexOf("\n", end + 1);
    if (next === -1) return null;
    isOpen = !hasOddQuotes(text, end, next);
    end = next;
  }
  return { end, span };
}

/** Place of the first character that is no blank; `to` where there is none. */
function firstInk(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isBlank(text.charCodeAt(at), text, at)) at += 1;
  return at;
}

/** Rare blanks (no-break spaces and the like) are left to the language. */
function isBlank(code: number, text: string, at: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || (code > 127 && text.charAt(at).trim() === "");
}

/** The records of a text: comments left out. */
export function* records(chunks: Iterable<string>, delimiter: Delimiter, file: string): Generator<TableRecord> {
  for (const line of logicalLines(chunks, file)) {
    if (!isComment(line)) yield { line: line.line, fields: splitFields(contentOf(line), delimiter) };
  }
}

/** The fields of one logical line, trimmed, without their quotes. */
export function splitFields(content: string, delimiter: Delimiter): string[] {
  if (!content.includes('"')) return splitPlain(content, delimiter);
  const fields: string[] = [];
  // A quoted field, or a run of anything but the delimiter; both are anchored where the last one ended.
  const separator = delimiter === " " ? "[ \\t]+" : delimiter;
  const inside = delimiter === " " ? "[^ \\t]*" : `[^${delimiter}]*`;
  const pattern = new RegExp(`[ ]*(?:"([^"]*(?:""[^"]*)*)"[ ]*|(${inside}))(${separator}|$)`, "y");
  const trimmed = delimiter === " " ? content.trim() : content;
  for (;;) {
    const match = pattern.exec(trimmed);
    if (match === null) return splitPlain(trimmed, delimiter);
    fields.push(match[1] === undefined ? (match[2] as string).trim() : match[1].replaceAll('""', '"').trim());
    if (match[3] === "") return fields;
  }
}

function splitPlain(content: string, delimiter: Delimiter): string[] {
  if (delimiter === " ") return content.trim().split(/[ \t]+/);
  const fields = content.split(delimiter);
  for (let index = 0; index < fields.length; index++) fields[index] = (fields[index] as string).trim();
  return fields;
}

function hasOddQuotes(text: string, from: number, to: number): boolean {
  const piece = text.slice(from, to);
  let odd = false;
  for (let at = piece.indexOf('"'); at !== -1; at = piece.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

function unclosedQuote(file: string, line: number): DataError {
  return new DataError({
    code: "unclosed-quote",
    file,
    line,
    expected: 'a closing quote (")',
    found: "the end of the table",
    remedy: "Close the quote, or remove it if it is an inch mark.",
  });
}
