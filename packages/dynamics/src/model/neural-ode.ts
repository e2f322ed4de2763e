/**
 * Neural ordinary differential equations: the field is a network and promises nothing.
 *
 * First order: both rates are network outputs. Second order: the rate of position is the velocity, the network gives
 * the acceleration only. Both scale by the constants of the data.
 * Source: Chen, Rubanova, Bettencourt, Duvenaud, 2018, arXiv:1806.07366; second order: Norcliffe et al., 2020,
 * arXiv:2006.07220.
 */
import { concatenate, div, mul, type Tensor } from "@leastaction/tensor";
import type { MultilayerPerceptronParameters } from "../nn/multilayer-perceptron.ts";
import { type MultilayerPerceptron, multilayerPerceptron } from "../nn/multilayer-perceptron.ts";
import {
  accelerationScales,
  halves,
  positionFeatureCount,
  positionFeatures,
  scaledVelocities,
  velocityScales,
} from "./coordinate-features.ts";
import { defineModel } from "./define-model.ts";
import { controlScales } from "./input.ts";
import type { DatasetFacts, ModelDefinition } from "./model.ts";

/** Sizes of the network. */
export interface NeuralOdeOptions {
  /** 1: a free field; 2: q'' = f(q, v). Default 2. */
  readonly order?: 1 | 2;
  /** Hidden widths; default [12]. */
  readonly hidden?: readonly number[];
}

/** Parameters of a neural ODE. */
export interface NeuralOdeParameters {
  readonly network: MultilayerPerceptronParameters;
}

/** A neural ODE of first or second order. */
export function neuralOde(options: NeuralOdeOptions = {}): ModelDefinition<NeuralOdeParameters> {
  const { order = 2, hidden = [12] } = options;
  const network = (facts: DatasetFacts): MultilayerPerceptron => {
    const d = facts.coordinates.length;
    return multilayerPerceptron({
      sizes: [positionFeatureCount(facts) + d + facts.controls.length, ...hidden, order === 2 ? d : 2 * d],
    });
  };
  return defineModel({
    name: order === 2 ? "neural-ode" : "neural-ode-first-order",
    summary:
      order === 2
        ? "A network gives the acceleration from position and velocity."
        : "A network gives the rates of position and velocity, with no structure at all.",
    cites: order === 2 ? ["arXiv:1806.07366", "arXiv:2006.07220"] : ["arXiv:1806.07366"],
    init: (seed, facts): NeuralOdeParameters => ({ network: network(facts).init(seed, "float64") }),
    field: (parameters, _t, state, control, facts): Tensor => {
      const [q, v] = halves(state);
      const inputs = [positionFeatures(q, facts), scaledVelocities(v, facts), ...scaledControls(control, facts)];
      const output = network(facts).apply(parameters.network, concatenate(inputs));
      if (order === 2) return concatenate([v, mul(output, accelerationScales(facts))]);
      return mul(output, concatenate([velocityScales(facts), accelerationScales(facts)]));
    },
  });
}

/** Controls in units of their largest magnitude, or nothing. */
export function scaledControls(control: Tensor | null, facts: DatasetFacts): readonly Tensor[] {
  if (control === null) return [];
  return [div(control, controlScales(facts))];
}
