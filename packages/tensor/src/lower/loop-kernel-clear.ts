/**
 * Which memory of a loop must be zero where the loop does not write.
 *
 * A result that is read only by loops of the same length, slice by slice, is never read beyond it: the tape between a
 * forward and a backward loop, most of which would be cleared for nothing. Of a record, the length is the count of slots
 * written.
 */
import type { Atom, Equation, Program, Variable } from "../program/program.ts";

/** The stacked results to clear before the loop; none for other equations. */
export function stacksToClear(equation: Equation, program: Program): readonly Variable[] {
  if (equation.primitive !== "scan") return [];
  const { carry, bound } = (equation as Equation<"scan">).parameters;
  const [length] = equation.inputs;
  if (length?.kind === "constant" && typeof length.value === "number" && length.value >= bound) return [];
  return equation.outputs.slice(carry).filter((stack) => !isReadWithin(program, stack, length as Atom));
}

/** Whether all that read a stack are loops of this length, slice by slice. */
export function isReadWithin({ equations, outputs }: Program, stack: Variable, length: Atom): boolean {
  const isWithin = (reader: Equation): boolean => {
    if (!reader.inputs.includes(stack)) return true;
    if (reader.primitive !== "scan" || reader.inputs[0] !== length) return false;
    const { constants, carry } = (reader as Equation<"scan">).parameters;
    return reader.inputs.lastIndexOf(stack) > constants + carry && reader.inputs.indexOf(stack) > constants + carry;
  };
  return !outputs.includes(stack) && equations.every(isWithin);
}
