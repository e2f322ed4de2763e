/**
 * An oddity: something in the measurements that a reader should know of, with where it stands and what can be done.
 *
 * Oddities are plain data. They never change a measurement, and each kind is named only where it is really there.
 */

/** What is odd, for programs. The words are stable: they stand in `--json` and in `docs/data.md`. */
export type OddityKind =
  | "backward-time"
  | "clock-restart"
  | "constant"
  | "degrees-as-radians"
  | "differing-columns"
  | "differing-format"
  | "differing-rate"
  | "differing-unit"
  | "dropout"
  | "duplicate-time"
  | "frozen"
  | "gap"
  | "milliseconds-as-seconds"
  | "missing"
  | "missing-code"
  | "no-values"
  | "note"
  | "quantum"
  | "radians-as-degrees"
  | "rate-mismatch"
  | "repeated-column"
  | "repeated-recording"
  | "repeated-row"
  | "short-recording"
  | "spike"
  | "too-few-samples"
  | "trigger-offset"
  | "uneven-time"
  | "unused-column"
  | "wrapped";

/** Where something stands. */
export interface OddityPlace {
  readonly file: string;
  /** First line (or row of an array) from 1; null for the whole file. */
  readonly line: number | null;
  /** Last line; equal to `line` for a single one. */
  readonly lastLine: number | null;
}

/** One oddity: all places where one column shows one kind. */
export interface Oddity {
  readonly kind: OddityKind;
  /** The column's name; null for whole files. */
  readonly column: string | null;
  /** What was found, in the user's names and units. */
  readonly found: string;
  /** What becomes of it, and what the user can do. */
  readonly remedy: string;
  /** How many values, rows or steps there are. */
  readonly count: number;
  readonly places: readonly OddityPlace[];
}

/** The place of a line of a file, of the lines from one to another, or of the whole file. */
export function placeAt(
  file: string,
  line: number | null | undefined,
  lastLine: number | null | undefined = line,
): OddityPlace {
  return Object.freeze({ file, line: line ?? null, lastLine: lastLine ?? null });
}
