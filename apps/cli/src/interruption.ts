/**
 * Ctrl-C, SIGTERM and a hang-up: the first asks the training to stop after the step it is at and to save; the second
 * ends the process at once, as anyone expects who presses it twice. Files are replaced whole, so nothing is damaged.
 */
import process from "node:process";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import type { Io, StopSignal } from "./io.ts";

export interface Interruption {
  readonly signal: AbortSignal;
  /** Whether one of the signals came. */
  happened(): boolean;
  /** That of the signal that came; 0 without one. */
  status(): ExitStatus;
  /** Gives the signals back. */
  end(): void;
}

const statuses: Readonly<Record<StopSignal, ExitStatus>> = {
  SIGINT: exitStatus.interrupted,
  SIGTERM: exitStatus.terminated,
  SIGHUP: exitStatus.hangUp,
};

/** ms; npm and npx hand a Ctrl-C on that the terminal has already given to their child. */
const samePress = 250;

/** @param goOn how to go on afterwards, a sentence */
export function interruption(io: Io, goOn: string): Interruption {
  const controller = new AbortController();
  let status = exitStatus.ok;
  let first = 0;
  const end = io.onInterrupt((signal) => {
    if (controller.signal.aborted) {
      if (performance.now() - first > samePress) process.exit(status);
      return;
    }
    first = performance.now();
    status = statuses[signal];
    controller.abort();
    const again = signal === "SIGINT" ? "Ctrl-C again" : "A second signal";
    io.error.write(`\nStopping at the next step; what there is will be written. ${again} ends at once. ${goOn}\n`);
  });
  return {
    signal: controller.signal,
    happened: () => controller.signal.aborted,
    status: () => status,
    end,
  };
}
