import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { inFolder } from "../testing/memory-io.ts";
import { lockName, takeLock } from "./lock.ts";
import { ownIdentity } from "./process-identity.ts";

const since = "2026-01-02T03:04:05.000Z";
const onLinux = existsSync("/proc/self/stat");

/** The lock of a process that was this one in everything but what `changes` says. */
async function leave(folder: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const lock = { ...(await ownIdentity()), since, token: "a-dead-one", ...changes };
  writeFileSync(path.join(folder, lockName), JSON.stringify(lock));
}

/** A number that belonged to a process which is over. */
function deadPid(): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    child.on("exit", () => resolve(child.pid as number));
  });
}

const owner = (folder: string): { readonly pid: number; readonly token: string } =>
  JSON.parse(readFileSync(path.join(folder, lockName), "utf8")) as { pid: number; token: string };

describe("the lock of a run folder", () => {
  test("refuses a second, naming the first, until that one is done", () =>
    inFolder({}, async (folder) => {
      const lock = await takeLock(folder, "runs/a");
      await expect(takeLock(folder, "runs/a")).rejects.toThrow(
        `Cannot write to runs/a: expected a run folder that no process uses, got one that process ${process.pid} on ${os.hostname()} has used since 20`,
      );
      await expect(takeLock(folder, "runs/a")).rejects.toMatchObject({
        code: "folder-in-use",
        remedy: `Wait for that process or end it (kill ${process.pid}), or choose another --out.`,
      });
      lock.release();
      expect(readdirSync(folder)).toEqual([]);
      (await takeLock(folder, "runs/a")).release();
    }));

  test("is taken over from a process that is gone", () =>
    inFolder({}, async (folder) => {
      await leave(folder, { pid: await deadPid() });
      const lock = await takeLock(folder, "runs/a");
      expect(owner(folder).pid).toBe(process.pid);
      expect(readdirSync(folder)).toEqual([lockName]);
      lock.release();
    }));

  test("that could not be removed is nobody's, also within the process that gave it up", () =>
    inFolder({}, async (folder) => {
      const lock = await takeLock(folder, "runs/a");
      const kept = readFileSync(path.join(folder, lockName));
      lock.release();
      writeFileSync(path.join(folder, lockName), kept);
      (await takeLock(folder, "runs/a")).release();
      expect(readdirSync(folder)).toEqual([]);
    }));

  test.skipIf(!onLinux).each([
    ["whose number another has now", { started: "1" }],
    ["of before the machine was started again", { boot: "another" }],
  ])("is taken over from a process %s", (_, changes) =>
    inFolder({}, async (folder) => {
      await leave(folder, changes);
      (await takeLock(folder, "runs/a")).release();
    }),
  );

  test.skipIf(!onLinux)("is taken over from a process that is over and not yet buried", () =>
    inFolder({}, async (folder) => {
      // What the shell becomes before its child is over never asks what became of it.
      const shell = spawn("/bin/sh", ["-c", "sleep 1 & echo $!; exec sleep 60"], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      try {
        const pid = await new Promise<number>((resolve) => shell.stdout.once("data", (text) => resolve(Number(text))));
        const stat = (): string => readFileSync(`/proc/${pid}/stat`, "utf8");
        await expect.poll(() => stat().split(" ")[2], { timeout: 30_000 }).toBe("Z");
        await leave(folder, { pid, started: stat().split(" ")[21] });
        (await takeLock(folder, "runs/a")).release();
      } finally {
        shell.kill("SIGKILL");
      }
    }),
  );

  test("of another machine is left alone, with the way out", () =>
    inFolder({}, async (folder) => {
      await leave(folder, { host: "elsewhere", pid: 17 });
      await expect(takeLock(folder, "runs/a")).rejects.toThrow(
        "got one that process 17 on elsewhere has used since 2026-01-02T03:04:05.000Z\n" +
          "Whether it still runs can be seen on elsewhere only: when it does not, remove runs/a/lock.json and call again.",
      );
    }));

  test.each([
    ["empty", ""],
    ["of other words", '{"pid": -1}'],
    ["endless", "x".repeat(10_000)],
  ])("that a power failure left %s is taken over", (_, text) =>
    inFolder({ [lockName]: text }, async (folder) => {
      (await takeLock(folder, "runs/a")).release();
      expect(readdirSync(folder)).toEqual([]);
    }),
  );

  test.each([1, 2])("has one owner of many that start at once, with %i dead ones before", (dead) =>
    inFolder({}, async (folder) => {
      const pid = await deadPid();
      for (let round = 0; round < 10; round++) {
        await leave(folder, { pid });
        // One that died while it was taking the lock over.
        if (dead === 2) {
          const late = { ...(await ownIdentity()), pid, since, token: "another-dead-one" };
          writeFileSync(path.join(folder, `${lockName}.a-dead-one`), JSON.stringify(late));
        }
        const results = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(folder, "runs/a")));
        const won = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
        expect(won.length).toBe(1);
        for (const result of results) {
          if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "folder-in-use" });
        }
        await won[0]?.keep();
        won[0]?.release();
        expect(readdirSync(folder)).toEqual([]);
      }
    }),
  );

  test("comes back where it was removed, and is given up where another has it", () =>
    inFolder({}, async (folder) => {
      const lock = await takeLock(folder, "runs/a");
      const { token } = owner(folder);
      rmSync(path.join(folder, lockName));
      await lock.keep();
      expect(owner(folder).token).toBe(token);
      rmSync(path.join(folder, lockName));
      const other = await takeLock(folder, "runs/a");
      await expect(lock.keep()).rejects.toMatchObject({ code: "folder-in-use" });
      lock.release();
      expect(existsSync(path.join(folder, lockName))).toBe(true);
      other.release();
    }));
});
