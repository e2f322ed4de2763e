/**
 * Long additions, in an order that lets sums over the batch meet first.
 *
 * The gradient of a parameter that several terms of a loss use is a tree of additions of sums over samples and of what
 * needs no samples. Added with each other first, those sums are one: tiles carry one total, not one for each.
 */
import type { Atom, Equation, Program } from "../program/program.ts";
import { variable } from "../program/program.ts";

const summing: ReadonlySet<string> = new Set(["reduceSum", "dot", "scan"]);
const views: ReadonlySet<string> = new Set(["reshape", "transpose"]);

/** The program with the terms of its additions reordered: sums first, else in the order in which they are made. */
export function sumsFirst(program: Program): Program {
  const definitions = new Map<Atom, Equation>();
  const order = new Map<Atom, number>();
  const uses = new Map<Atom, number>();
  const use = (atom: Atom): void => void uses.set(atom, (uses.get(atom) ?? 0) + 1);
  program.equations.forEach((equation, i) => {
    equation.inputs.forEach(use);
    for (const output of equation.outputs) {
      definitions.set(output, equation);
      order.set(output, i);
    }
  });
  program.outputs.forEach(use);
  const isInner = (atom: Atom): boolean => uses.get(atom) === 1 && definitions.get(atom)?.primitive === "add";
  const inner = new Set<Equation>();
  for (const { primitive, inputs } of program.equations) {
    if (primitive !== "add") continue;
    for (const input of inputs) if (isInner(input)) inner.add(definitions.get(input) as Equation);
  }
  const equations: Equation[] = [];
  for (const equation of program.equations) {
    if (inner.has(equation)) continue;
    const terms = equation.primitive === "add" ? termsOf(equation, definitions, inner) : [];
    if (terms.length < 3) equations.push(equation);
    else equations.push(...chain(equation, sorted(terms, definitions, order)));
  }
  return { ...program, equations };
}

function termsOf(root: Equation, definitions: ReadonlyMap<Atom, Equation>, inner: ReadonlySet<Equation>): Atom[] {
  const terms: Atom[] = [];
  const open = [...root.inputs].reverse();
  for (let atom = open.pop(); atom !== undefined; atom = open.pop()) {
    const equation = definitions.get(atom);
    if (equation !== undefined && inner.has(equation)) open.push(...[...equation.inputs].reverse());
    else terms.push(atom);
  }
  return terms;
}

function sorted(
  terms: readonly Atom[],
  definitions: ReadonlyMap<Atom, Equation>,
  order: ReadonlyMap<Atom, number>,
): Atom[] {
  const isSum = (term: Atom): boolean => {
    let equation = definitions.get(term);
    while (equation !== undefined && views.has(equation.primitive))
      equation = definitions.get(equation.inputs[0] as Atom);
    return equation !== undefined && summing.has(equation.primitive);
  };
  const rank = (term: Atom): number => (isSum(term) ? 0 : program) + (order.get(term) ?? -1);
  const program = order.size;
  return [...terms].sort((a, b) => rank(a) - rank(b));
}

function chain({ outputs }: Equation, terms: readonly Atom[]): Equation[] {
  const [result] = outputs as readonly [Equation["outputs"][number]];
  let total = terms[0] as Atom;
  return terms.slice(1).map((term, i): Equation => {
    const next = i === terms.length - 2 ? result : variable(result.type);
    const equation: Equation = { primitive: "add", parameters: {}, inputs: [total, term], outputs: [next] };
    total = next;
    return equation;
  });
}
