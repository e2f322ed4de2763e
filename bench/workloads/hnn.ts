/**
 * `hnn`: a Hamiltonian network on noisy states of a mass and spring.
 *
 * 750 points; H = W3 tanh(W2 tanh(W1 z + b1) + b2) + b3 with 200 and 200 units; loss = mean over the points of
 * |(dH/dp, -dH/dq) - target|²; weight decay 1e-4 in the gradient.
 * Greydanus, Dzamba, Yosinski, "Hamiltonian neural networks", 2019, arXiv:1906.01563.
 */
import {
  add,
  at,
  div,
  grad,
  type HostTensor,
  matmul,
  neg,
  stack,
  sub,
  sum,
  sumOfSquares,
  type Tensor,
  type TensorLike,
  tanh,
  vmap,
} from "@leastaction/tensor";
import { adam } from "./adam.ts";
import { normal, startWeights, uniform } from "./random.ts";
import { type Named, type Precision, type Problem, tensorOf, type Workload } from "./workload.ts";

const units = 200;

/** The workload. */
export const hnn: Workload = onPoints("hnn", 750);

/** The same on 20,000 points: for several threads. */
export const largeHnn: Workload = onPoints("hnn-20000", 20_000);

function onPoints(id: string, points: number): Workload {
  return { id, steps: 20, optimiser: adam({ decay: 1e-4 }), problem: (dtype) => problem(points, dtype) };
}

function problem(points: number, dtype: Precision): Problem {
  const { take } = startWeights();
  const parameters: Named<HostTensor> = {
    W1: tensorOf(take(2, 2 * units), [2, units], dtype),
    b1: tensorOf(take(2, units), [units], dtype),
    W2: tensorOf(take(units, units * units), [units, units], dtype),
    b2: tensorOf(take(units, units), [units], dtype),
    W3: tensorOf(take(units, units), [units, 1], dtype),
    b3: tensorOf(take(units, 1), [1], dtype),
  };
  const { inputs, targets } = hnnData(points);
  return {
    parameters,
    loss: lossOn(points, tensorOf(inputs, [points, 2], dtype), tensorOf(targets, [points, 2], dtype)),
  };
}

/** Measured states and true rates, [points, 2] each. */
export function hnnData(points: number): Record<"inputs" | "targets", number[]> {
  const samples = Array.from({ length: points }, (_, i) => sample(i));
  return {
    inputs: samples.flatMap(({ q, p }, i) => [q + 0.1 * normal(2, 2 * i), p + 0.1 * normal(2, 2 * i + 1)]),
    targets: samples.flatMap(({ q, p }) => [2 * p, -2 * q]),
  };
}

/** The true state of point i: 30 points on each circle of H = q² + p², 25 circles for 750 points. */
function sample(i: number): { q: number; p: number } {
  const j = Math.floor(i / 30);
  const radius = 0.1 + 0.9 * uniform(1, 2 * j);
  const angle = 2 * ((3 * (i % 30)) / 29) + 2 * Math.PI * uniform(1, 2 * j + 1);
  return { q: radius * Math.sin(angle), p: radius * Math.cos(angle) };
}

function lossOn(points: number, inputs: HostTensor, targets: HostTensor): (parameters: Named<Tensor>) => Tensor {
  return (parameters) => {
    const { W1, b1, W2, b2, W3, b3 } = parameters as Record<"W1" | "b1" | "W2" | "b2" | "W3" | "b3", Tensor>;
    const hamiltonian = (z: TensorLike): Tensor => {
      const first = tanh(add(matmul(z, W1), b1));
      const second = tanh(add(matmul(first, W2), b2));
      return sum(add(matmul(second, W3), b3));
    };
    const field = (z: TensorLike): Tensor => {
      const slope = grad(hamiltonian)(z);
      return stack([at(slope, 1), neg(at(slope, 0))]);
    };
    return div(sumOfSquares(sub(vmap(field)(inputs), targets)), points);
  };
}
