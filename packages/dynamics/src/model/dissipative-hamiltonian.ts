/**
 * A Hamiltonian network with friction that can only take energy out.
 *
 * H(q, p) = p' W(q) p / 2 + V(q) with a network for V and, for coupled coordinates, one for the inverse inertia
 * W = L L'; q' = dH/dp and p' = -dH/dq - D v with v = dH/dp, where
 *   D = diag_i( sum_k exp(a_ik ln s_i + b_ik) ) + C C',   s_i the smoothed speed |v_i| in units of its scale.
 * Controls push the momenta, p' = … + G u, with a constant matrix G.
 * Every term of D is positive, so dH/dt = v' G u - v' D v, which is never positive without controls, for any weights. A sum of powers of the speed holds linear,
 * quadratic and dry friction as special cases and is smooth in between, which is what it takes to forecast swings
 * smaller than those trained on. With one coordinate the inertia is one ("energy per unit inertia").
 * Sources: Greydanus, Sosanya, 2022, arXiv:2201.10085 (energy and dissipation apart); Zhong, Dey, Chakraborty, 2020,
 * arXiv:2002.08860 (positive damping); Desai et al., 2021, arXiv:2107.08024.
 */
import {
  add,
  array,
  at,
  concatenate,
  div,
  exp,
  grad,
  type HostTensor,
  matmul,
  mul,
  neg,
  reshape,
  stack,
  sum,
  type Tensor,
  type TensorLike,
  transpose,
} from "@leastaction/tensor";
import {
  type MultilayerPerceptron,
  type MultilayerPerceptronParameters,
  multilayerPerceptron,
} from "../nn/multilayer-perceptron.ts";
import { hostRandom } from "../random/host-random.ts";
import { accelerationScales, halves, logSpeed, positionFeatureCount, positionFeatures } from "./coordinate-features.ts";
import { defineModel } from "./define-model.ts";
import { energyScale } from "./hamiltonian.ts";
import { controlScales } from "./input.ts";
import type { DatasetFacts, ModelDefinition } from "./model.ts";
import { solveFactored, transposedTimes, triangleSize, triangularFactor } from "./triangular-factor.ts";

/** Sizes of the networks. */
export interface DissipativeHamiltonianOptions {
  /** Hidden widths of the potential; default [6]. */
  readonly hidden?: readonly number[];
  /** Hidden widths of the inverse inertia of coupled coordinates; default [12]. */
  readonly inertiaHidden?: readonly number[];
  /** Powers of the speed in the friction of each coordinate; default 4. */
  readonly powers?: number;
}

/** Parameters. */
export interface DissipativeHamiltonianParameters<L extends TensorLike = TensorLike> {
  readonly potential: MultilayerPerceptronParameters<L>;
  readonly friction: {
    /** [d, powers]. */
    readonly exponent: L;
    /** [d, powers]. */
    readonly logGain: L;
    /** [d, d]; only for coupled coordinates. */
    readonly coupling?: L;
  };
  /** Only for coupled coordinates. */
  readonly inverseInertia?: MultilayerPerceptronParameters<L>;
  /** G, [d, c] in units of typical acceleration at the largest magnitude of each control; only with controls. */
  readonly input?: L;
}

/** Friction of order 1 in the parameters loses about a hundredth of the energy scale times frequency. */
const frictionScale = 0.01;

/** A Hamiltonian network with positive dissipation on mechanical coordinates. */
export function dissipativeHamiltonian(
  options: DissipativeHamiltonianOptions = {},
): ModelDefinition<DissipativeHamiltonianParameters> {
  const { hidden = [6], inertiaHidden = [12], powers = 4 } = options;
  const potentialNet = (facts: DatasetFacts): MultilayerPerceptron =>
    multilayerPerceptron({ sizes: [positionFeatureCount(facts), ...hidden, 1], outputBias: false });
  const inertiaNet = (facts: DatasetFacts): MultilayerPerceptron => {
    const entries = triangleSize(facts.coordinates.length);
    return multilayerPerceptron({ sizes: [positionFeatureCount(facts), ...inertiaHidden, entries] });
  };
  const factor = (parameters: DissipativeHamiltonianParameters, q: Tensor, facts: DatasetFacts) => {
    if (parameters.inverseInertia === undefined) return null;
    const entries = inertiaNet(facts).apply(parameters.inverseInertia, positionFeatures(q, facts));
    return triangularFactor(entries, facts.coordinates.length);
  };
  const energy = (parameters: DissipativeHamiltonianParameters, state: Tensor, facts: DatasetFacts): Tensor => {
    const [q, p] = halves(state);
    const shape = at(potentialNet(facts).apply(parameters.potential, positionFeatures(q, facts)), 0);
    const lower = factor(parameters, q, facts);
    const moved = lower === null ? p : stack(transposedTimes(lower, p));
    return add(mul(0.5, sum(mul(moved, moved))), mul(shape, energyScale(facts)));
  };
  const gradient = (parameters: DissipativeHamiltonianParameters, state: Tensor, facts: DatasetFacts) =>
    halves(grad((z: Tensor) => energy(parameters, z, facts))(state) as Tensor);
  return defineModel({
    name: "dissipative-hamiltonian",
    summary: "A network gives the energy, another a friction that can only take energy out.",
    promises: ["the learned energy never rises without controls"],
    cites: ["arXiv:2201.10085", "arXiv:2002.08860", "arXiv:2107.08024"],
    init: (seed, facts): DissipativeHamiltonianParameters => ({
      potential: potentialNet(facts).init(seed, "float64"),
      friction: initialFriction(seed, powers, facts.coordinates.length),
      ...(facts.coordinates.length === 1 ? {} : { inverseInertia: inertiaNet(facts).init(seed + 2 ** 40, "float64") }),
      ...(facts.controls.length === 0 ? {} : { input: noInput(facts) }),
    }),
    encode: (parameters, observation, facts): Tensor => {
      const [q, v] = halves(observation);
      const lower = factor(parameters, q, facts);
      return lower === null ? observation : concatenate([q, stack(solveFactored(lower, v))]);
    },
    observe: (parameters, state, facts): Tensor => {
      if (parameters.inverseInertia === undefined) return state;
      return concatenate([halves(state)[0], gradient(parameters, state, facts)[1]]);
    },
    field: (parameters, _t, state, control, facts): Tensor => {
      const [dq, v] = gradient(parameters, state, facts);
      const free = neg(add(dq, drag(parameters, v, facts)));
      return concatenate([v, add(free, ...pushes(parameters.input, control, facts))]);
    },
    energy,
    momentum: (_parameters, state): Tensor => halves(state)[1],
    dissipation: (parameters, state, facts): Tensor => {
      const [, v] = gradient(parameters, state, facts);
      return sum(mul(v, drag(parameters, v, facts)));
    },
  });
}

/** A G of zeros. */
function noInput({ coordinates, controls }: DatasetFacts): HostTensor {
  return array(new Float64Array(coordinates.length * controls.length), [coordinates.length, controls.length]);
}

/** G u: what controls push the momenta with, [d]; nothing without controls. */
function pushes(gains: TensorLike | undefined, control: Tensor | null, facts: DatasetFacts): readonly Tensor[] {
  if (gains === undefined || control === null) return [];
  return [mul(matmul(gains, div(control, controlScales(facts))), accelerationScales(facts))];
}

/** D v. */
function drag({ friction }: DissipativeHamiltonianParameters, v: Tensor, facts: DatasetFacts): Tensor {
  const own = mul(diagonalFriction(friction, v, facts), v);
  return friction.coupling === undefined ? own : add(own, couplingDrag(friction.coupling as Tensor, v, facts));
}

/** The positive friction coefficient of each coordinate, [d], 1/s. */
function diagonalFriction(
  { exponent, logGain }: DissipativeHamiltonianParameters["friction"],
  v: Tensor,
  facts: DatasetFacts,
): Tensor {
  const d = facts.coordinates.length;
  const speeds = reshape(logSpeed(v, facts), [d, 1]);
  const terms = exp(add(mul(exponent, speeds), logGain));
  return mul(sum(terms, 1), (facts.frequency * frictionScale) / (terms.shape[1] as number));
}

/** C C' v: friction between coordinates. */
function couplingDrag(coupling: Tensor, v: Tensor, facts: DatasetFacts): Tensor {
  return mul(matmul(coupling, matmul(transpose(coupling), v)), facts.frequency * frictionScale);
}

function initialFriction(
  seed: number,
  powers: number,
  d: number,
): DissipativeHamiltonianParameters<HostTensor>["friction"] {
  const random = hostRandom(seed).fork(1000);
  const draw = (count: number, scale: number): HostTensor["data"] =>
    Float64Array.from({ length: count }, () => random.normal() * scale);
  return {
    exponent: array(draw(d * powers, 0.7), [d, powers]),
    logGain: array(draw(d * powers, 0.3), [d, powers]),
    ...(d === 1 ? {} : { coupling: array(draw(d * d, 0.1), [d, d]) }),
  };
}
