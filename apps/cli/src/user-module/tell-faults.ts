/**
 * A user's model whose faults are told as theirs: what went wrong, in which function of the model, in which line of the
 * file. Without this a mistake in their file would read as a fault of this program.
 */
import type { ModelOptions } from "@leastaction/dynamics";
import { CommandError } from "../command-error.ts";

/** The same model; an error of one of its functions becomes a message. Messages of the libraries pass as they are. */
export function tellFaults(model: ModelOptions<never>, file: string, url: string): ModelOptions<never> {
  const parts = Object.entries(model).map(([part, value]: readonly [string, unknown]) => {
    if (typeof value !== "function") return [part, value];
    const told = (...given: readonly unknown[]): unknown => {
      try {
        return (value as (...given: readonly unknown[]) => unknown)(...given);
      } catch (error) {
        if (error instanceof Error && "remedy" in error) throw error;
        throw fault(error, part, file, url);
      }
    };
    return [part, told];
  });
  return Object.fromEntries(parts) as ModelOptions<never>;
}

function fault(error: unknown, part: string, file: string, url: string): CommandError {
  const what = error instanceof Error ? `${error.name}: ${error.message.split("\n")[0]}` : String(error);
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const line = stack
    .split("\n")
    .find((text) => text.includes(url))
    ?.match(/:(\d+):\d+\)?$/)?.[1];
  const told = new CommandError(
    `Cannot run ${part} of the model ${file}: expected it to return, got ${what}`,
    `Correct ${line === undefined ? "the file" : `line ${line} of ${file}`}; --debug shows the way there.`,
    "unusable-module",
  );
  told.cause = error;
  return told;
}
