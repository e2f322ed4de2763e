/**
 * How far a training is: one line that redraws itself on a terminal, plain lines in a pipe, always to the error stream.
 * Time left comes from the fraction that is done; it is not shown before two seconds have told something.
 */
import type { Io } from "./io.ts";

/** The state of a training. */
export interface ProgressFacts {
  /** Of everything, 0 to 1. */
  readonly fraction: number;
  /** What is trained now, in words. */
  readonly doing: string;
  /** What is trained, without how far: a plain line comes at once when it is new. */
  readonly member: string;
  readonly loss: number | null;
}

export interface ProgressLine {
  show(facts: ProgressFacts): void;
  /** Takes the line away. */
  end(): void;
}

/** A plain line comes at most this often, ms, unless something new is being trained. */
const plainEvery = 5000;
const drawnEvery = 80;

/** @param now a clock in ms; the tests' own, or the process's */
export function progressLine(io: Io, now: () => number = () => performance.now()): ProgressLine {
  const start = now();
  let last = Number.NEGATIVE_INFINITY;
  const members = new Set<string>();
  return {
    show: (facts) => {
      const at = now();
      const isNew = !members.has(facts.member);
      if (!isNew && at - last < (io.isTerminal ? drawnEvery : plainEvery)) return;
      last = at;
      members.add(facts.member);
      const text = lineOf(facts, (at - start) / 1000, io.isTerminal);
      io.error.write(io.isTerminal ? `\r\u001b[2K${text.slice(0, io.width - 1)}` : `${text}\n`);
    },
    end: () => {
      if (io.isTerminal) io.error.write("\r\u001b[2K");
    },
  };
}

function lineOf({ fraction, doing, loss }: ProgressFacts, elapsed: number, drawn: boolean): string {
  const done = Math.min(1, Math.max(0, fraction));
  const percent = `${String(Math.floor(100 * done)).padStart(3)} %`;
  const parts = [
    drawn ? bar(done) : "",
    percent,
    doing,
    loss === null || !Number.isFinite(loss) ? "" : `loss ${loss.toPrecision(3)}`,
    elapsed > 2 && done > 0.01 ? `${duration((elapsed * (1 - done)) / done)} left` : "",
  ];
  return parts.filter((part) => part !== "").join("  ");
}

function bar(done: number): string {
  const filled = Math.round(20 * done);
  return "█".repeat(filled) + "░".repeat(20 - filled);
}

/** `45 s`, `3 min`, `2.5 h`. */
export function duration(seconds: number): string {
  if (seconds < 99.5) return `${Math.ceil(seconds)} s`;
  if (seconds < 5940) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
