/**
 * What a use of the data may not tell: every number of it is replaced by nonsense, and nothing that is decided before it
 * is looked at changes by a bit.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import type { Segment } from "../data/segment.ts";
import { splitUses, type UseName } from "../data/uses.ts";
import { modelNamed } from "../model/registry.ts";
import { hostRandom } from "../random/host-random.ts";
import { simulate } from "../system/simulate.ts";
import { systemNamed } from "../system/systems.ts";
import { fit } from "./fit.ts";
import { fitShares } from "./fit-setting.ts";
import type { Run } from "./run.ts";

const { dataset } = simulate(systemNamed("pendulum"), {
  seed: 2,
  trajectories: 9,
  duration: 4,
  samples: 41,
  noise: 0.01,
  parameters: { damping: 0.1 },
});
const options = { model: ["pendulum", "hold"].map(modelNamed), steps: 6, observe: 1 };

/** The data with nonsense in all values of one use: other sizes, other signs, a hole. */
function spoilt(use: UseName): Dataset {
  const pieces: readonly Segment[] = splitUses(dataset, fitShares)[use]?.pieces ?? [];
  expect(pieces.length).toBeGreaterThan(0);
  const random = hostRandom(99);
  const trajectories = dataset.trajectories.map((trajectory) => {
    const values = trajectory.values.slice();
    const mask = trajectory.mask.slice();
    const width = values.length / trajectory.times.length;
    for (const { name, from, to } of pieces) {
      if (name !== trajectory.name) continue;
      for (let at = from * width; at < to * width; at++) values[at] = 300 * random.normal() + 1e3;
      mask[(to - 1) * width] = 0;
    }
    return { ...trajectory, values, mask };
  });
  return { ...dataset, trajectories };
}

/** All that is decided from the training use alone: rate, scales, noise, the loss of every stage, step for step. */
const training = ({ facts, sampling, members, options: { observe } }: Run) => ({
  facts,
  sampling,
  observe,
  region: members.map(({ model }) => model.record.region),
  losses: members.map(({ curve }) => curve.map(({ stage, step, loss }) => ({ stage, step, loss }))),
});
/** What selection decides: the stage whose weights are kept, and the order of the models. */
const selection = ({ members, ranking, winner }: Run) => ({
  weights: members.map(({ model }) => Object.values(model.parameters).map(({ data }) => [...data])),
  selects: members.map(({ select }) => select),
  order: ranking.map(({ model }) => model),
  winner: [winner.name, winner.seed],
});
/** What calibration decides. */
const bands = ({ members }: Run) => members.map(({ model }) => model.record.band);

let plain: Run;
beforeAll(async () => {
  plain = await fit(dataset, options);
}, 120_000);

describe("nonsense in one use", () => {
  it("of the test changes neither training, selection nor bands, only the test", async () => {
    const run = await fit(spoilt("test"), options);
    expect(training(run)).toEqual(training(plain));
    expect(selection(run)).toEqual(selection(plain));
    expect(bands(run)).toEqual(bands(plain));
    expect(run.model.toBytes()).toEqual(plain.model.toBytes());
    expect(run.test?.rmse[0]).toBeGreaterThan(10 * (plain.test?.rmse[0] ?? Number.NaN));
  });

  it("of calibration changes neither training nor selection, only bands", async () => {
    const run = await fit(spoilt("calibrate"), options);
    expect(training(run)).toEqual(training(plain));
    expect(selection(run)).toEqual(selection(plain));
    expect(bands(run)).not.toEqual(bands(plain));
    expect(run.test?.rmse).toEqual(plain.test?.rmse);
  });

  it("of selection changes no training, only what is kept of it", async () => {
    const run = await fit(spoilt("select"), options);
    expect(training(run)).toEqual(training(plain));
    expect(selection(run).selects).not.toEqual(selection(plain).selects);
  });
});
