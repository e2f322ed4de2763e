/**
 * From a function over trees of tensors to a program.
 */

import type { DType } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import type { Program } from "../program/program.ts";
import { isLeaf, type MapLeaves, mapTree, withLeaves } from "../pytree.ts";
import type { Shape } from "../shape.ts";
import { build } from "./builder.ts";
import { asTensor, isTensor, type Tensor, type TensorLike } from "./tensor.ts";

/** A tree with a symbolic tensor at every leaf. */
export type Traced<T> = MapLeaves<T, Tensor>;

/** A traced function: its program over flat lists, and the trees around it. */
export interface TracedFunction<Result> {
  readonly program: Program;
  /** A tree of the structure of the result, with types at the leaves. */
  readonly result: Result;
  /** @internal Outer tensors that the function closed over; they are the last inputs of the program. */
  readonly captures: readonly Tensor[];
}

/** The type of a tensor, as a leaf of a tree of types. */
export interface Spec {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** The types of the leaves of a tree of tensors or numbers (float64 scalars), in the same structure. */
export function specOf<T>(tree: T): MapLeaves<T, Spec> {
  return mapTree(tree, (leaf) =>
    typeof leaf === "number" ? { dtype: "float64", shape: [] } : { dtype: leaf.dtype, shape: leaf.shape },
  ) as MapLeaves<T, Spec>;
}

/** @internal The leaves of a tree as types. */
export function specLeaves(tree: unknown): Spec[] {
  const specs: Spec[] = [];
  mapTree(specOf(tree), (leaf) => specs.push(leaf as Spec));
  return specs;
}

/** @internal The leaves of a tree as symbolic tensors; numbers become float64 scalars unless `dtype` is given. */
export function tensorLeaves(tree: unknown, dtype: DType = "float64"): Tensor[] {
  const tensors: Tensor[] = [];
  mapTree(tree, (leaf) => tensors.push(isTensor(leaf) ? leaf : asTensor(leaf as TensorLike, dtype)));
  return tensors;
}

/** @internal Traces `f` and allows tensors of an enclosing trace. */
export function traceClosure<Result>(
  f: (...inputs: never[]) => Result,
  inputs: readonly unknown[],
): TracedFunction<Result> {
  const specs = specLeaves(inputs);
  let result: unknown;
  const { program, captures } = build(specs, (tensors) => {
    const trees = withLeaves(inputs, tensors) as unknown[];
    result = (f as (...inputs: unknown[]) => unknown)(...trees);
    checkResult(result);
    return tensorLeaves(result);
  });
  return { program, captures, result: mapTree(result, (leaf) => specOf(leaf)) as Result };
}

/**
 * The program of a function.
 *
 * @param f Takes trees of tensors, returns a tree of tensors. It is called once and must have no side effects.
 * @param inputs One tree of types, host tensors or numbers (float64 scalars) for each parameter of `f`.
 * Errors: a tensor of another trace in `f`; results that are not tensors.
 */
export function trace<Result>(f: (...inputs: never[]) => Result, inputs: readonly unknown[]): TracedFunction<Result> {
  return traceClosure(f, inputs);
}

function checkResult(result: unknown): void {
  if (result !== undefined && (isLeaf(result) || typeof result === "object")) return;
  throw new TensorError(
    `Cannot trace a function: expected it to return tensors, got ${result === undefined ? "nothing" : typeof result}`,
    "Return a tensor, or an object or array of tensors.",
  );
}
