/**
 * The test of a `while` at the end of its body: whether it goes on is found beside what it is found from, so that what
 * only the test read (a status code, say) need not be carried.
 *
 * In: a loop with a carry that only the test reads. Out: the same loop with the answer as its first carry, which its
 * condition is. The test is made as often as before.
 */
import type { Parameters } from "../../program/primitive.ts";
import { type Atom, type Program, variable } from "../../program/program.ts";
import { openProgram } from "./open-program.ts";
import type { Rewriter } from "./rewriter.ts";

/** The loop in its new form, and its inputs; undefined where nothing is gained. */
export function rotateLoop(
  rewriter: Rewriter,
  { condition, body, conditionConstants, bodyConstants }: Parameters["while"],
  inputs: readonly Atom[],
): { readonly parameters: Parameters["while"]; readonly inputs: readonly Atom[] } | undefined {
  const fixed = conditionConstants + bodyConstants;
  const asked = condition.inputs.slice(0, conditionConstants);
  const carry = condition.inputs.slice(conditionConstants);
  const tested = new Set(condition.equations.flatMap((equation) => equation.inputs));
  const used = new Set([...body.equations.flatMap((equation) => equation.inputs), ...body.outputs]);
  if (!carry.some((each, i) => tested.has(each) && !used.has(body.inputs[bodyConstants + i] as Atom))) return undefined;
  const begins = openProgram(rewriter, condition, [...inputs.slice(0, conditionConstants), ...inputs.slice(fixed)]);
  const [answer] = condition.outputs as readonly [Atom];
  const [old, flag] = [variable(answer.type), variable(answer.type)];
  const values = new Map<Atom, Atom>(carry.map((each, i) => [each, body.outputs[i] as Atom]));
  const read = (atom: Atom): Atom => values.get(atom) ?? atom;
  const test = condition.equations.map((equation) => {
    const outputs = equation.outputs.map((output) => variable(output.type));
    const made = { ...equation, inputs: equation.inputs.map(read), outputs };
    equation.outputs.forEach((output, i) => {
      values.set(output, outputs[i] as Atom);
    });
    return made;
  });
  const turn: Program = {
    inputs: [...asked, ...body.inputs.slice(0, bodyConstants), old, ...body.inputs.slice(bodyConstants)],
    equations: [...body.equations, ...test],
    outputs: [read(answer), ...body.outputs],
  };
  const ask: Program = {
    inputs: [flag, ...carry.map(({ type }) => variable(type))],
    equations: [],
    outputs: [flag],
  };
  return {
    parameters: { condition: ask, body: turn, conditionConstants: 0, bodyConstants: fixed },
    inputs: [...inputs.slice(0, fixed), begins[0] as Atom, ...inputs.slice(fixed)],
  };
}
