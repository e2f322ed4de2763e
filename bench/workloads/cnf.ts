/**
 * `cnf`: a continuous normalising flow of two moons in the plane.
 *
 * 512 points; z' = f(z, t), a' = trace of df/dz, f: 3 → 64 → 64 → 2 tanh; classical Runge–Kutta, 20 steps on [0, 1];
 * loss = mean over the points of |z(1)|² / 2 + ln 2π - a(1). The trace is exact: a derivative along each coordinate.
 * Chen, Rubanova, Bettencourt, Duvenaud, "Neural ordinary differential equations", 2018, arXiv:1806.07366.
 */
import {
  add,
  at,
  broadcastTo,
  concatenate,
  expandDimensions,
  full,
  type HostTensor,
  iota,
  jacobian,
  matmul,
  mean,
  mul,
  scan,
  sub,
  sumOfSquares,
  type Tensor,
  type TensorLike,
  tanh,
  vmap,
} from "@leastaction/tensor";
import { adam } from "./adam.ts";
import { normal, startWeights } from "./random.ts";
import { type Named, type Precision, type Problem, tensorOf, type Workload } from "./workload.ts";

const points = 512;
const units = 64;
const steps = 20;
const h = 1 / steps;

/** The workload. */
export const cnf: Workload = { id: "cnf", steps: 5, optimiser: adam(), problem };

function problem(dtype: Precision): Problem {
  const { take } = startWeights();
  const parameters: Named<HostTensor> = {
    W1: tensorOf(take(3, 3 * units), [3, units], dtype),
    b1: tensorOf(take(3, units), [units], dtype),
    W2: tensorOf(take(units, units * units), [units, units], dtype),
    b2: tensorOf(take(units, units), [units], dtype),
    W3: tensorOf(take(units, 2 * units), [units, 2], dtype),
    b3: tensorOf(take(units, 2), [2], dtype),
  };
  const data = Array.from({ length: points }, (_, k) => moon(k)).flat();
  return { parameters, loss: lossOn(tensorOf(data, [points, 2], dtype)) };
}

/** Point k of the two moons, with noise of 0.1. */
function moon(k: number): [number, number] {
  const angle = (Math.PI * (k % 256)) / 255;
  const [x, y] = k < 256 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  return [x + 0.1 * normal(1, 2 * k), y + 0.1 * normal(1, 2 * k + 1)];
}

/** A point and the integral of the trace along its way. */
type Flow = readonly [z: Tensor, a: Tensor];

function lossOn(data: HostTensor): (parameters: Named<Tensor>) => Tensor {
  return (parameters) => {
    const { W1, b1, W2, b2, W3, b3 } = parameters as Record<"W1" | "b1" | "W2" | "b2" | "W3" | "b3", Tensor>;
    const field = (z: Tensor, t: Tensor): Tensor => {
      const first = tanh(add(matmul(concatenate([z, expandDimensions(t, 0)]), W1), b1));
      const second = tanh(add(matmul(first, W2), b2));
      return add(matmul(second, W3), b3);
    };
    const rate = ([z]: Flow, t: Tensor): Flow => {
      const slope = jacobian((x) => field(x, t))(z);
      return [field(z, t), add(at(at(slope, 0), 0), at(at(slope, 1), 1))];
    };
    const step = (flow: Flow, t: Tensor): [Flow, Record<string, Tensor>] => {
      const k1 = rate(flow, t);
      const k2 = rate(moved(flow, h / 2, k1), add(t, h / 2));
      const k3 = rate(moved(flow, h / 2, k2), add(t, h / 2));
      const k4 = rate(moved(flow, h, k3), add(t, h));
      const half = moved(moved(flow, h / 6, k1), h / 3, k2);
      return [moved(moved(half, h / 3, k3), h / 6, k4), {}];
    };
    const lossOf = (point: TensorLike): Tensor => {
      const start: Flow = [broadcastTo(point, [2]), full([], 0, data.dtype)];
      const [[z, a]] = scan(step, start, mul(h, iota([steps], 0, data.dtype)));
      return sub(add(mul(0.5, sumOfSquares(z)), Math.log(2 * Math.PI)), a);
    };
    return mean(vmap(lossOf)(data));
  };
}

/** Along a rate for a time. */
function moved([z, a]: Flow, time: number, [dz, da]: Flow): Flow {
  return [add(z, mul(time, dz)), add(a, mul(time, da))];
}
