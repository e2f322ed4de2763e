/**
 * Derivative matching: the rates that the model gives at measured states, against the measured rates.
 *
 * In: samples of positions, velocities and accelerations. Out: a least-squares problem over the parameters alone. What
 * is compared is d/dt of what would be observed, so it holds for models whose state is not what is measured: the
 * derivative of `observe` along the field. It is the quick first stage; noise in the rates biases it, shooting does not.
 */
import {
  array,
  compile,
  concatenate,
  div,
  full,
  type HostTensor,
  jacobianForward,
  jvp,
  reshape,
  sub,
  type Target,
  type Tensor,
  TensorError,
  vmap,
} from "@leastaction/tensor";
import { flatBounds, flatten, unflatten } from "../model/flat-parameters.ts";
import type { AnyModel, DatasetFacts, Samples } from "../model/model.ts";
import { type Law, lawOf } from "../model/rollout.ts";
import type { LeastSquaresProblem } from "../optim/levenberg-marquardt.ts";

/** Rates of what is observed, [2 d], at an observation [2 d]; traced, of one sample. */
export function observedRates(
  law: Law,
  parameters: unknown,
  t: Tensor,
  observation: Tensor,
  control: Tensor | null,
): Tensor {
  const { field } = law;
  if (field === null) {
    throw new TensorError(
      "Cannot match derivatives: expected a model with a field, got one with a step",
      "Train it with one-step or rollout, or give it a field.",
    );
  }
  const state = law.encode(parameters, observation);
  const slope = field(parameters, t, state, control);
  return jvp((z: Tensor) => law.observe(parameters, z), [state], [slope])[1] as Tensor;
}

/** What derivative matching needs. */
export interface DerivativeMatchingOptions {
  readonly model: AnyModel;
  readonly facts: DatasetFacts;
  /** A tree of host tensors: the start, and the structure. */
  readonly parameters: unknown;
  readonly samples: Samples;
  readonly target: Target;
  /** The most samples that are used, spread evenly; default 400. */
  readonly limit?: number;
}

/** Weight of the prior: residuals are in units of 1 % of the typical rates. */
const rateTolerance = 0.01;

/** The problem over the parameters. */
export function derivativeMatching(options: DerivativeMatchingOptions): LeastSquaresProblem {
  const { model, facts, parameters, target } = options;
  const theta = flatten(parameters, model.frozen);
  const law = lawOf(model, facts, 1);
  const data = thinned(options.samples, facts, options.limit ?? 400);
  const d = facts.coordinates.length;
  const units = array(
    Float64Array.from([
      ...facts.coordinates.map(({ velocityScale }) => velocityScale * rateTolerance),
      ...facts.coordinates.map(({ velocityScale }) => velocityScale * facts.frequency * rateTolerance),
    ]),
  );
  const prior = model.kind === "network" ? 0.1 : 1e-6;
  const residuals = (vector: Tensor, given: typeof data): Tensor => {
    const tree = unflatten(parameters, vector, model.frozen);
    const one = ({ observation, rate, control }: { observation: Tensor; rate: Tensor; control?: Tensor }): Tensor =>
      div(sub(observedRates(law, tree, full([], 0), observation, control ?? null), rate), units);
    const errors = vmap(one as never)(given as never) as unknown as Tensor;
    const count = (errors.shape[0] as number) * 2 * d;
    return concatenate([reshape(errors, [count]), scaleBy(vector, prior)]);
  };
  const types = [array(theta), data];
  const value = compile(residuals as never, types, target);
  const derivative = compile(
    ((vector: Tensor, given: typeof data) =>
      jacobianForward((unknowns: Tensor) => residuals(unknowns, given))(vector)) as never,
    types,
    target,
  );
  const call = (compiled: typeof value, x: Float64Array): ArrayLike<number> =>
    (compiled.callSync(array(x), data) as HostTensor).data;
  return {
    residuals: (x) => call(value, x),
    jacobian: (x) => call(derivative, x),
    ranBefore: ({ residuals: ofValue, jacobians }) => {
      value.ranBefore(ofValue);
      derivative.ranBefore(jacobians);
    },
    start: [...theta],
    ...flatBounds(model, parameters),
  };
}

function scaleBy(vector: Tensor, factor: number): Tensor {
  return div(vector, 1 / factor);
}

function thinned({ count, observations, rates, controls }: Samples, facts: DatasetFacts, limit: number) {
  const kept = Math.min(count, limit);
  const d = 2 * facts.coordinates.length;
  const c = facts.controls.length;
  const rows = Array.from({ length: kept }, (_, i) => Math.floor(((i + 0.5) * count) / kept));
  const pick = (values: Float64Array, width: number): HostTensor =>
    array(Float64Array.from(rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)])), [
      kept,
      width,
    ]);
  return {
    observation: pick(observations, d),
    rate: pick(rates, d),
    ...(c === 0 ? {} : { control: pick(controls, c) }),
  };
}
