/**
 * The form of point primitives as expressions of the kernel language.
 */
import type { Block } from "../kernel/block.ts";
import { nameOnce } from "../kernel/functions/name-once.ts";
import type { Expression } from "../kernel/kernel.ts";
import type { PrimitiveName } from "../program/primitive.ts";
import { createTable, type Table } from "../program/table.ts";

/** Writes what it needs into the block and gives the results. */
export type PointRow = (block: Block, inputs: readonly Expression[], parameters: unknown) => readonly Expression[];

/** Of a function of all operands, which it may read more than once. */
export const functionOf =
  (write: (block: Block, ...inputs: Expression[]) => Expression): PointRow =>
  (block, inputs) => [write(block, ...inputs.map((input) => nameOnce(block, input)))];

/** Rows of dialects that are loaded. */
export const loadedPointRows: Table<{ readonly [P in PrimitiveName]: PointRow }> = /* @__PURE__ */ createTable("lower");
