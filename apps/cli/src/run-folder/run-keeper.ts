/**
 * Everything that a training writes into its run folder while it runs: checkpoints and metrics, from the beginning or on
 * from where another process was stopped. Whatever fails there is said and the training goes on.
 *
 * A folder that is removed meanwhile is made again, if the folder around it is still there (a disk that was taken away is
 * waited for instead), and is locked and given its `run.json` again.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Checkpoints } from "@leastaction/dynamics";
import { partEnding } from "../replace-file.ts";
import { checkpointFolder, type Intervals, type KeptCheckpoints, readCheckpoints } from "./checkpoint-folder.ts";
import { lockName } from "./lock.ts";
import { type MetricsFile, metricsFile } from "./metrics-file.ts";
import type { OutFolder } from "./prepare-out.ts";
import type { RunRecord } from "./run-record.ts";
import { saving } from "./saving.ts";
import { writeRunRecord } from "./write-run-record.ts";

export interface RunKeeper {
  readonly checkpoints: Checkpoints;
  readonly metrics: Pick<MetricsFile, "add">;
  /** Waits until all metrics are in the folder, or have been tried. */
  end(): Promise<void>;
}

export interface RunKeeperOptions {
  readonly intervals: Intervals;
  /** Whether to go on from the checkpoints that are there; otherwise there are none. */
  readonly isResumed: boolean;
  readonly say: (text: string) => void;
}

/** @param record `run.json` as it is while the run runs. Errors: checkpoints that cannot be read (status 3). */
export async function keepRun(folder: OutFolder, record: RunRecord, options: RunKeeperOptions): Promise<RunKeeper> {
  const { intervals, isResumed, say } = options;
  const { full, shown, lock } = folder;
  const none: KeptCheckpoints = { last: null, newest: 0 };
  const from = isResumed ? await readCheckpoints(full, shown, say) : none;
  if (isResumed) await removeParts(full);
  const { attempt } = saving(shown, say);
  const isReady = (): boolean => lock.isHeld() && existsSync(path.join(full, "run.json"));
  let last: Promise<unknown> = Promise.resolve();
  const ready = (): Promise<void> => {
    const turn = last.then(() => takeAgain(folder, record, say));
    last = turn.catch(() => {});
    return turn;
  };
  const safely = (part: string, work: () => Promise<void>): Promise<boolean> =>
    attempt(part, () => (isReady() ? work() : ready().then(work)));
  const metrics = metricsFile(full, { from: from.last?.metrics ?? 0, attempt: (write) => safely("metrics", write) });
  const checkpoints = checkpointFolder(full, {
    intervals,
    from,
    metrics: metrics.place,
    attempt: (write) => safely("checkpoints", write),
  });
  return { checkpoints, metrics, end: metrics.end };
}

/** Makes sure that the folder is there, is ours, and says what it is of. */
async function takeAgain(
  { full, shown, lock }: OutFolder,
  record: RunRecord,
  say: RunKeeperOptions["say"],
): Promise<void> {
  await mkdir(full).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await lock.keep();
  if (existsSync(path.join(full, "run.json"))) return;
  await writeRunRecord(full, record);
  say(`${shown} was removed during its training: it is made again; what had been saved in it is gone.\n`);
}

/** What a process that was killed left beside its files; locks of others that are being taken are left alone. */
async function removeParts(full: string): Promise<void> {
  for (const name of await readdir(full, { recursive: true })) {
    const isPart = name.endsWith(partEnding) && !path.basename(name).startsWith(lockName);
    if (isPart) await rm(path.join(full, name), { force: true }).catch(() => {});
  }
}
