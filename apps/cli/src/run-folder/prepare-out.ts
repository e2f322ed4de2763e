/**
 * The place of a run, chosen and checked before any training: a folder that is new, empty, or given up with `--force`.
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "../command-error.ts";
import { isPattern } from "../data/glob.ts";

/** What is asked for. */
export interface OutRequest {
  /** `--out`, or null for the next free `runs/NAME-n`. */
  readonly out: string | null;
  readonly force: boolean;
  /** First of the data, a file, folder or pattern: `runs/NAME-n` takes its stem. */
  readonly data: string;
  readonly cwd: string;
}

/** The folder as it is to be written in messages. */
export interface OutFolder {
  readonly shown: string;
  readonly full: string;
}

/** The files and folders that a run writes; `--force` removes these and nothing else. */
const ours = [
  "run.json",
  "metrics.jsonl",
  "members",
  "model.json",
  "model.safetensors",
  "report.html",
  "figures",
  "references.bib",
  "methods.txt",
];

/** Makes the folder. Errors (status 2): it holds something and `--force` is not given; it cannot be made. */
export async function prepareOut(request: OutRequest): Promise<OutFolder> {
  const shown = request.out ?? (await nextFree(request));
  const full = path.resolve(request.cwd, shown);
  const found = await readdir(full).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw cannotUse(
      shown,
      "a folder",
      error.code === "ENOTDIR" ? "a file" : String(error.code),
      "Choose another --out.",
    );
  });
  if (found.length > 0 && !request.force) {
    const count = `${found.length} ${found.length === 1 ? "entry" : "entries"} in it`;
    throw cannotUse(
      shown,
      "a new or empty folder",
      count,
      "Choose another --out, or write over the run there with --force.",
    );
  }
  await mkdir(full, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw cannotUse(
      shown,
      "a folder that can be made",
      String(error.code),
      "Check the permissions, or choose another --out.",
    );
  });
  for (const name of found.filter((entry) => ours.includes(entry))) {
    await rm(path.join(full, name), { recursive: true, force: true });
  }
  return { shown, full };
}

function cannotUse(shown: string, expected: string, found: string, remedy: string): CommandError {
  return new CommandError(`Cannot write to ${shown}: expected ${expected}, got ${found}`, remedy, "unusable-place");
}

async function nextFree({ data, cwd }: OutRequest): Promise<string> {
  const name =
    data
      .split("/")
      .filter((part) => !isPattern(part))
      .at(-1) ?? "";
  const stem = path.basename(path.resolve(cwd, name)).replace(/\.[^.]*$/, "") || "run";
  const taken = new Set(await readdir(path.resolve(cwd, "runs")).catch(() => []));
  for (let count = 1; ; count++) {
    if (!taken.has(`${stem}-${count}`)) return `runs/${stem}-${count}`;
  }
}
