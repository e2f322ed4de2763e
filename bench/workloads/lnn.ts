/**
 * `lnn` and `lnn-600`: a Lagrangian network on the double pendulum.
 *
 * 512 states s = (q, v); L(s) = net(s) + |v|² / 2 with softplus after each hidden layer; q'' from the Euler–Lagrange
 * equation, the 2 x 2 mass matrix inverted by Cramer's rule; loss = mean over the states of |q'' - target| in the 1-norm.
 * The kinetic energy beside the net keeps the mass matrix away from singular, so that float32 can be checked.
 * Cranmer, Greydanus, Hoyer, Battaglia, Spergel, Ho, "Lagrangian neural networks", 2020, arXiv:2003.04630.
 */
import {
  abs,
  add,
  at,
  concatenate,
  div,
  grad,
  type HostTensor,
  jacobian,
  matmul,
  mul,
  slice,
  softplus,
  stack,
  sub,
  sum,
  sumOfSquares,
  type Tensor,
  type TensorLike,
  vmap,
} from "@leastaction/tensor";
import { adam } from "./adam.ts";
import { leafOf } from "./optimiser.ts";
import { startWeights, uniform } from "./random.ts";
import { type Named, type Precision, type Problem, tensorOf, type Workload } from "./workload.ts";

const states = 512;

/** The workload with two hidden layers of 128 units. */
export const lnn: Workload = {
  id: "lnn",
  steps: 20,
  optimiser: adam(),
  problem: (dtype) => problem([4, 128, 128, 1], dtype),
};

/** The same with the network of the paper: three hidden layers of 600 units. */
export const lnn600: Workload = {
  id: "lnn-600",
  steps: 2,
  optimiser: adam(),
  problem: (dtype) => problem([4, 600, 600, 600, 1], dtype),
};

function problem(widths: readonly number[], dtype: Precision): Problem {
  const { take } = startWeights();
  const parameters: Record<string, HostTensor> = {};
  widths.slice(1).forEach((outputs, i) => {
    const inputs = widths[i] as number;
    parameters[`W${i + 1}`] = tensorOf(take(inputs, inputs * outputs), [inputs, outputs], dtype);
    parameters[`b${i + 1}`] = tensorOf(take(inputs, outputs), [outputs], dtype);
  });
  const data = lnnData();
  const inputs = tensorOf(data.inputs, [states, 4], dtype);
  const targets = tensorOf(data.targets, [states, 2], dtype);
  const layers = widths.length - 1;
  return { parameters, loss: (at) => lossOf((s) => lagrangian(at, layers, s), inputs, targets) };
}

/** States [512, 4] and true accelerations [512, 2]. */
export function lnnData(): Record<"inputs" | "targets", number[]> {
  const samples = Array.from({ length: states }, (_, k) => state(k));
  return { inputs: samples.flat(), targets: samples.flatMap(acceleration) };
}

type State = readonly [q1: number, q2: number, v1: number, v2: number];

function state(k: number): State {
  const angle = (i: number): number => 2 * Math.PI * uniform(1, 4 * k + i) - Math.PI;
  const speed = (i: number): number => 20 * uniform(1, 4 * k + i) - 10;
  return [angle(0), angle(1), speed(2), speed(3)];
}

/** The true q'' of a double pendulum of unit masses and lengths, g = 9.8. */
function acceleration([q1, q2, v1, v2]: State): readonly [number, number] {
  const [c, s] = [Math.cos(q1 - q2), Math.sin(q1 - q2)];
  const [a1, a2] = [c / 2, c];
  const f1 = (-v2 * v2 * s) / 2 - 9.8 * Math.sin(q1);
  const f2 = v1 * v1 * s - 9.8 * Math.sin(q2);
  return [(f1 - a1 * f2) / (1 - a1 * a2), (f2 - a2 * f1) / (1 - a1 * a2)];
}

function lagrangian(parameters: Named<Tensor>, layers: number, s: TensorLike): Tensor {
  let x = s;
  for (let layer = 1; layer <= layers; layer++) {
    const sums = add(matmul(x, leafOf(parameters, `W${layer}`)), leafOf(parameters, `b${layer}`));
    x = layer < layers ? softplus(sums) : sums;
  }
  return add(sum(x), mul(0.5, sumOfSquares(slice(s, 0, 2, 4))));
}

/** The mean error of q'' = (d²L/dv²)⁻¹ (dL/dq - d²L/dq dv v). */
function lossOf(energy: (s: TensorLike) => Tensor, inputs: HostTensor, targets: HostTensor): Tensor {
  const slope = grad(energy);
  const predicted = (s: TensorLike): Tensor => {
    const [q, v] = [slice(s, 0, 0, 2), slice(s, 0, 2, 4)];
    const bend = jacobian((u: Tensor) => slope(concatenate([q, u])))(v); // d/dv of (dL/dq, dL/dv)
    const entry = (i: number, j: number): Tensor => at(at(bend, i), j);
    const force = sub(slice(slope(s), 0, 0, 2), matmul(v, slice(bend, 0, 0, 2)));
    const [f1, f2] = [at(force, 0), at(force, 1)];
    const first = sub(mul(entry(3, 1), f1), mul(entry(2, 1), f2));
    const second = sub(mul(entry(2, 0), f2), mul(entry(3, 0), f1));
    return div(stack([first, second]), sub(mul(entry(2, 0), entry(3, 1)), mul(entry(2, 1), entry(3, 0))));
  };
  const each = vmap((s: TensorLike, target: TensorLike) => sum(abs(sub(predicted(s), target))));
  return div(sum(each(inputs, targets)), states);
}
