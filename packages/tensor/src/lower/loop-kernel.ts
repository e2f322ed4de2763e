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
import { makeMemberKernel } from "./loop-kernel-map.ts";
import type { LoopKernel } from "./loop-kernel-plan.ts";
import { makeScanKernel } from "./loop-kernel-scan.ts";
import { makeWhileKernel } from "./loop-kernel-while.ts";
import { makeSortKernel } from "./sort-kernel.ts";
import { makeUpdateKernel } from "./update-kernel.ts";

/** The kernel of a loop that fits; undefined for all other equations. */
export function makeLoopKernel(equation: Equation, traits: TargetTraits): LoopKernel | undefined {
  if (isPrimitive(equation, "while")) return makeWhileKernel(equation, traits);
  if (isPrimitive(equation, "scan")) return makeMemberKernel(equation, traits) ?? makeScanKernel(equation, traits);
  if (isPrimitive(equation, "argsort")) return makeSortKernel(equation);
  if (isPrimitive(equation, "updateSlice")) return makeUpdateKernel(equation, traits);
  return undefined;
}

function isPrimitive<P extends PrimitiveName>(equation: Equation, primitive: P): equation is Equation<P> {
  return equation.primitive === primitive;
}
