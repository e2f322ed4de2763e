/**
 * The one error class of the package.
 */

/** What went wrong, for programs. */
export type TensorErrorCode =
  /** A function was called with values, shapes or options that it does not take. */
  | "wrong-use"
  /** A name was looked up that is in no list. */
  | "no-such-name"
  /** A file of a model, of tensors or of a program is damaged, of another kind, or not made for what it is used with. */
  | "unusable-file"
  /** A file was written in a form that this release does not know. */
  | "unknown-version"
  /** The data is too short for what is asked of it. */
  | "too-little-data"
  /** A motion or a measure became infinite, or no number. */
  | "breakdown"
  /** Machine code cannot be made or loaded here. */
  | "no-machine-code"
  /** The folder of compiled code is not private, or cannot be written. */
  | "unusable-cache"
  /** A program needs more memory than there is. */
  | "no-memory"
  /** A program is longer than a compiler takes. */
  | "program-too-long"
  /** One part of the library broke what another relies on: to be reported. */
  | "defect";

/** A wrong use of the library: what was expected, what was found, and what to do about it. */
export class TensorError extends Error {
  override readonly name: string = "TensorError";
  /** What the user can do, one or more sentences. */
  readonly remedy: string;
  /** The kind of error, for programs; stable from release to release. */
  readonly code: TensorErrorCode;
  /** `file:line:column` of the user's own source, where a function was being traced; the last line of the message too. */
  place: string | null = null;

  constructor(problem: string, remedy: string, code: TensorErrorCode = "wrong-use") {
    super(`${problem}\n${remedy}`);
    this.remedy = remedy;
    this.code = code;
  }

  /** @internal Says where, unless that is known already. */
  happenedAt(place: string | null): void {
    if (place === null || this.place !== null) return;
    this.place = place;
    this.message += `\nAt ${place}`;
  }
}

/** @internal The error of what cannot happen unless the library is wrong. */
export function defect(problem: string): TensorError {
  return new TensorError(
    problem,
    "This is a defect of the library: report it with the program that led here.",
    "defect",
  );
}
