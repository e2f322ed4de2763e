/**
 * What the bodies of all loops have in common.
 */
import { TensorError } from "../errors.ts";
import { showType } from "../program/infer.ts";
import type { Program } from "../program/program.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { Spec, TracedFunction } from "../trace/trace.ts";

/** @internal The program of a body with the tensors it closed over in front, where loops want their constants. */
export function constantsFirst({ program, captures }: TracedFunction<unknown>): Program {
  const own = program.inputs.length - captures.length;
  return { ...program, inputs: [...program.inputs.slice(own), ...program.inputs.slice(0, own)] };
}

/** @internal Errors: the body does not keep the types of the carry. */
export function expectCarry(start: readonly Tensor[], found: readonly Spec[]): void {
  const wanted = start.map(showType).join(", ");
  const got = found.map(showType).join(", ");
  if (wanted === got) return;
  throw new TensorError(
    `Cannot loop: expected the body to keep the carry ${wanted}, got ${got}`,
    "Return the carry first, with the shapes and element types it came with (convert or reshape it at the start).",
  );
}
