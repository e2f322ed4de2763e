/**
 * The form of derivative rules.
 */
import type { Parameters, PrimitiveName } from "../program/primitive.ts";
import type { Program } from "../program/program.ts";
import { createTable, type Table } from "../program/table.ts";
import type { Tensor } from "../trace/tensor.ts";

/** The tangent of a tensor; null is zero. */
export type Tangent = Tensor | null;

/** Outputs and their tangents. */
export interface WithTangents {
  readonly primals: readonly Tensor[];
  readonly tangents: readonly Tangent[];
}

/**
 * A program with its tangents: inputs are those of the original, then the tangents of the inputs marked in `nonzero`;
 * outputs alike, with the tangents of the outputs marked in the result's `nonzero`.
 */
export interface JvpProgram {
  readonly program: Program;
  readonly nonzero: readonly boolean[];
}

/** The jvp of a program, for rules of primitives that hold programs. Outputs marked in `forced` get a tangent in any case. */
export type JvpTransform = (program: Program, nonzero: readonly boolean[], forced?: readonly boolean[]) => JvpProgram;

/** The outputs of a primitive and their tangents, from the inputs and theirs. */
export type JvpRule<P extends PrimitiveName> = (
  parameters: Parameters[P],
  primals: readonly Tensor[],
  tangents: readonly Tangent[],
  transform: JvpTransform,
) => WithTangents;

/** A rule for each primitive. */
export type JvpRules = { readonly [P in PrimitiveName]: JvpRule<P> };

/** Those of dialects that are loaded. */
export const loadedJvpRules: Table<JvpRules> = /* @__PURE__ */ createTable("differentiate");
