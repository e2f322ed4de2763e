/**
 * Loop kernels: a loop over tiny tensors, or with one long axis beside tiny ones, as one kernel with the loop inside.
 *
 * The carry is in registers from the first turn to the last (`loop-kernel-elements.ts`); calls and memory traffic, which
 * cost more than the arithmetic of such a body, are gone. A long axis (the features of a small network) becomes the lanes.
 * A scan without carry whose body holds a `while` is a map over members: its lanes are the members. Larger loops stay
 * loops of the driver (`loop-kernel-fit.ts`). Sorting is such a loop by itself (`sort-kernel.ts`), and
 * so is writing a slice (`update-kernel.ts`).
 */
import type { TargetTraits } from "../kernel/kernel.ts";
import type { PrimitiveName } from "../program/primitive.ts";
import type { Equation } from "../program/program.ts";
import { isOfDialect } from "../program/table.ts";
import { type LoopKernel, type LoopKernelRule, loadedLoopKernels } from "./loop-kernel-form.ts";
import { makeScanKernel } from "./loop-kernel-scan.ts";

/** The kernel of a loop that fits; undefined for all other equations. Errors: a primitive whose dialect is not loaded. */
export function makeLoopKernel(equation: Equation, traits: TargetTraits): LoopKernel | undefined {
  const { primitive } = equation;
  const isScan = primitive === "scan";
  const isLoaded = isScan || !isOfDialect(primitive);
  const rule = isLoaded ? loadedLoopKernels.get(primitive) : loadedLoopKernels.find(primitive);
  const made = (rule as LoopKernelRule<PrimitiveName> | undefined)?.(equation, traits);
  return made ?? (isScan ? makeScanKernel(equation as Equation<"scan">, traits) : undefined);
}
