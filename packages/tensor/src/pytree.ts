/**
 * Trees: any nesting of objects and arrays whose leaves are tensors (or what stands for one).
 *
 * A leaf is a number or an object with `dtype` and `shape`: a traced tensor, a host tensor, or a bare type. Every
 * transform takes and returns trees; the order of leaves is that of the keys as written, so it is the same for a tree
 * and for any tree made from it by `mapTree`.
 */
import type { DType, HostArray } from "./dtype.ts";
import { TensorError } from "./errors.ts";
import type { Shape } from "./shape.ts";

/** What every leaf but a number has. */
export interface Leaf {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A tensor with values, on the host. */
export interface HostTensor extends Leaf {
  /** Row-major elements; length is the product of `shape`. */
  readonly data: HostArray;
}

/** Any nesting of objects and arrays over leaves `L`. */
export type Tree<L> = L | readonly Tree<L>[] | { readonly [key: string]: Tree<L> };

/** The tree type `T` with every leaf replaced by `L`. */
export type MapLeaves<T, L> = T extends number | Leaf ? L : { readonly [K in keyof T]: MapLeaves<T[K], L> };

/** Whether a node is a leaf. */
export function isLeaf(node: unknown): node is Leaf | number {
  return typeof node === "number" || (typeof node === "object" && node !== null && "dtype" in node && "shape" in node);
}

/** The leaves of a tree, left to right. */
export function leavesOf(tree: unknown): (Leaf | number)[] {
  const leaves: (Leaf | number)[] = [];
  mapTree(tree, (leaf) => leaves.push(leaf));
  return leaves;
}

/**
 * The tree with `f(leaf, path)` in place of every leaf; `path` is as JavaScript would write it: `.layers[0].weight`.
 * Errors: a node that is neither a leaf nor a plain object nor an array.
 */
export function mapTree(tree: unknown, f: (leaf: Leaf | number, path: string) => unknown, path = ""): unknown {
  if (isLeaf(tree)) return f(tree, path);
  if (Array.isArray(tree)) return tree.map((node, i) => mapTree(node, f, `${path}[${i}]`));
  if (typeof tree === "object" && tree !== null && !ArrayBuffer.isView(tree)) {
    return Object.fromEntries(Object.entries(tree).map(([key, node]) => [key, mapTree(node, f, `${path}.${key}`)]));
  }
  throw new TensorError(
    `Cannot read a tree: expected tensors, numbers, objects or arrays${path === "" ? "" : ` at ${path}`}, got ${describe(tree)}`,
    "Wrap typed arrays with array(data, shape); leave out fields that hold no tensor.",
  );
}

/** A tree of the same structure with `leaves` in order. Errors: too few leaves is a defect of the caller. */
export function withLeaves(structure: unknown, leaves: readonly unknown[]): unknown {
  let next = 0;
  return mapTree(structure, () => leaves[next++]);
}

function describe(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  return value === null ? "null" : typeof value === "function" ? "a function" : `${typeof value} ${String(value)}`;
}
