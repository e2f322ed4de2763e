/**
 * Which results of a scan must be zero where the loop does not run.
 *
 * A result that is read only by loops of the same length, slice by slice, is never read beyond it: the tape between a
 * forward and a backward loop, most of which would be cleared for nothing.
 */
import type { Equation, Program, Variable } from "../program/program.ts";

/** The stacked results to clear before the loop; none for other equations. */
export function stacksToClear(equation: Equation, { equations, outputs }: Program): readonly Variable[] {
  if (equation.primitive !== "scan") return [];
  const { carry, bound } = (equation as Equation<"scan">).parameters;
  const [length] = equation.inputs;
  if (length?.kind === "constant" && typeof length.value === "number" && length.value >= bound) return [];
  const isWithin = (reader: Equation, stack: Variable): boolean => {
    if (!reader.inputs.includes(stack)) return true;
    if (reader.primitive !== "scan" || reader.inputs[0] !== length) return false;
    const { constants, carry: kept } = (reader as Equation<"scan">).parameters;
    return reader.inputs.lastIndexOf(stack) > constants + kept && reader.inputs.indexOf(stack) > constants + kept;
  };
  return equation.outputs
    .slice(carry)
    .filter((stack) => outputs.includes(stack) || !equations.every((reader) => isWithin(reader, stack)));
}
