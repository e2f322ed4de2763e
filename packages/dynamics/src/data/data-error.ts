/**
 * The one error of reading and splitting data: what was expected, what was found, where, and what to do about it.
 * The facts are fields, so that a program can act on them; the message is built from them and from nothing else.
 */

import { plainLine } from "./plain-text.ts";

/** What went wrong, for programs. */
export type DataErrorCode =
  | "bad-option"
  | "duplicate-header"
  | "empty"
  | "foreign-format"
  | "header-mismatch"
  | "missing-column"
  | "missing-value"
  | "no-coordinate"
  | "no-time"
  | "not-a-number"
  | "ragged-row"
  | "role-conflict"
  | "time-not-increasing"
  | "too-few-rows"
  | "too-large"
  | "too-many-columns"
  | "truncated"
  | "unclosed-quote"
  | "unit-mismatch"
  | "unknown-unit"
  | "unsupported";

/** The facts of a `DataError`; `line` and `column` where there is one. */
export interface DataErrorFacts {
  readonly code: DataErrorCode;
  /** The table's name as the caller gave it. */
  readonly file: string;
  /** Line in the text, from 1. */
  readonly line?: number | null;
  /** The column's name, or its position from 1 when it has no name. */
  readonly column?: string | null;
  readonly expected: string;
  readonly found: string;
  /** What the user can do: one or more sentences. */
  readonly remedy: string;
}

/** A table that cannot be read as measurements. Message: `Cannot read FILE: expected …, got … (line L, column C)`. */
export class DataError extends Error {
  override readonly name: string = "DataError";
  readonly code: DataErrorCode;
  readonly file: string;
  readonly line: number | null;
  readonly column: string | null;
  readonly expected: string;
  readonly found: string;
  readonly remedy: string;

  constructor(facts: DataErrorFacts) {
    super(messageOf(facts));
    this.code = facts.code;
    this.file = facts.file;
    this.line = facts.line ?? null;
    this.column = facts.column ?? null;
    this.expected = facts.expected;
    this.found = facts.found;
    this.remedy = facts.remedy;
  }
}

function messageOf(facts: DataErrorFacts): string {
  const places = [
    facts.line == null ? [] : [`line ${facts.line}`],
    facts.column == null ? [] : [`column ${facts.column}`],
  ].flat();
  const where = places.length === 0 ? "" : ` (${places.join(", ")})`;
  // Names and cells of a file stand in all of these.
  const [file, expected, found] = [facts.file, facts.expected, facts.found].map(plainLine);
  return `Cannot read ${file}: expected ${expected}, got ${found}${plainLine(where)}\n${plainLine(facts.remedy)}`;
}
