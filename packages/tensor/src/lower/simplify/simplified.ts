/**
 * Bodies of loops that a rule has made: emitting the loop again must end.
 */
import type { Program } from "../../program/program.ts";

/** The whole pass, for the bodies of loops. */
export type Simplify = (program: Program) => Program;

const simplified = new WeakSet<Program>();

/** Whether a rule has made the program. */
export function isSimplified(program: Program): boolean {
  return simplified.has(program);
}

/** Says so of programs. */
export function markSimplified(...programs: readonly Program[]): void {
  for (const program of programs) simplified.add(program);
}
