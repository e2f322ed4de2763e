/** Faults of the run folder while `fit` trains, each with its message and exit status. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { simulate, systemNamed } from "@leastaction/dynamics";
import { afterEach, describe, expect, test, vi } from "vitest";
import { main } from "../main.ts";
import { takeLock } from "../run-folder/lock.ts";
import type { RunRecord } from "../run-folder/run-record.ts";
import { inFolder, type MemoryIo, memoryIo } from "../testing/memory-io.ts";

const table = simulate(systemNamed("pendulum"), { trajectories: 4, duration: 4, samples: 101 }).text;
const line = "fit swing.csv --model pendulum,hold --steps 6 --target wasm --checkpoint-steps 1 --out";

/** A fit in `cwd`; `during` happens once, in the middle of its training. */
async function fitWhile(cwd: string, out: string, during: () => void): Promise<MemoryIo & { readonly status: number }> {
  const io = memoryIo(cwd);
  let isDone = false;
  const write = (words: string): void => {
    io.error.write(words);
    if (isDone || !words.includes("calibrate: pendulum, seed 0, step")) return;
    isDone = true;
    during();
  };
  const status = await main([...line.split(" "), out], { ...io, error: { write } });
  expect(isDone).toBe(true);
  return { ...io, status };
}

const recordIn = (folder: string): RunRecord =>
  JSON.parse(readFileSync(path.join(folder, "run.json"), "utf8")) as RunRecord;

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test("a run folder that another process uses is refused with status 6, and not touched by --force either", () =>
  inFolder({ "swing.csv": table }, async (cwd) => {
    mkdirSync(path.join(cwd, "run"));
    writeFileSync(path.join(cwd, "run/run.json"), "theirs");
    const lock = await takeLock(path.join(cwd, "run"), "run");
    for (const flags of [[], ["--force"]]) {
      const io = memoryIo(cwd);
      expect(await main([...line.split(" "), "run", ...flags], io)).toBe(6);
      expect(io.text("error")).toContain(`got one that process ${process.pid} on `);
    }
    expect(readFileSync(path.join(cwd, "run/run.json"), "utf8")).toBe("theirs");
    lock.release();
  }));

test("a folder that is removed while it trains is made again, and holds the whole result", () =>
  inFolder({ "swing.csv": table }, async (cwd) => {
    const run = path.join(cwd, "run");
    const { status, text } = await fitWhile(cwd, "run", () => rmSync(run, { recursive: true }));
    expect(text("error")).toContain("run was removed during its training: it is made again");
    expect(status).toBe(0);
    expect(recordIn(run).status).toBe("finished");
    expect(readdirSync(run)).not.toContain("lock.json");
    expect(await main("predict run --data swing.csv --observe 1 --out f.csv".split(" "), memoryIo(cwd))).toBe(0);
  }));

test("a clock that is set back is told, and changes nothing else", () =>
  inFolder({ "swing.csv": table }, async (cwd) => {
    const { status, text } = await fitWhile(cwd, "run", () => {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 7_200_000 });
    });
    expect(status).toBe(0);
    expect(text("error")).toContain("The clock of this machine was set back by 2.0 h meanwhile");
    const { started, ended } = recordIn(path.join(cwd, "run"));
    expect(Date.parse(ended as string)).toBeLessThan(Date.parse(started));
  }));

/** A file system of its own in memory, which only root may make; it is taken away afterwards. */
async function onSmallDisk(use: (place: string) => Promise<void>): Promise<void> {
  const place = mkdtempSync(path.join(tmpdir(), "leastaction-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "leastaction", place]);
  try {
    await use(place);
  } finally {
    execFileSync("umount", ["-l", place]);
    rmSync(place, { recursive: true });
  }
}

function canMount(): boolean {
  try {
    const place = mkdtempSync(path.join(tmpdir(), "leastaction-disk-"));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "leastaction", place], { stdio: "ignore" });
      execFileSync("umount", [place]);
      return true;
    } finally {
      rmSync(place, { recursive: true });
    }
  } catch {
    return false;
  }
}

const mounts = canMount();
const unmounted = mounts ? "" : " (skipped: mounting a small one needs root)";
const remount = (place: string, how: string): void => void execFileSync("mount", ["-o", `remount,${how}`, place]);

interface DiskFault {
  readonly found: string;
  readonly fail: (place: string) => void;
  readonly heal: (place: string) => void;
}

const faults: readonly DiskFault[] = [
  { found: "got a full disk (ENOSPC)", fail: fill, heal: (place) => rmSync(path.join(place, "other")) },
  {
    found: "got a read-only file system (EROFS)",
    fail: (place) => remount(place, "ro"),
    heal: (place) => remount(place, "rw"),
  },
];

describe.skipIf(!mounts)(`a disk that fails while it trains${unmounted}`, () => {
  test.each(faults)("$found: the result goes elsewhere, with status 5, and the run goes on later", (fault) =>
    inFolder({ "swing.csv": table }, (cwd) =>
      onSmallDisk(async (place) => {
        vi.stubEnv("TMPDIR", cwd);
        const run = path.join(place, "run");
        const { status, text } = await fitWhile(cwd, run, () => fault.fail(place));
        const error = text("error");
        const reason = `expected a place that can be written, ${fault.found}`;
        expect(error.split(`Cannot save to ${run}: ${reason}`).length).toBe(2);
        expect(error).toContain(`Cannot write the result to ${run}: ${reason}`);
        expect(status).toBe(5);
        const other = /The whole result is in (\S+) instead/.exec(error)?.[1] ?? "";
        expect(recordIn(other).status).toBe("finished");
        expect(recordIn(run).status).toBe("running");
        expect(existsSync(path.join(run, "model.json"))).toBe(false);
        fault.heal(place);
        const again = memoryIo(cwd);
        expect(await main(["fit", "--resume", run], again)).toBe(0);
        expect(again.text("error")).toMatch(/Going on with \S+ after [1-9]/);
        const weights = (folder: string): Buffer => readFileSync(path.join(folder, "model.safetensors"));
        expect(weights(run).equals(weights(other))).toBe(true);
        expect(readdirSync(run)).not.toContain("checkpoints");
      }),
    ),
  );
});

/** Takes every byte that is left. */
function fill(place: string): void {
  const { bavail, bsize } = statfsSync(place);
  writeFileSync(path.join(place, "other"), new Uint8Array(bavail * bsize));
}
