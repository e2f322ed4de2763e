/** A fit that is interrupted and gone on with by `--resume`: the same end, or words about why not. */
import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { simulate, systemNamed } from "@leastaction/dynamics";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../main.ts";
import { type MemoryIo, memoryIo, temporaryFolder } from "../testing/memory-io.ts";

const table = simulate(systemNamed("pendulum"), {
  seed: 3,
  trajectories: 3,
  duration: 4,
  samples: 60,
  noise: 0.01,
}).text;
const question = "fit swing.csv --model linear-state-space,pendulum --steps 6 --target wasm";

let folder = "";
let stopped: MemoryIo;
let statuses: readonly number[] = [];
const file = (name: string): string => path.join(folder, name);
const text = (name: string): string => readFileSync(file(name), "utf8");

/** The status of a call, interrupted where it says `words`, and what it said. */
async function called(words: string, interruptAt?: string): Promise<readonly [number, MemoryIo]> {
  const io = memoryIo(folder);
  const write = (said: string): void => {
    io.error.write(said);
    if (interruptAt !== undefined && said.includes(interruptAt)) io.interrupt();
  };
  return [await main(words.split(" "), { ...io, error: { write } }), io];
}

beforeAll(async () => {
  folder = temporaryFolder({ "swing.csv": table });
  const [whole] = await called(`${question} --out whole`);
  const [first, io] = await called(`${question} --out run`, "pendulum, seed 0, step");
  stopped = io;
  statuses = [whole, first];
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("fit --resume", () => {
  test("is what an interrupted fit says, and its folder is readable meanwhile", () => {
    expect(statuses).toEqual([0, 130]);
    expect(stopped.text("error")).toContain("Go on with: leastaction fit --resume run\n");
    expect(JSON.parse(text("run/run.json"))).toMatchObject({ status: "stopped" });
    expect(existsSync(file("run/model.safetensors"))).toBe(true);
  });

  test.each([
    ["--resume run --steps 9", 2, "got --steps"],
    ["swing.csv --resume run --time-budget 5", 2, "got swing.csv --time-budget"],
    ["--resume nothing", 2, "expected the folder of a run, got one without run.json, or none"],
    ["", 2, "expected a value for DATA, got none"],
  ])("refuses fit %s", async (words, status, message) => {
    const [found, io] = await called(`fit ${words}`.trim());
    expect(found).toBe(status);
    expect(io.text("error")).toContain(message);
    expect(existsSync(file("nothing"))).toBe(false);
  });

  test("refuses other data than those that the run began with", async () => {
    const before = text("swing.csv");
    appendFileSync(file("swing.csv"), before.trimEnd().split("\n").at(-1) ?? "");
    const [status, io] = await called("fit --resume run");
    rmSync(file("swing.csv"));
    appendFileSync(file("swing.csv"), before);
    expect(status).toBe(3);
    expect(io.text("error")).toMatch(/^Cannot go on with run: expected swing\.csv as it was \(SHA-256 /m);
    expect(JSON.parse(text("run/run.json"))).toMatchObject({ status: "stopped" });
  });

  test("comes to the same as a fit that never stopped, bit for bit", { timeout: 120_000 }, async () => {
    const [status, io] = await called("fit --resume run");
    expect(status).toBe(0);
    expect(io.text("error")).toMatch(/Going on with run after [1-9]\d* steps/);
    for (const model of ["", "members/pendulum/seed-0/", "members/linear-state-space/seed-0/"]) {
      for (const name of ["model.json", "model.safetensors"]) {
        expect(readFileSync(file(`run/${model}${name}`)).equals(readFileSync(file(`whole/${model}${name}`)))).toBe(
          true,
        );
      }
    }
    const metrics = (run: string): string => text(`${run}/metrics.jsonl`).replaceAll(/"elapsed":[\d.]+/g, "");
    expect(metrics("run")).toBe(metrics("whole"));
    const [again, last] = await called("fit --resume run");
    expect([again, last.text("error")]).toEqual([0, "run is finished: there is nothing to go on with.\n"]);
  });
});
