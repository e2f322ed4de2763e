/**
 * `metrics.jsonl`: one line for each report of the training, appended while it runs, so that a run that is killed keeps
 * its history. Lines are gathered and appended in one go; the order is the order of the reports.
 *
 * The file is known by its length in bytes: what stands beyond it (lines after the checkpoint that a run goes on from, or
 * the piece of a line that a full disk took) is cut off before anything is appended. Lines are written without a turn of
 * the loop in between: while something trains, each turn lasts a slice of the training.
 */
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import path from "node:path";

export interface MetricsFile {
  add(line: Readonly<Record<string, unknown>>): void;
  /**
   * The place of the lines so far. What is returned brings them to the disk and gives the bytes of the file up to there,
   * whatever was added meanwhile. Errors of it: those of the system; the lines are kept.
   */
  place(): () => Promise<number>;
  /** Waits until everything is in the file, or has been tried once more. */
  end(): Promise<void>;
}

/** Lines held back at most this long, ms; longer when they could not be written. */
const gatherFor = 250;
const gatherAfterFault = 5000;

export interface MetricsOptions {
  /** Bytes of the file that count: 0 begins it. */
  readonly from: number;
  /** Runs a write that may fail; says whether it went through. */
  readonly attempt: (write: () => Promise<void>) => Promise<boolean>;
}

export function metricsFile(folder: string, { from, attempt }: MetricsOptions): MetricsFile {
  const file = path.join(folder, "metrics.jsonl");
  let waiting = "";
  let length = from;
  /** Bytes of all lines so far, and of those that are in the file. */
  let [added, written] = [0, 0];
  let isBegun = false;
  let isOver = false;
  let timer: NodeJS.Timeout | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const write = async (isSynced: boolean): Promise<void> => {
    const text = waiting;
    if (text === "" && isBegun && !isSynced) return;
    length = appendAt(file, length, text, isSynced);
    written += Buffer.byteLength(text);
    waiting = waiting.slice(text.length);
    isBegun = true;
  };
  /** One after another, whatever became of those before. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
  const flush = async (): Promise<void> => {
    const isWritten = await inTurn(() => attempt(() => write(false)));
    timer = null;
    if (waiting !== "" && !isOver) later(isWritten ? gatherFor : gatherAfterFault);
  };
  const later = (after: number): void => {
    timer ??= setTimeout(() => void flush(), after);
  };
  later(0);
  return {
    add: (line) => {
      const text = `${JSON.stringify(line)}\n`;
      waiting += text;
      added += Buffer.byteLength(text);
      later(gatherFor);
    },
    place: () => {
      const until = added;
      return () => inTurn(() => write(true).then(() => length - (written - until)));
    },
    end: async () => {
      isOver = true;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await inTurn(() => attempt(() => write(true)));
    },
  };
}

/** Cuts the file to `length`, appends, and gives its length then. A file that was made shorter goes on at its end. */
function appendAt(file: string, length: number, text: string, isSynced: boolean): number {
  const handle = openSync(file, constants.O_WRONLY | constants.O_CREAT);
  try {
    const { size } = fstatSync(handle);
    if (size > length) ftruncateSync(handle, length);
    const at = Math.min(size, length);
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(handle, bytes, done, bytes.length - done, at + done);
    }
    if (isSynced) fsyncSync(handle);
    return at + bytes.length;
  } finally {
    closeSync(handle);
  }
}
