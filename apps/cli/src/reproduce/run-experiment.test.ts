import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Experiment, ExperimentOutcome, ExperimentRow } from "@leastaction/dynamics";
import { nativeAvailable } from "@leastaction/native";
import { describe, expect, test } from "vitest";
import type { CommandContext } from "../command-context.ts";
import { exitStatus } from "../exit-status.ts";
import { lockFolder } from "../run-folder/prepare-out.ts";
import { inFolder, type MemoryIo, memoryIo } from "../testing/memory-io.ts";
import type { KeptOutcome } from "./experiment-folder.ts";
import { type ReproduceFlags, runExperiment } from "./run-experiment.ts";

/** Counts to ten, one step at a time, and says how many steps it made itself: nothing is trained. */
function counting(options: {
  readonly bar: number;
  readonly rate?: number;
  readonly pressAt?: number;
  readonly io?: MemoryIo;
}): Experiment {
  const { bar, rate = 1, pressAt, io } = options;
  const setting = { rate };
  return {
    name: "counting",
    title: "Counting",
    source: "Nobody, 2000",
    parts: [
      { name: "up", summary: "to ten" },
      { name: "down", summary: "to ten too" },
    ],
    controls: [{ name: "idle", summary: "nothing is counted" }],
    seeds: { full: 2, quick: 1 },
    setting: () => setting,
    run: async (request, { checkpoints, signal }) => {
      const from = Number(checkpoints?.last?.facts.done ?? 0);
      for (let done = from; done < 10; done++) {
        if (done === pressAt && request.seed === 1) io?.interrupt();
        const isOver = signal?.aborted === true;
        const at = { steps: done, reports: 0, elapsed: 0, now: isOver };
        await checkpoints?.offer(() => ({ facts: { done }, tensors: {} }), at);
        if (isOver) return null;
      }
      const curves = [{ name: "total", steps: [1, 10], values: [1, 0.1] }];
      const facts = { setting, status: "finished", steps: 10, seconds: 1, curves } as const;
      return { experiment: "counting", ...request, ...facts, measures: { counted: 10 - from } };
    },
    statistic: { ours: "median", spread: "least to greatest" },
    rows: (outcomes) => outcomes.map((outcome) => rowOf(outcome, bar)),
    figures: (outcomes) => [
      { name: "curve", caption: "All.", label: "x", curves: outcomes.flatMap(({ curves }) => curves), levels: [] },
    ],
  };
}

function rowOf({ part, seed, measures }: ExperimentOutcome, bar: number): ExperimentRow {
  const ours = measures.counted as number;
  return {
    grid: null,
    name: part,
    quantity: "counted",
    published: 10,
    ours,
    spread: [ours, ours],
    seeds: [seed],
    bar: { is: "at least", value: bar },
    holds: ours >= bar,
    note: "",
  };
}

const flags: ReproduceFlags = { out: "out", checkpointSeconds: 30, target: "wasm", json: true };

async function call(experiment: Experiment, io: MemoryIo, more: Partial<ReproduceFlags> = {}): Promise<number> {
  const context: CommandContext = { io, status: exitStatus.ok };
  await runExperiment(experiment, { ...flags, ...more }, context);
  return context.status;
}

describe("a reproduction", () => {
  test("gives the rows that scripts rely on, a page and a figure", async () => {
    await inFolder({}, async (folder) => {
      const io = memoryIo(folder);
      expect(await call(counting({ bar: 10 }), io)).toBe(exitStatus.ok);
      const printed = JSON.parse(io.text("out")) as { readonly rows: readonly ExperimentRow[] };
      expect(printed).toMatchObject({ experiment: "counting", form: "full", complete: true, missing: [], holds: true });
      expect(printed.rows).toHaveLength(4);
      expect(printed.rows[0]).toMatchObject({ published: 10, ours: 10, spread: [10, 10] });
      expect(printed).toMatchObject({ settings: { up: { rate: 1 }, down: { rate: 1 } } });
      expect(printed).toEqual(JSON.parse(readFileSync(path.join(folder, "out/results.json"), "utf8")));
      expect(readdirSync(path.join(folder, "out/figures"))).toEqual(["curve.svg"]);
      expect(readdirSync(path.join(folder, "out/outcomes"))).toHaveLength(4);
      expect(readdirSync(path.join(folder, "out/runs"))).toEqual([]);
    });
  });

  test.runIf(nativeAvailable().ok)("keeps the target that was asked for beside each outcome", async () => {
    await inFolder({}, async (folder) => {
      await call(counting({ bar: 1 }), memoryIo(folder), { only: "up", seed: 0, target: "native-fast" });
      const text = readFileSync(path.join(folder, "out/outcomes/up-seed-0.json"), "utf8");
      expect(JSON.parse(text)).toMatchObject({ environment: { target: "native-fast" } });
    });
  });

  test("ends with status 8 and a red row where a bar is missed", async () => {
    await inFolder({}, async (folder) => {
      const io = memoryIo(folder);
      expect(await call(counting({ bar: 11 }), io, { only: "down", seed: 3, json: undefined })).toBe(exitStatus.missed);
      expect(io.text("out")).toMatch(/down +counted +10 +10 +3 +at least 11 +FAILS/);
      expect(io.text("out")).toContain("Not trained yet: up with seeds 0, 1; down with seeds 0, 1.");
      expect(readFileSync(path.join(folder, "out/report.html"), "utf8")).toContain('<tr class="fails">');
    });
  });

  test("that is interrupted saves its state, and goes on from there", async () => {
    await inFolder({}, async (folder) => {
      const io = memoryIo(folder);
      expect(await call(counting({ bar: 1, pressAt: 4, io }), io, { only: "up" })).toBe(exitStatus.interrupted);
      expect(io.text("error")).toContain(
        "Go on with: leastaction reproduce counting --only up --target wasm --out out --resume",
      );
      expect(readdirSync(path.join(folder, "out/runs/up-seed-1/checkpoints"))).toEqual(["000001.safetensors"]);
      const again = memoryIo(folder);
      expect(await call(counting({ bar: 1 }), again, { only: "up", resume: true })).toBe(exitStatus.ok);
      expect(again.text("error")).toContain("up-seed-1: going on after step 4.");
      const { rows } = JSON.parse(again.text("out")) as { readonly rows: readonly ExperimentRow[] };
      expect(rows.map(({ ours }) => ours)).toEqual([10, 6]);
    });
  });

  test("that is interrupted at the end of a training begins no other", async () => {
    await inFolder({}, async (folder) => {
      const io = memoryIo(folder);
      const deaf = counting({ bar: 1 });
      const run: Experiment["run"] = async (request, { signal: _ignored, ...context }) => {
        if (request.seed === 0) io.interrupt();
        return deaf.run(request, context);
      };
      expect(await call({ ...deaf, run }, io, { only: "up" })).toBe(exitStatus.interrupted);
      expect(readdirSync(path.join(folder, "out/outcomes"))).toEqual(["up-seed-0.json"]);
      expect(io.text("error")).toContain("--out out --resume");
    });
  });
});

describe("bad input is told with what was expected, what was found and what to do", () => {
  const table: readonly (readonly [
    what: string,
    experiment: Experiment,
    more: Partial<ReproduceFlags>,
    text: RegExp,
  ])[] = [
    [
      "a folder in which something is",
      counting({ bar: 1 }),
      {},
      /new or empty folder, got \d entries in it\nChoose another --out, or go on with that one by adding --resume/,
    ],
    [
      "another form",
      counting({ bar: 1 }),
      { resume: true, quick: true },
      /Cannot go on with out: expected counting, full, got counting, quick\n/,
    ],
    [
      "a control",
      counting({ bar: 1 }),
      { resume: true, control: "idle" },
      /expected counting, full, got counting, full, control idle\n/,
    ],
    [
      "other settings",
      counting({ bar: 1, rate: 2 }),
      { resume: true },
      /out\/outcomes\/up-seed-0.json: expected rate 2, got rate 1\n/,
    ],
    [
      "no folder of ours",
      counting({ bar: 1 }),
      { resume: true, out: "none" },
      /Cannot go on with none: expected a folder with the experiment.json/,
    ],
    [
      "no folder at all",
      counting({ bar: 1 }),
      { resume: true, out: undefined },
      /expected the folder to go on with, got no --out\nName it/,
    ],
    [
      "a part that there is not",
      counting({ bar: 1 }),
      { only: "dwn" },
      /part of counting: expected one of up, down, got dwn\nDid you mean down\?/,
    ],
    [
      "a control that there is not",
      counting({ bar: 1 }),
      { control: "idel" },
      /expected idle, got idel\nDid you mean idle\?/,
    ],
  ];
  const copies: readonly (readonly [what: string, file: string, change: object, text: RegExp])[] = [
    ["a control", "up-seed-0.json", { control: "idle" }, /expected counting, full, got counting, full, control idle\n/],
    ["another experiment", "up-seed-0.json", { experiment: "hnn" }, /expected counting, full, got hnn, full\n/],
    ["no part", "left-seed-0.json", { part: "left" }, /expected a part of counting, got left\n/],
    ["another seed", "up-seed-0.json", { seed: 1 }, /expected the name up-seed-1.json, got up-seed-0.json\n/],
    [
      "the same one twice",
      "up-seed-0 (copy).json",
      {},
      /expected the name up-seed-0.json, got up-seed-0 \(copy\).json\n/,
    ],
    ["a setting more", "up-seed-0.json", { setting: { rate: 1, noise: 2 } }, /expected noise null, got noise 2\n/],
  ];
  test.each(copies)("an outcome copied from elsewhere: %s", async (_what, file, change, text) => {
    await inFolder({}, async (folder) => {
      await call(counting({ bar: 1 }), memoryIo(folder), { only: "up", seed: 0 });
      const place = path.join(folder, "out/outcomes");
      const kept = JSON.parse(readFileSync(path.join(place, "up-seed-0.json"), "utf8")) as KeptOutcome;
      const copy = { ...kept, outcome: { ...kept.outcome, ...change } };
      writeFileSync(path.join(place, file), JSON.stringify(copy));
      await expect(call(counting({ bar: 1 }), memoryIo(folder), { resume: true })).rejects.toThrow(text);
    });
  });

  test.each(table)("%s", async (_what, experiment, more, text) => {
    await inFolder({}, async (folder) => {
      await call(counting({ bar: 1 }), memoryIo(folder), { only: "up", seed: 0 });
      await expect(call(experiment, memoryIo(folder), more)).rejects.toThrow(text);
    });
  });

  test("a training that another process is at", async () => {
    await inFolder({}, async (folder) => {
      await call(counting({ bar: 1 }), memoryIo(folder), { only: "up", seed: 0 });
      const lock = await lockFolder(path.join(folder, "out/runs/up-seed-1"), "out/runs/up-seed-1");
      await expect(call(counting({ bar: 1 }), memoryIo(folder), { resume: true })).rejects.toThrow(
        /Cannot write to out\/runs\/up-seed-1: expected a run folder that no process uses/,
      );
      lock.release();
    });
  });
});
