/**
 * The affine layer x W + b.
 */
import { add, array, type DType, type HostTensor, matmul, type Tensor, type TensorLike } from "@leastaction/tensor";
import type { HostRandom } from "../random/host-random.ts";
import { type Initializer, initializers, type LayerPlace } from "./initializer.ts";

/** Parameters of an affine layer. */
export interface DenseParameters<L extends TensorLike = TensorLike> {
  /** [inputs, outputs]. */
  readonly weight: L;
  /** [outputs]. */
  readonly bias?: L;
}

/** Options of `initialDense`. */
export interface DenseOptions {
  /** Recipe of the weights, and of the biases unless `biasInitializer` is given; default `pytorchDefault`. */
  readonly initializer?: Initializer;
  readonly biasInitializer?: Initializer;
  /** Whether there is a bias; default true. */
  readonly bias?: boolean;
  /** Element type; default float32. */
  readonly dtype?: DType;
}

/**
 * Initial parameters on the host.
 * @param random forked once for the weights (0) and once for the biases (1)
 */
export function initialDense(
  random: HostRandom,
  place: LayerPlace,
  options: DenseOptions = {},
): DenseParameters<HostTensor> {
  const { initializer = initializers.pytorchDefault, bias = true, dtype = "float32" } = options;
  const weight = array(initializer.weight(random.fork(0), place), [place.inputs, place.outputs], dtype);
  if (!bias) return { weight };
  const numbers = (options.biasInitializer ?? initializer).bias(random.fork(1), place);
  return { weight, bias: array(numbers, [place.outputs], dtype) };
}

/**
 * x W + b.
 * @param x shape [..., inputs]
 * @returns shape [..., outputs]
 */
export function dense({ weight, bias }: DenseParameters, x: TensorLike): Tensor {
  const product = matmul(x, weight);
  return bias === undefined ? product : add(product, bias);
}
