/**
 * The form of the evaluator of one primitive.
 */
import type { Parameters, PrimitiveName } from "../../program/primitive.ts";
import type { TensorType } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";

/** Computes the outputs of an equation from its inputs; `outputs` are the types that the shape rule gave. */
export type Evaluator<P extends PrimitiveName> = (
  parameters: Parameters[P],
  inputs: readonly HostTensor[],
  outputs: readonly TensorType[],
) => HostTensor[];
