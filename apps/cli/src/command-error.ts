/**
 * The one error of the command line: a message in two parts and a code that decides how the process ends.
 * `problem` reads `Cannot <action>: <expected>, got <found>`; `remedy` says what to do. Errors of the libraries carry
 * both in their message already.
 */

/** What went wrong, for programs. */
export type CommandErrorCode =
  /** The call has a flag, a value or a number of arguments that the command does not take. */
  | "wrong-usage"
  /** A command, model, system, constant, column or split was named that there is not. */
  | "unknown-name"
  /** A file of data cannot be found, opened or understood. */
  | "unreadable-data"
  /** A kept reading and the files that it is of do not agree any more. */
  | "changed-data"
  /** A folder is no run, or not one that this release or this command can use. */
  | "unusable-run"
  /** Runs were tested on different data, and cannot be compared. */
  | "unlike-runs"
  /** A file of a user's own model cannot be loaded. */
  | "unusable-module"
  /** A place for results cannot be written, or holds something already. */
  | "unusable-place"
  /** A result could not be written where it belongs. */
  | "unwritten-result"
  /** The checkpoints of a run are damaged, or of another release. */
  | "unusable-checkpoint"
  /** Another process is using the run folder. */
  | "folder-in-use"
  /** Machine code was asked for, and cannot be made here. */
  | "no-native-target"
  /** The memory of the machine was used up. */
  | "out-of-memory"
  /** No model that was trained gives a finite forecast. */
  | "no-finite-model";

export class CommandError extends Error {
  override readonly name: string = "CommandError";
  readonly remedy: string;
  /** The kind of error, for programs; stable from release to release. */
  readonly code: CommandErrorCode;

  constructor(problem: string, remedy: string, code: CommandErrorCode = "wrong-usage") {
    super(`${printable(problem)}\n${printable(remedy)}`);
    this.remedy = remedy;
    this.code = code;
  }
}

/** Text of a file or a name in one line, without the characters that steer a terminal. */
function printable(text: string): string {
  return text.replace(/[\t-\r\x85\u2028\u2029]+/g, " ").replace(/[\p{Cc}\p{Bidi_Control}]+/gu, "\ufffd");
}
