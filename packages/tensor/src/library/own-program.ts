/**
 * Programs of functions that must not close over tensors: rules that are traced later, when the tensors around them may
 * be gone, and whose derivative could not see what is hidden.
 */
import { TensorError } from "../errors.ts";
import type { Program, TensorType } from "../program/program.ts";
import { build } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";

/** @internal The program of `f`. Errors: `f` uses a tensor that is not among its arguments. */
export function ownProgram(
  what: string,
  types: readonly TensorType[],
  f: (tensors: Tensor[]) => readonly Tensor[],
): Program {
  const { program, captures } = build(
    types.map(({ dtype, shape }) => ({ dtype, shape })),
    f,
  );
  if (captures.length > 0) refuse(what, `one that closes over ${captures.length}`);
  return program;
}

/** @internal */
export function refuse(what: string, found: string): never {
  throw new TensorError(
    `Cannot ${what}: expected functions of their arguments alone, got ${found}`,
    "Pass all tensors as arguments; closureConvert finds those that a function closes over.",
  );
}
