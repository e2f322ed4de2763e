/**
 * Trees without derivatives, and whether they are finite.
 */
import { abs, and, convert, isFloat, lessEqual, max, stopGradient, type Tensor } from "@leastaction/tensor";
import { mapTensors, tensorsOf } from "../nn/tensor-tree.ts";

/** The tree as a constant of every derivative. */
export function constant<T>(tree: T): T {
  return mapTensors((leaf) => (isFloat(leaf.dtype) ? stopGradient(leaf) : leaf), tree);
}

/** Whether every number of a tree is finite: scalar bool. */
export function allFinite(tree: unknown): Tensor {
  return tensorsOf(tree)
    .map((leaf) => lessEqual(convert(max(abs(leaf)), "float64"), Number.MAX_VALUE))
    .reduce(and);
}
