/**
 * `checkpoints/`: the states of a training on the disk, numbered; the greatest number is the newest, whatever clocks say.
 *
 * A new one is written beside, read back, and renamed; only then do older ones go, and two always stay. When reading, a
 * damaged one is said and the one before is taken. States are wanted at intervals of time, on a clock that nobody sets,
 * or of steps; where writing is slow the interval grows, so that it never costs more than a small share of the training.
 */
import { readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Checkpoints, SavedState } from "@leastaction/dynamics";
import { CommandError } from "../command-error.ts";
import { makeFolder } from "../make-folder.ts";
import { replaceFile } from "../replace-file.ts";
import { type Checkpoint, checkpointBytes, checkpointOf } from "./checkpoint-file.ts";

export const checkpointsName = "checkpoints";

export interface Intervals {
  /** s between two checkpoints. */
  readonly seconds: number;
  /** Optimiser steps between two checkpoints; infinite: time alone decides. */
  readonly steps: number;
}

/** So much work is lost at most when a process is killed; one checkpoint costs some hundredths of a second. */
export const defaultIntervals: Intervals = Object.freeze({ seconds: 30, steps: Number.POSITIVE_INFINITY });

/** Of the time between two checkpoints, writing one takes at most this share. */
const share = 0.005;
/** So many whole checkpoints stay. */
const kept = 2;
/** Bytes: Node reads no longer file in one go. */
const longest = 2 ** 31 - 1;
const ending = ".safetensors";

/** What was found of an earlier process. */
export interface KeptCheckpoints {
  /** The newest whole one; null where there is none at all. */
  readonly last: (Checkpoint & { readonly number: number }) | null;
  /** The greatest number that is taken, by a damaged one too; 0 without any. */
  readonly newest: number;
}

export interface CheckpointFolderOptions {
  readonly intervals: Intervals;
  readonly from: KeptCheckpoints;
  /** The place of `metrics.jsonl` as it is; what is returned brings it to the disk and gives its bytes. */
  readonly metrics: () => () => Promise<number>;
  /** Runs a write that may fail; says whether it went through. */
  readonly attempt: (write: () => Promise<void>) => Promise<boolean>;
  /** ms, never set back; the process's own. */
  readonly now?: () => number;
}

/** @param folder the run folder, absolute */
export function checkpointFolder(folder: string, options: CheckpointFolderOptions): Checkpoints {
  const { intervals, from, attempt, metrics, now = () => performance.now() } = options;
  const good = from.last === null ? [] : [from.last.number];
  let number = from.newest;
  let stepsBefore = from.last?.steps ?? 0;
  let due = now() + 1000 * intervals.seconds;
  const save = async (state: SavedState, steps: number, place: () => Promise<number>): Promise<void> => {
    const bytes = checkpointBytes({ state, steps, metrics: await place() });
    await makeFolder(path.join(folder, checkpointsName));
    await replaceFile(fileOf(folder, number + 1), bytes, async (beside) => {
      checkpointOf(await readFile(beside), beside);
    });
    number += 1;
    good.push(number);
    await removeOthers(folder, good.slice(-kept));
  };
  return {
    last: from.last?.state ?? null,
    offer: async (make, { steps, now: isLast }) => {
      if (!isLast && now() < due && steps - stepsBefore < intervals.steps) return;
      const begin = now();
      const state = make();
      const place = metrics();
      stepsBefore = steps;
      await attempt(() => save(state, steps, place));
      const end = now();
      due = end + Math.max(1000 * intervals.seconds, (end - begin) / share);
    },
  };
}

/**
 * The newest checkpoint that is whole.
 *
 * @param shown the run folder as messages name it
 * @param say told of each damaged one
 *
 * Errors: there are some and none is whole (status 3).
 */
export async function readCheckpoints(
  folder: string,
  shown: string,
  say: (text: string) => void,
): Promise<KeptCheckpoints> {
  const numbers = await numbersIn(folder);
  const newest = numbers[0] ?? 0;
  for (const number of numbers) {
    const name = path.join(shown, checkpointsName, nameOf(number));
    try {
      return { last: { ...(await readCheckpoint(fileOf(folder, number), name)), number }, newest };
    } catch (error) {
      say(`${error instanceof Error ? error.message.split("\n")[0] : String(error)}; trying the one before.\n`);
    }
  }
  if (newest === 0) return { last: null, newest };
  throw new CommandError(
    `Cannot go on with ${shown}: expected a whole checkpoint, got ${numbers.length} that cannot be read`,
    "Start the run again: run.json in it holds the command, and --force writes over it.",
    "unusable-checkpoint",
  );
}

async function readCheckpoint(file: string, name: string): Promise<Checkpoint> {
  const { size } = await stat(file);
  if (size > longest) throw new Error(`Cannot go on from ${name}: expected at most ${longest} bytes, got ${size}`);
  return checkpointOf(await readFile(file), name);
}

/** Of a run that is finished: nothing goes on from there. */
export async function removeCheckpoints(folder: string): Promise<void> {
  await rm(path.join(folder, checkpointsName), { recursive: true, force: true });
}

function fileOf(folder: string, number: number): string {
  return path.join(folder, checkpointsName, nameOf(number));
}

function nameOf(number: number): string {
  return `${String(number).padStart(6, "0")}${ending}`;
}

/** Newest first. */
async function numbersIn(folder: string): Promise<readonly number[]> {
  const names = await readdir(path.join(folder, checkpointsName)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names
    .flatMap((name) => (/^\d{6,15}\.safetensors$/.test(name) ? [Number.parseInt(name, 10)] : []))
    .sort((a, b) => b - a);
}

/** Everything but the checkpoints of these numbers, pieces that a killed process left too. */
async function removeOthers(folder: string, numbers: readonly number[]): Promise<void> {
  const stay = new Set(numbers.map(nameOf));
  for (const name of await readdir(path.join(folder, checkpointsName))) {
    if (!stay.has(name)) await rm(path.join(folder, checkpointsName, name), { force: true });
  }
}
