/**
 * Fully connected networks.
 *
 * In: the sizes of the layers and an activation. Out: `init`, which makes parameters on the host from a seed, and
 * `apply`, a pure traced function of one sample. Leading axes of the input are carried along, so a batch needs no
 * `vmap`. The last layer has no activation.
 */
import { type DType, type HostTensor, type Tensor, TensorError, type TensorLike } from "@leastaction/tensor";
import { hostRandom } from "../random/host-random.ts";
import { type ActivationName, activations } from "./activation.ts";
import { type DenseParameters, dense, initialDense } from "./dense.ts";
import { type Initializer, type InitializerName, initializers } from "./initializer.ts";

/** Parameters of a fully connected network. */
export interface MultilayerPerceptronParameters<L extends TensorLike = TensorLike> {
  readonly layers: readonly DenseParameters<L>[];
}

/** Options of `multilayerPerceptron`. */
export interface MultilayerPerceptronOptions {
  /** Inputs, hidden widths, outputs: at least two positive integers. */
  readonly sizes: readonly number[];
  /** Between layers; default `tanh`. */
  readonly activation?: ActivationName;
  /** Whether the last layer has a bias; default true. */
  readonly outputBias?: boolean;
  /** Recipe of the initial parameters; default `pytorchDefault`. */
  readonly initializer?: InitializerName | Initializer;
  /** Recipe of the biases alone; default that of `initializer`. */
  readonly biasInitializer?: InitializerName | Initializer;
}

/** A fully connected network. */
export interface MultilayerPerceptron {
  readonly sizes: readonly number[];
  /**
   * Initial parameters, as host tensors.
   * @param seed integer, 0 .. 2^53 - 1; layer i draws from the stream of the seed forked by i
   * @param dtype default float32
   */
  readonly init: (seed: number, dtype?: DType) => MultilayerPerceptronParameters<HostTensor>;
  /**
   * The network's value.
   * @param x shape [..., sizes[0]], element type of the parameters
   * @returns shape [..., last size]
   */
  readonly apply: (parameters: MultilayerPerceptronParameters, x: TensorLike) => Tensor;
  /** The number of scalars in the parameters. */
  readonly parameterCount: number;
}

/**
 * A fully connected network.
 *
 * @example
 * const network = multilayerPerceptron({ sizes: [2, 32, 2], activation: "tanh" });
 * const parameters = network.init(0, "float64");
 * evaluate(network.apply, parameters, array([0.5, -1])).shape; // => [2]
 *
 * Errors: fewer than two sizes, sizes that are not positive integers.
 */
export function multilayerPerceptron(options: MultilayerPerceptronOptions): MultilayerPerceptron {
  const { sizes, activation = "tanh", outputBias = true } = options;
  expectSizes(sizes);
  const count = sizes.length - 1;
  const initializer = recipe(options.initializer ?? "pytorchDefault");
  const biasInitializer = recipe(options.biasInitializer ?? initializer);
  const nonlinearity = activations[activation];
  return Object.freeze({
    sizes,
    parameterCount: sizes.slice(1).reduce((total, outputs, i) => {
      const bias = i < count - 1 || outputBias ? outputs : 0;
      return total + (sizes[i] as number) * outputs + bias;
    }, 0),
    init: (seed: number, dtype: DType = "float32") => ({
      layers: sizes.slice(1).map((outputs, index) => {
        const place = { inputs: sizes[index] as number, outputs, index, count };
        const bias = index < count - 1 || outputBias;
        return initialDense(hostRandom(seed).fork(index), place, { initializer, biasInitializer, bias, dtype });
      }),
    }),
    apply: ({ layers }: MultilayerPerceptronParameters, x: TensorLike): Tensor => {
      const [first, ...rest] = layers as [DenseParameters, ...DenseParameters[]];
      return rest.reduce((y, layer) => dense(layer, nonlinearity(y)), dense(first, x));
    },
  });
}

function recipe(choice: InitializerName | Initializer): Initializer {
  return typeof choice === "string" ? initializers[choice] : choice;
}

function expectSizes(sizes: readonly number[]): void {
  if (sizes.length >= 2 && sizes.every((size) => Number.isInteger(size) && size > 0)) return;
  throw new TensorError(
    `Cannot make a network: expected at least two positive integers as sizes, got [${sizes.join(", ")}]`,
    "Give the number of inputs, the hidden widths and the number of outputs, for example [2, 32, 2].",
  );
}
