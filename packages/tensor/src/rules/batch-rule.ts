/**
 * The form of batching rules.
 */
import type { Parameters, PrimitiveName } from "../program/primitive.ts";
import type { Program } from "../program/program.ts";
import { createTable, type Table } from "../program/table.ts";
import type { Tensor } from "../trace/tensor.ts";

/** A program for a whole batch, and which of its outputs are batched. */
export interface BatchProgram {
  readonly program: Program;
  readonly batched: readonly boolean[];
}

/** The program for a batch of `size`; outputs marked in `forced` are batched in any case. */
export type BatchTransform = (
  program: Program,
  batched: readonly boolean[],
  size: number,
  forced?: readonly boolean[],
) => BatchProgram;

/** The outputs for the whole batch, each with the batch as axis 0. */
export type BatchRule<P extends PrimitiveName> = (
  parameters: Parameters[P],
  inputs: readonly Tensor[],
  batched: readonly boolean[],
  size: number,
  transform: BatchTransform,
) => readonly Tensor[];

/** A rule for each primitive. */
export type BatchRules = { readonly [P in PrimitiveName]: BatchRule<P> };

/** Those of dialects that are loaded. */
export const loadedBatchRules: Table<BatchRules> = /* @__PURE__ */ createTable("batch");
