/**
 * Batching of functions over trees.
 */
import { TensorError } from "../errors.ts";
import { moveAxis } from "../ops/movement.ts";
import { isLeaf, leavesOf, mapTree, withLeaves } from "../pytree.ts";
import { showShape } from "../shape.ts";
import { inline } from "../trace/builder.ts";
import { asTensor, isTensor, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { traceClosure } from "../trace/trace.ts";
import { batchProgram } from "./batch-program.ts";

/** Which axis of an argument runs over the batch; null: the argument is the same for all members. */
export type BatchAxis = number | null;

/** One axis for all leaves of an argument, or a tree like the argument with an axis for each of its branches. */
export type BatchAxes = BatchAxis | undefined | readonly BatchAxes[] | { readonly [key: string]: BatchAxes };

/**
 * `f` applied to every member of a batch at once: a loop over the batch axis, without the loop.
 *
 * @param f A function of one member.
 * @param axes One entry for each argument: an axis for all its leaves (negative: from the end), null, or a tree of these
 *   like the argument, where what is left out is axis 0. By default axis 0 of every argument.
 * @returns A function of batches; every leaf of its result has the batch as axis 0.
 * @example
 * const line = (at: { slope: Tensor; x: Tensor }) => mul(at.slope, at.x);
 * evaluate(vmap(line, [{ slope: null }]), { slope: 2, x: array([1, 2, 3]) }).data; // => [2, 4, 6]
 *
 * Errors: no batched argument; batch axes of different extents; an axis that a leaf does not have.
 */
export function vmap<Arguments extends readonly unknown[], Result>(
  f: (...inputs: Arguments) => Result,
  axes: readonly BatchAxes[] = [],
): (...inputs: Arguments) => Result {
  return (...inputs) => {
    const leaves: Tensor[] = [];
    const batched: boolean[] = [];
    const chosen = axesOfLeaves(inputs, axes);
    mapTree(inputs, (leaf) => {
      const tensor = isTensor(leaf) ? leaf : asTensor(leaf as TensorLike, "float64");
      const axis = chosen[leaves.length] ?? null;
      batched.push(axis !== null);
      leaves.push(axis === null ? tensor : moveAxis(tensor, axis, 0));
    });
    const size = batchSize(leaves, batched);
    const members = leaves.map(({ dtype, shape }, i) => ({
      dtype,
      shape: batched[i] === true ? shape.slice(1) : shape,
    }));
    const traced = traceClosure(
      f as unknown as (...inputs: never[]) => Result,
      withLeaves(inputs, members) as unknown[],
    );
    const mask = [...batched, ...traced.captures.map(() => false)];
    const { program } = batchProgram(
      traced.program,
      mask,
      size,
      traced.program.outputs.map(() => true),
    );
    return withLeaves(traced.result, inline(program, [...leaves, ...traced.captures])) as Result;
  };
}

function axesOfLeaves(tree: unknown, axes: BatchAxes): BatchAxis[] {
  if (typeof axes !== "object" || axes === null) return leavesOf(tree).map(() => (axes === undefined ? 0 : axes));
  const fields = isLeaf(tree) ? [] : Object.keys(tree as object);
  const odd = Object.keys(axes).find((key) => !fields.includes(key));
  if (odd !== undefined) {
    throw new TensorError(
      `Cannot vmap: expected axes for ${fields.length === 0 ? "one tensor" : fields.join(", ")}, got some for ${odd}`,
      "Give one axis or null for an argument, or a tree like it.",
    );
  }
  return fields.flatMap((key) => axesOfLeaves((tree as never)[key], (axes as never)[key]));
}

function batchSize(leaves: readonly Tensor[], batched: readonly boolean[]): number {
  const sizes = leaves.filter((_, i) => batched[i] === true).map(({ shape }) => shape[0]);
  const [first] = sizes;
  if (first === undefined || sizes.some((size) => size !== first)) {
    throw new TensorError(
      `Cannot vmap: expected batch axes of one extent, got ${showShape(sizes.map((size) => size ?? 0))}`,
      "Give every batched leaf the same extent, and say null for arguments that all members share.",
    );
  }
  return first;
}
