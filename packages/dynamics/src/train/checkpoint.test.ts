/**
 * A training that goes on from any state that it offered gives the same numbers, bit for bit, as one that never stopped.
 */
import { wasm } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { prepareSegments } from "../data/prepare.ts";
import { chooseSampling } from "../data/sampling.ts";
import { splitUses } from "../data/uses.ts";
import { datasetFacts, trainingSamples } from "../model/dataset-facts.ts";
import { neuralOde } from "../model/neural-ode.ts";
import { simulate } from "../system/simulate.ts";
import { systemNamed } from "../system/systems.ts";
import type { SavedState } from "./checkpoint.ts";
import { fit } from "./fit.ts";
import { derivativeObjective } from "./objective.ts";
import type { Run } from "./run.ts";
import type { Progress } from "./run-control.ts";
import { memoryCheckpoints } from "./testing/memory-checkpoints.ts";
import { type TrainedParameters, trainModel } from "./train-model.ts";

const { dataset } = simulate(systemNamed("pendulum"), {
  seed: 2,
  trajectories: 4,
  duration: 4,
  samples: 60,
  noise: 0.01,
});

describe("trainModel", () => {
  const uses = splitUses(dataset);
  const segments = prepareSegments(dataset, uses.train.segments, chooseSampling(dataset, uses.train.segments));
  const facts = datasetFacts(dataset, segments);
  const model = neuralOde({ hidden: [12] });
  const samples = trainingSamples(dataset, segments);
  const parameters = model.init(0, facts, samples);
  const train = (options: Partial<Parameters<typeof trainModel>[0]>): Promise<TrainedParameters> =>
    trainModel({
      objective: derivativeObjective({ model, facts, samples, batch: 8 }),
      parameters,
      steps: 37,
      seed: 5,
      target: wasm(),
      ...options,
    });

  it("goes on from each state that it offered to the same end, with the same reports", async () => {
    const course = async (last: Parameters<typeof memoryCheckpoints>[0]) => {
      const reports: [number, number][] = [];
      const checkpoints = memoryCheckpoints(last);
      const trained = await train({ checkpoints, onStep: (...report) => reports.push(report) });
      return { trained, reports, taken: checkpoints.taken };
    };
    const { trained, reports, taken } = await course(null);
    expect(taken.length).toBe(37);
    expect(await train({})).toEqual(trained);
    for (const step of [1, 20, 37]) {
      const { state, at } = taken[step - 1] as (typeof taken)[number];
      const again = await course(state);
      expect(at.steps).toBe(step);
      expect(again.trained).toEqual(trained);
      expect(again.reports).toEqual(reports.slice(at.reports));
    }
  });

  it("stops at the next step when it is aborted, and offers its state at once", async () => {
    const controller = new AbortController();
    const checkpoints = memoryCheckpoints(null, (_, { now }) => now);
    const onStep = (step: number): void => {
      if (step === 11) controller.abort();
    };
    const stopped = await train({ checkpoints, signal: controller.signal, onStep });
    expect(stopped).toMatchObject({ status: "stopped", steps: 11 });
    expect(checkpoints.taken.map(({ at }) => at.steps)).toEqual([11]);
    const last = checkpoints.taken[0]?.state ?? null;
    expect(await train({ checkpoints: memoryCheckpoints(last) })).toEqual(await train({}));
  });

  it("refuses the state of another training", async () => {
    const checkpoints = memoryCheckpoints(null, (offer) => offer === 0);
    await train({ checkpoints });
    const last = checkpoints.taken[0]?.state ?? null;
    const wider = neuralOde({ hidden: [13] });
    await expect(
      train({
        objective: derivativeObjective({ model: wider, facts, samples, batch: 8 }),
        parameters: wider.init(0, facts, samples),
        checkpoints: memoryCheckpoints(last),
      }),
    ).rejects.toThrow(/^Cannot go on from this checkpoint: expected float\d\d\[[\d,]+\] as (?:good|state)\/\d+, got/);
  });
});

describe("fit", () => {
  const few = simulate(systemNamed("pendulum"), { seed: 2, trajectories: 2, duration: 4, samples: 60, noise: 0.01 });
  /** A network by gradient descent; constants by least squares. */
  const course = async (last: SavedState | null) => {
    const reports: Partial<Progress>[] = [];
    const checkpoints = memoryCheckpoints(last);
    const run = await fit(few.dataset, {
      model: [neuralOde({ hidden: [20, 20] }), "pendulum"],
      steps: 8,
      checkpoints,
      onProgress: ({ elapsed: _elapsed, left: _left, ...rest }) => reports.push(rest),
    });
    return { run: timeless(run), reports, taken: checkpoints.taken };
  };

  it("goes on from states all over it to the same end, with the same reports", { timeout: 120_000 }, async () => {
    const { run, reports, taken } = await course(null);
    for (const part of [0.2, 0.9]) {
      const { state, at } = taken[Math.floor(part * taken.length)] as (typeof taken)[number];
      const again = await course(state);
      expect(again.run).toEqual(run);
      expect(again.reports).toEqual(reports.slice(at.reports));
    }
  });
});

/** What a run is, bit for bit, but for what it cost in time. */
function timeless(run: Run): unknown {
  const { ranking, members, test, calibration, summary, complete, plan, winner } = run;
  return {
    ranking: ranking.map(({ seconds: _seconds, ...row }) => row),
    members: members.map(({ name, seed, model, select, test: tested, curve, steps, status }) => ({
      own: { name, seed, select, test: tested, curve, steps, status },
      record: model.record,
      bytes: model.toBytes(),
    })),
    whole: { test, calibration, summary, complete, plan, winner: [winner.name, winner.seed] },
  };
}
