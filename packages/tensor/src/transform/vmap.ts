/**
 * Batching of functions over trees.
 */
import { TensorError } from "../errors.ts";
import { moveAxis } from "../ops/movement.ts";
import { mapTree, withLeaves } from "../pytree.ts";
import { showShape } from "../shape.ts";
import { inline } from "../trace/builder.ts";
import { asTensor, isTensor, type Tensor, type TensorLike } from "../trace/tensor.ts";
import { traceClosure } from "../trace/trace.ts";
import { batchProgram } from "./batch-program.ts";

/** Which axis of an argument runs over the batch; null: the argument is the same for all members. */
export type BatchAxis = number | null;

/**
 * `f` applied to every member of a batch at once: a loop over the batch axis, without the loop.
 *
 * @param f A function of one member.
 * @param axes One entry for each argument, valid for all its leaves; by default axis 0 of every argument.
 * @returns A function of batches; every leaf of its result has the batch as axis 0.
 * Errors: no batched argument; batch axes of different extents.
 */
export function vmap<Arguments extends readonly unknown[], Result>(
  f: (...inputs: Arguments) => Result,
  axes: readonly BatchAxis[] = [],
): (...inputs: Arguments) => Result {
  return (...inputs) => {
    const leaves: Tensor[] = [];
    const batched: boolean[] = [];
    inputs.forEach((input, i) => {
      const axis = axes[i] === undefined ? 0 : axes[i];
      mapTree(input, (leaf) => {
        const tensor = isTensor(leaf) ? leaf : asTensor(leaf as TensorLike, "float64");
        batched.push(axis !== null);
        leaves.push(axis === null || axis === undefined ? tensor : moveAxis(tensor, axis, 0));
      });
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
