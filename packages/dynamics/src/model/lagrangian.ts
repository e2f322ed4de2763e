/**
 * Lagrangian neural network: one network gives L(q, v), the motion follows by the equations of Euler and Lagrange.
 *
 *   q'' = (d²L/dv²)⁻¹ (dL/dq - d²L/dq dv v),   energy v dL/dv - L,   momenta dL/dv.
 *
 * What is measured, positions and velocities, is the state: no momenta are needed, which a Hamiltonian network would
 * take from the velocities. In units of the data's velocities, u = v / scale, and of energy,
 *   L = |u|² / 2 + N(features of q, u),
 * so that the matrix to be inverted is I + d²N/du²: near the identity at the start and of order one afterwards, whatever
 * the units of the data; a Lagrangian is fixed only up to a factor anyway. It is symmetric but nothing keeps it positive: where
 * training makes it singular, the field is not finite, which the training reports. `mechanicalLagrangian` is the form
 * that cannot. One and two coordinates are solved in closed form, more by elimination with pivots. The network is smooth
 * (softplus), because its second derivatives are the inertia.
 * Source: Cranmer, Greydanus, Hoyer, Battaglia, Spergel, Ho, 2020, "Lagrangian neural networks", equation 6,
 * arXiv:2003.04630 (there by a pseudo-inverse, and without the |u|² / 2).
 */
import {
  add,
  array,
  at,
  concatenate,
  div,
  grad,
  jacobian,
  linearSolve,
  matmul,
  mul,
  reshape,
  slice,
  stack,
  sub,
  sum,
  type Tensor,
} from "@leastaction/tensor";
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

/** Sizes of the network. */
export interface LagrangianOptions {
  /** Hidden widths; default [32, 32]. */
  readonly hidden?: readonly number[];
}

/** Parameters of a Lagrangian network. */
export interface LagrangianParameters {
  readonly network: MultilayerPerceptronParameters;
}

/** A Lagrangian neural network on positions and velocities. */
export function lagrangian(options: LagrangianOptions = {}): ModelDefinition<LagrangianParameters> {
  const { hidden = [32, 32] } = options;
  const network = (facts: DatasetFacts): MultilayerPerceptron =>
    multilayerPerceptron({
      sizes: [positionFeatureCount(facts) + facts.coordinates.length, ...hidden, 1],
      activation: "softplus",
      outputBias: false,
    });
  /** N at [q, u]. */
  const learned =
    ({ network: weights }: LagrangianParameters, facts: DatasetFacts) =>
    (state: Tensor): Tensor => {
      const [q, u] = halves(state);
      const features = concatenate([positionFeatures(q, facts), u]);
      return at(reshape(network(facts).apply(weights, features), [1]), 0);
    };
  /** q, u, N and its slopes dN/dq, dN/du at a state [q, v]. */
  const parts = (parameters: LagrangianParameters, state: Tensor, facts: DatasetFacts) => {
    const [q, v] = halves(state);
    const u = scaledVelocities(v, facts);
    const value = learned(parameters, facts);
    const slope = grad(value) as (z: Tensor) => Tensor;
    return { q, v, u, value, slope };
  };
  return defineModel({
    name: "lagrangian",
    summary: "A network gives the Lagrangian L(q, v); the motion follows from it and conserves its energy.",
    promises: ["the learned energy is conserved", "the motion is that of a Lagrangian"],
    cites: ["arXiv:2003.04630"],
    init: (seed, facts): LagrangianParameters => ({ network: network(facts).init(seed, "float64") }),
    field: (parameters, _t, state, _control, facts): Tensor => {
      const { q, v, u, slope } = parts(parameters, state, facts);
      const d = facts.coordinates.length;
      const scales = velocityScales(facts, state.dtype);
      // d/du of (dN/dq, dN/du): the mixed derivatives above those of the inertia.
      const bend = jacobian((w: Tensor) => slope(concatenate([q, w])))(u);
      const force = sub(mul(scales, halves(slope(concatenate([q, u])))[0]), matmul(v, slice(bend, 0, 0, d)));
      return concatenate([v, mul(scales, solved(slice(bend, 0, d), force))]);
    },
    energy: (parameters, state, facts): Tensor => {
      const { q, u, value, slope } = parts(parameters, state, facts);
      const z = concatenate([q, u]);
      const own = add(mul(0.5, sum(mul(u, u))), sum(mul(u, halves(slope(z))[1])));
      return mul(sub(own, value(z)), energyScale(facts));
    },
    momentum: (parameters, state, facts): Tensor => {
      const { q, u, slope } = parts(parameters, state, facts);
      const scaled = add(u, halves(slope(concatenate([q, u])))[1]);
      return mul(energyScale(facts), div(scaled, velocityScales(facts, state.dtype)));
    },
  });
}

/** x with (I + bend) x = force; bend [d, d] symmetric, force [d]. */
function solved(bend: Tensor, force: Tensor): Tensor {
  const d = force.shape[0] as number;
  const entry = (i: number, j: number): Tensor => at(at(bend, i), j);
  if (d === 1) return div(force, add(1, reshape(bend, [1])));
  if (d > 2) return linearSolve(add(identity(d, force.dtype), bend), force);
  const [a, b, c] = [add(1, entry(0, 0)), entry(1, 0), add(1, entry(1, 1))];
  const [f, g] = [at(force, 0), at(force, 1)];
  const adjugate = stack([sub(mul(c, f), mul(b, g)), sub(mul(a, g), mul(b, f))]);
  return div(adjugate, sub(mul(a, c), mul(b, b)));
}

function identity(d: number, dtype: Tensor["dtype"]): ReturnType<typeof array> {
  const ones = Float64Array.from({ length: d * d }, (_, at) => (at % (d + 1) === 0 ? 1 : 0));
  return array(ones, [d, d], dtype);
}
