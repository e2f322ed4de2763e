/**
 * A few of the kills of the experiment, by the built program; 200 of them are in `results.json`.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { faultsOf, type KillMoment, outcomeOf, type Question, runProgram, wordsFor } from "./killed-run.ts";
import { writeQuestions } from "./questions.ts";

const folder = mkdtempSync(path.join(tmpdir(), "leastaction-stopped-"));
const question: Question = {
  folder,
  words: "swing.csv --model ./wide.js,linear-state-space --steps 12 --target wasm".split(" "),
  members: 2,
};

beforeAll(async () => {
  writeQuestions(folder);
  expect(await runProgram(folder, wordsFor({ ...question, members: 1 }, "whole"), null)).toMatchObject({ status: 0 });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a run of two members at once that is killed thrice, twice while it saves, comes to the same", {
  timeout: 120_000,
}, async () => {
  const kills: readonly KillMoment[] = [
    { kind: "checkpoint", checkpoint: 2, operation: 2 },
    { kind: "metrics", line: 4 },
    { kind: "checkpoint", checkpoint: 6, operation: 6 },
  ];
  for (const kill of kills) {
    const { status } = await runProgram(folder, wordsFor(question, "run"), kill);
    expect(status, "killed").toBeNull();
    expect(faultsOf(path.join(folder, "run"))).toEqual([]);
  }
  const { status, text } = await runProgram(folder, wordsFor(question, "run"), null);
  expect(status).toBe(0);
  expect(text).toMatch(/Going on with run after [1-9]\d* steps/);
  expect(outcomeOf(path.join(folder, "run"))).toEqual(outcomeOf(path.join(folder, "whole")));
});

test("what is not whole is seen", () => {
  const torn = mkdtempSync(path.join(folder, "torn-"));
  writeFileSync(path.join(torn, "run.json"), '{"status": "runn');
  writeFileSync(path.join(torn, "model.safetensors"), Buffer.from([9, 0, 0, 0, 0, 0, 0, 0, 123]));
  expect(faultsOf(torn)).toEqual(["model.safetensors is not whole", "run.json is not whole"]);
  writeFileSync(path.join(torn, "run.json"), '{"status": "finished"}');
  expect(faultsOf(torn)).toContain("the run is finished");
});
