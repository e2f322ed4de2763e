import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { array } from "@leastaction/tensor";
import { afterEach, describe, expect, test, vi } from "vitest";
import { inFolder } from "../testing/memory-io.ts";
import { readCheckpoints } from "./checkpoint-folder.ts";
import { takeLock } from "./lock.ts";
import { prepareOut } from "./prepare-out.ts";
import { keepRun, type RunKeeper } from "./run-keeper.ts";
import type { RunRecord } from "./run-record.ts";
import { writeRunRecord } from "./write-run-record.ts";

/** What the disk answers to everything that would change it; a full one takes half of what it is given before. */
const disk = vi.hoisted(() => ({ fault: "" }));

vi.mock("node:fs/promises", async (importOriginal) => {
  const real = await importOriginal<typeof import("node:fs/promises")>();
  const check = (): void => {
    if (disk.fault !== "") throw Object.assign(new Error(`${disk.fault}: injected`), { code: disk.fault });
  };
  const open: typeof real.open = async (file, flags, mode) => {
    if (flags === "r" || disk.fault === "") return real.open(file, flags, mode);
    if (disk.fault !== "ENOSPC") check();
    const handle = await real.open(file, flags, mode);
    const write = handle.write.bind(handle) as typeof handle.write;
    return Object.assign(handle, {
      writeFile: async (content: Uint8Array) => {
        await write(content, 0, content.length >> 1);
        check();
      },
    });
  };
  const renamed: typeof real.rename = async (from, to) => {
    if (disk.fault === "EROFS") check();
    return real.rename(from, to);
  };
  return { ...real, open, rename: renamed };
});

vi.mock("node:fs", async (importOriginal) => {
  const real = await importOriginal<typeof import("node:fs")>();
  const check = (): void => {
    if (disk.fault !== "") throw Object.assign(new Error(`${disk.fault}: injected`), { code: disk.fault });
  };
  const openSync: typeof real.openSync = (file, flags, mode) => {
    if (disk.fault !== "ENOSPC") check();
    return real.openSync(file, flags, mode);
  };
  const writeSync = (handle: number, bytes: Buffer, from: number, length: number, at: number): number => {
    if (disk.fault === "") return real.writeSync(handle, bytes, from, length, at);
    if (length < 2) check();
    return real.writeSync(handle, bytes, from, length >> 1, at);
  };
  return { ...real, openSync, writeSync };
});

afterEach(() => {
  disk.fault = "";
});

const record = { format: "leastaction-run", status: "running" } as RunRecord;

interface Kept {
  readonly folder: string;
  readonly said: string[];
  readonly keeper: RunKeeper;
  save(step: number): Promise<void>;
  /** The step of the newest checkpoint that loads. */
  saved(): Promise<number | undefined>;
}

/** A run in `cwd/runs/a` that saves at every offer. */
async function kept(cwd: string): Promise<Kept> {
  const out = await prepareOut({ out: "runs/a", force: false, orElse: "", data: "a.csv", cwd });
  await writeRunRecord(out.full, record);
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  const keeper = await keepRun(out, record, { intervals: { seconds: 0, steps: 1 }, isResumed: false, say });
  return {
    folder: out.full,
    said,
    keeper,
    save: async (step) => {
      keeper.metrics.add({ step });
      const state = () => ({ facts: {}, tensors: { weight: array(Float64Array.of(step)) } });
      await keeper.checkpoints.offer(state, { steps: step, reports: step, elapsed: step, now: false });
    },
    saved: async () => (await readCheckpoints(out.full, "runs/a", () => {})).last?.steps,
  };
}

const lines = (folder: string): string => readFileSync(path.join(folder, "metrics.jsonl"), "utf8");

describe("a run folder that cannot be written during training", () => {
  test.each([
    ["ENOSPC", "a full disk", "Make room on that disk"],
    ["EDQUOT", "a quota that is used up", "Remove files of yours"],
    ["EROFS", "a read-only file system", "Mount it for writing"],
    ["EIO", "a fault of the disk", "Copy what is on that disk"],
    ["EACCES", "no permission to write there", "Change the permissions"],
  ])("%s is said once with the remedy, costs nothing that was saved, and ends well", (fault, found, remedy) =>
    inFolder({}, async (cwd) => {
      const { folder, said, keeper, save, saved } = await kept(cwd);
      await save(1);
      disk.fault = fault;
      for (let step = 2; step <= 4; step++) await save(step);
      expect(said.length).toBe(1);
      expect(said[0]).toContain(
        `Cannot save to runs/a: expected a place that can be written, got ${found} (${fault})\nTraining goes on, what was saved stays, and saving is tried again and again. ${remedy}`,
      );
      expect(await saved()).toBe(1);
      disk.fault = "";
      await save(5);
      await keeper.end();
      expect(said.slice(1)).toEqual(["Saving to runs/a works again.\n"]);
      expect(await saved()).toBe(5);
      expect(lines(folder)).toBe([1, 2, 3, 4, 5].map((step) => `{"step":${step}}\n`).join(""));
      expect(readdirSync(path.join(folder, "checkpoints"))).toEqual(["000001.safetensors", "000002.safetensors"]);
    }),
  );

  test("that is removed is said, made again, and saved into", () =>
    inFolder({}, async (cwd) => {
      const { folder, said, keeper, save, saved } = await kept(cwd);
      await save(1);
      rmSync(folder, { recursive: true });
      await save(2);
      await keeper.end();
      expect(said).toEqual([
        "runs/a was removed during its training: it is made again; what had been saved in it is gone.\n",
      ]);
      expect(await saved()).toBe(2);
      expect(lines(folder)).toBe('{"step":2}\n');
      expect(JSON.parse(readFileSync(path.join(folder, "run.json"), "utf8"))).toEqual(record);
    }));

  test("that goes away with its disk is waited for", () =>
    inFolder({}, async (cwd) => {
      const { folder, said, keeper, save, saved } = await kept(cwd);
      await save(1);
      const away = path.join(cwd, "away");
      renameSync(path.join(cwd, "runs"), away);
      await save(2);
      expect(said.length).toBe(1);
      expect(said[0]).toContain("got a folder that is not there (any more) (ENOENT)\nTraining goes on");
      renameSync(away, path.join(cwd, "runs"));
      await save(3);
      await keeper.end();
      expect(said.length).toBe(2);
      expect(await saved()).toBe(3);
      expect(lines(folder)).toBe('{"step":1}\n{"step":2}\n{"step":3}\n');
    }));

  test("that another process has now is left to it", () =>
    inFolder({}, async (cwd) => {
      const { folder, said, keeper, save } = await kept(cwd);
      await save(1);
      await keeper.end();
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      const other = await takeLock(folder, "runs/a");
      await save(2);
      await keeper.end();
      expect(said.length).toBe(1);
      expect(said[0]).toContain("got one that process");
      expect(readdirSync(folder)).toEqual(["lock.json"]);
      other.release();
    }));
});

test("a run that goes on finds its state, and its metrics are cut back to it", () =>
  inFolder({}, async (cwd) => {
    const { folder, keeper, save } = await kept(cwd);
    await save(1);
    keeper.metrics.add({ step: 2 });
    await keeper.end();
    expect(lines(folder)).toBe('{"step":1}\n{"step":2}\n');
    writeFileSync(path.join(folder, "run.json.17.part"), "half");
    const out = {
      full: folder,
      shown: "runs/a",
      lock: { isHeld: () => true, keep: async () => {}, release: () => {} },
    };
    const again = await keepRun(out, record, {
      intervals: { seconds: 30, steps: 100 },
      isResumed: true,
      say: () => {},
    });
    expect(again.checkpoints.last?.tensors.weight?.data).toEqual(Float64Array.of(1));
    again.metrics.add({ step: "2 again" });
    await again.end();
    expect(readdirSync(folder).sort()).toEqual(["checkpoints", "lock.json", "metrics.jsonl", "run.json"]);
    expect(lines(folder)).toBe('{"step":1}\n{"step":"2 again"}\n');
  }));
