/**
 * The one error of the command line: a message in two parts and the exit status that goes with it.
 * `problem` reads `Cannot <action>: <expected>, got <found>`; `remedy` says what to do. Errors of the libraries carry
 * both in their message already and are only given a status (`statusOf`).
 */
import { type ExitStatus, exitStatus } from "./exit-status.ts";

export class CommandError extends Error {
  override readonly name: string = "CommandError";
  readonly remedy: string;
  readonly status: ExitStatus;

  constructor(problem: string, remedy: string, status: ExitStatus = exitStatus.usage) {
    super(`${problem}\n${remedy}`);
    this.remedy = remedy;
    this.status = status;
  }
}

/** Whether an error is a message for the user (`Cannot …`, then a remedy) rather than a fault of this program. */
export function isMessage(error: unknown): error is Error {
  return error instanceof Error && /^Cannot [^\n]+\n./.test(error.message);
}

/** The exit status of a message: its own, 3 for data that cannot be read or used, 2 for all others. */
export function statusOf(error: Error): ExitStatus {
  if (error instanceof CommandError) return error.status;
  return error.name === "DataError" ? exitStatus.data : exitStatus.usage;
}
