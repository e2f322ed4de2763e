/**
 * Tangents of which some are known to be zero.
 */
import { jvp, type Tensor, withLeaves, zerosLike } from "@leastaction/tensor";
import { mapTensors, tensorsOf } from "../../nn/tensor-tree.ts";

/** The leaves of a tree of tangents, null where one is zero. */
export function leavesOrNull(node: unknown): (Tensor | null)[] {
  if (node === null || "dtype" in (node as object)) return [node as Tensor | null];
  return Object.values(node as object).flatMap(leavesOrNull);
}

/** The derivative of `f` along the tangents that are not zero. */
export function derivativeAlong<X, R>(f: (x: X) => R, x: X, tangents: readonly (Tensor | null)[]): R {
  const leaves = tensorsOf(x);
  const moves = tangents.map((tangent) => tangent !== null);
  const moving = leaves.filter((_, i) => moves[i] === true);
  const along = (given: readonly Tensor[]): R => f(merged(x, leaves, moves, given));
  const directions = tangents.filter((tangent) => tangent !== null);
  return jvp(along, [moving], [directions])[1] as R;
}

/** The tree with `given` in place of the leaves that are marked. */
export function merged<X>(x: X, leaves: readonly Tensor[], marked: readonly boolean[], given: readonly Tensor[]): X {
  let next = 0;
  const all = leaves.map((leaf, i) => (marked[i] === true ? (given[next++] as Tensor) : leaf));
  return withLeaves(x, all) as X;
}

/** The tree of tangents with zeros where there is none. */
export function filled<X>(like: X, tangents: unknown): X {
  const found = leavesOrNull(tangents);
  let next = 0;
  return mapTensors((leaf) => found[next++] ?? zerosLike(leaf), like);
}
