/**
 * Sums that a loop carries are added to one by one.
 *
 * Reverse mode adds the contributions of a turn to each other and the total to the carry: carry + ((a + b) + c). Written
 * as ((carry + a) + b) + c, in the order in which they are made, no tensor holds the turn's own total: each contribution
 * is added to the carry where it is computed, in the same memory.
 */
import type { Atom, Equation, Program, Variable } from "../../program/program.ts";
import { variable } from "../../program/program.ts";

/** The body of a scan with its carried sums in that order; the carry are inputs from `constants` on. */
export function accumulateInPlace(body: Program, constants: number, carry: number): Program {
  const uses = countUses(body);
  const definitions = new Map<Atom, Equation>();
  const order = new Map<Equation, number>();
  body.equations.forEach((equation, i) => {
    order.set(equation, i);
    for (const output of equation.outputs) definitions.set(output, equation);
  });
  const isOwn = (atom: Atom): boolean => uses.get(atom) === 1 && definitions.get(atom)?.primitive === "add";
  const dropped = new Set<Equation>();
  /** Equations to put after the one with this number. */
  const added = new Map<number, Equation[]>();
  const outputs = body.outputs.map((output, i) => {
    const total = body.inputs[constants + i] as Variable;
    if (i >= carry || !isOwn(output)) return output;
    const tree: Equation[] = [];
    const terms = termsOf(output, definitions, isOwn, tree);
    if (terms.length < 3 || uses.get(total) !== 1 || !terms.includes(total)) return output;
    const others = terms.filter((term) => term !== total);
    const madeAt = (term: Atom): number => order.get(definitions.get(term) as Equation) ?? -1;
    others.sort((a, b) => madeAt(a) - madeAt(b));
    for (const equation of tree) dropped.add(equation);
    return others.reduce<Atom>((sum, term) => {
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
    if (!dropped.has(equation)) equations.push(equation);
    equations.push(...(added.get(i) ?? []));
  });
  return { inputs: body.inputs, equations, outputs };
}

/** What a tree of additions that nobody else reads adds; its equations are noted in `tree`. */
function termsOf(
  root: Atom,
  definitions: ReadonlyMap<Atom, Equation>,
  isOwn: (atom: Atom) => boolean,
  tree: Equation[],
): Atom[] {
  const terms: Atom[] = [];
  const open = [root];
  for (let atom = open.pop(); atom !== undefined; atom = open.pop()) {
    if (!isOwn(atom)) {
      terms.push(atom);
      continue;
    }
    const equation = definitions.get(atom) as Equation;
    tree.push(equation);
    open.push(...equation.inputs.toReversed());
  }
  return terms;
}

function countUses({ equations, outputs }: Program): ReadonlyMap<Atom, number> {
  const uses = new Map<Atom, number>();
  for (const atom of [...equations.flatMap(({ inputs }) => inputs), ...outputs]) {
    uses.set(atom, (uses.get(atom) ?? 0) + 1);
  }
  return uses;
}
