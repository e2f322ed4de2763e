/**
 * A network for the matrix g of the Helmholtz conditions: symmetric by construction, of any sign.
 *
 * (t, x, v) → softplus layers → s = sinh(last layer), n (n + 1) / 2 numbers that fill the upper triangle of U row by row;
 * g = U + Uᵀ, so the diagonal is doubled. sinh lets g grow exponentially along a motion, as friction asks.
 */
import {
  at,
  concatenate,
  type DType,
  type HostTensor,
  mul,
  reshape,
  sinh,
  stack,
  type Tensor,
  TensorError,
} from "@leastaction/tensor";
import { type MultilayerPerceptronParameters, multilayerPerceptron } from "../../nn/multilayer-perceptron.ts";
import type { MetricField } from "./second-order-field.ts";

/** Options of `metricNetwork`. */
export interface MetricNetworkOptions {
  /** n, the number of coordinates: at least 1. */
  readonly dimensions: number;
  /** Hidden widths; default [64, 64]. */
  readonly hidden?: readonly number[];
  /** Whether g may depend on time; if not, time is multiplied by 0 where it enters. */
  readonly timeDependent: boolean;
}

/** A network for g. */
export interface MetricNetwork {
  /**
   * Initial parameters, uniform in ±1 / sqrt(inputs) as PyTorch's `Linear`.
   * @param seed integer, 0 .. 2^53 - 1
   * @param dtype default float32
   */
  readonly init: (seed: number, dtype?: DType) => MultilayerPerceptronParameters<HostTensor>;
  /** The matrix [n, n] of the network with some parameters, of their element type. */
  readonly metric: (parameters: MultilayerPerceptronParameters) => MetricField;
}

/**
 * A network for the matrix g.
 *
 * @example
 * const network = metricNetwork({ dimensions: 2, timeDependent: false });
 * const parameters = network.init(0, "float64");
 * const g = (t: Tensor, x: Tensor, v: Tensor) => network.metric(parameters)(t, x, v);
 * evaluate(g, array(0), array([1, 2]), array([0, 1])).shape; // => [2, 2]
 *
 * Errors: a number of dimensions that is not a positive integer.
 * Source: Wolf, Buck, Schäfer, 2025, arXiv:2510.06367, and its code.
 */
export function metricNetwork({
  dimensions: n,
  hidden = [64, 64],
  timeDependent,
}: MetricNetworkOptions): MetricNetwork {
  if (!(Number.isInteger(n) && n > 0)) {
    throw new TensorError(
      `Cannot make a network for a metric: expected a positive integer as dimensions, got ${n}`,
      "Give the number of coordinates of the field.",
    );
  }
  const network = multilayerPerceptron({
    sizes: [1 + 2 * n, ...hidden, (n * (n + 1)) / 2],
    activation: "softplus",
  });
  return Object.freeze({
    init: network.init,
    metric: (parameters: MultilayerPerceptronParameters): MetricField => {
      return (t, x, v) => {
        const time = reshape(timeDependent ? t : mul(0, t), [1]);
        return symmetricOf(n, sinh(network.apply(parameters, concatenate([time, x, v]))));
      };
    },
  });
}

/** U + Uᵀ of the upper triangle U that the numbers fill row by row. */
function symmetricOf(n: number, numbers: Tensor): Tensor {
  const entry = (i: number, j: number): Tensor => {
    const [row, column] = [Math.min(i, j), Math.max(i, j)];
    const number = at(numbers, row * n - (row * (row - 1)) / 2 + column - row);
    return i === j ? mul(2, number) : number;
  };
  const indices = Array.from({ length: n }, (_, i) => i);
  return stack(indices.map((i) => stack(indices.map((j) => entry(i, j)))));
}
