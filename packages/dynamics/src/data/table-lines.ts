/**
 * Text to records: line ends (LF, CRLF, CR), quotes, comments, delimiters.
 *
 * In: the whole text and a dialect. Out, one at a time: the line number and its fields, trimmed, quotes removed.
 * A quoted field may hold delimiters, doubled quotes and line ends (RFC 4180). Blank lines and comment lines
 * (first character `#` or `%`) are passed over here; a header that hides in a comment is found by `table-dialect.ts`.
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

/** One logical line: quoted line ends do not end it. */
export interface TableLine {
  readonly line: number;
  readonly content: string;
}

/** Text without byte-order mark, with LF line ends. */
export function normalizedText(text: string): string {
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return bare.includes("\n") ? bare : bare.replaceAll("\r", "\n");
}

export function isComment(content: string): boolean {
  const start = content.trimStart();
  return start.startsWith("#") || start.startsWith("%");
}

/** The logical lines of a normalized text that are not blank. */
export function* logicalLines(text: string, file: string): Generator<TableLine> {
  let line = 1;
  let position = 0;
  while (position < text.length) {
    let end = lineEnd(text, position);
    let span = 1;
    let open = hasOddQuotes(text, position, end) && !isComment(text.slice(position, end));
    while (open) {
      if (end >= text.length) throw unclosedQuote(file, line);
      const next = lineEnd(text, end + 1);
      if (hasOddQuotes(text, end, next)) open = false;
      end = next;
      span += 1;
    }
    const content = text.slice(position, text.charCodeAt(end - 1) === 13 ? end - 1 : end);
    if (content.trim() !== "") yield { line, content };
    position = end + 1;
    line += span;
  }
}

/** The records of a normalized text: comments left out. */
export function* records(text: string, delimiter: Delimiter, file: string): Generator<TableRecord> {
  for (const { line, content } of logicalLines(text, file)) {
    if (!isComment(content)) yield { line, fields: splitFields(content, delimiter) };
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

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
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
