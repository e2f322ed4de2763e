import { reference } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { simulate } from "../system/simulate.ts";
import { systemNamed } from "../system/systems.ts";
import { fit } from "../train/fit.ts";
import { lagrangianOdeModel } from "./lagrangian-ode-model.ts";
import { namedParameters, tracePrograms } from "./model-record.ts";
import { neuralOde } from "./neural-ode.ts";
import { noSamples, plainFacts } from "./testing/plain-facts.ts";

const { dataset } = simulate(systemNamed("double-pendulum"), { seed: 2, trajectories: 3, duration: 2, samples: 21 });

describe("lagrangian-ode", () => {
  it("saves a neural ODE: no parameter and no equation of the metric is in the model", async () => {
    const [held, plain] = [lagrangianOdeModel({ hidden: [4] }), neuralOde({ hidden: [4] })];
    const run = await fit(dataset, { model: held, seed: 5, steps: 2, observe: 0.5, target: reference() });
    const facts = run.facts;
    const initial = plain.init(5, facts, noSamples);
    const { record, parameters } = run.model;
    expect(record.parameters.map(({ name }) => name)).toEqual(namedParameters(initial).map(({ name }) => name));
    expect(record.programs).toEqual(tracePrograms(plain as never, facts, initial).programs);
    expect(run.members[0]?.status).toBe("finished");
    expect(Object.values(parameters)[0]).not.toEqual(namedParameters(initial)[0]?.value);
  });

  it("is neural-ode where one coordinate moves", () => {
    const facts = plainFacts(1);
    const model = lagrangianOdeModel({ hidden: [4] });
    expect(model.init(3, facts, noSamples)).toEqual(neuralOde({ hidden: [4] }).init(3, facts, noSamples));
    expect(model.unidentifiable).toContain("the Helmholtz metric says nothing");
  });
});
