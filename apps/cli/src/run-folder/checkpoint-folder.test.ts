import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Checkpoints } from "@leastaction/dynamics";
import { array } from "@leastaction/tensor";
import { describe, expect, test } from "vitest";
import { inFolder } from "../testing/memory-io.ts";
import {
  checkpointFolder,
  checkpointsName,
  type Intervals,
  type KeptCheckpoints,
  readCheckpoints,
  removeCheckpoints,
} from "./checkpoint-folder.ts";

const none: KeptCheckpoints = { last: null, newest: 0 };
const always: Intervals = { seconds: 0, steps: 1 };

interface Trial {
  readonly checkpoints: Checkpoints;
  /** Offers the state of a step at a time, s, on a clock that the test sets; whether it was wanted. */
  offer(steps: number, seconds: number, now?: boolean): Promise<boolean>;
}

/** @param writing s that a write takes */
function trial(folder: string, intervals: Intervals, from: KeptCheckpoints = none, writing = 0): Trial {
  let clock = 0;
  const checkpoints = checkpointFolder(folder, {
    intervals,
    from,
    metrics: () => async () => 7,
    attempt: async (write) => {
      await write();
      clock += 1000 * writing;
      return true;
    },
    now: () => clock,
  });
  return {
    checkpoints,
    offer: async (steps, seconds, now = false) => {
      clock = 1000 * seconds;
      let isWanted = false;
      const state = () => {
        isWanted = true;
        return { facts: { steps }, tensors: { weight: array(Float64Array.of(steps)) } };
      };
      await checkpoints.offer(state, { steps, reports: 0, elapsed: seconds, now });
      return isWanted;
    },
  };
}

const files = (folder: string): readonly string[] => readdirSync(path.join(folder, checkpointsName)).sort();
const silent = (): void => {};

function damage(folder: string, name: string): void {
  const file = path.join(folder, checkpointsName, name);
  const bytes = readFileSync(file);
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  writeFileSync(file, bytes);
}

describe("checkpoints in a folder", () => {
  test("are taken at intervals of time and of steps, and at once at an interruption", () =>
    inFolder({}, async (folder) => {
      const { offer } = trial(folder, { seconds: 30, steps: 100 });
      expect(await offer(1, 29)).toBe(false);
      expect(await offer(2, 30)).toBe(true);
      expect(await offer(3, 59)).toBe(false);
      expect(await offer(102, 59.5)).toBe(true);
      expect(await offer(103, 60)).toBe(false);
      expect(await offer(104, 60.1, true)).toBe(true);
    }));

  test("come more rarely where writing is slow", () =>
    inFolder({}, async (folder) => {
      const { offer } = trial(folder, { seconds: 30, steps: Number.POSITIVE_INFINITY }, none, 2);
      expect(await offer(1, 30)).toBe(true);
      expect(await offer(2, 32 + 399)).toBe(false);
      expect(await offer(3, 32 + 401)).toBe(true);
    }));

  test("are numbered; the last two stay", () =>
    inFolder({}, async (folder) => {
      const { offer } = trial(folder, always);
      for (let step = 1; step <= 4; step++) await offer(step, step);
      expect(files(folder)).toEqual(["000003.safetensors", "000004.safetensors"]);
      const { last, newest } = await readCheckpoints(folder, "run", silent);
      expect(newest).toBe(4);
      expect(last).toMatchObject({ steps: 4, metrics: 7, number: 4, state: { facts: { steps: 4 } } });
      await removeCheckpoints(folder);
      expect(existsSync(path.join(folder, checkpointsName))).toBe(false);
      expect(await readCheckpoints(folder, "run", silent)).toEqual(none);
    }));

  test("the newest has the greatest number, whatever the clock said when it was written", () =>
    inFolder({}, async (folder) => {
      const { offer } = trial(folder, always);
      for (let step = 1; step <= 2; step++) await offer(step, step);
      utimesSync(path.join(folder, checkpointsName, "000002.safetensors"), 0, 0);
      expect((await readCheckpoints(folder, "run", silent)).last?.steps).toBe(2);
    }));

  test("a damaged one is said and the one before is taken, which then stays until another is whole", () =>
    inFolder({}, async (folder) => {
      const first = trial(folder, always);
      for (let step = 1; step <= 2; step++) await first.offer(step, step);
      damage(folder, "000002.safetensors");
      writeFileSync(path.join(folder, checkpointsName, "000003.safetensors.17.part"), "half");
      const said: string[] = [];
      const from = await readCheckpoints(folder, "run", (text) => said.push(text));
      expect(from.last?.steps).toBe(1);
      expect(said).toEqual([
        "Cannot go on from run/checkpoints/000002.safetensors: expected a checkpoint of version 1, got a damaged file: its checksum is another; trying the one before.\n",
      ]);
      const second = trial(folder, always, from);
      expect(second.checkpoints.last?.facts).toEqual({ steps: 1 });
      await second.offer(2, 1);
      expect(files(folder)).toEqual(["000001.safetensors", "000003.safetensors"]);
    }));

  test("that are all damaged are refused with a message", () =>
    inFolder({}, async (folder) => {
      const { offer } = trial(folder, always);
      for (let step = 1; step <= 2; step++) await offer(step, step);
      for (const name of files(folder)) damage(folder, name);
      await expect(readCheckpoints(folder, "run", silent)).rejects.toThrow(
        "Cannot go on with run: expected a whole checkpoint, got 2 that cannot be read\nStart the run again: ",
      );
    }));
});
