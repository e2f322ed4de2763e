/**
 * What reaches nobody else: errors outside any promise that is waited for, and streams that nobody reads any more.
 *
 * A reader that goes (`| head`) ends nothing: what is written to it is lost, the command goes on, since a training must
 * not die with the pipe that shows its progress. A result that cannot be written for another reason, such as a full
 * disk, is told and ends with its own status.
 */
import process from "node:process";
import { CommandError } from "./command-error.ts";
import { exitStatus } from "./exit-status.ts";
import type { Io } from "./io.ts";
import { reportError, wantsDebug } from "./report-error.ts";

/** Watches this process until its end. */
export function guardProcess(argv: readonly string[], io: Io): void {
  const telling = { debug: wantsDebug(argv), json: false };
  process.on("uncaughtException", (error) => process.exit(reportError(error, io, telling)));
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    reportError(unwritten(error), io, telling);
    process.once("exit", () => {
      process.exitCode = exitStatus.unwritten;
    });
  });
}

function unwritten(error: NodeJS.ErrnoException): CommandError {
  return new CommandError(
    `Cannot write the result: expected a standard output that takes it, got ${error.code ?? error.message}`,
    "Make room where the output goes, or send it to another place.",
    "unwritten-result",
  );
}
