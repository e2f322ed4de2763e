/**
 * The models whose cost is followed as they grow: regression by a multilayer perceptron, and a neural ODE.
 *
 * Both are workloads like the others (loss, gradient, Adam, float32), with the arithmetic of a step beside them.
 */
import {
  add,
  div,
  type HostTensor,
  matmul,
  mul,
  scan,
  sub,
  sum,
  sumOfSquares,
  type Tensor,
  type TensorLike,
  tanh,
  vmap,
} from "@leastaction/tensor";
import { adam } from "../workloads/adam.ts";
import { startWeights, uniform } from "../workloads/random.ts";
import { type Named, type Precision, type Problem, tensorOf, type Workload } from "../workloads/workload.ts";

/** The size of a model: samples, units of a hidden layer, hidden layers, and solver steps (0: no solver). */
export interface Size {
  readonly batch: number;
  readonly width: number;
  readonly depth: number;
  readonly steps: number;
}

/** A workload of a size. */
export interface ScaledModel {
  readonly workload: Workload;
  /** Of one training step: multiply-adds count twice, tanh with what surrounds it 20 forward and 4 backward. */
  readonly operations: number;
}

const ends = 2;

/** Regression of a smooth map of the plane, or its flow by RK4 where the size has solver steps. */
export function scaledModel(size: Size): ScaledModel {
  const workload: Workload = { id: "scale", steps: 1, optimiser: adam(), problem: (dtype) => problem(size, dtype) };
  return { workload, operations: operationsOf(size) };
}

function problem(size: Size, dtype: Precision): Problem {
  const { take } = startWeights();
  const entries = layersOf(size).flatMap(([inputs, outputs], layer): [string, HostTensor][] => [
    [`W${layer}`, tensorOf(take(inputs, inputs * outputs), [inputs, outputs], dtype)],
    [`b${layer}`, tensorOf(take(inputs, outputs), [outputs], dtype)],
  ]);
  const inputs = Array.from({ length: size.batch * ends }, (_, i) => 2 * uniform(1, i) - 1);
  const targets = inputs.map((x, i) => Math.sin(2 * x) - 0.5 * (inputs[i ^ 1] as number));
  const shape = [size.batch, ends];
  return {
    parameters: Object.fromEntries(entries),
    loss: lossOn(size, tensorOf(inputs, shape, dtype), tensorOf(targets, shape, dtype)),
  };
}

function layersOf({ width, depth }: Size): readonly (readonly [number, number])[] {
  const extents = [ends, ...Array.from({ length: depth }, () => width), ends];
  return extents.slice(1).map((outputs, layer) => [extents[layer] as number, outputs]);
}

function lossOn(size: Size, inputs: HostTensor, targets: HostTensor): (parameters: Named<Tensor>) => Tensor {
  return (parameters) => {
    const network = (x: TensorLike): Tensor =>
      layersOf(size).reduce((below: TensorLike, _, layer) => {
        const above = add(matmul(below, parameters[`W${layer}`] as Tensor), parameters[`b${layer}`] as Tensor);
        return layer < size.depth ? tanh(above) : above;
      }, x) as Tensor;
    const model = size.steps === 0 ? network : (z: TensorLike) => flow(network, z, size.steps);
    const miss = vmap((x: TensorLike, y: TensorLike) => sumOfSquares(sub(model(x), y)));
    return div(sum(miss(inputs, targets)), size.batch);
  };
}

/** The state at time 1 by the classical Runge–Kutta method. */
function flow(field: (z: TensorLike) => Tensor, start: TensorLike, steps: number): Tensor {
  const h = 1 / steps;
  const advance = (z: Tensor): [Tensor, Record<string, never>] => {
    const k1 = field(z);
    const k2 = field(add(z, mul(h / 2, k1)));
    const k3 = field(add(z, mul(h / 2, k2)));
    const k4 = field(add(z, mul(h, k3)));
    return [add(z, mul(h / 6, add(k1, mul(2, k2), mul(2, k3), k4))), {}];
  };
  const [end] = scan(advance, mul(1, start), {}, { bound: steps });
  return end;
}

function operationsOf(size: Size): number {
  const layers = layersOf(size);
  const products = layers.reduce((total, [inputs, outputs]) => total + 6 * inputs * outputs, 0);
  const activations = 24 * size.depth * size.width;
  const parameters = layers.reduce((total, [inputs, outputs]) => total + (inputs + 1) * outputs, 0);
  const evaluations = Math.max(1, 4 * size.steps) * size.batch;
  const adamOperations = 15;
  return evaluations * (products + activations) + adamOperations * parameters;
}
