import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { inFolder } from "../testing/memory-io.ts";
import { prepareOut } from "./prepare-out.ts";

const request = { out: null, force: false, orElse: "write over the run there with --force", data: "data/rig.csv" };

test("runs are numbered after the data", () =>
  inFolder({}, async (cwd) => {
    expect((await prepareOut({ ...request, cwd })).shown).toBe("runs/rig-1");
    expect((await prepareOut({ ...request, cwd })).shown).toBe("runs/rig-2");
    expect((await prepareOut({ ...request, cwd, data: "other.csv" })).shown).toBe("runs/other-1");
  }));

test("runs that start at once get a number each", () =>
  inFolder({}, async (cwd) => {
    const made = await Promise.all(Array.from({ length: 5 }, () => prepareOut({ ...request, cwd })));
    expect(made.map(({ shown }) => shown).sort()).toEqual([1, 2, 3, 4, 5].map((count) => `runs/rig-${count}`));
  }));

test("of two that want one folder at once, one gets it", () =>
  inFolder({}, async (cwd) => {
    const out = { ...request, cwd, out: "run" };
    const [first, second] = await Promise.allSettled([prepareOut(out), prepareOut(out)]);
    expect([first?.status, second?.status].sort()).toEqual(["fulfilled", "rejected"]);
  }));

test("a folder with something in it is refused, with the way out", () =>
  inFolder({ "notes.txt": "mine" }, async (cwd) => {
    await expect(prepareOut({ ...request, cwd, out: "." })).rejects.toThrow(
      "Cannot write to .: expected a new or empty folder, got 1 entry in it\nChoose another --out, or write over the run there with --force.",
    );
    await expect(prepareOut({ ...request, cwd, out: "notes.txt" })).rejects.toThrow("expected a folder, got a file");
  }));

test("--force removes what a run writes and nothing else", () =>
  inFolder({}, async (cwd) => {
    mkdirSync(path.join(cwd, "run/members/hold"), { recursive: true });
    for (const name of ["run.json", "run.json.17.part", "notes.txt"]) writeFileSync(path.join(cwd, "run", name), "");
    await prepareOut({ ...request, cwd, out: "run", force: true });
    expect(readdirSync(path.join(cwd, "run")).sort()).toEqual(["lock.json", "notes.txt"]);
  }));
