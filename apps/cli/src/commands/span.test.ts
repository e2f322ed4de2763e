/** `--start`, `--stop`, `--rate` and `--smooth`: what lies outside enters nothing, and the run remembers. */
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { ModelRecord } from "@leastaction/dynamics";
import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "../main.ts";
import type { RunRecord } from "../run-folder/run-record.ts";
import { memoryIo, temporaryFolder } from "../testing/memory-io.ts";

/** A hand holds the arm at 2 rad until the trigger, 1 s in; then it swings. */
const rows = Array.from({ length: 200 }, (_, row) => {
  const time = row / 20;
  return `${time},${time < 1 ? 0 : 1},${time < 1 ? 2 : Math.cos(5 * (time - 1)).toFixed(5)}`;
});
let folder = "";
const run = async (words: string): Promise<{ readonly status: number; readonly error: string }> => {
  const io = memoryIo(folder);
  return { status: await main(words.split(" "), io), error: io.text("error") };
};

beforeAll(() => {
  folder = temporaryFolder({ "rig.csv": `t,trig,theta\n${rows.join("\n")}\n` });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("fit begins at the trigger, writes it down, and predict does the same", async () => {
  const fitted = await run("fit rig.csv --column trig=trigger --model hold --start trigger --stop 8 --out run");
  expect(fitted.status, fitted.error).toBe(0);
  const record = JSON.parse(readFileSync(path.join(folder, "run/run.json"), "utf8")) as RunRecord;
  expect(record.configuration).toMatchObject({ start: "trigger", stop: 8 });
  expect(record.command).toContain("--start trigger --stop 8");
  // The four uses, row by row: 161 rows from the trigger to the stop.
  const pieces = (record.result as { readonly pieces: Readonly<Record<string, readonly { readonly to: number }[]>> })
    .pieces;
  expect(Object.keys(pieces)).toEqual(["train", "select", "calibrate", "test"]);
  expect(pieces.test).toEqual([{ trajectory: "rig", split: null, from: 129, to: 161 }]);
  const { facts } = JSON.parse(readFileSync(path.join(folder, "run/model.json"), "utf8")) as ModelRecord;
  // Not one of the held samples was trained on.
  expect(facts.coordinates[0]?.range[1]).toBeLessThanOrEqual(1.001);
  const predicted = await run("predict run --data rig.csv --observe 1 --stop 3 --out f.csv");
  expect(predicted.error).toContain("start: each recording at its trigger, which is t = 0");
  const lines = readFileSync(path.join(folder, "f.csv"), "utf8").trim().split("\n");
  expect(lines).toHaveLength(62);
  expect(Number(lines[1]?.split(",")[0])).toBe(0);
});

test("a stated rate and smoothing are used, said and written down", async () => {
  const words = "fit rig.csv --column trig=ignore --model hold --rate 10 --smooth none --out other";
  const { status, error } = await run(words);
  expect(status, error).toBe(0);
  expect(error).toMatch(/20 Hz to 10 Hz, thinned .*; velocity from differences of neighbours/);
  const record = JSON.parse(readFileSync(path.join(folder, "other/run.json"), "utf8")) as RunRecord;
  expect(record.configuration).toMatchObject({ rate: 10, smooth: "none" });
  expect(record.command).toContain("--rate 10 --smooth none");
  expect((record.result as { readonly sampling: string }).sampling).toContain("20 Hz to 10 Hz, thinned");
});

test("a start that is no time is refused", async () => {
  const { status, error } = await run("fit rig.csv --model hold --start soon");
  expect(status).toBe(2);
  expect(error).toContain('Cannot use --start: expected trigger or a time in seconds, got "soon"');
});
