/**
 * `lagrangian-node`: a neural ODE of second order and a metric that makes it Lagrangian, trained together.
 *
 * 128 trajectories of 20 points of the oscillator in the plane; f: 5 → 16 → 2 softplus, start velocity: 2 → 16 → 16 → 16 → 2
 * ReLU, metric: 5 → 64 → 64 → 3; classical Runge–Kutta with two steps between points; loss = mean squared error of the
 * positions + Helmholtz loss at the predicted points, which are constants of it.
 */
import {
  add,
  concatenate,
  expandDimensions,
  type HostTensor,
  matmul,
  mean,
  mul,
  relu,
  reshape,
  scan,
  slice,
  softplus,
  square,
  stopGradient,
  sub,
  type Tensor,
  type TensorLike,
  vmap,
} from "@leastaction/tensor";
import { adam } from "./adam.ts";
import { type Field, helmholtzAt, joined, metricOf, metricParameters } from "./helmholtz-loss.ts";
import { normal, type StartWeights, startWeights } from "./random.ts";
import { type Named, type Precision, type Problem, tensorOf, type Workload } from "./workload.ts";

const trajectories = 128;
const times = 20;
const substeps = 2;
const h = 1 / ((times - 1) * substeps);
const units = 16;

type Motion = [x: Tensor, v: Tensor];

/** The workload. */
export const lagrangianNode: Workload = { id: "lagrangian-node", steps: 20, optimiser: adam(), problem };

function problem(dtype: Precision): Problem {
  const weights = startWeights();
  const parameters = { ...fieldParameters(weights, dtype), ...velocityParameters(weights, dtype) };
  const { starts, times: t, positions } = lagrangianNodeData();
  return {
    parameters: { ...parameters, ...metricParameters(weights, dtype) },
    loss: lossOn(
      tensorOf(t, [times], dtype),
      tensorOf(starts, [trajectories, 2], dtype),
      tensorOf(positions, [trajectories, times, 2], dtype),
    ),
  };
}

/** Times, start positions [128, 2] and positions [128, 20, 2]. */
export function lagrangianNodeData(): Record<"starts" | "times" | "positions", number[]> {
  const starts = Array.from({ length: trajectories }, (_, j) => [
    1 + 0.1 * normal(1, 2 * j),
    1 + 0.1 * normal(1, 2 * j + 1),
  ]);
  const positions = starts.flatMap((start) =>
    Array.from({ length: times }, (_, k) => start.map((x) => positionOf(x, k))),
  );
  const t = Array.from({ length: times }, (_, k) => k / (times - 1));
  return { starts: starts.flat(), times: t, positions: positions.flat() };
}

/** Two components, each from 1 with noise of 0.1, with a tenth of its size as velocity: position at time k / 19. */
function positionOf(start: number, k: number): number {
  const frequency = 2 * Math.PI;
  const angle = (frequency * k) / (times - 1);
  return start * Math.cos(angle) + (Math.abs(start) / 10 / frequency) * Math.sin(angle);
}

function fieldParameters({ take }: StartWeights, dtype: Precision): Named<HostTensor> {
  return {
    "f.W1": tensorOf(take(5, 5 * units), [5, units], dtype),
    "f.b1": tensorOf(take(5, units), [units], dtype),
    "f.W2": tensorOf(take(units, units * 2), [units, 2], dtype),
    "f.b2": tensorOf(take(units, 2), [2], dtype),
  };
}

function velocityParameters({ take }: StartWeights, dtype: Precision): Named<HostTensor> {
  const widths = [2, units, units, units, 2];
  const layers = widths.slice(1).map((outputs, i): [string, HostTensor][] => {
    const inputs = widths[i] as number;
    return [
      [`v0.W${i + 1}`, tensorOf(take(inputs, inputs * outputs), [inputs, outputs], dtype)],
      [`v0.b${i + 1}`, tensorOf(take(inputs, outputs), [outputs], dtype)],
    ];
  });
  return Object.fromEntries(layers.flat());
}

function lossOn(t: HostTensor, starts: HostTensor, positions: HostTensor): (parameters: Named<Tensor>) => Tensor {
  return (parameters) => {
    const acceleration = accelerationOf(parameters);
    const metric = metricOf(parameters);
    const atPoint = (time: TensorLike, x: Tensor, v: Tensor): Tensor =>
      helmholtzAt(acceleration, metric, [reshape(time, []), x, v]);
    const lossOfRun = (start: TensorLike, observed: TensorLike): Tensor => {
      const [x, v] = trajectory(acceleration, t, [reshape(start, [2]), startVelocity(parameters, start)]);
      const helmholtz = vmap(atPoint)(t, stopGradient(x), stopGradient(v));
      return add(mean(square(sub(x, observed))), mean(helmholtz));
    };
    return mean(vmap(lossOfRun)(starts, positions));
  };
}

/** x'' as a network of time, position and velocity. */
function accelerationOf(parameters: Named<Tensor>): Field {
  const weights = (name: string): Tensor => parameters[`f.${name}`] as Tensor;
  return (t, x, v) => {
    const hidden = softplus(add(matmul(joined(t, x, v), weights("W1")), weights("b1")));
    return add(matmul(hidden, weights("W2")), weights("b2"));
  };
}

/** The velocity at time 0 as a network of the position there. */
function startVelocity(parameters: Named<Tensor>, start: TensorLike): Tensor {
  const layer = (inputs: TensorLike, i: number): Tensor =>
    add(matmul(inputs, parameters[`v0.W${i}`] as Tensor), parameters[`v0.b${i}`] as Tensor);
  return layer(relu(layer(relu(layer(relu(layer(start, 1)), 2)), 3)), 4);
}

/** Position and velocity at the times t, [times, 2] each, from those at the first. */
function trajectory(acceleration: Field, t: TensorLike, start: Motion): Motion {
  const between = (motion: Motion, time: Tensor): [Motion, Motion] => {
    const next = steps(acceleration, time, motion);
    return [next, next];
  };
  const [, later] = scan(between, start, slice(t, 0, 0, times - 1));
  const all = (i: 0 | 1): Tensor => concatenate([expandDimensions(start[i], 0), later[i]]);
  return [all(0), all(1)];
}

/** The classical Runge–Kutta steps from one point to the next. */
function steps(acceleration: Field, time: Tensor, motion: Motion): Motion {
  let next = motion;
  for (let i = 0; i < substeps; i++) next = rungeKutta(acceleration, add(time, i * h), next);
  return next;
}

function rungeKutta(acceleration: Field, t: Tensor, motion: Motion): Motion {
  const slope = (time: Tensor, [x, v]: Motion): Motion => [v, acceleration(time, x, v)];
  const k1 = slope(t, motion);
  const k2 = slope(add(t, h / 2), moved(motion, h / 2, k1));
  const k3 = slope(add(t, h / 2), moved(motion, h / 2, k2));
  const k4 = slope(add(t, h), moved(motion, h, k3));
  const total = (i: 0 | 1): Tensor => add(k1[i], mul(2, k2[i]), mul(2, k3[i]), k4[i]);
  return moved(motion, h / 6, [total(0), total(1)]);
}

function moved([x, v]: Motion, by: number, [dx, dv]: Motion): Motion {
  return [add(x, mul(by, dx)), add(v, mul(by, dv))];
}
