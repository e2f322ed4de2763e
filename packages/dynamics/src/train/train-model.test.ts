import { array, exp, log, mul, square, sub, type Tensor, wasm } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { prepareSegments } from "../data/prepare.ts";
import { readTable } from "../data/read-table.ts";
import { chooseSampling } from "../data/sampling.ts";
import { splitUses } from "../data/uses.ts";
import { datasetFacts, trainingSamples } from "../model/dataset-facts.ts";
import { hold } from "../model/hold.ts";
import type { AnyModel } from "../model/model.ts";
import { neuralOde } from "../model/neural-ode.ts";
import { modelNamed } from "../model/registry.ts";
import { constantSchedule } from "../optim/schedule.ts";
import { type Divergence, describeDivergence } from "./divergence.ts";
import { fit } from "./fit.ts";
import { derivativeObjective, rolloutObjective } from "./objective.ts";
import { trainModel } from "./train-model.ts";

function table(): string {
  const rows = ["t,x,v,run"];
  for (const [run, amplitude] of [1, 0.8, 0.6].entries()) {
    for (let i = 0; i < 150; i++) {
      const t = i * 0.05;
      rows.push(`${t},${amplitude * Math.cos(2 * t)},${-2 * amplitude * Math.sin(2 * t)},${run}`);
    }
  }
  return rows.join("\n");
}

const data = readTable(table());
const uses = splitUses(data);
const sampling = chooseSampling(data, uses.train.segments);
const segments = prepareSegments(data, uses.train.segments, sampling);
const facts = datasetFacts(data, segments);
const samples = trainingSamples(data, segments);

describe("trainModel", () => {
  const model = neuralOde({ hidden: [16] });
  const parameters = model.init(0, facts, samples);

  it("lowers the loss of derivatives, of one step and of rollouts", async () => {
    const objectives = [
      derivativeObjective({ model, facts, samples }),
      rolloutObjective({ model, facts, segments, samples: 2, batch: 32 }),
      rolloutObjective({ model, facts, segments, samples: 12, batch: 8, growth: 0.5 }),
    ];
    expect(objectives.map(({ name }) => name)).toEqual(["derivative matching", "one step", "rollout"]);
    for (const objective of objectives) {
      const { losses, status, steps } = await trainModel({ objective, parameters, steps: 300, target: wasm() });
      expect(status).toBe("finished");
      expect(steps).toBe(300);
      expect(losses.at(-1)).toBeLessThan(0.3 * (losses[1] as number));
    }
  });

  it("gives the same numbers for the same seed and others for another", async () => {
    const run = async (seed: number): Promise<readonly number[]> => {
      const objective = derivativeObjective({ model, facts, samples });
      return (await trainModel({ objective, parameters, steps: 20, seed })).losses;
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  it("goes back and on with a smaller step when steps are no longer finite", async () => {
    // Beyond x = 1 there is no loss, and the first steps lead there.
    const barrier = {
      name: "barrier",
      batch: () => ({}),
      loss: ({ x }: { readonly x: Tensor }) => sub(square(sub(x, 0.99)), mul(1e-3, log(sub(1, x)))),
    } as unknown as Parameters<typeof trainModel>[0]["objective"];
    const options = { objective: barrier, parameters: { x: array(0.5) }, schedule: constantSchedule(0.1) };
    const { status, parameters: found, divergence } = await trainModel({ ...options, steps: 400 });
    expect([status, divergence]).toEqual(["finished", null]);
    expect((found as { x: { data: Float64Array } }).x.data[0]).toBeGreaterThan(0.9);
    const short = await trainModel({ ...options, steps: 30 });
    expect(short.losses.filter(Number.isFinite).length).toBeLessThan(30);
  });

  it("diverges with the last good parameters, and says why and where in the data", async () => {
    const bad = { ...samples, rates: samples.rates.slice() };
    for (let i = 0; i < samples.count; i++) {
      if (samples.place?.(i).trajectory === "1") bad.rates[2 * i] = Number.NaN;
    }
    const objective = derivativeObjective({ model, facts, samples: bad });
    const trained = await trainModel({ objective, parameters, steps: 200 });
    expect(trained.status).toBe("diverged");
    expect(trained.steps).toBe(80);
    expect(trained.parameters).toEqual(parameters);
    const { places, ...rest } = trained.divergence as Divergence;
    expect(rest).toMatchObject({ step: 80, quantity: "the loss", retreats: 3 });
    expect(places).toHaveLength(3);
    expect(places.map(({ trajectory }) => trajectory)).toEqual(["1", "1", "1"]);
    expect(describeDivergence(trained.divergence as Divergence, "derivatives", data)).toMatch(
      /^In stage "derivatives" the loss was not finite at step 80, after going back 3 times .*The data there: 1 at t = \d/,
    );
  });
});

describe("fit", () => {
  it("trains a model with many parameters by gradient descent and ranks it with the others", async () => {
    const large = { ...neuralOde({ hidden: [24, 24] }), name: "large" };
    const run = await fit(data, { model: [large, hold, "oscillator"], steps: 300 });
    expect(run.ranking.map(({ model }) => model)).toEqual(["oscillator", "large", "hold"]);
    expect(run.members.find(({ name }) => name === "large")?.steps).toBe(300);
    expect(run.summary.map((line) => line.split(": ")[0])).toEqual([
      "What moves",
      "How far to trust it",
      "Which model and why",
      "What was assumed",
      "What to record next",
    ]);
    expect(run.summary[0]).toBe("What moves: x moves without a fixed period."); // Two swings of each run are too few.
    expect(run.summary[2]).toContain("oscillator forecast the selection data best");
    expect(run.movements.map(({ coordinate }) => coordinate.name)).toEqual(["x"]);
    expect(run.forecasts.map(({ piece }) => piece.name)).toEqual(run.test?.pieces.map(({ trajectory }) => trajectory));
  });

  it.each([1, 3, 10])("never takes more than %i steps when so many are stated", async (steps) => {
    const { members } = await fit(data, { model: ["oscillator", "neural-ode"], steps });
    // The stages' shares of the steps are rounded; their sum is not.
    for (const member of members) expect(member.steps).toBeLessThanOrEqual(steps);
    expect(Math.max(...members.map((member) => member.steps))).toBe(steps);
  });

  it("stops when asked to and says so", async () => {
    const stop = new AbortController();
    const run = await fit(data, {
      model: "neural-ode",
      signal: stop.signal,
      onProgress: ({ step }) => {
        if (step > 0) stop.abort();
      },
    });
    expect(run.complete).toBe(false);
    expect(run.members[0]?.status).toBe("stopped");
  });

  it("tells the law whose forecasts are not finite, and where they break off", async () => {
    const wild = {
      ...modelNamed("oscillator"),
      name: "wild",
      kind: "network",
      constants: undefined,
      constantsOf: undefined,
    } as unknown as AnyModel;
    const field = (_: unknown, __: unknown, state: Tensor): Tensor => exp(mul(1e3, square(state)));
    const run = await fit(data, { model: [{ ...wild, field } as AnyModel, hold], steps: 10 });
    const member = run.members.find(({ name }) => name === "wild");
    expect(member?.status).toBe("diverged");
    expect(member?.diagnosis).toMatch(
      /^In stage "whole segments" .* was not finite at step 0; the last good state is kept\./,
    );
  });

  it("names the models there are when one is unknown", async () => {
    await expect(fit(data, { model: "pendulums" })).rejects.toThrow(/Cannot find a model: expected one of hold, /);
  });
});
