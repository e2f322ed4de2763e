/**
 * Equations that hold a program and no loop are opened: what they mean to derivatives is over when a program is lowered.
 * What a checkpoint computes again stays apart from the first time where the two are in different loops.
 */
import type { Program } from "../../program/primitive.ts";
import type { Atom } from "../../program/program.ts";
import type { Rewriter, Rules } from "./rewriter.ts";

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

const open = (rewriter: Rewriter, { body }: { readonly body: Program }, given: readonly Atom[]): readonly Atom[] =>
  openProgram(rewriter, body, given);

/** Rules of calls. */
export const callRules: Rules = { checkpoint: open, custom: open, linear: open };
