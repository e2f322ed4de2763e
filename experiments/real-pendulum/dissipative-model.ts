/**
 * The dissipative model of this experiment: q' = dH/dp, p' = -dH/dq - D dH/dp with D > 0.
 *
 * The recorded velocity is smoothed: dq/dt is 1.05 times of it, so that a model with q' = p does not fit and the mass
 * must be free. H = T(p²) + V(cos q), each a network, and D the exponential of a network of (cos q, p²). This builds in
 * that the pendulum swings alike to both sides and, but for friction, in both directions of time; the equation of the
 * pendulum and its constants are learned. The parts of H are apart because small swings are never seen in training: V is
 * known for small angles and T for small velocities, a network of both would have to guess where both are small.
 * H falls along every path, for any parameters, because D > 0.
 */
import { type MultilayerPerceptronParameters, multilayerPerceptron } from "@leastaction/dynamics";
import {
  add,
  array,
  at,
  concatenate,
  cos,
  exp,
  grad,
  type HostTensor,
  mul,
  neg,
  slice,
  square,
  type Tensor,
  type TensorLike,
} from "@leastaction/tensor";

/** Parameters. */
export interface DissipativeParameters<L extends TensorLike = TensorLike> {
  readonly potential: MultilayerPerceptronParameters<L>;
  readonly kinetic: MultilayerPerceptronParameters<L>;
  readonly friction: MultilayerPerceptronParameters<L>;
  /** Half the logarithm of the friction in units of 0.03 1/s: a parameter of order one spans two orders of magnitude. */
  readonly frictionLevel: L;
}

/** Sizes. */
export interface DissipativeOptions {
  /** Hidden units of the potential and of the kinetic energy. */
  readonly units: number;
  /** How far a network of value one moves the logarithm of the friction: small means nearly constant friction. */
  readonly frictionSpread: number;
}

/** A model with a starting point for every seed. */
export interface DissipativeModel {
  readonly init: (seed: number) => DissipativeParameters<HostTensor>;
  readonly field: (parameters: DissipativeParameters, state: Tensor) => Tensor;
  readonly energy: (parameters: DissipativeParameters, state: Tensor) => Tensor;
  readonly friction: (parameters: DissipativeParameters, state: Tensor) => Tensor;
}

/** Where the level of the friction starts, 1/s. */
const frictionStart = 0.03;

/** The model. */
export function dissipativeModel({ units, frictionSpread }: DissipativeOptions): DissipativeModel {
  const potentialNetwork = multilayerPerceptron({ sizes: [1, units, 1], outputBias: false });
  const kineticNetwork = multilayerPerceptron({ sizes: [1, units, 1], outputBias: false });
  const frictionNetwork = multilayerPerceptron({ sizes: [2, 4, 1], outputBias: false });
  const energy: DissipativeModel["energy"] = (parameters, state) =>
    add(
      at(potentialNetwork.apply(parameters.potential, cos(position(state))), 0),
      at(kineticNetwork.apply(parameters.kinetic, square(momentum(state))), 0),
    );
  const friction: DissipativeModel["friction"] = (parameters, state) => {
    const features = concatenate([cos(position(state)), square(momentum(state))]);
    const shape = mul(frictionSpread, at(frictionNetwork.apply(parameters.friction, features), 0));
    return mul(frictionStart, exp(add(mul(2, parameters.frictionLevel), shape)));
  };
  return {
    init: (seed) => ({
      potential: potentialNetwork.init(seed, "float64"),
      kinetic: kineticNetwork.init(seed + 2 ** 41, "float64"),
      friction: frictionNetwork.init(seed + 2 ** 40, "float64"),
      frictionLevel: array(new Float64Array(1), []),
    }),
    energy,
    friction,
    field: (parameters, state) => {
      const slope = grad((z: Tensor) => energy(parameters, z))(state) as Tensor;
      const v = momentum(slope);
      return concatenate([v, neg(add(position(slope), mul(friction(parameters, state), v)))]);
    },
  };
}

function position(state: Tensor): Tensor {
  return slice(state, 0, 0, 1);
}

function momentum(state: Tensor): Tensor {
  return slice(state, 0, 1, 2);
}
