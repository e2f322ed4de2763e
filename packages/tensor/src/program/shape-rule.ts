/**
 * The form of shape rules, and how they refuse.
 */
import { TensorError } from "../errors.ts";
import { showShape } from "../shape.ts";
import type { Parameters, PrimitiveName } from "./primitive.ts";
import type { TensorType } from "./program.ts";

/** The types of the results of a primitive from those of its operands. */
export type ShapeRule<P extends PrimitiveName> = (
  parameters: Parameters[P],
  inputs: readonly TensorType[],
) => TensorType[];

/** How messages write a type: `float32[3, 4]`. */
export function showType(type: TensorType): string {
  return `${type.dtype}${showShape(type.shape)}`;
}

/** @internal The error of operands that a primitive does not take. */
export function refuse(
  primitive: string,
  expected: string,
  found: readonly TensorType[] | string,
  remedy: string,
): never {
  const got = typeof found === "string" ? found : found.map(showType).join(", ");
  throw new TensorError(`Cannot apply ${primitive}: expected ${expected}, got ${got}`, remedy);
}

/** @internal What to do about element types that differ. */
export const convertRemedy = "Use convert(x, dtype); there is no silent promotion.";

/** @internal The operand of a primitive that has one. */
export function only(primitive: string, inputs: readonly TensorType[]): TensorType {
  const [x] = inputs;
  if (x === undefined || inputs.length !== 1) refuse(primitive, "one tensor", inputs, "Pass exactly one tensor.");
  return x;
}
