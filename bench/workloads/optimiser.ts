/**
 * What an optimiser is to a workload: a state beside the parameters, and one update.
 */
import { add, div, type HostTensor, minimum, mul, sqrt, sumOfSquares, type Tensor } from "@leastaction/tensor";
import type { Named, Precision } from "./workload.ts";

/** The state of an optimiser: groups of tensors, such as moments by parameter name. */
export type OptimiserState<Leaf> = Readonly<Record<string, Named<Leaf>>>;

/** Moves parameters down a gradient. */
export interface Optimiser {
  /** The state before the first update. */
  readonly start: (parameters: Named<HostTensor>, dtype: Precision) => OptimiserState<HostTensor>;
  readonly update: (
    parameters: Named<Tensor>,
    gradient: Named<Tensor>,
    state: OptimiserState<Tensor>,
  ) => { readonly parameters: Named<Tensor>; readonly state: OptimiserState<Tensor> };
}

/** Zeros like every parameter. */
export function zerosLike(parameters: Named<HostTensor>, dtype: Precision): Named<HostTensor> {
  const Kind = dtype === "float32" ? Float32Array : Float64Array;
  return mapNamed(parameters, ({ data, shape }) => ({ dtype, shape, data: new Kind(data.length) }));
}

/** The gradient times min(1, limit / (norm + 1e-6)), the norm taken over all of it, as PyTorch does. */
export function clipByNorm(gradient: Named<Tensor>, limit: number): Named<Tensor> {
  const factor = minimum(1, div(limit, add(normOf(gradient), 1e-6)));
  return mapNamed(gradient, (slope) => mul(slope, factor));
}

/** 2-norm over all tensors. */
export function normOf(tensors: Named<Tensor>): Tensor {
  const squares = Object.values(tensors).map((leaf) => sumOfSquares(leaf));
  return sqrt(squares.reduce((total, square) => add(total, square)));
}

/** A function of each named leaf. */
export function mapNamed<A, B>(tree: Named<A>, f: (leaf: A, name: string) => B): Named<B> {
  return Object.fromEntries(Object.entries(tree).map(([name, leaf]) => [name, f(leaf, name)]));
}

/** The leaf of a name that is known to be there. */
export function leafOf<Leaf>(tree: Named<Leaf>, name: string): Leaf {
  return tree[name] as Leaf;
}
