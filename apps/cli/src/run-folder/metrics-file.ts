/**
 * `metrics.jsonl`: one line for each report of the training, appended while it runs, so that a run that is killed keeps
 * its history. Lines are gathered and appended in one go; the order is the order of the reports.
 */
import { appendFile } from "node:fs/promises";
import path from "node:path";

export interface MetricsFile {
  add(line: Readonly<Record<string, unknown>>): void;
  /** Waits until everything is in the file. */
  end(): Promise<void>;
}

/** Lines held back at most this long, ms. */
const gatherFor = 250;

export function metricsFile(folder: string): MetricsFile {
  const file = path.join(folder, "metrics.jsonl");
  let waiting = "";
  let timer: NodeJS.Timeout | null = null;
  let written: Promise<void> = appendFile(file, "");
  const flush = (): Promise<void> => {
    const text = waiting;
    waiting = "";
    timer = null;
    if (text !== "") written = written.then(() => appendFile(file, text));
    return written;
  };
  return {
    add: (line) => {
      waiting += `${JSON.stringify(line)}\n`;
      timer ??= setTimeout(() => void flush(), gatherFor);
    },
    end: () => {
      if (timer !== null) clearTimeout(timer);
      return flush();
    },
  };
}
