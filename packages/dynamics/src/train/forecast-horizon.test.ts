/** The horizon of forecasts: known errors, recordings that end first, starts that are not independent. */
import { wasm } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { prepareSegments } from "../data/prepare.ts";
import { chooseSampling } from "../data/sampling.ts";
import { unitNamed } from "../data/unit.ts";
import { splitUses } from "../data/uses.ts";
import { datasetFacts, trainingSamples } from "../model/dataset-facts.ts";
import { modelNamed } from "../model/registry.ts";
import { simulator } from "../model/simulator.ts";
import { hostRandom } from "../random/host-random.ts";
import { simulate } from "../system/simulate.ts";
import { systemNamed } from "../system/systems.ts";
import { draftRecord } from "./draft-record.ts";
import { findDelays } from "./find-delays.ts";
import { type ForecastHorizon, forecastHorizon, horizonOf, type Start } from "./forecast-horizon.ts";
import { horizonInWords } from "./horizon-in-words.ts";
import { medianInterval } from "./median-interval.ts";

const starts = (times: readonly number[], piece: (index: number) => number = (index) => index): Start[] =>
  times.map((held, index) => ({ held, failed: true, piece: piece(index) }));

describe("the median of holding times", () => {
  it("is the plain median with its order statistics where every forecast failed in a recording of its own", () => {
    const random = hostRandom(1);
    for (const n of [1, 2, 5, 6, 9, 20, 41]) {
      const values = Array.from({ length: n }, () => random.uniform());
      const { median, low, high, confidence } = medianInterval(values);
      const found = horizonOf(starts(values));
      expect(found.median).toBeCloseTo(median, 12);
      expect([found.low, found.high, found.confidence, found.independent]).toEqual([low, high, confidence, n]);
    }
  });

  it("says nothing that was not followed: no failure gives no median, a cut-off one counts as longer", () => {
    const whole = starts([2, 2, 2]).map((start) => ({ ...start, failed: false }));
    expect(horizonOf(whole)).toMatchObject({ median: null, low: null, high: null, longest: 2, failures: 0 });
    const cut = [...starts([1, 2, 3]), { held: 1.5, failed: false, piece: 3 }];
    // By hand: after 1, 3/4 are left; after 2, half of those.
    expect(horizonOf(cut).median).toBe(2);
  });

  it("counts equal starts of one recording once", () => {
    const same = starts([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3], (index) => Math.floor(index / 4));
    expect(horizonOf(same).independent).toBe(3);
    const mixed = starts([1, 2, 3, 1, 2, 3, 1, 2, 3], (index) => Math.floor(index / 3));
    expect(horizonOf(mixed).independent).toBe(9);
  });

  it("holds the true median in its interval as often as it says, with dependent and cut-off starts", () => {
    const random = hostRandom(5);
    const sampleOf = (pieces: number): readonly Start[] =>
      Array.from({ length: pieces }, (_, piece): readonly Start[] => {
        // A level of its own for each recording; recordings of equal length.
        const level = 0.5 * random.normal();
        const made: Start[] = [];
        for (let left = 12; left > 0; ) {
          const time = Math.exp(level + 0.5 * random.normal());
          made.push({ held: Math.min(time, left), failed: time <= left, piece });
          left -= time + 0.6;
        }
        return made;
      }).flat();
    const truth = horizonOf(sampleOf(800)).median as number;
    const trials = 200;
    let [held, sure] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const { low, high, confidence } = horizonOf(sampleOf(8));
      sure += confidence / trials;
      if ((low ?? 0) <= truth && (high ?? Number.POSITIVE_INFINITY) >= truth) held += 1 / trials;
    }
    expect(sure).toBeGreaterThan(0.95);
    expect(held).toBeGreaterThan(0.9);
  });
});

describe("the horizon of a model", () => {
  const { dataset } = simulate(systemNamed("pendulum"), {
    seed: 2,
    trajectories: 5,
    duration: 8,
    samples: 161,
    noise: 0.002,
    positionsOnly: true,
  });

  it("is long for the law and short for a baseline, from starts that share no data", () => {
    const uses = splitUses(dataset);
    const sampling = chooseSampling(dataset, uses.train.segments);
    const segments = prepareSegments(dataset, uses.train.segments, sampling);
    const facts = datasetFacts(dataset, segments);
    const samples = trainingSamples(dataset, segments);
    const pieces = uses.test?.pieces ?? [];
    // Where training starts from: its regression is good enough for this pendulum.
    const [law, hold] = ["pendulum", "hold"].map((name): ForecastHorizon => {
      const model = modelNamed(name);
      const record = draftRecord({ dataset, facts, samples, delays: findDelays(dataset, segments, facts) }, model, 0);
      const running = simulator(model, facts, model.init(0, facts, samples), wasm());
      return forecastHorizon(record, running, pieces, 1) as ForecastHorizon;
    }) as [ForecastHorizon, ForecastHorizon];
    expect(law).toMatchObject({ starts: 1, failures: 0, median: null });
    expect(law.longest).toBeCloseTo(7, 6);
    expect(hold.failures).toBeGreaterThan(3);
    expect(hold.median).toBeLessThan(0.5);
    expect(hold.low).toBeLessThanOrEqual(hold.median as number);
    expect(law.limits[0]).toBeCloseTo(0.2 * (facts.coordinates[0]?.scale as number), 12);
  });

  it("is null where nothing is held out", () => {
    const { test } = splitUses(dataset, { test: 0 });
    expect(test).toBeNull();
    expect(forecastHorizon({ facts: { coordinates: [] } } as never, wasm() as never, [], 1)).toBeNull();
  });
});

describe("the horizon in words", () => {
  const axis = (name: string, symbol: string) => ({ name, header: name, unit: unitNamed(symbol) });
  const record = { coordinates: [axis("arm", "deg")], time: axis("t", "ms") } as never;
  const limits = [Math.PI / 18];

  it("gives the limit, the median with its interval and what it rests on, in the user's units", () => {
    const horizon = { limits, ...horizonOf(starts([1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7], (i) => Math.floor(i / 2))) };
    expect(horizonInWords(horizon, record)).toBe(
      "Forecasts hold for a median of 1,350 ms (87.5 % interval 1,000 to 1,700 ms), until an error exceeds 20 % of the " +
        "standard deviation in training (arm 10 deg): 8 starts in 4 recordings, no two on the same data, worth 4 independent " +
        "ones.",
    );
  });

  it("says so where the recordings end first", () => {
    const held = starts([2, 2]).map((start) => ({ ...start, failed: false }));
    expect(horizonInWords({ limits, ...horizonOf(held) }, record)).toBe(
      "Forecasts hold for all of the 2,000 ms that could be followed (2 starts in 2 recordings); they would fail where an " +
        "error exceeds 20 % of the standard deviation in training (arm 10 deg).",
    );
    const one = { limits, ...horizonOf([...starts([1]), ...held]) };
    expect(horizonInWords(one, record)).toMatch(
      /^More than half of the forecasts hold for all of the 2,000 ms that could/,
    );
  });
});
