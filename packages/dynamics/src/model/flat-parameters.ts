/**
 * Parameters as one vector: what least squares and files see of a tree of tensors.
 *
 * The leaves that training may move, in order, one after another; frozen ones keep their values apart.
 */
import {
  array,
  type HostTensor,
  mapTree,
  reshape,
  sizeOf,
  slice,
  type Tensor,
  type TensorLike,
} from "@leastaction/tensor";
import type { AnyModel } from "./model.ts";

/** A leaf of a tree of parameters. */
export interface ParameterLeaf {
  /** As JavaScript writes it, without the leading dot: `potential.layers[0].weight`. */
  readonly name: string;
  readonly value: HostTensor;
  readonly trainable: boolean;
}

/** The leaves of parameters on the host, left to right. */
export function parameterLeaves(parameters: unknown, frozen: readonly string[] = []): readonly ParameterLeaf[] {
  const leaves: ParameterLeaf[] = [];
  mapTree(parameters, (leaf, path) => {
    const name = path.replace(/^\./, "");
    const top = name.split(/[.[]/, 1)[0] as string;
    const value = typeof leaf === "number" ? array(leaf) : (leaf as HostTensor);
    leaves.push({ name, value, trainable: value.dtype.startsWith("float") && !frozen.includes(top) });
  });
  return leaves;
}

/** The trainable numbers of parameters as one vector of float64. */
export function flatten(parameters: unknown, frozen: readonly string[] = []): Float64Array {
  const parts = parameterLeaves(parameters, frozen).filter(({ trainable }) => trainable);
  return Float64Array.from(parts.flatMap(({ value }) => Array.from(value.data)));
}

/** The tree with its trainable leaves cut from a vector; traced for a symbolic vector. */
export function unflatten<P>(structure: P, vector: Tensor, frozen: readonly string[] = []): P {
  const leaves = parameterLeaves(structure, frozen);
  let next = 0;
  let from = 0;
  return mapTree(structure, (): TensorLike => {
    const { value, trainable } = leaves[next++] as ParameterLeaf;
    if (!trainable) return value;
    const size = sizeOf(value.shape);
    from += size;
    return reshape(slice(vector, 0, from - size, from), value.shape);
  }) as P;
}

/** As `unflatten`, on the host. */
export function unflattenHost<P>(structure: P, vector: Float64Array, frozen: readonly string[] = []): P {
  const leaves = parameterLeaves(structure, frozen);
  let next = 0;
  let from = 0;
  return mapTree(structure, (): HostTensor => {
    const { value, trainable } = leaves[next++] as ParameterLeaf;
    if (!trainable) return value;
    const size = sizeOf(value.shape);
    from += size;
    return array(vector.slice(from - size, from), value.shape, value.dtype);
  }) as P;
}

/** Lower and upper bounds of every trainable number, from the bounds of a definition. */
export function flatBounds(
  { bounds = {}, frozen }: Pick<AnyModel, "bounds" | "frozen">,
  parameters: unknown,
): { readonly lower: number[]; readonly upper: number[] } {
  const leaves = parameterLeaves(parameters, frozen).filter(({ trainable }) => trainable);
  const column = (side: 0 | 1, none: number): number[] =>
    leaves.flatMap(({ name, value }) => {
      const bound = bounds[name.split(/[.[]/, 1)[0] as string]?.[side] ?? none;
      return new Array<number>(sizeOf(value.shape)).fill(bound);
    });
  return { lower: column(0, Number.NEGATIVE_INFINITY), upper: column(1, Number.POSITIVE_INFINITY) };
}
