/**
 * The form of the definition of a primitive in others.
 */
import type { DefinedPrimitive, Parameters } from "../../program/primitive.ts";
import type { Tensor } from "../../trace/tensor.ts";

/**
 * The results of a primitive, written with the operations a user calls. It is traced once for each combination of
 * parameters and types of operands; leading axes are a batch, to be carried through all operations so that members can be
 * lanes. It is never differentiated: the rules of the primitive are.
 */
export type Definition<P extends DefinedPrimitive> = (
  parameters: Parameters[P],
  operands: readonly Tensor[],
) => readonly Tensor[];
