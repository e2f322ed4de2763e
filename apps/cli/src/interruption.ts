/**
 * Ctrl-C: the first asks the training to stop at the next step and writes what there is; the second ends the process
 * at once, as anyone expects who presses it twice.
 */
import process from "node:process";
import { exitStatus } from "./exit-status.ts";
import type { Io } from "./io.ts";

export interface Interruption {
  readonly signal: AbortSignal;
  /** Whether Ctrl-C was pressed. */
  happened(): boolean;
  /** Gives Ctrl-C back. */
  end(): void;
}

export function interruption(io: Io): Interruption {
  const controller = new AbortController();
  const end = io.onInterrupt(() => {
    if (controller.signal.aborted) process.exit(exitStatus.interrupted);
    controller.abort();
    io.error.write("\nStopping at the next step; what there is will be written. Ctrl-C again ends at once.\n");
  });
  return { signal: controller.signal, happened: () => controller.signal.aborted, end };
}
