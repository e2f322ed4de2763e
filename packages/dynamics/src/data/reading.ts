/**
 * What was read and how each guess was made: one entry for each column, plain data.
 * It is printed before training (`describe-reading.ts`), so that a wrong guess is seen before it costs anything.
 */

import type { Oddity } from "./oddity/oddity.ts";

/** What a column is for. */
export type Role =
  | "time"
  | "coordinate"
  | "angle"
  | "velocity"
  | "momentum"
  | "control"
  | "context"
  | "trajectory"
  | "split"
  | "trigger"
  | "sigma"
  | "valid"
  | "ignore";

export const roles: readonly Role[] = [
  "time",
  "coordinate",
  "angle",
  "velocity",
  "momentum",
  "control",
  "context",
  "trajectory",
  "split",
  "trigger",
  "sigma",
  "valid",
  "ignore",
];

/** One column as it was read. */
export interface ColumnReading {
  /** From 1. */
  readonly position: number;
  readonly name: string;
  readonly header: string;
  readonly role: Role;
  /** The user's unit; "" when none is stated or assumed. */
  readonly unit: string;
  /** How role and unit were decided, in words: `declared`, `by name`, `by unit`, `no unit: taken as rad`. */
  readonly decided: string;
  /** The coordinate that a velocity, momentum or standard deviation belongs to. */
  readonly pairedWith: string | null;
  /** Smallest and largest value in the user's unit; null for text and ignored columns, and for columns without values. */
  readonly minimum: number | null;
  readonly maximum: number | null;
  /** Values that are missing. */
  readonly missing: number;
  /** Samples per second: for the time column only. */
  readonly rate: number | null;
  /** Steps of time that are gaps, each the start of a new segment: for the time column only. */
  readonly gaps: number | null;
}

/** One file as it was read. */
export interface FileReading {
  readonly file: string;
  /** `text`, `arrays`, `NPY`, `NPZ`, `Parquet`, `HDF5`, `MATLAB`. */
  readonly format: string;
  /** `comma`, `tab`, `semicolon` or `white space`; null where nothing is separated. */
  readonly delimiter: string | null;
  readonly decimalComma: boolean;
  /** Line of the header, from 1; null without one. */
  readonly headerLine: number | null;
  /** What was left out or assumed before the columns were looked at. */
  readonly notes: readonly string[];
  readonly rows: number;
  /** Names of the trajectories in it. */
  readonly trajectories: readonly string[];
}

/** All tables as they were read; the facts of writing are those of the first file. */
export interface Reading extends Omit<FileReading, "trajectories"> {
  readonly trajectories: number;
  readonly files: readonly FileReading[];
  readonly columns: readonly ColumnReading[];
  /** Everything odd, in the order of columns. */
  readonly oddities: readonly Oddity[];
}
