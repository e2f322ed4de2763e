/**
 * Clipping of a gradient by its norm over all parameters.
 */
import { add, convert, div, minimum, mul, sqrt, sumOfSquares, type Tensor } from "@leastaction/tensor";
import { mapTensors, tensorsOf } from "../nn/tensor-tree.ts";

/** The 2-norm over all elements of a tree, summed in float64: a float64 scalar. */
export function globalNorm(tree: unknown): Tensor {
  const parts = tensorsOf(tree).map((leaf) => convert(sumOfSquares(leaf), "float64"));
  return sqrt(add(0, ...parts));
}

/**
 * The gradient times min(1, limit / (norm + 1e-6)), and its norm before.
 * Pascanu, Mikolov, Bengio, 2013, algorithm 1, arXiv:1211.5063; the constant as in PyTorch's `clip_grad_norm_`.
 *
 * @param limit positive
 */
export function clipByGlobalNorm<P>(gradient: P, limit: number): [P, Tensor] {
  const norm = globalNorm(gradient);
  const scale = minimum(1, div(limit, add(norm, 1e-6)));
  return [mapTensors((leaf) => mul(leaf, convert(scale, leaf.dtype)), gradient), norm];
}
