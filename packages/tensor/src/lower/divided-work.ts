/**
 * From how much work on dividing it between threads pays.
 */
import type { Equation } from "../program/program.ts";
import { scalarOf } from "./scalar-of.ts";
import { workOf } from "./tile/regions.ts";

/**
 * Simple operations of a step that is divided, unless the schedule is told otherwise: some 40 µs of the fastest code, where starting and ending it on all threads
 * takes 2 to 10.
 */
export const leastDivided: number = 1 << 22;

/** Whether the turns of a loop do not depend on each other, are known to run all, and are enough work. */
export function isDivided(scan: Equation<"scan">, leastWork: number): boolean {
  const { carry, bound } = scan.parameters;
  const [length] = scan.inputs;
  const isWhole = length?.kind === "constant" && scalarOf(length) >= bound;
  return isWhole && carry === 0 && bound > 1 && workOf(scan) >= leastWork;
}
