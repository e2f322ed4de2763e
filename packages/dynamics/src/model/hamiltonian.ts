/**
 * Hamiltonian neural network: one network H(q, p), the field is (dH/dp, -dH/dq), whatever the weights.
 *
 * The velocity stands for the momentum (per unit inertia): exact for one coordinate of constant inertia and for several of
 * equal, constant masses, NOT canonical for coupled coordinates such as (theta, omega) of a double pendulum, where
 * p = M(theta) omega; `fit` says so. A Hamiltonian network conserves H and has a field free of divergence, so it cannot
 * follow friction.
 * Source: Greydanus, Dzamba, Yosinski, 2019, equations 1-3, arXiv:1906.01563.
 */
import { at, concatenate, grad, mul, neg, reshape, type Tensor } from "@leastaction/tensor";
import {
  type MultilayerPerceptron,
  type MultilayerPerceptronParameters,
  multilayerPerceptron,
} from "../nn/multilayer-perceptron.ts";
import { halves, positionFeatureCount, positionFeatures, scaledVelocities } from "./coordinate-features.ts";
import { defineModel } from "./define-model.ts";
import type { DatasetFacts, ModelDefinition } from "./model.ts";

/** Sizes of the network. */
export interface HamiltonianOptions {
  /** Hidden widths; default [12]. */
  readonly hidden?: readonly number[];
}

/** Parameters of a Hamiltonian network. */
export interface HamiltonianParameters {
  readonly network: MultilayerPerceptronParameters;
}

/** A Hamiltonian neural network on (q, p), where p is the measured velocity (momentum per unit inertia). */
export function hamiltonian(options: HamiltonianOptions = {}): ModelDefinition<HamiltonianParameters> {
  const { hidden = [12] } = options;
  const network = (facts: DatasetFacts): MultilayerPerceptron =>
    multilayerPerceptron({
      sizes: [positionFeatureCount(facts) + facts.coordinates.length, ...hidden, 1],
      outputBias: false,
    });
  const energy = (parameters: HamiltonianParameters, state: Tensor, facts: DatasetFacts): Tensor => {
    const [q, p] = halves(state);
    const features = concatenate([positionFeatures(q, facts), scaledVelocities(p, facts)]);
    return mul(at(reshape(network(facts).apply(parameters.network, features), [1]), 0), energyScale(facts));
  };
  return defineModel({
    name: "hamiltonian",
    summary: "A network gives the energy H(q, p); the motion follows from it and conserves it.",
    promises: ["the learned energy is conserved", "the field has no divergence"],
    cites: ["arXiv:1906.01563"],
    init: (seed, facts): HamiltonianParameters => ({ network: network(facts).init(seed, "float64") }),
    field: (parameters, _t, state, _control, facts): Tensor => {
      const [dq, dp] = halves(grad((z: Tensor) => energy(parameters, z, facts))(state) as Tensor);
      return concatenate([dp, neg(dq)]);
    },
    energy,
    momentumIsVelocity: true,
    momentum: (_parameters, state): Tensor => halves(state)[1],
  });
}

/** The scale of energies per unit inertia: the square of the largest velocity scale. */
export function energyScale({ coordinates }: DatasetFacts): number {
  return Math.max(...coordinates.map(({ velocityScale }) => velocityScale ** 2));
}
