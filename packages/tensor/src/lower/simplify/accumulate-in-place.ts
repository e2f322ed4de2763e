/**
 * Sums that a loop carries are added to one by one.
 *
 * Reverse mode adds the contributions of a turn to each other and the total to the carry: carry + ((a + b) + c). Written
 * as ((carry + a) + b) + c, in the order in which they are made, no tensor holds the turn's own total: each contribution
 * is added to the carry where it is computed, in the same memory. A contribution that is itself what a loop adds up from
 * zero is no tensor either: that loop goes on from the sum so far.
 */
import type { Atom, Equation, Program, Variable } from "../../program/program.ts";
import { variable } from "../../program/program.ts";
import { additionTree, countUses, ownAddition } from "./addition-tree.ts";
import { placeOfStart } from "./carried-sums.ts";

/** The body of a scan with its carried sums in that order; the carry are inputs from `constants` on. */
export function accumulateInPlace(body: Program, constants: number, carry: number): Program {
  const uses = countUses(body);
  const definitions = new Map<Atom, Equation>();
  const order = new Map<Equation, number>();
  body.equations.forEach((equation, i) => {
    order.set(equation, i);
    for (const output of equation.outputs) definitions.set(output, equation);
  });
  const ownOf = ownAddition(uses, definitions);
  const dropped = new Set<Equation>();
  /** Inputs of loops to replace by sums. */
  const started = new Map<Equation, (readonly [number, Atom])[]>();
  /** Equations to put after the one with this number. */
  const added = new Map<number, Equation[]>();
  const outputs = body.outputs.map((output, i) => {
    const total = body.inputs[constants + i] as Variable;
    if (i >= carry || ownOf(output) === undefined) return output;
    const { terms, inner } = additionTree([output], ownOf);
    if (uses.get(total) !== 1 || !terms.includes(total)) return output;
    const others = terms.filter((term) => term !== total);
    const startIn = (term: Atom): number | undefined =>
      uses.get(term) === 1 ? placeOfStart(definitions.get(term), term) : undefined;
    if (terms.length < 3 && others.every((term) => startIn(term) === undefined)) return output;
    const madeAt = (term: Atom): number => order.get(definitions.get(term) as Equation) ?? -1;
    others.sort((a, b) => madeAt(a) - madeAt(b));
    for (const equation of inner) dropped.add(equation);
    return others.reduce<Atom>((sum, term, k) => {
      const start = startIn(term);
      // Two results of one loop cannot go on from each other.
      if (start !== undefined && (k === 0 || madeAt(others[k - 1] as Atom) < madeAt(term))) {
        const loop = definitions.get(term) as Equation;
        started.set(loop, [...(started.get(loop) ?? []), [start, sum]]);
        return term;
      }
      const next = variable(output.type);
      const at = madeAt(term);
      const equation: Equation = { primitive: "add", parameters: {}, inputs: [sum, term], outputs: [next] };
      added.set(at, [...(added.get(at) ?? []), equation]);
      return next;
    }, total);
  });
  if (dropped.size === 0) return body;
  const equations = [...(added.get(-1) ?? [])];
  body.equations.forEach((equation, i) => {
    if (!dropped.has(equation)) equations.push(withInputs(equation, started.get(equation)));
    equations.push(...(added.get(i) ?? []));
  });
  return { inputs: body.inputs, equations, outputs };
}

function withInputs(equation: Equation, replaced: readonly (readonly [number, Atom])[] = []): Equation {
  if (replaced.length === 0) return equation;
  const inputs = [...equation.inputs];
  for (const [place, atom] of replaced) inputs[place] = atom;
  return { ...equation, inputs };
}
