/**
 * The place of a run, chosen, checked and locked before any training: a folder that is new, empty, or given up with
 * `--force`. Nothing is removed from a folder that another process uses.
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { CommandError, type CommandErrorCode } from "../command-error.ts";
import { isPattern } from "../data/glob.ts";
import { makeFolder } from "../make-folder.ts";
import { syncFolder } from "../sync-folder.ts";
import { writeFault } from "../write-fault.ts";
import { checkpointsName } from "./checkpoint-folder.ts";
import { type Lock, lockName, takeLock } from "./lock.ts";

/** What is asked for. */
export interface OutRequest {
  /** `--out`, or null for the next free `runs/NAME-n`. */
  readonly out: string | null;
  readonly force: boolean;
  /** How else a folder that is not empty can be used, after "Choose another --out, or". */
  readonly orElse: string;
  /** First of the data, a file, folder or pattern: `runs/NAME-n` takes its stem. */
  readonly data: string;
  readonly cwd: string;
}

/** The folder of a run, held by this process. */
export interface OutFolder {
  /** As it is to be written in messages. */
  readonly shown: string;
  readonly full: string;
  readonly lock: Lock;
}

/** The files and folders that a run writes; `--force` removes these and nothing else. */
const ours = [
  "run.json",
  "metrics.jsonl",
  checkpointsName,
  "members",
  "model.json",
  "model.safetensors",
  "report.html",
  "figures",
  "references.bib",
  "methods.txt",
];

/**
 * Makes and locks the folder.
 *
 * Errors: it holds something and `--force` is not given (status 2); another process uses it (6); it cannot be made (2, 5).
 */
export async function prepareOut(request: OutRequest): Promise<OutFolder> {
  const shown = request.out ?? (await nextFree(request));
  const full = path.resolve(request.cwd, shown);
  // Somebody's folder is not touched at all; a folder of ours is looked at again when no other can write there.
  const before = await entriesOf(full, shown);
  if (!before.includes(lockName)) checkEmpty(before, request, shown);
  const lock = await lockFolder(full, shown);
  try {
    const found = await entriesOf(full, shown);
    checkEmpty(found, request, shown);
    for (const name of found.filter(isOurs)) await rm(path.join(full, name), { recursive: true, force: true });
  } catch (error) {
    lock.release();
    throw error;
  }
  return { shown, full, lock };
}

/** Makes the folder, if it is not there, and locks it. Errors: another process uses it (status 6); it cannot be made. */
export async function lockFolder(full: string, shown: string): Promise<Lock> {
  try {
    await makeFolder(full);
    return await takeLock(full, shown);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { found, remedy, code } = writeFault(error);
    throw cannotUse(shown, "a folder that can be written", found, remedy, code);
  }
}

async function entriesOf(full: string, shown: string): Promise<readonly string[]> {
  return readdir(full).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    const found = error.code === "ENOTDIR" ? "a file" : String(error.code);
    throw cannotUse(shown, "a folder", found, "Choose another --out.");
  });
}

function checkEmpty(found: readonly string[], { force, orElse }: OutRequest, shown: string): void {
  const others = found.filter((name) => !name.startsWith(lockName));
  if (others.length === 0 || force) return;
  throw cannotUse(
    shown,
    "a new or empty folder",
    `${others.length} ${others.length === 1 ? "entry" : "entries"} in it`,
    `Choose another --out, or ${orElse}.`,
  );
}

/** Also what a process that was killed left beside a file. */
function isOurs(name: string): boolean {
  return ours.includes(name.replace(/\.\d+\.part$/, ""));
}

function cannotUse(
  shown: string,
  expected: string,
  found: string,
  remedy: string,
  code: CommandErrorCode = "unusable-place",
): CommandError {
  return new CommandError(`Cannot write to ${shown}: expected ${expected}, got ${found}`, remedy, code);
}

/** Makes the next free `runs/NAME-n`: of two processes at once each gets its own. */
async function nextFree({ data, cwd }: OutRequest): Promise<string> {
  const name =
    data
      .split("/")
      .filter((part) => !isPattern(part))
      .at(-1) ?? "";
  const stem = path.basename(path.resolve(cwd, name)).replace(/\.[^.]*$/, "") || "run";
  try {
    await makeFolder(path.resolve(cwd, "runs"));
    for (let count = 1; ; count++) {
      const shown = `runs/${stem}-${count}`;
      if (await isMade(path.resolve(cwd, shown))) return shown;
    }
  } catch (error) {
    const { found, remedy, code } = writeFault(error);
    throw cannotUse("runs", "a folder that can be written", found, remedy, code);
  }
}

/** Makes a folder that is not there. */
async function isMade(full: string): Promise<boolean> {
  try {
    await mkdir(full);
    await syncFolder(path.dirname(full));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
