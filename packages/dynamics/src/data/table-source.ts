/**
 * A table before it is known what its columns mean: what every format of file is turned into.
 *
 * A source knows its column names and can be looked at; its numbers are read only once the plan says which columns are
 * wanted. Text is one source (`text-source.ts`); arrays, Parquet, HDF5 and MATLAB files are others (the package
 * `@leastaction/formats`). Several sources make one data set (`dataset-of.ts`).
 */

import type { Role } from "./reading.ts";
import type { Unit } from "./unit.ts";

/** What a first look at a column's values shows. */
export interface ColumnLook {
  /** Whether the values are words rather than numbers. */
  readonly isText: boolean;
  /** Whether the first values are numbers that rise strictly. */
  readonly isRising: boolean;
  /** The first value as it is written where all of them are dates; else null. */
  readonly firstDate: string | null;
}

/** What a column is for: all that a source needs to know about it. */
export interface WantedColumn {
  readonly name: string;
  readonly role: Role;
  readonly unit: Unit;
}

/** All cells of a table. */
export interface TableCells {
  readonly rows: number;
  /** [rows] where each row stands, from 1: the line of a text, the index of a row in an array. */
  readonly lines: Float64Array;
  /** For each column: [rows] numbers in the user's unit, NaN where missing; null for words and ignored columns. */
  readonly numbers: readonly (Float64Array | null)[];
  /** For each column: [rows] words; null for numbers and ignored columns. */
  readonly words: readonly (readonly string[] | null)[];
}

/** A table that can be read. */
export interface TableSource {
  /** The file's name, for messages and for a trajectory without another name. */
  readonly file: string;
  /** `text`, `arrays`, `NPY`, `NPZ`, `Parquet`, `HDF5`, `MATLAB`. */
  readonly format: string;
  /** `comma`, `tab`, `semicolon` or `white space`; null where nothing is separated. */
  readonly delimiter: string | null;
  readonly decimalComma: boolean;
  /** Line of the header, from 1; null without one. */
  readonly headerLine: number | null;
  /** One header text for each column, unit included; empty texts where there is no header. */
  readonly names: readonly string[];
  /** One look for each column. */
  readonly looks: readonly ColumnLook[];
  /** Something above the data that looks like a header but names another number of columns: for a message. */
  readonly shortHeader: { readonly line: number; readonly names: readonly string[] } | null;
  /** What was left out or assumed on the way here, one sentence each: for the reading. */
  readonly notes: readonly string[];
  /**
   * Reads the table, given what each of its columns is for: words for the roles trajectory, split and valid, nothing for ignored ones,
   * numbers for all others.
   * @param missing words that stand for a missing number, besides the usual ones
   * @throws DataError at the first cell that is not what its column holds
   */
  cells(columns: readonly WantedColumn[], missing?: readonly string[]): TableCells;
}

/** Whether the cells of a role are words. */
export function holdsWords(role: Role): boolean {
  return role === "trajectory" || role === "split" || role === "valid";
}
