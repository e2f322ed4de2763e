import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { inFolder } from "../testing/memory-io.ts";
import { prepareOut } from "./prepare-out.ts";

const request = { out: null, force: false, data: "data/rig.csv" };

test("runs are numbered after the data", () =>
  inFolder({}, async (cwd) => {
    expect((await prepareOut({ ...request, cwd })).shown).toBe("runs/rig-1");
    expect((await prepareOut({ ...request, cwd })).shown).toBe("runs/rig-2");
    expect((await prepareOut({ ...request, cwd, data: "other.csv" })).shown).toBe("runs/other-1");
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
    for (const name of ["run.json", "notes.txt"]) writeFileSync(path.join(cwd, "run", name), "");
    await prepareOut({ ...request, cwd, out: "run", force: true });
    expect(["run.json", "members", "notes.txt"].map((name) => existsSync(path.join(cwd, "run", name)))).toEqual([
      false,
      false,
      true,
    ]);
  }));
