/**
 * Whether a program may be taken apart: not one of so many equations that their parts would take too long to compile.
 */
import type { Program } from "../../program/program.ts";
import { subprograms } from "../../program/subprograms.ts";
import { sizeOf } from "../../shape.ts";
import { shortAxes } from "./entries.ts";

/**
 * Parts of all results at most. Each costs about a twentieth of a millisecond in the passes that follow; programs of
 * this length are unrolled loops, which are better written as loops.
 */
const mostParts = 40_000;

/** Whether the results of all equations, those of inner programs included, have few enough parts. */
export function mayExpand(program: Program): boolean {
  return partsIn(program) <= mostParts;
}

function partsIn({ equations }: Program): number {
  let count = 0;
  for (const { primitive, parameters, outputs } of equations) {
    for (const { type } of outputs) count += sizeOf(shortAxes(type.shape).map((axis) => type.shape[axis] as number));
    for (const inner of subprograms(primitive, parameters)) count += partsIn(inner);
  }
  return count;
}
