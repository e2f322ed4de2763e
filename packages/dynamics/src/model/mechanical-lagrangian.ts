/**
 * A Lagrangian of kinetic less potential energy, L = v' M(q) v / 2 - V(q), each from a network.
 *
 *   M q'' = -dV/dq + d/dq (v' M v / 2) - (dM/dq v) v,   energy v' M v / 2 + V,   momenta M v.
 *
 * M = F F' in units of the data's velocities, F a lower triangle with a diagonal of at least 0.05 that a network gives: it
 * is positive definite for any weights, so the field is finite everywhere and no inverse is near singular. The price is
 * that L is quadratic in the velocities, which that of a charge in a magnetic field or of a relativistic particle is not:
 * there `lagrangian`. With one coordinate of constant inertia it is `hamiltonian`.
 * Source: Lutter, Ritter, Peters, 2019, "Deep Lagrangian networks", equations 6 to 8, arXiv:1907.04490.
 */
import { add, at, concatenate, div, grad, jvp, mul, stack, sub, sum, type Tensor } from "@leastaction/tensor";
import {
  type MultilayerPerceptron,
  type MultilayerPerceptronParameters,
  multilayerPerceptron,
} from "../nn/multilayer-perceptron.ts";
import {
  halves,
  positionFeatureCount,
  positionFeatures,
  scaledVelocities,
  velocityScales,
} from "./coordinate-features.ts";
import { defineModel } from "./define-model.ts";
import { energyScale } from "./hamiltonian.ts";
import type { DatasetFacts, ModelDefinition } from "./model.ts";
import {
  factorTimes,
  solveFactored,
  type TriangularFactor,
  transposedTimes,
  triangleSize,
  triangularFactor,
} from "./triangular-factor.ts";

/** Sizes of the networks. */
export interface MechanicalLagrangianOptions {
  /** Hidden widths of the potential; default [8]. */
  readonly hidden?: readonly number[];
  /** Hidden widths of the mass matrix; default [8]. */
  readonly inertiaHidden?: readonly number[];
}

/** Parameters. */
export interface MechanicalLagrangianParameters {
  readonly potential: MultilayerPerceptronParameters;
  readonly inertia: MultilayerPerceptronParameters;
}

/** A Lagrangian network with a positive definite mass matrix. */
export function mechanicalLagrangian(
  options: MechanicalLagrangianOptions = {},
): ModelDefinition<MechanicalLagrangianParameters> {
  const { hidden = [8], inertiaHidden = [8] } = options;
  const potentialNet = (facts: DatasetFacts): MultilayerPerceptron =>
    multilayerPerceptron({ sizes: [positionFeatureCount(facts), ...hidden, 1], outputBias: false });
  const inertiaNet = (facts: DatasetFacts): MultilayerPerceptron =>
    multilayerPerceptron({
      sizes: [positionFeatureCount(facts), ...inertiaHidden, triangleSize(facts.coordinates.length)],
    });
  /** V in units of energy. */
  const potential = ({ potential }: MechanicalLagrangianParameters, q: Tensor, facts: DatasetFacts): Tensor =>
    at(potentialNet(facts).apply(potential, positionFeatures(q, facts)), 0);
  const factor = ({ inertia }: MechanicalLagrangianParameters, q: Tensor, facts: DatasetFacts): TriangularFactor =>
    triangularFactor(inertiaNet(facts).apply(inertia, positionFeatures(q, facts)), facts.coordinates.length);
  /** u' M u / 2, u in units of the velocities. */
  const kinetic = (parameters: MechanicalLagrangianParameters, q: Tensor, u: Tensor, facts: DatasetFacts): Tensor => {
    const moved = stack(transposedTimes(factor(parameters, q, facts), u));
    return mul(0.5, sum(mul(moved, moved)));
  };
  /** M u. */
  const momenta = (parameters: MechanicalLagrangianParameters, q: Tensor, u: Tensor, facts: DatasetFacts): Tensor => {
    const lower = factor(parameters, q, facts);
    return stack(factorTimes(lower, transposedTimes(lower, u)));
  };
  return defineModel({
    name: "mechanical-lagrangian",
    summary: "One network gives a positive mass matrix, another the potential; the motion conserves their energy.",
    promises: [
      "the learned energy is conserved",
      "the motion is that of a Lagrangian",
      "the mass matrix is positive definite",
    ],
    cites: ["arXiv:1907.04490", "arXiv:2003.04630"],
    init: (seed, facts): MechanicalLagrangianParameters => ({
      potential: potentialNet(facts).init(seed, "float64"),
      inertia: inertiaNet(facts).init(seed + 2 ** 40, "float64"),
    }),
    field: (parameters, _t, state, _control, facts): Tensor => {
      const [q, u] = scaled(state, facts);
      const v = halves(state)[1];
      const scales = velocityScales(facts, state.dtype);
      const pull = grad((place: Tensor) =>
        sub(kinetic(parameters, place, u, facts), potential(parameters, place, facts)),
      )(q) as Tensor;
      const turning = jvp((place: Tensor) => momenta(parameters, place, u, facts), [q], [v])[1] as Tensor;
      const rates = solveFactored(factor(parameters, q, facts), sub(mul(scales, pull), turning));
      return concatenate([v, mul(scales, stack(rates))]);
    },
    energy: (parameters, state, facts): Tensor => {
      const [q, u] = scaled(state, facts);
      return mul(add(kinetic(parameters, q, u, facts), potential(parameters, q, facts)), energyScale(facts));
    },
    momentum: (parameters, state, facts): Tensor => {
      const [q, u] = scaled(state, facts);
      const scales = velocityScales(facts, state.dtype);
      return mul(energyScale(facts), div(momenta(parameters, q, u, facts), scales));
    },
  });
}

/** The positions, and the velocities in units of their scale. */
function scaled(state: Tensor, facts: DatasetFacts): readonly [q: Tensor, u: Tensor] {
  const [q, v] = halves(state);
  return [q, scaledVelocities(v, facts)];
}
