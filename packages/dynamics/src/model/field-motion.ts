/**
 * Motions of a model with a field on states of 2 n numbers, from positions alone: a network gives the other half of the
 * state at the start, its velocities or, for a Hamiltonian, its momenta. Velocities are the rates of the positions in
 * either case, so momenta need not be known.
 *
 * The coordinates are scaled already, so that the constants of the data, which models scale by inside, are 1. Nothing
 * depends on time, and there are no controls.
 */
import {
  array,
  concatenate,
  type DType,
  full,
  type HostTensor,
  jvp,
  mapTree,
  type Tensor,
  type TensorLike,
  vmap,
} from "@leastaction/tensor";
import { type MultilayerPerceptronParameters, multilayerPerceptron } from "../nn/multilayer-perceptron.ts";
import { halves } from "./coordinate-features.ts";
import { integrateMotion } from "./integrate-motion.ts";
import type { DatasetFacts, ModelDefinition, Samples } from "./model.ts";
import type { BatchMotion, MotionModel, MotionOptions } from "./motion-model.ts";

/** Parameters: those of the model, and of what it starts with. */
export interface FieldMotionParameters<P> {
  readonly field: P;
  readonly start: MultilayerPerceptronParameters;
}

/** Options of `fieldMotion`. */
export interface FieldMotionOptions {
  /** n, the number of coordinates. */
  readonly dimensions: number;
  /** Hidden widths of the network of the start, ReLU; default [16, 16, 16], as in `lagrangianOde`. */
  readonly startHidden?: readonly number[];
}

/**
 * Motions of a model from positions alone.
 *
 * @param model with a field on states [2 n], for instance `hamiltonian()` or `lagrangian()`; its `init` must not ask for
 *   samples
 * @example
 * const motions = fieldMotion(hamiltonian(), { dimensions: 2 });
 * const parameters = motions.init(0, "float64");
 * const end = (starts: Tensor) => motions.motion(parameters, starts, array([0, 0.5, 1])).x;
 * evaluate(end, array([[1, 0]])).shape; // => [1, 3, 2]
 */
export function fieldMotion<P>(
  model: ModelDefinition<P>,
  { dimensions: n, startHidden = [16, 16, 16] }: FieldMotionOptions,
): MotionModel<FieldMotionParameters<P>> {
  const facts = unitFacts(n);
  const start = multilayerPerceptron({ sizes: [n, ...startHidden, n], activation: "relu" });
  const rates =
    (parameters: P) =>
    (state: Tensor): Tensor =>
      model.field?.(parameters, full([], 0, "float64"), state, null, facts) as Tensor;
  const slope = (parameters: P) => {
    const ofOne = (x: Tensor, w: Tensor) => halves(rates(parameters)(concatenate([x, w])));
    return (_t: Tensor, [x, w]: readonly [Tensor, Tensor]) =>
      vmap(ofOne as never)(x, w) as unknown as readonly [Tensor, Tensor];
  };
  /** The rates of the positions and the rates of these at a state. */
  const ratesOf =
    (parameters: P) =>
    (x: Tensor, w: Tensor): readonly [Tensor, Tensor] => {
      const state = concatenate([x, w]);
      const field = rates(parameters);
      return jvp((z: Tensor) => halves(field(z))[0], [state], [field(state)]) as unknown as readonly [Tensor, Tensor];
    };
  return Object.freeze({
    dimensions: n,
    init: (seed: number, dtype: DType = "float32") => ({
      field: mapTree(model.init(3 * seed, facts, noSamples), (leaf) => converted(leaf as HostTensor, dtype)) as P,
      start: start.init(3 * seed + 2, dtype),
    }),
    motion: (
      { field, start: ofStart }: FieldMotionParameters<P>,
      starts: Tensor,
      times: TensorLike,
      options?: MotionOptions,
    ): BatchMotion => {
      const first = [starts, start.apply(ofStart, starts)] as const;
      const { states, status } = integrateMotion({ first, slope: slope(field), times }, options);
      const alongOne = vmap(ratesOf(field) as never) as never;
      const [v, a] = vmap(alongOne)(...states) as unknown as readonly [Tensor, Tensor];
      return { x: states[0], v, a, status };
    },
  });
}

function unitFacts(dimensions: number): DatasetFacts {
  return {
    coordinates: Array.from({ length: dimensions }, (_, i) => ({
      name: `q${i + 1}`,
      periodic: false,
      centre: 0,
      scale: 1,
      velocityScale: 1,
      range: [-1, 1] as const,
      velocityRange: [-1, 1] as const,
      noise: 0,
    })),
    controls: [],
    dt: 1,
    frequency: 1,
    measuredVelocities: false,
  };
}

const noSamples: Samples = {
  count: 0,
  observations: new Float64Array(0),
  rates: new Float64Array(0),
  controls: new Float64Array(0),
};

function converted({ data, shape }: HostTensor, dtype: DType): HostTensor {
  return array(dtype === "float32" ? Float32Array.from(data as Float64Array) : (data as Float64Array), shape);
}
