/** Every equation of a program through a table of rules, once. */
import type { Atom, Program } from "../../program/program.ts";
import { createRewriter, type Rules } from "./rewriter.ts";
import { trim } from "./trim.ts";

/** The program with what the rules make of each equation, in order; without what nothing asks for then. */
export function applyRules(program: Program, rules: Rules): Program {
  const rewriter = createRewriter(rules);
  const replaced = new Map<Atom, Atom>();
  const read = (atom: Atom): Atom => replaced.get(atom) ?? atom;
  for (const equation of trim(program).equations) {
    const { inputs, outputs } = equation;
    const made = rewriter.keep(equation, inputs.map(read));
    if (made === outputs) continue;
    outputs.forEach((output, i) => {
      replaced.set(output, made[i] as Atom);
    });
  }
  return trim({ inputs: program.inputs, equations: rewriter.equations, outputs: program.outputs.map(read) });
}
