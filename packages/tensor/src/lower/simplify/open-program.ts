import type { Program } from "../../program/primitive.ts";
import type { Atom } from "../../program/program.ts";
import type { Rewriter } from "./rewriter.ts";

/** The outputs of a program on these inputs, its equations added one by one. */
export function openProgram(rewriter: Rewriter, program: Program, given: readonly Atom[]): readonly Atom[] {
  const values = new Map<Atom, Atom>(program.inputs.map((input, i) => [input, given[i] as Atom]));
  const read = (atom: Atom): Atom => values.get(atom) ?? atom;
  for (const { primitive, parameters, inputs, outputs } of program.equations) {
    const made = rewriter.emit(primitive, parameters, inputs.map(read));
    outputs.forEach((output, i) => {
      values.set(output, made[i] as Atom);
    });
  }
  return program.outputs.map(read);
}
