/**
 * The one error of reading and splitting data: what was expected, what was found, where, and what to do about it.
 * The facts are fields, so that a program can act on them; the message is built from them and from nothing else.
 */

import { plainLine } from "./plain-text.ts";

/** What went wrong, for programs. */
export type DataErrorCode =
  /** An option or a flag about data has a value that the data does not allow. */
  | "bad-option"
  /** Two columns have the same name. */
  | "duplicate-header"
  /** There is no table, or no row in it. */
  | "empty"
  /** The file is of a format that is not read, or not what its name says. */
  | "foreign-format"
  /** There are more or fewer names than columns. */
  | "header-mismatch"
  /** A column that was named, or that other files have, is not there. */
  | "missing-column"
  /** A cell is empty where a value is needed in every row. */
  | "missing-value"
  /** No column is something measured, such as an angle or a position. */
  | "no-coordinate"
  /** No column is the time, or it cannot be told which. */
  | "no-time"
  /** A cell holds something else than a number. */
  | "not-a-number"
  /** A row has more or fewer cells than there are columns. */
  | "ragged-row"
  /** Columns have roles that exclude each other. */
  | "role-conflict"
  /** A time is not after the one before it. */
  | "time-not-increasing"
  /** There is less data than what is asked of it needs. */
  | "too-few-rows"
  /** There are more numbers than memory is set aside for. */
  | "too-large"
  /** There are more columns than any measurement has. */
  | "too-many-columns"
  /** The file ends before what it promises, or is damaged. */
  | "truncated"
  /** A quotation mark is opened and never closed. */
  | "unclosed-quote"
  /** A column has a unit that does not fit its role. */
  | "unit-mismatch"
  /** A unit is not known. */
  | "unknown-unit"
  /** The format allows it, and it is not read here. */
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
