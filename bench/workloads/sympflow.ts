/**
 * `sympflow`: a symplectic flow network that learns the harmonic oscillator from its equations.
 *
 * 3 layers of shears by the slopes of scalar networks V(q, t) and K(p, t), 2 → 10 → 10 → 1 tanh, each the identity at
 * t = 0; 700 samples of (q, p, t); loss = half the mean squared residual of z' = J ∇H along the flow (d/dt in forward mode)
 * + the mean squared distance of the network's own Hamiltonian from H; gradient norm clipped to 1.
 * Canizares, Murari, Schönlieb, Sherry, Shumaylov, "SympFlow", 2024, arXiv:2412.16787.
 */
import {
  add,
  at,
  full,
  grad,
  type HostTensor,
  jvp,
  matmul,
  mean,
  mul,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  type TensorLike,
  tanh,
  vmap,
} from "@leastaction/tensor";
import { adam } from "./adam.ts";
import { leafOf } from "./optimiser.ts";
import { startWeights, uniform } from "./random.ts";
import { type Named, type Precision, type Problem, tensorOf, type Workload } from "./workload.ts";

const samples = 700;
const units = 10;
const layers = [1, 2, 3] as const;

/** The slopes of one scalar network: along its position or momentum, and along time. */
type Slopes = (x: Tensor, t: TensorLike) => { readonly alongState: Tensor; readonly alongTime: Tensor };

/** One layer: p moves by V, then q by K. */
interface Shear {
  readonly potential: Slopes;
  readonly kinetic: Slopes;
}

/** The workload. */
export const sympflow: Workload = { id: "sympflow", steps: 50, optimiser: adam({ clip: 1 }), problem };

function problem(dtype: Precision): Problem {
  const { take } = startWeights();
  const parameters: Record<string, HostTensor> = {};
  for (const name of layers.flatMap((layer) => [`V${layer}`, `K${layer}`])) {
    parameters[`${name}.W1`] = tensorOf(take(2, 2 * units), [2, units], dtype);
    parameters[`${name}.b1`] = tensorOf(take(2, units), [units], dtype);
    parameters[`${name}.W2`] = tensorOf(take(units, units * units), [units, units], dtype);
    parameters[`${name}.b2`] = tensorOf(take(units, units), [units], dtype);
    parameters[`${name}.W3`] = tensorOf(take(units, units), [units, 1], dtype);
    parameters[`${name}.b3`] = tensorOf(take(units, 1), [1], dtype);
  }
  parameters.h0 = tensorOf([0], [1], dtype);
  const numbers = Array.from({ length: samples }, (_, k) => [
    2.4 * uniform(1, 3 * k) - 1.2,
    2.4 * uniform(1, 3 * k + 1) - 1.2,
    1.1 * uniform(1, 3 * k + 2) - 0.1,
  ]);
  return { parameters, loss: lossOn(tensorOf(numbers.flat(), [samples, 3], dtype)) };
}

function lossOn(data: HostTensor): (parameters: Named<Tensor>) => Tensor {
  return (parameters) => {
    const shears = layers.map((layer) => ({
      potential: slopesOf(parameters, `V${layer}`),
      kinetic: slopesOf(parameters, `K${layer}`),
    }));
    const errorOfOne = (sample: TensorLike): Tensor => {
      const [q, p, t] = [at(sample, 0), at(sample, 1), at(sample, 2)];
      const along = (time: Tensor): [Tensor, Tensor] => flow(shears, q, p, time);
      const [[position, momentum], [velocity, force]] = jvp(along, [t], [full([], 1, t.dtype)]);
      const residual = mul(0.5, add(square(sub(velocity, momentum)), square(add(force, position))));
      const energy = mul(0.5, add(square(q), square(p)));
      const found = add(tanh(at(leafOf(parameters, "h0"), 0)), hamiltonian(shears, q, p, t));
      return add(residual, square(sub(found, energy)));
    };
    return mean(vmap(errorOfOne)(data));
  };
}

/** (x, t) to the slopes of the network `name`. */
function slopesOf(parameters: Named<Tensor>, name: string): Slopes {
  const [W1, b1, W2, b2, W3, b3] = ["W1", "b1", "W2", "b2", "W3", "b3"].map((part) =>
    leafOf(parameters, `${name}.${part}`),
  ) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
  const network = (input: Tensor): Tensor => {
    const first = tanh(add(matmul(input, W1), b1));
    const second = tanh(add(matmul(first, W2), b2));
    return sum(add(matmul(second, W3), b3));
  };
  return (x, t) => {
    const slopes = grad(network)(stack([x, t]));
    return { alongState: at(slopes, 0), alongTime: at(slopes, 1) };
  };
}

/** How far a shear moves its partner by the time t: nothing at t = 0. */
function shift(slopes: Slopes, x: Tensor, t: Tensor): Tensor {
  return sub(slopes(x, t).alongState, slopes(x, 0).alongState);
}

/** Where (q, p) is at the time t. */
function flow(shears: readonly Shear[], q: Tensor, p: Tensor, t: Tensor): [Tensor, Tensor] {
  let [position, momentum] = [q, p];
  for (const { potential, kinetic } of shears) {
    momentum = sub(momentum, shift(potential, position, t));
    position = add(position, shift(kinetic, momentum, t));
  }
  return [position, momentum];
}

/** The Hamiltonian at the time t whose flow this is, up to a constant: the slopes along time, met on the way back. */
function hamiltonian(shears: readonly Shear[], q: Tensor, p: Tensor, t: Tensor): Tensor {
  let [position, momentum] = [q, p];
  let total = full([], 0, t.dtype);
  for (const { potential, kinetic } of shears.toReversed()) {
    total = add(total, kinetic(momentum, t).alongTime);
    position = sub(position, shift(kinetic, momentum, t));
    total = add(total, potential(position, t).alongTime);
    momentum = add(momentum, shift(potential, position, t));
  }
  return total;
}
