/**
 * Sums of products.
 */
import { TensorError } from "../errors.ts";
import { showType } from "../program/infer.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { unify } from "./broadcasting.ts";

/** Which axes meet in a contraction: `contract` are summed, `batch` run along; pairs of [left, right] lists. */
export interface Contraction {
  readonly contract: readonly [readonly number[], readonly number[]];
  readonly batch?: readonly [readonly number[], readonly number[]];
}

/**
 * The general contraction: batch axes first, then the free axes of `a`, then those of `b`.
 */
export function contract(a: TensorLike, b: TensorLike, { contract: pairs, batch = [[], []] }: Contraction): Tensor {
  return emitOne("dot", { contract: pairs, batch }, unify("contract", [a, b]));
}

/**
 * The matrix product: the last axis of `a` with the first axis of `b` when `b` has one or two axes.
 *
 * @param a Shape [..., n] or [n].
 * @param b Shape [n, m] or [n].
 * Errors: other ranks, unequal extents.
 */
export function matmul(a: TensorLike, b: TensorLike): Tensor {
  const [left, right] = unify("matmul", [a, b]) as [Tensor, Tensor];
  const last = left.shape.length - 1;
  if (last < 0 || right.shape.length < 1 || right.shape.length > 2 || left.shape[last] !== right.shape[0]) {
    throw new TensorError(
      `Cannot matmul: expected shapes [..., n] and [n, m] or [n], got ${showType(left)} and ${showType(right)}`,
      "Use contract(a, b, axes) for other products.",
    );
  }
  return contract(left, right, { contract: [[last], [0]] });
}
