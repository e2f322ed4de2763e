/**
 * What a command may touch of the process around it, so that tests can hand in streams of their own.
 * Results go to `out`, everything said on the way goes to `error`; nothing else writes to a stream.
 */
import process from "node:process";

/** A place for text. */
export interface TextStream {
  write(text: string): unknown;
}

/** Ctrl-C, a request to end, and a terminal that is closed. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

export interface Io {
  readonly out: TextStream;
  readonly error: TextStream;
  /** Whether `error` is a terminal that can redraw a line, and its width in characters. */
  readonly isTerminal: boolean;
  readonly width: number;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** Calls `handler` at each signal to stop until the returned function is called. */
  onInterrupt(handler: (signal: StopSignal) => void): () => void;
}

const stopSignals: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** The streams and signals of this process. */
export function processIo(): Io {
  // A terminal that is closed cannot be told anything; the training goes on, or stops in good order.
  process.stderr.on("error", () => {});
  return {
    out: process.stdout,
    error: process.stderr,
    isTerminal: process.stderr.isTTY === true,
    width: process.stderr.columns ?? 100,
    cwd: process.cwd(),
    onInterrupt: (handler) => {
      for (const signal of stopSignals) process.on(signal, handler);
      return () => {
        for (const signal of stopSignals) process.off(signal, handler);
      };
    },
  };
}
