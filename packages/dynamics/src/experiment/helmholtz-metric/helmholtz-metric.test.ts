import { wasm } from "@leastaction/tensor";
import { describe, expect, test } from "vitest";
import { hostRandom } from "../../random/host-random.ts";
import type { Checkpoints, SavedState } from "../../train/checkpoint.ts";
import type { ExperimentOutcome, ExperimentRow } from "../experiment.ts";
import { helmholtzMetricExperiment as experiment } from "./helmholtz-metric.ts";
import { douglasIv, keplerPolar } from "./metric-systems.ts";
import { metricParts } from "./settings.ts";
import { trainPart } from "./train-part.ts";
import { pointSize, trajectorySource } from "./trajectories.ts";

/** A size that takes seconds; the reduced form of the command takes a minute. */
const tiny = {
  trainingTrajectories: 64,
  testTrajectories: 32,
  samples: 20,
  batch: 16,
  steps: 600,
  patience: 100,
  starts: 1,
  trialSteps: 0,
};
const target = wasm();

async function outcomeOf(part: string, control: string | null): Promise<ExperimentOutcome> {
  const request = { part, form: "quick", seed: 1, control } as const;
  const own = metricParts.find(({ name }) => name === part) as (typeof metricParts)[0];
  const steps = control === "frozen-metric" ? 20 : tiny.steps;
  const found = await trainPart(own, { ...tiny, steps }, request, { target });
  if (found === null) throw new Error("Interrupted");
  return { experiment: experiment.name, ...request, setting: {}, ...found };
}

function row(outcome: ExperimentOutcome, words: string): ExperimentRow {
  return experiment.rows([outcome]).find(({ quantity }) => quantity.includes(words)) as ExperimentRow;
}

describe("the Kepler problem at a tiny size", () => {
  let total = 0;

  test("the metric falls by decades, and g comes near the Hessian of the Lagrangian", async () => {
    const kepler = await outcomeOf("kepler", null);
    expect(row(kepler, "decades").holds).toBe(true);
    expect(kepler.measures.errorDiagonal).toBeLessThan(0.08);
    expect(kepler.measures.errorBeside).toBeLessThan(0.01);
    expect(row(kepler, "median error of g").published).toBe(3.7e-4);
    total = kepler.measures.total as number;
  });

  test.each(["frozen-metric", "other-field"])("fails with the structure taken out: %s", async (control) => {
    const outcome = await outcomeOf("kepler", control);
    expect(row(outcome, "decades").holds).toBe(false);
    expect(row(outcome, "median error of g").holds).toBe(false);
    expect(outcome.measures.total).toBeGreaterThan(5 * total);
  });
});

test("a short training that is carried on by L-BFGS goes far below it", async () => {
  const part = metricParts.find(({ refinement }) => refinement !== undefined) as (typeof metricParts)[0];
  const refined = {
    ...part,
    refinement: { ...part.refinement, quick: { steps: 100, iterations: 120, samples: 640, memory: 50 } },
  };
  const request = { part: part.name, form: "quick", seed: 1, control: null } as const;
  const told: number[] = [];
  const onProgress = (fraction: number): unknown => told.push(fraction);
  const found = await trainPart(refined as never, tiny, request, { target, onProgress });
  expect(found).toMatchObject({ status: "finished", steps: 220 });
  const { sampleTotal, total } = found?.measures ?? {};
  expect(sampleTotal).toBeLessThan(0.1 * (found?.curves[0]?.values.at(-1) as number));
  expect(total).toBeLessThan(0.1);
  expect(told.at(-1)).toBe(1);
  for (const stopAt of [0.2, 0.6]) {
    const abort = new AbortController();
    let last: SavedState | null = null;
    const offer: Checkpoints["offer"] = async (state, { now }) => {
      if (now) last = structuredClone(state());
    };
    const stopping = {
      target,
      signal: abort.signal,
      onProgress: (fraction: number): void => void (fraction > stopAt && abort.abort()),
      checkpoints: { last: null, offer },
    };
    expect(await trainPart(refined as never, tiny, request, stopping)).toBeNull();
    const goingOn = { target, checkpoints: { last, offer } };
    const { seconds: _1, ...again } = (await trainPart(refined as never, tiny, request, goingOn)) ?? {};
    const { seconds: _2, ...once } = found ?? {};
    expect(again).toEqual(once);
  }
});

describe("rows", () => {
  const near = (value: number): unknown => expect.closeTo(value, 9);
  const outcome = (part: string, seed: number, total: number | null): ExperimentOutcome => ({
    experiment: experiment.name,
    part,
    form: "full",
    seed,
    control: null,
    setting: { steps: 1 },
    status: "finished",
    steps: 1,
    seconds: 1,
    measures: { start: 10, total, errorDiagonal: total, errorByMean: total, identity: 2 },
    curves: [{ name: "total", steps: [1], values: [1] }],
  });
  const all = (seed: number): readonly ExperimentOutcome[] =>
    metricParts.map(({ name, exists }) => outcome(name, seed, exists ? 10 ** -(3 + seed) : 1));

  test("tell median, spread and seeds, and compare the parts of each seed", () => {
    const rows = experiment.rows([...all(0), ...all(1), ...all(2)]);
    const kepler = rows.find(({ name, quantity }) => name === "kepler" && quantity.startsWith("metric"));
    expect(kepler).toMatchObject({
      ours: near(1e-4),
      spread: [near(1e-5), near(1e-3)],
      seeds: [0, 1, 2],
    });
    expect(rows.at(-1)).toMatchObject({ name: "all", ours: near(4), spread: [near(3), near(5)], holds: true });
    expect(rows.filter(({ holds }) => holds === false).map(({ quantity }) => quantity)).toEqual([]);
  });

  test("fail where a training gave no number, and are left out where there is none", () => {
    const rows = experiment.rows([outcome("kepler", 0, null)]);
    expect(rows.map(({ name }) => name)).not.toContain("all");
    expect(rows[0]).toMatchObject({ ours: null, spread: null, holds: false });
  });
});

describe("data", () => {
  test("are those of the orbits: equal times, a momentum that is kept but for the noise", async () => {
    const { points, samples } = await trajectorySource(keplerPolar, { target })(hostRandom(1), 64);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (let orbit = 0; orbit < 64; orbit++) {
      const rows = Array.from({ length: samples }, (_, k) => {
        return points.subarray(pointSize * (orbit * samples + k), pointSize * (orbit * samples + k + 1));
      });
      expect(rows.map(([t]) => t)).toEqual(rows.map((_, k) => Math.fround((8 * k) / 499)));
      const halves = [rows.slice(0, 250), rows.slice(250)].map((half) =>
        mean(half.map(([, r = 0, , , rate = 0]) => r ** 2 * rate)),
      );
      // 250 momenta with a noise of a tenth to a third of them.
      expect(halves[0]).toBeGreaterThan(0.85 * (halves[1] as number));
      expect(halves[0]).toBeLessThan(1.15 * (halves[1] as number));
    }
  });

  test("leave out motions that reach infinity, and are the same for a seed", async () => {
    const draw = trajectorySource(douglasIv, { samples: 10, target });
    const { points, redrawn } = await draw(hostRandom(1), 640);
    expect(redrawn).toBeGreaterThan(0);
    expect(points.every((value) => Math.abs(value) < 35)).toBe(true);
    expect((await draw(hostRandom(1), 640)).points).toEqual(points);
  });
});
