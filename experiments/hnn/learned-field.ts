/**
 * The two networks of the paper: a Hamiltonian H(q, p) whose field is (dH/dp, -dH/dq), and a plain network for the
 * field itself. Both have two hidden layers of tanh with orthogonal weights and are trained on derivatives by Adam, full
 * batch, with weight decay in the gradient, in float32.
 */
import { adam, type MultilayerPerceptronParameters, multilayerPerceptron } from "@leastaction/dynamics";
import {
  array,
  compile,
  concatenate,
  grad,
  type HostTensor,
  mean,
  neg,
  slice,
  square,
  sub,
  sum,
  type Target,
  type Tensor,
  valueAndGrad,
} from "@leastaction/tensor";
import type { DerivativeData } from "./task.ts";
import type { Training } from "./training.ts";

/** Which network. */
export type Kind = "hamiltonian" | "network";

/** Parameters on the host. */
export type Weights = MultilayerPerceptronParameters<HostTensor>;

/** A network and the field that it stands for. */
export interface LearnedField {
  readonly init: (seed: number) => Weights;
  /** States [n, 2] to their derivatives [n, 2]. */
  readonly field: (weights: MultilayerPerceptronParameters, states: Tensor) => Tensor;
}

/** The network of a kind. */
export function learnedField(kind: Kind, width = 200): LearnedField {
  const outputs = kind === "hamiltonian" ? 1 : 2;
  const network = multilayerPerceptron({
    sizes: [2, width, width, outputs],
    activation: "tanh",
    outputBias: false,
    initializer: "orthogonal",
  });
  const field: LearnedField["field"] =
    kind === "network"
      ? network.apply
      : (weights, states) => {
          const gradient = grad((z: Tensor) => sum(network.apply(weights, z)))(states);
          return concatenate([slice(gradient, 1, 1, 2), neg(slice(gradient, 1, 0, 1))], 1);
        };
  return { init: (seed) => network.init(seed), field };
}

/** Options of a training. */
export interface TrainingOptions {
  readonly training: Pick<Training, "steps" | "schedule" | "l2">;
  readonly seed: number;
  readonly target: Target;
}

/** Trains on derivatives; returns the weights and the loss of the last step. */
export function trainOnDerivatives(
  { init, field }: LearnedField,
  data: DerivativeData,
  { training: { steps, schedule, l2 }, seed, target }: TrainingOptions,
): { weights: Weights; loss: number } {
  const optimizer = adam({ l2 });
  const weights = init(seed);
  const initial = { weights, optimizer: optimizer.init(weights) };
  const states = array(data.states, [data.count, 2]);
  const derivatives = array(data.derivatives, [data.count, 2]);
  const step = (state: typeof initial, x: Tensor, dx: Tensor): readonly [typeof initial, Tensor] => {
    const objective = valueAndGrad((parameters: Weights) => mean(square(sub(field(parameters, x), dx))));
    const [loss, gradient] = objective(state.weights);
    const rate = schedule(state.optimizer.step);
    const [next, moments] = optimizer.update(gradient as unknown as Weights, state.optimizer, state.weights, rate);
    return [{ weights: next, optimizer: moments }, loss];
  };
  const compiled = compile(step, [initial, states, derivatives], target);
  compiled.load(initial);
  let loss = Number.NaN;
  for (let i = 0; i < steps; i++) loss = (compiled.runSync(states, derivatives) as HostTensor).data[0] as number;
  return { weights: (compiled.read() as typeof initial).weights, loss };
}
