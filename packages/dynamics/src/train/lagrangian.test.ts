/**
 * A double pendulum from angles and velocities, which are no canonical state: what Lagrangian networks make of it, and a
 * Hamiltonian one that takes the velocities for momenta.
 */
import { array, evaluate, type HostTensor, jacobian, type Tensor, wasm } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { prepareSegments } from "../data/prepare.ts";
import { chooseSampling } from "../data/sampling.ts";
import { splitUses } from "../data/uses.ts";
import { datasetFacts, trainingSamples } from "../model/dataset-facts.ts";
import { unflattenHost } from "../model/flat-parameters.ts";
import { hamiltonian } from "../model/hamiltonian.ts";
import { lagrangian } from "../model/lagrangian.ts";
import { mechanicalLagrangian } from "../model/mechanical-lagrangian.ts";
import type { AnyModel } from "../model/model.ts";
import { adam } from "../optim/adam.ts";
import { levenbergMarquardt } from "../optim/levenberg-marquardt.ts";
import { cosineSchedule } from "../optim/schedule.ts";
import { doublePendulum } from "../system/double-pendulum.ts";
import { simulate } from "../system/simulate.ts";
import { derivativeMatching } from "./derivative-matching.ts";
import { derivativeObjective } from "./objective.ts";
import { trainModel } from "./train-model.ts";

const target = wasm();

function prepared(seed: number, trajectories: number) {
  const { dataset } = simulate(doublePendulum, { seed, trajectories, duration: 4, samples: 201 });
  const { train } = splitUses(dataset, { select: 0, calibrate: 0, test: 0 });
  const segments = prepareSegments(dataset, train.segments, chooseSampling(dataset, train.segments));
  return { facts: datasetFacts(dataset, segments), samples: trainingSamples(dataset, segments) };
}

const { facts, samples } = prepared(3, 8);
const held = prepared(4, 4).samples;

/** The share of the measured rates of held-out states that a model leaves unexplained, root mean square. */
function unexplained(model: AnyModel, parameters: unknown): number {
  const { residuals, start } = derivativeMatching({ model, facts, parameters, samples: held, target, limit: 200 });
  const own = Array.from(residuals(Float64Array.from(start))).slice(0, 800);
  const units = facts.coordinates.map(({ velocityScale }) => velocityScale / 100);
  const scales = [...units, ...units.map((unit) => unit * facts.frequency)];
  const rows = Array.from({ length: 200 }, (_, i) => Math.floor(((i + 0.5) * held.count) / 200));
  const rates = rows.flatMap((row) => scales.map((scale, k) => (held.rates[4 * row + k] as number) / scale));
  const square = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt(square(own) / square(rates));
}

/** The stage of derivatives of `fit`. */
function trained(model: AnyModel): unknown {
  const parameters = model.init(0, facts, samples);
  const problem = derivativeMatching({ model, facts, parameters, samples, target });
  return unflattenHost(parameters, levenbergMarquardt(problem, { maxIterations: 40 }).parameters, model.frozen);
}

describe("a double pendulum from angles and velocities", () => {
  it("is learned with its mass matrix by a Lagrangian network, and not by a Hamiltonian one", () => {
    const model = mechanicalLagrangian();
    const parameters = trained(model as AnyModel);
    expect(unexplained(model as AnyModel, parameters)).toBeLessThan(0.04);
    expect(unexplained(hamiltonian() as AnyModel, trained(hamiltonian() as AnyModel))).toBeGreaterThan(0.2);

    // Equal masses and lengths: [[2, cos d], [cos d, 1]] up to a factor.
    const momentum = model.momentum as NonNullable<typeof model.momentum>;
    const matrix = (state: Tensor): Tensor =>
      jacobian((z: Tensor) => momentum(parameters as never, z, facts))(state) as Tensor;
    for (const [first, second] of [
      [0, 0],
      [0.6, -0.5],
      [-1, 0.4],
    ] as const) {
      const { data } = evaluate(matrix, array([first, second, 0, 0])) as HostTensor;
      const [a, b, c] = [data[2], data[3], data[7]] as readonly [number, number, number];
      expect(Math.abs(b / a - Math.cos(first - second) / 2)).toBeLessThan(0.05);
      expect(Math.abs(c / a - 0.5)).toBeLessThan(0.05);
    }
  });

  it("is approached by a network for any Lagrangian, by gradient descent", async () => {
    const model = lagrangian() as AnyModel;
    const steps = 600;
    const { parameters, status } = await trainModel({
      objective: derivativeObjective({ model, facts, samples }),
      parameters: model.init(0, facts, samples),
      steps,
      seed: 0,
      optimizer: adam(),
      schedule: cosineSchedule({ peak: 5e-3, steps }),
      clip: 1,
      target,
    });
    expect(status).toBe("finished");
    expect(unexplained(model, parameters)).toBeLessThan(0.25);
  });
});
