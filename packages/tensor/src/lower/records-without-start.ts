/**
 * Records of a loop that need not be cleared before it, since of them only the slots that it writes are read.
 */
import type { Atom, Equation, Program } from "../program/program.ts";
import { isReadWithin } from "./loop-kernel-clear.ts";
import { countedRecordOf } from "./loop-kernel-record.ts";

/** The carries of a loop that need no start: records of which only the slots that are written are read. */
export function carriesWithoutStart(equation: Equation, program: Program): ReadonlySet<number> {
  if (equation.primitive !== "while") return new Set();
  const loop = equation as Equation<"while">;
  const leaves = loop.outputs.flatMap((output, leaf) => {
    const record = output.type.shape.length === 0 ? undefined : countedRecordOf(loop, leaf);
    return record !== undefined && isReadWithin(program, output, loop.outputs[record.count] as Atom) ? [leaf] : [];
  });
  return new Set(leaves);
}
