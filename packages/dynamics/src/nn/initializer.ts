/**
 * Recipes for initial weights and biases.
 *
 * In: a stream of random numbers and the place of the layer in its network. Out: plain numbers, made on the host in
 * float64, so that a seed gives the same network on every target. The stream is counter-based and forked by layer and
 * by use: a change of one layer never shifts the numbers of another.
 * Weights are row-major [inputs, outputs]: a layer is x W + b.
 */
import type { HostRandom } from "../random/host-random.ts";
import { orthogonalMatrix } from "./orthogonal-matrix.ts";

/** Where a layer stands. */
export interface LayerPlace {
  readonly inputs: number;
  readonly outputs: number;
  /** Position from the input, from 0. */
  readonly index: number;
  /** Number of layers of the network. */
  readonly count: number;
}

/** A recipe for the numbers of one layer. */
export interface Initializer {
  readonly name: string;
  /** Row-major [inputs, outputs]. */
  readonly weight: (random: HostRandom, place: LayerPlace) => number[];
  /** [outputs]. */
  readonly bias: (random: HostRandom, place: LayerPlace) => number[];
  /** Where the recipe comes from. */
  readonly cites: readonly string[];
}

type Filler = (random: HostRandom, place: LayerPlace) => number;

/** Uniform in ±1/sqrt(inputs), weights and biases: the default of PyTorch's `Linear` since 1.0. */
export const pytorchDefault: Initializer = fromFillers("pytorchDefault", ["LeCun et al. 1998, Efficient BackProp"], {
  weight: (random, { inputs }) => (2 * random.uniform() - 1) / Math.sqrt(inputs),
  bias: (random, { inputs }) => (2 * random.uniform() - 1) / Math.sqrt(inputs),
});

/** Uniform in ±sqrt(6 / (inputs + outputs)), zero biases: Glorot, Bengio, 2010, AISTATS, equation 16. */
export const glorotUniform: Initializer = fromFillers("glorotUniform", ["Glorot & Bengio 2010, AISTATS, eq. 16"], {
  weight: (random, { inputs, outputs }) => (2 * random.uniform() - 1) * Math.sqrt(6 / (inputs + outputs)),
});

/** Normal of variance 2 / (inputs + outputs), zero biases: Glorot, Bengio, 2010, AISTATS, equation 12. */
export const glorotNormal: Initializer = fromFillers("glorotNormal", ["Glorot & Bengio 2010, AISTATS, eq. 12"], {
  weight: (random, { inputs, outputs }) => random.normal() * Math.sqrt(2 / (inputs + outputs)),
});

/** Normal of variance 2 / inputs, zero biases: He, Zhang, Ren, Sun, 2015, equation 10, arXiv:1502.01852. */
export const heNormal: Initializer = fromFillers("heNormal", ["arXiv:1502.01852, eq. 10"], {
  weight: (random, { inputs }) => random.normal() * Math.sqrt(2 / inputs),
});

/** All zero. */
export const zeroInitializer: Initializer = fromFillers("zeros", [], { weight: () => 0 });

/**
 * The recipe of Lagrangian networks: normal of deviation s / sqrt(n), n the wider side of the layer, with s = 2.2 for
 * the first layer, 0.58 i for hidden layer i, n for the last; zero biases.
 * Cranmer et al., 2020, "Lagrangian neural networks", arXiv:2003.04630, appendix C.
 */
export const lagrangian: Initializer = fromFillers("lagrangian", ["arXiv:2003.04630"], {
  weight: (random, { inputs, outputs, index, count }) => {
    const n = Math.max(inputs, outputs);
    const last = index === count - 1;
    const scale = index === 0 ? 2.2 : last ? n : 0.58 * index;
    return (random.normal() * scale) / Math.sqrt(n);
  },
});

/**
 * A random matrix with orthonormal rows or columns, whichever are fewer, uniform over all of them; biases as in
 * `pytorchDefault`, which is what Hamiltonian networks did (arXiv:1906.01563).
 * Saxe, McClelland, Ganguli, 2013, arXiv:1312.6120.
 */
export const orthogonal: Initializer = Object.freeze({
  name: "orthogonal",
  cites: ["arXiv:1312.6120", "arXiv:1906.01563"],
  weight: (random: HostRandom, { inputs, outputs }: LayerPlace) => orthogonalMatrix(random, inputs, outputs),
  bias: pytorchDefault.bias,
});

/** Normal of deviation `sigma`, zero biases. */
export function normalInitializer(sigma: number): Initializer {
  return fromFillers(`normal(${sigma})`, [], { weight: (random) => sigma * random.normal() });
}

/** The recipes without parameters, by name. */
export const initializers: Readonly<Record<InitializerName, Initializer>> = Object.freeze({
  pytorchDefault,
  orthogonal,
  glorotUniform,
  glorotNormal,
  heNormal,
  lagrangian,
  zeros: zeroInitializer,
});

/** The name of a recipe without parameters. */
export type InitializerName =
  | "pytorchDefault"
  | "orthogonal"
  | "glorotUniform"
  | "glorotNormal"
  | "heNormal"
  | "lagrangian"
  | "zeros";

function fromFillers(
  name: string,
  cites: readonly string[],
  { weight, bias = () => 0 }: { readonly weight: Filler; readonly bias?: Filler },
): Initializer {
  const fill = (count: number, filler: Filler, random: HostRandom, place: LayerPlace): number[] =>
    Array.from({ length: count }, () => filler(random, place));
  return Object.freeze({
    name,
    cites,
    weight: (random: HostRandom, place: LayerPlace) => fill(place.inputs * place.outputs, weight, random, place),
    bias: (random: HostRandom, place: LayerPlace) => fill(place.outputs, bias, random, place),
  });
}
