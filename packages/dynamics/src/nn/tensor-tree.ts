/**
 * Arithmetic on whole trees of tensors: parameters, gradients, states of a solver.
 *
 * In: trees of one structure, whose leaves are symbolic tensors, host tensors or numbers. Out: trees of that structure.
 * The operations are traced, so they run inside a function given to `compile` or to a transform; only `zerosOf` also
 * works on host tensors outside of any trace. Deliberately not done: broadcasting between trees, mixed structures.
 */
import {
  array,
  convert,
  type Leaf,
  leavesOf,
  mapTree,
  type Tensor,
  TensorError,
  type TensorLike,
  withLeaves,
  zerosLike,
} from "@leastaction/tensor";

/** The leaves as symbolic tensors, left to right; numbers become float64 scalars. */
export function tensorsOf(tree: unknown): Tensor[] {
  return leavesOf(tree).map((leaf) => symbolic(leaf as TensorLike));
}

/** The tree with `f(leaf)` at every leaf. */
export function mapTensors<T>(f: (leaf: Tensor) => TensorLike, tree: T): T {
  return mapTree(tree, (leaf) => f(symbolic(leaf as TensorLike))) as T;
}

/**
 * The tree with `f` of the corresponding leaves of all trees at every leaf.
 * Errors: trees with unequal numbers of leaves.
 */
export function zipTensors<T>(f: (...leaves: Tensor[]) => TensorLike, first: T, ...rest: readonly unknown[]): T {
  const columns = [first, ...rest].map(tensorsOf);
  const lengths = columns.map((column) => column.length);
  if (lengths.some((length) => length !== lengths[0])) {
    throw new TensorError(
      `Cannot combine trees: expected as many tensors in each, got ${lengths.join(" and ")}`,
      "Give trees of one structure, for example a gradient and the parameters it belongs to.",
    );
  }
  const leaves = (columns[0] as Tensor[]).map((_, i) => f(...columns.map((column) => column[i] as Tensor)));
  return withLeaves(first, leaves) as T;
}

/** Zeros of the types of a tree: host tensors where the leaves are host tensors, symbolic ones elsewhere. */
export function zerosOf<T>(tree: T): T {
  return mapTree(tree, (leaf) => {
    if (typeof leaf === "number") return 0;
    if (!isOnHost(leaf)) return zerosLike(leaf as Tensor);
    const size = leaf.shape.reduce((product, extent) => product * extent, 1);
    return array(new Array<number>(size).fill(0), leaf.shape, leaf.dtype);
  }) as T;
}

/** Whether a leaf has its values already, outside of any trace. */
export function isOnHost(leaf: Leaf | number): boolean {
  return typeof leaf === "number" || "data" in leaf;
}

function symbolic(leaf: TensorLike): Tensor {
  return convert(leaf, typeof leaf === "number" ? "float64" : leaf.dtype);
}
