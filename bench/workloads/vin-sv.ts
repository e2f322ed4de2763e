/**
 * `vin-sv`: a variational integrator network with the Störmer–Verlet scheme on a noisy spring.
 *
 * 25 trajectories of 30 positions; U(q) = W2 tanh(q W1 + b1) with 200 units; q+ = 2 q - q- - h² U'(q), h = 0.1; the first
 * two positions of each trajectory and one log-variance are learned; Gaussian likelihood.
 * Sæmundsson, Terenin, Hofmann, Deisenroth, "Variational integrator networks for physically structured embeddings", 2020.
 */
import {
  add,
  at,
  concatenate,
  exp,
  grad,
  type HostTensor,
  matmul,
  mean,
  mul,
  neg,
  scan,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
  vmap,
} from "@leastaction/tensor";
import { adam } from "./adam.ts";
import { normal, startWeights, uniform } from "./random.ts";
import { type Named, type Precision, type Problem, scalar, tensorOf, type Workload } from "./workload.ts";

const trajectories = 25;
const times = 30;
const units = 200;
const h = 0.1;

/** The workload. */
export const vinSv: Workload = { id: "vin-sv", steps: 100, optimiser: adam(), problem };

function problem(dtype: Precision): Problem {
  const observed = observations();
  const { take } = startWeights();
  const parameters: Named<HostTensor> = {
    W1: tensorOf(take(1, units), [1, units], dtype),
    b1: tensorOf(take(1, units), [units], dtype),
    W2: tensorOf(take(units, units), [units, 1], dtype),
    start: tensorOf(
      observed.flatMap((row) => row.slice(0, 2)),
      [trajectories, 2],
      dtype,
    ),
    s: scalar(0, dtype),
  };
  return { parameters, loss: lossOn(tensorOf(observed.flat(), [trajectories, times], dtype)) };
}

/** y[j][k]: position of trajectory j at time 0.1 k with noise of 0.1. */
function observations(): number[][] {
  return Array.from({ length: trajectories }, (_, j) => {
    const amplitude = Math.sqrt(2 * (0.2 + 0.8 * uniform(1, 2 * j)));
    const phase = 2 * Math.PI * uniform(1, 2 * j + 1);
    return Array.from(
      { length: times },
      (_, k) => amplitude * Math.cos(0.1 * k + phase) + 0.1 * normal(2, times * j + k),
    );
  });
}

function lossOn(y: HostTensor): (parameters: Named<Tensor>) => Tensor {
  return (parameters) => {
    const { W1, b1, W2, start, s } = parameters as Record<"W1" | "b1" | "W2" | "start" | "s", Tensor>;
    const potential = (q: Tensor): Tensor => sum(matmul(tanh(add(mul(q, at(W1, 0)), b1)), W2));
    const slope = vmap(grad(potential));
    const verlet = ([before, now]: readonly [Tensor, Tensor]): [[Tensor, Tensor], Tensor] => {
      const next = sub(sub(mul(2, now), before), mul(h * h, slope(now)));
      return [[now, next], next];
    };
    const first = at(start, 0, 1);
    const second = at(start, 1, 1);
    const [, later] = scan(verlet, [first, second] as [Tensor, Tensor], {}, { bound: times - 2 });
    const q = transpose(concatenate([stack([first, second]), later]));
    const terms = add(Math.log(2 * Math.PI), s, mul(square(sub(q, y)), exp(neg(s))));
    return mul(0.5, mean(terms));
  };
}
