/**
 * `vin-pixels`: a variational autoencoder of frames whose latent positions follow a learned variational integrator.
 *
 * 200 windows of 10 binary frames of 28 x 28. Encoder 784 → 1000 → 1000 ReLU, frame by frame; an LSTM of 50 from the last
 * frame to the first; its head gives mean and deviation of the first two latent positions. Störmer–Verlet with step 1 and
 * U: 2 → 1000 tanh → 1 gives the other eight; decoder 2 → 1000 → 1000 ReLU → 784 logits. Negative evidence lower bound.
 * Sæmundsson, Terenin, Hofmann, Deisenroth, "Variational integrator networks for physically structured embeddings", 2020.
 */
import {
  add,
  at,
  concatenate,
  div,
  grad,
  type HostTensor,
  log,
  matmul,
  mul,
  relu,
  reshape,
  scan,
  sigmoid,
  slice,
  softplus,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  type TensorLike,
  tanh,
  vmap,
  zeros,
} from "@leastaction/tensor";
import { adam } from "./adam.ts";
import { normal, startWeights, uniform } from "./random.ts";
import { type Named, type Precision, type Problem, tensorOf, type Workload } from "./workload.ts";

const windows = 200;
const frames = 10;
const pixels = 784;
const units = 1000;
const memory = 50;
const dimensions = 2;

/** The workload. */
export const vinPixels: Workload = { id: "vin-pixels", steps: 3, optimiser: adam(), problem };

function problem(dtype: Precision): Problem {
  const { take } = startWeights();
  const weights = (inputs: number, outputs: number): HostTensor =>
    tensorOf(take(inputs, inputs * outputs), [inputs, outputs], dtype);
  const biases = (inputs: number, outputs: number): HostTensor => tensorOf(take(inputs, outputs), [outputs], dtype);
  const parameters: Named<HostTensor> = {
    encoderW1: weights(pixels, units),
    encoderB1: biases(pixels, units),
    encoderW2: weights(units, units),
    encoderB2: biases(units, units),
    lstmWi: weights(units, 4 * memory),
    lstmBi: biases(units, 4 * memory),
    lstmWh: weights(memory, 4 * memory),
    lstmBh: biases(memory, 4 * memory),
    headW: weights(memory, 4 * dimensions),
    headB: biases(memory, 4 * dimensions),
    potentialW1: weights(dimensions, units),
    potentialB1: biases(dimensions, units),
    potentialW2: weights(units, 1),
    decoderW1: weights(dimensions, units),
    decoderB1: biases(dimensions, units),
    decoderW2: weights(units, units),
    decoderB2: biases(units, units),
    decoderW3: weights(units, pixels),
    decoderB3: biases(units, pixels),
  };
  const ones = Array.from({ length: windows * frames * pixels }, (_, i) => (uniform(1, i) < 0.25 ? 1 : 0));
  const noise = Array.from({ length: windows * 2 * dimensions }, (_, i) => normal(2, i));
  return {
    parameters,
    loss: lossOn(tensorOf(ones, [windows, frames, pixels], dtype), tensorOf(noise, [windows, 2 * dimensions], dtype)),
  };
}

type Name = `encoder${"W1" | "B1" | "W2" | "B2"}` | `lstm${"Wi" | "Bi" | "Wh" | "Bh"}` | `head${"W" | "B"}`;
type Weights = Record<Name | `potential${"W1" | "B1" | "W2"}` | `decoder${"W" | "B"}${1 | 2 | 3}`, Tensor>;

function lossOn(images: HostTensor, noise: HostTensor): (parameters: Named<Tensor>) => Tensor {
  return (parameters) => {
    const weights = parameters as Weights;
    const bound = vmap((image: TensorLike, eps: TensorLike) => windowLoss(weights, image, eps));
    return div(sum(bound(images, noise)), windows);
  };
}

/** Negative evidence lower bound of one window: frames [10, 784], noise [4]. */
function windowLoss(weights: Weights, image: TensorLike, noise: TensorLike): Tensor {
  const head = encode(weights, image);
  const mean = slice(head, 0, 0, 2 * dimensions);
  const deviation = softplus(slice(head, 0, 2 * dimensions));
  const divergence = sub(div(add(square(mean), square(deviation), -1), 2), log(deviation));
  const start = reshape(add(mean, mul(deviation, noise)), [2, dimensions]);
  const logits = decode(weights, positions(weights, at(start, 0), at(start, 1)));
  return add(sum(sub(softplus(logits), mul(image, logits))), sum(divergence));
}

/** Means and raw scales of the first two positions, [8]: the hidden state after frame 0. */
function encode(weights: Weights, image: TensorLike): Tensor {
  const { encoderW1, encoderB1, encoderW2, encoderB2, lstmWi, lstmBi, lstmWh, lstmBh, headW, headB } = weights;
  const first = relu(add(matmul(image, encoderW1), encoderB1));
  const second = relu(add(matmul(first, encoderW2), encoderB2));
  const cell = (
    [hidden, state]: readonly [Tensor, Tensor],
    input: Tensor,
  ): [[Tensor, Tensor], Record<string, never>] => {
    const gates = add(input, matmul(hidden, lstmWh), lstmBh);
    const gate = (k: number): Tensor => slice(gates, 0, k * memory, (k + 1) * memory);
    const next = add(mul(sigmoid(gate(1)), state), mul(sigmoid(gate(0)), tanh(gate(2))));
    return [[mul(sigmoid(gate(3)), tanh(next)), next], {}];
  };
  const nothing = zeros([memory], first.dtype);
  const inputs = add(matmul(second, lstmWi), lstmBi);
  const [[hidden]] = scan(cell, [nothing, nothing] as [Tensor, Tensor], inputs, { reverse: true });
  return add(matmul(hidden, headW), headB);
}

/** Ten positions from the first two: q+ = 2 q - q- - grad U(q). */
function positions(weights: Weights, first: Tensor, second: Tensor): Tensor {
  const { potentialW1, potentialB1, potentialW2 } = weights;
  const potential = (q: Tensor): Tensor => sum(matmul(tanh(add(matmul(q, potentialW1), potentialB1)), potentialW2));
  const verlet = ([before, now]: readonly [Tensor, Tensor]): [[Tensor, Tensor], Tensor] => {
    const next = sub(sub(mul(2, now), before), grad(potential)(now));
    return [[now, next], next];
  };
  const [, later] = scan(verlet, [first, second] as [Tensor, Tensor], {}, { bound: frames - 2 });
  return concatenate([stack([first, second]), later]);
}

/** Logits of every pixel, [10, 784]. */
function decode(weights: Weights, q: Tensor): Tensor {
  const { decoderW1, decoderB1, decoderW2, decoderB2, decoderW3, decoderB3 } = weights;
  const first = relu(add(matmul(q, decoderW1), decoderB1));
  const second = relu(add(matmul(first, decoderW2), decoderB2));
  return add(matmul(second, decoderW3), decoderB3);
}
