/** The band on a law that is known: what it holds, where it narrows, what it has seen; and the column `outside`. */
import { wasm } from "@leastaction/tensor";
import { beforeAll, describe, expect, it } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import type { splitUses, UseName } from "../data/uses.ts";
import { halfWidthAt } from "../model/forecast.ts";
import type { Band } from "../model/model-record.ts";
import { loadModel, type TrainedModel } from "../model/trained-model.ts";
import { simulate } from "../system/simulate.ts";
import { systemNamed } from "../system/systems.ts";
import { calibrateBand } from "./calibrate-band.ts";
import { fit } from "./fit.ts";

const counts: Readonly<Record<UseName, number>> = { train: 4, select: 2, calibrate: 40, test: 60 };
const { dataset } = simulate(systemNamed("pendulum"), {
  seed: 8,
  trajectories: 106,
  duration: 4,
  samples: 41,
  noise: 0.02,
  positionsOnly: true,
  parameters: { damping: 0.1 },
});
const words = (Object.keys(counts) as UseName[]).flatMap((use) => new Array<UseName>(counts[use]).fill(use));
const assign = Object.fromEntries(dataset.trajectories.map(({ name }, row) => [name, words[row] as UseName]));

let model: TrainedModel;
let uses: ReturnType<typeof splitUses>;
beforeAll(async () => {
  const run = await fit(dataset, { model: "pendulum", steps: 30, observe: 1, split: { assign } });
  uses = run.uses;
  // As it comes back from a file.
  model = await loadModel(run.model.toBytes(), undefined, wasm());
}, 120_000);

const pieces = (share = 1) => {
  const all = uses.calibrate?.pieces ?? [];
  return all.slice(0, Math.ceil(share * all.length));
};

describe("calibrateBand", () => {
  it("covers 90 % of what nobody has seen, in each third of the horizon", async () => {
    const test: Dataset = {
      ...dataset,
      trajectories: dataset.trajectories.filter(({ name }) => assign[name] === "test"),
    };
    const inside = [0, 0, 0];
    const all = [0, 0, 0];
    for (const [index, forecast] of (await model.predict({ data: test, observe: 1 })).entries()) {
      const { values } = test.trajectories[index] as Dataset["trajectories"][number];
      for (const [row, time] of forecast.times.entries()) {
        if (time < 1) continue;
        const third = Math.min(2, Math.floor(time - 1));
        const value = values[row] as number;
        const isIn = value >= (forecast.low[row] as number) && value <= (forecast.high[row] as number);
        inside[third] = (inside[third] as number) + (isIn ? 1 : 0);
        all[third] = (all[third] as number) + 1;
      }
    }
    for (const [third, count] of all.entries()) {
      expect((inside[third] as number) / count).toBeGreaterThan(0.85);
      expect((inside[third] as number) / count).toBeLessThan(0.97);
    }
  });

  it("is wider for a higher level and for few forecasts", () => {
    const band = model.record.band as Band;
    for (const horizon of [0, 1, 2.5]) {
      const widths = band.levels.map((level) => halfWidthAt(band, level, 0, horizon));
      expect(widths).toEqual([...widths].sort((a, b) => a - b));
    }
    expect(band.calibrated).toBe(true);
    const mean = (one: Band | null) => [0.5, 1.5, 2.5].reduce((sum, at) => sum + halfWidthAt(one, 0.9, 0, at), 0) / 3;
    const few = calibrateBand(model.record, model.simulator, pieces(0.1), 1, true, 0);
    expect(mean(few)).toBeGreaterThan(mean(band));
  });

  it("never narrows beyond the longest horizon, and has no band for too little data", () => {
    const band = { ...(model.record.band as Band), horizons: [0, 1], halfWidths: [[[2, 1]]], levels: [0.9] };
    expect([0, 0.5, 1, 4].map((at) => halfWidthAt(band, 0.9, 0, at))).toEqual([2, 1.5, 1, 1]);
    expect(calibrateBand(model.record, model.simulator, [], 1, true, 0)).toBeNull();
  });
});

describe("outside", () => {
  it("is 0 for motions like the trained ones and 1 beyond them, where the band is wider", async () => {
    const { velocityRange, range } = model.record.facts
      .coordinates[0] as TrainedModel["record"]["facts"]["coordinates"][0];
    const until = { until: 3, every: 0.1 };
    const inside = await model.predict({ from: { theta: 0.5 * range[1] }, ...until });
    const outside = await model.predict({ from: { theta: 0, theta_rate: 2.5 * velocityRange[1] }, ...until });
    expect([...inside.outside].reduce((sum, flag) => sum + flag, 0) / inside.outside.length).toBeLessThan(0.1);
    expect(outside.outside[0]).toBe(1);
    const width = ({ low, high }: typeof inside): number => (high.at(-1) as number) - (low.at(-1) as number);
    expect(width(outside)).toBeGreaterThan(1.5 * width(inside));
    const column = outside.columns.find(({ role }) => role === "outside");
    expect(column?.header).toBe("outside");
    expect([...(column?.values ?? [])]).toEqual([...outside.outside]);
  });
});
