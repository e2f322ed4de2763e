/**
 * Slices added to a sum that a loop carries on, where they are.
 *
 * The derivative of reading one slice a turn is zeros with that slice's cotangent, added to a total: as much work a turn as
 * the total has elements. Here it becomes an addition at the place of the slice alone. Only where the total is the carry,
 * or has been added to in this way before: elsewhere the operand would have to be copied.
 *
 * In: a program as it is fused. Out: an equal one, in the bodies of loops, branches inside them left out.
 */
import type { Atom, Equation, Program, Variable } from "../program/program.ts";
import { countUses } from "./simplify/addition-tree.ts";

/** The program with such additions. */
export function addInPlace(program: Program): Program {
  const equations = program.equations.map(inLoop);
  return equations.every((equation, i) => equation === program.equations[i]) ? program : { ...program, equations };
}

function inLoop(equation: Equation): Equation {
  if (equation.primitive !== "scan") return equation;
  const { parameters } = equation as Equation<"scan">;
  const { constants, carry } = parameters;
  const body = addToCarry(addInPlace(parameters.body), parameters.body.inputs.slice(constants, constants + carry));
  return body === parameters.body ? equation : ({ ...equation, parameters: { ...parameters, body } } as Equation);
}

function addToCarry(body: Program, carry: readonly Variable[]): Program {
  const uses = countUses(body);
  const scatters = new Map<Atom, Equation<"scatterAdd">>();
  for (const equation of body.equations) {
    const [output] = equation.outputs as readonly [Variable];
    if (equation.primitive === "scatterAdd" && uses.get(output) === 1)
      scatters.set(output, equation as Equation<"scatterAdd">);
  }
  if (scatters.size === 0) return body;
  const totals = new Set<Atom>(carry);
  const gone = new Set<Equation>();
  const equations = body.equations.map((equation) => {
    if (equation.primitive !== "add") return equation;
    const [a, b] = equation.inputs as readonly [Atom, Atom];
    const [total, part] = totals.has(a) ? [a, scatters.get(b)] : [b, scatters.get(a)];
    if (part === undefined || !totals.has(total) || uses.get(total) !== 1) return equation;
    gone.add(part);
    totals.add(equation.outputs[0] as Variable);
    const { batch } = part.parameters;
    const made: Equation<"addAt"> = {
      primitive: "addAt",
      parameters: { batch },
      inputs: [total, ...part.inputs],
      outputs: equation.outputs,
    };
    return made;
  });
  return gone.size === 0 ? body : { ...body, equations: equations.filter((equation) => !gone.has(equation)) };
}
