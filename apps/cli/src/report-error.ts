/**
 * How an error is told: one place for what `main` catches and for what reaches nobody.
 *
 * A message for the user is printed as it is, in its two lines. Anything else is a fault of this program: one line says
 * what happened, one how to report it. The code of the error and the stack are shown only to who asks, with `--debug` or
 * the environment variable LEASTACTION_DEBUG. With `--json` the error is the one object on standard output, too.
 */
import process from "node:process";
import { inspect } from "node:util";
import { CommandError } from "./command-error.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import type { Io } from "./io.ts";
import { isMessage, statusOfCode } from "./status-of-error.ts";
import { version } from "./version.ts";

/** What more is said of an error. */
export interface Telling {
  readonly debug: boolean;
  readonly json: boolean;
}

/** Whether the stack of an error is asked for, by a flag of the call or by the environment. */
export function wantsDebug(argv: readonly string[]): boolean {
  const flags = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  return flags.includes("--debug") || !["", "0", undefined].includes(process.env.LEASTACTION_DEBUG);
}

/** Tells of an error; its exit status. */
export function reportError(error: unknown, io: Pick<Io, "out" | "error">, { debug, json }: Telling): ExitStatus {
  const known = isOutOfMemory(error) ? outOfMemory(error) : error;
  const told = isMessage(known)
    ? { code: known.code, message: known.message, status: statusOfCode(known.code) }
    : { code: "defect", message: faultMessage(error), status: exitStatus.fault };
  io.error.write(`${told.message}\n`);
  if (debug) io.error.write(`code: ${told.code}, exit status: ${told.status}\n${inspect(error)}\n`);
  if (json) io.out.write(`${JSON.stringify({ error: told })}\n`);
  return told.status;
}

/** What the engine throws where the system gives no more memory for an array or a program. */
function isOutOfMemory(error: unknown): error is RangeError {
  return error instanceof RangeError && /allocation failed|could not allocate/i.test(error.message);
}

function outOfMemory({ message }: RangeError): CommandError {
  return new CommandError(
    `Cannot go on: expected memory for what was asked, got none (${message})`,
    "End other programs, or ask for less: fewer rows (--mean), samples or seeds; leastaction doctor says what is free.",
    "out-of-memory",
  );
}

function faultMessage(error: unknown): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [
    `This is a fault of leastaction ${version}: ${what.split("\n")[0]}`,
    "Report it with the call that led here and what the same call says with --debug.",
  ].join("\n");
}
