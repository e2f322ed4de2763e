/**
 * Short axes taken apart: a state of two numbers is two values, not a tensor of two.
 *
 * Networks here have one to six inputs and outputs. Along such an axis a loop is as long as its own overhead, tensors
 * that differ only in it cannot share a loop, and stacking or cutting it means copies. So axes of at most six entries
 * become separate tensors (at most sixteen for one tensor): elementwise work is done for each, a sum over such an axis is
 * a few additions, padding and concatenation cost nothing, and what is the same for two entries is shared.
 *
 * In: a simplified program. Out: an equal one; sums over short axes are added entry by entry, first to last. Where a
 * primitive needs the whole tensor it is joined again.
 */
import type { Program } from "../../program/program.ts";
import type { Rules } from "../simplify/rewriter.ts";
import { expandEquation } from "./expand-equation.ts";
import { createExpansion } from "./expansion.ts";

/** The program with its short axes taken apart; `rules` simplify what is added. */
export function expand(program: Program, rules: Rules): Program {
  const scans = program.equations.filter(({ primitive }) => primitive === "scan");
  const expansion = createExpansion(rules, new Set(scans.flatMap(({ inputs }) => inputs.slice(0, 1))));
  for (const input of program.inputs) expansion.note(input, { axes: [], atoms: [input] });
  for (const equation of program.equations) expandEquation(expansion, equation);
  const outputs = program.outputs.map((output) => expansion.whole(output));
  return { inputs: program.inputs, equations: expansion.rewriter.equations, outputs };
}
