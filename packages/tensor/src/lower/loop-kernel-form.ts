/**
 * The form of equations that are one kernel with a loop inside.
 */
import type { Kernel, TargetTraits } from "../kernel/kernel.ts";
import type { PrimitiveName } from "../program/primitive.ts";
import type { Equation } from "../program/program.ts";
import { createTable, type Table } from "../program/table.ts";

/** A loop as one kernel. */
export interface LoopKernel {
  readonly kernel: Kernel;
  /**
   * Which inputs of the equation are its carry. They come to the kernel in the memory of the first outputs. Parameters are
   * all other inputs, then all outputs, then the scratch memory if there is any.
   */
  readonly carry: { readonly from: number; readonly count: number };
  /** Bytes of memory that it needs while it runs. */
  readonly scratch: number;
}

/** The kernel of an equation; undefined where it does not fit into one. */
export type LoopKernelRule<P extends PrimitiveName> = (
  equation: Equation<P>,
  traits: TargetTraits,
) => LoopKernel | undefined;

/** Rules of dialects that are loaded. */
export const loadedLoopKernels: Table<{ readonly [P in PrimitiveName]: LoopKernelRule<P> }> =
  /* @__PURE__ */ createTable("lower");
