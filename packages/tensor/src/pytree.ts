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
  if (isRecord(tree)) {
    return Object.fromEntries(Object.entries(tree).map(([key, node]) => [key, mapTree(node, f, `${path}.${key}`)]));
  }
  throw new TensorError(
    `Cannot read a tree: expected tensors, numbers, objects or arrays${path === "" ? "" : ` at ${path}`}, got ${describe(tree)}`,
    "Wrap typed arrays with array(data, shape), await promises, copy the fields of other objects into a plain one; leave out fields that hold no tensor.",
  );
}

/**
 * The same tree with its fields in the order of `structure`, so that the leaves of both go together; a program writes
 * `{ v, q }` where another wrote `{ q, v }`, and means the same. Null may stand for a leaf.
 *
 * @param action What was to be done, for the message.
 * Errors: fields, lengths or leaves that are not those of `structure`.
 */
export function arrangedLike(structure: unknown, tree: unknown, action: string, path = ""): unknown {
  const inside = (key: string, step: string): unknown =>
    arrangedLike((structure as never)[key], (tree as never)[key], action, `${path}${step}`);
  if (isLeaf(structure)) {
    if (tree === null || isLeaf(tree)) return tree;
  } else if (Array.isArray(structure)) {
    if (Array.isArray(tree) && tree.length === structure.length) return tree.map((_, i) => inside(`${i}`, `[${i}]`));
  } else if (typeof tree === "object" && tree !== null && !Array.isArray(tree) && !isLeaf(tree)) {
    const keys = Object.keys(structure as object);
    if (Object.keys(tree).length === keys.length && keys.every((key) => Object.hasOwn(tree, key))) {
      return Object.fromEntries(keys.map((key) => [key, inside(key, `.${key}`)]));
    }
  }
  throw new TensorError(
    `Cannot ${action}: expected ${outline(structure)}${path === "" ? "" : ` at ${path}`}, got ${outline(tree)}`,
    "Use the same fields and lengths on both sides; the order of fields does not matter.",
  );
}

/** One level of a tree, for messages. */
function outline(tree: unknown): string {
  if (isLeaf(tree)) return "a tensor";
  if (Array.isArray(tree)) return `an array of ${tree.length}`;
  if (typeof tree !== "object" || tree === null || ArrayBuffer.isView(tree)) return describe(tree);
  return `{ ${Object.keys(tree).join(", ")} }`;
}

/** Whether fields are all that an object has: not a promise, a map, a date or an instance of a class. */
function isRecord(tree: unknown): tree is object {
  if (typeof tree !== "object" || tree === null) return false;
  const prototype: unknown = Object.getPrototypeOf(tree);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A tree of the same structure with `leaves` in order. Errors: too few leaves is a defect of the caller. */
export function withLeaves(structure: unknown, leaves: readonly unknown[]): unknown {
  let next = 0;
  return mapTree(structure, () => leaves[next++]);
}

function describe(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    const name = value.constructor?.name ?? "";
    return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name === "" ? "nameless object" : name}`;
  }
  return value === null ? "null" : typeof value === "function" ? "a function" : `${typeof value} ${String(value)}`;
}
