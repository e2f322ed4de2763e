/**
 * The form of shape rules, and how they refuse.
 */
import { type DType, isFloat } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { sameShape, showShape } from "../shape.ts";
import type { Parameters, PrimitiveName } from "./primitive.ts";
import type { TensorType } from "./program.ts";
import { createTable, type Table } from "./table.ts";

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

/** @internal The rule of so many operands of one type and shape, of which the result is. */
export function same(
  primitive: string,
  count: number,
  allowed: (dtype: DType) => boolean,
  what: string,
): (parameters: unknown, inputs: readonly TensorType[]) => TensorType[] {
  return (_, inputs) => {
    const [first] = inputs;
    const agree = inputs.every(({ dtype, shape }) => dtype === first?.dtype && sameShape(shape, first.shape));
    if (first === undefined || inputs.length !== count || !agree || !allowed(first.dtype)) {
      refuse(primitive, `${count} of one ${what} type and shape`, inputs, convertRemedy);
    }
    return [{ dtype: first.dtype, shape: first.shape }];
  };
}

/** @internal Whether there is arithmetic on elements of a type. */
export const isNumeric = (dtype: DType): boolean => dtype !== "bool";

/** @internal The rule of a function of two of a numeric type by element. */
export const numericBinary = (primitive: string): ReturnType<typeof same> => same(primitive, 2, isNumeric, "numeric");

/** @internal The rule of a function of one float by element. */
export const floatUnary = (primitive: string): ReturnType<typeof same> => same(primitive, 1, isFloat, "float");

/** @internal The rule of a function of two floats by element. */
export const floatBinary = (primitive: string): ReturnType<typeof same> => same(primitive, 2, isFloat, "float");

/** A rule for each primitive. */
export type ShapeRules = { readonly [P in PrimitiveName]: ShapeRule<P> };

/** Those of dialects that are loaded. */
export const loadedShapeRules: Table<ShapeRules> = /* @__PURE__ */ createTable("apply");
