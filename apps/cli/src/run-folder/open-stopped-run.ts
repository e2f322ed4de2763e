/**
 * A run folder, locked and opened to go on with its training: what was asked, and that the same data are still there.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "../command-error.ts";
import type { ReadData } from "../data/read-data.ts";
import { shortHash } from "../short-hash.ts";
import { lockFolder, type OutFolder } from "./prepare-out.ts";
import { runRecordOf } from "./read-run-record.ts";
import type { RunRecord } from "./run-record.ts";

export interface StoppedRun {
  readonly folder: OutFolder;
  readonly record: RunRecord;
}

/**
 * The run in the folder `shown`, locked; null when it is finished, and then it is not touched.
 *
 * Errors: no run is there (status 2), or its run.json cannot be used; another process uses it (6).
 */
export async function openStoppedRun(shown: string, cwd: string): Promise<StoppedRun | null> {
  const full = path.resolve(cwd, shown);
  // Looked at before the folder is locked, for that would make it.
  if ((await recordIn(full, shown)).status === "finished") return null;
  const lock = await lockFolder(full, shown);
  try {
    const record = await recordIn(full, shown);
    if (record.status !== "finished") return { folder: { shown, full, lock }, record };
  } catch (error) {
    lock.release();
    throw error;
  }
  lock.release();
  return null;
}

async function recordIn(full: string, shown: string): Promise<RunRecord> {
  const text = await readFile(path.join(full, "run.json"), "utf8").catch(() => null);
  if (text !== null) return runRecordOf(text, shown);
  throw new CommandError(
    `Cannot go on with ${shown}: expected the folder of a run, got one without run.json, or none`,
    "Name a folder that fit has begun to write, for example runs/pendulum-1.",
    "unusable-run",
  );
}

/** Errors (status 3): files that are other ones than those of the run, or that read to other numbers. */
export function expectSameData(shown: string, { data }: RunRecord, { files, dataset }: ReadData): void {
  const names = (list: readonly string[]): string => list.join(", ");
  const before = data.map(({ file }) => file);
  const now = files.map(({ name }) => name);
  if (names(before) !== names(now)) throw changed(shown, `the files ${names(before)}`, names(now));
  for (const [index, { file, sha256, measurements }] of data.entries()) {
    const found = files[index]?.sha256 ?? "";
    if (found !== sha256)
      throw changed(shown, `${file} as it was (SHA-256 ${shortHash(sha256)})`, `another content (${shortHash(found)})`);
    if (dataset.hash === measurements) continue;
    throw changed(
      shown,
      `the measurements ${shortHash(measurements)}`,
      `${shortHash(dataset.hash)} in the same files: this release reads them in another way`,
    );
  }
}

function changed(shown: string, expected: string, found: string): CommandError {
  return new CommandError(
    `Cannot go on with ${shown}: expected ${expected}, got ${found}`,
    "Restore the data, or fit them anew: run.json holds the command.",
    "changed-data",
  );
}
