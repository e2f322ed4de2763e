/** A run folder, opened for forecasting: the winner's model, and how its data was read. */
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { TrainedModel } from "@leastaction/dynamics";
import type { Target } from "@leastaction/tensor";
import { CommandError } from "../command-error.ts";
import type { RunRecord } from "./run-record.ts";

export interface OpenRun {
  readonly model: TrainedModel;
  /** Null for a folder that holds a model alone: a member, or one that was copied. */
  readonly record: RunRecord | null;
}

/** Bytes; a model.json of ours has less than 1 MB, and a text of more than 512 MB cannot be held at all. */
const longest = 2 ** 28;
const needed = ["model.json", "model.safetensors"];

/** Errors (status 2): no such folder, a folder without a model, a damaged or newer model or run.json. */
export async function openRun(folder: string, cwd: string, target: Target): Promise<OpenRun> {
  const full = path.resolve(cwd, folder);
  const found = await stat(full).catch(() => null);
  if (found === null || !found.isDirectory()) {
    throw cannot(folder, "the folder of a run", found === null ? "no folder of that name" : "a file");
  }
  const [json, weights] = await Promise.all(needed.map((name) => readFile(path.join(full, name)).catch(() => null)));
  if (json == null || weights == null) {
    const missing = needed.filter((_, index) => [json, weights][index] == null);
    throw cannot(folder, "the folder of a run", `a folder without ${missing.join(" and ")}`);
  }
  if (json.length > longest) throw cannot(folder, `a model.json of at most ${longest} bytes`, `${json.length}`);
  const { loadModel } = await import("@leastaction/dynamics");
  const model = await loadModel(Uint8Array.from(weights), json.toString("utf8"), target);
  const record = await readFile(path.join(full, "run.json"), "utf8").catch(() => null);
  return { model, record: record === null ? null : await recordOf(record, folder) };
}

/** Loaded for a run only: other commands start without it. */
async function recordOf(text: string, folder: string): Promise<RunRecord> {
  const { runRecordOf } = await import("./read-run-record.ts");
  return runRecordOf(text, folder);
}

function cannot(folder: string, expected: string, found: string): CommandError {
  return new CommandError(
    `Cannot open the run ${folder}: expected ${expected}, got ${found}`,
    "Name a folder that fit has written, for example runs/pendulum-1.",
    "unusable-run",
  );
}
