/**
 * `sho-node`: a neural ODE on the harmonic oscillator, by fixed steps.
 *
 * 1000 trajectories from their own start states, 50 times in [0, 10]; z' = tanh(z W1 + b1) W2 + b2 with 32 units; the
 * classical Runge–Kutta method with 98 steps, two between neighbouring times; mean squared error, and the gradient of
 * that discrete computation.
 * Chen, Rubanova, Bettencourt, Duvenaud, "Neural ordinary differential equations", 2018, arXiv:1806.07366.
 */
import {
  add,
  at,
  concatenate,
  expandDimensions,
  type HostTensor,
  matmul,
  mean,
  mul,
  scan,
  square,
  sub,
  type Tensor,
  type TensorLike,
  tanh,
  vmap,
} from "@leastaction/tensor";
import { adam } from "./adam.ts";
import { oscillators } from "./oscillators.ts";
import { type Named, type Precision, type Problem, tensorOf, type Workload } from "./workload.ts";

const { trajectories, times, end, stateOf } = oscillators;
const stepsPerTime = 2;
const h = end / ((times - 1) * stepsPerTime);

/** The workload. */
export const shoNode: Workload = { id: "sho-node", steps: 10, optimiser: adam(), problem };

function problem(dtype: Precision): Problem {
  const states = Array.from({ length: trajectories }, (_, j) => Array.from({ length: times }, (_, k) => stateOf(j, k)));
  const observed = tensorOf(states.flat(2), [trajectories, times, 2], dtype);
  return { parameters: oscillators.startParameters(dtype), loss: lossOn(observed) };
}

function lossOn(data: HostTensor): (parameters: Named<Tensor>) => Tensor {
  return (parameters) => {
    const { W1, b1, W2, b2 } = parameters as Record<"W1" | "b1" | "W2" | "b2", Tensor>;
    const field = (z: Tensor): Tensor => add(matmul(tanh(add(matmul(z, W1), b1)), W2), b2);
    const toNextTime = (z: Tensor): [Tensor, Tensor] => {
      let next = z;
      for (let step = 0; step < stepsPerTime; step++) next = rungeKutta4(field, next);
      return [next, next];
    };
    const errorOfOne = (observed: TensorLike): Tensor => {
      const start = at(observed, 0);
      const [, later] = scan(toNextTime, start, {}, { bound: times - 1 });
      return mean(square(sub(concatenate([expandDimensions(start, 0), later]), observed)));
    };
    return mean(vmap(errorOfOne)(data));
  };
}

/** One step of the classical fourth-order method for an autonomous field. */
function rungeKutta4(field: (z: Tensor) => Tensor, z: Tensor): Tensor {
  const k1 = field(z);
  const k2 = field(add(z, mul(h / 2, k1)));
  const k3 = field(add(z, mul(h / 2, k2)));
  const k4 = field(add(z, mul(h, k3)));
  return add(z, mul(h / 6, add(k1, mul(2, k2), mul(2, k3), k4)));
}
