/**
 * The form of transpose rules.
 */
import type { Parameters, PrimitiveName } from "../program/primitive.ts";
import type { Program, TensorType } from "../program/program.ts";
import { createTable, type Table } from "../program/table.ts";
import type { Tensor } from "../trace/tensor.ts";

/** An input of a linear equation: its value where it is known, null where it is the unknown. */
export interface Operand {
  readonly type: TensorType;
  readonly value: Tensor | null;
}

/** The transpose of a program in its inputs marked linear; see `transform/transpose-program.ts`. */
export type TransposeTransform = (program: Program, linear: readonly boolean[]) => Program;

/** Cotangents of the inputs (null for known ones, or for zero), from those of the outputs (null for zero, but not all). One input at least is unknown. */
export type TransposeRule<P extends PrimitiveName> = (
  parameters: Parameters[P],
  cotangents: readonly (Tensor | null)[],
  inputs: readonly Operand[],
  transform: TransposeTransform,
) => readonly (Tensor | null)[];

/**
 * A rule for each primitive; none of one that is never linear in an input that carries a tangent, whose jvp rule uses others
 * for it.
 */
export type TransposeRules = { readonly [P in PrimitiveName]: TransposeRule<P> | "nonlinear" };

/** Those of dialects that are loaded. */
export const loadedTransposeRules: Table<TransposeRules> = /* @__PURE__ */ createTable("transpose");
