/**
 * Runs of the command line that are killed with `kill -9` and gone on with, again and again, until they end.
 *
 * What a run comes to is its weights, its models and its metrics, but for the seconds. It has to be the same for a run that
 * was killed as for one that never stopped, bit for bit. After each kill the run has to be unfinished, and every file under
 * a final name whole.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type PauseMoment, preloadOf } from "./pausing.ts";

/** When a process is killed: where it pauses, or after so many ms. */
export type KillMoment = PauseMoment | { readonly kind: "time"; readonly ms: number };

/** What a process came to. */
export interface Ended {
  /** Null: it was killed. */
  readonly status: number | null;
  readonly text: string;
}

/** What runs: a folder that holds the data, the words after `fit`, and how many members at once. */
export interface Question {
  readonly folder: string;
  readonly words: readonly string[];
  readonly members: number;
}

const root = findRoot(path.dirname(fileURLToPath(import.meta.url)));
const program = path.join(root, "apps/cli/bin/leastaction.js");

/** Compiled, this file lies one folder deeper. */
function findRoot(folder: string): string {
  return existsSync(path.join(folder, "package-lock.json")) ? folder : findRoot(path.dirname(folder));
}

/** Runs the command line in a folder; `kill` ends it at a moment, if it is still there then. */
export function runProgram(folder: string, words: readonly string[], kill: KillMoment | null): Promise<Ended> {
  const preload = kill === null || kill.kind === "time" ? [] : [preloadOf(kill)];
  const child = spawn(process.execPath, [...preload, program, ...words], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  let text = "";
  child.stderr?.on("data", (piece: Buffer) => {
    text += piece.toString();
  });
  child.stdio[3]?.once("data", () => child.kill("SIGKILL"));
  const timer = kill?.kind === "time" ? setTimeout(() => child.kill("SIGKILL"), kill.ms) : null;
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      if (timer !== null) clearTimeout(timer);
      resolve({ status, text });
    });
  });
}

/** The words that begin a run, or go on with it: `run.json` is there from the first moment on that is worth going on from. */
export function wordsFor({ folder, words, members }: Question, run: string): readonly string[] {
  const intervals = ["--checkpoint-steps", "1", "--workers", String(members)];
  return existsSync(path.join(folder, run, "run.json"))
    ? ["fit", "--resume", run, ...intervals]
    : ["fit", ...words, "--out", run, ...intervals];
}

/** What a finished run came to: every line of the metrics without its seconds, and a hash of each file of a model. */
export interface Outcome {
  readonly metrics: readonly string[];
  readonly models: Readonly<Record<string, string>>;
}

/** The outcome of a run. Errors: it is not finished. */
export function outcomeOf(run: string): Outcome {
  const { status } = JSON.parse(readFileSync(path.join(run, "run.json"), "utf8")) as { status: string };
  if (status !== "finished") throw new Error(`${run} is ${status}`);
  const lines = readFileSync(path.join(run, "metrics.jsonl"), "utf8").trimEnd().split("\n");
  const models = filesUnder(run).filter((file) => /^model\.(json|safetensors)$/.test(path.basename(file)));
  return {
    metrics: lines.map((line) => JSON.stringify({ ...(JSON.parse(line) as object), elapsed: null })),
    models: Object.fromEntries(
      models.map((file) => [
        file,
        createHash("sha256")
          .update(readFileSync(path.join(run, file)))
          .digest("hex"),
      ]),
    ),
  };
}

/** What is wrong with a run that was just killed; empty when it is unfinished and each file under its name is whole. */
export function faultsOf(run: string): readonly string[] {
  if (!existsSync(run)) return [];
  return filesUnder(run).flatMap((file) => {
    const bytes = readFileSync(path.join(run, file));
    if (file.endsWith(".part")) return [];
    if (file.endsWith(".safetensors")) return isWholeTensors(bytes) ? [] : [`${file} is not whole`];
    if (file === "metrics.jsonl" || !file.endsWith(".json")) return [];
    try {
      const content = JSON.parse(bytes.toString()) as { status?: string };
      return file === "run.json" && content.status === "finished" ? ["the run is finished"] : [];
    } catch {
      return [`${file} is not whole`];
    }
  });
}

/** Whether a safetensors file has all the bytes that its header says, and a checkpoint those that its checksum is of. */
function isWholeTensors(bytes: Buffer): boolean {
  if (bytes.length < 8) return false;
  const length = Number(bytes.readBigUInt64LE());
  if (8 + length > bytes.length) return false;
  const { __metadata__: metadata, ...entries } = JSON.parse(bytes.toString("utf8", 8, 8 + length)) as Readonly<
    Record<string, { readonly data_offsets: readonly number[]; readonly sha256?: string }>
  >;
  const end = Math.max(0, ...Object.values(entries).map((entry) => entry.data_offsets[1] as number));
  if (8 + length + end !== bytes.length) return false;
  const stated = metadata?.sha256;
  if (stated === undefined) return true;
  const blank = Buffer.from(bytes);
  blank.write("0".repeat(64), bytes.indexOf(stated));
  return createHash("sha256").update(blank).digest("hex") === stated;
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
