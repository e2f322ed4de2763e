/**
 * Long additions, in an order that lets sums over the batch meet first.
 *
 * The gradient of a parameter that several terms of a loss use is a tree of additions of sums over samples and of what
 * needs no samples. Added with each other first, those sums are one: tiles carry one total, not one for each.
 */
import type { Atom, Equation, Program } from "../program/program.ts";
import { additionChain, additionTree, countUses, ownAddition } from "./simplify/addition-tree.ts";

const summing: ReadonlySet<string> = new Set(["reduceSum", "dot", "scan"]);
const views: ReadonlySet<string> = new Set(["reshape", "transpose"]);

/** The program with the terms of its additions reordered: sums first, else in the order in which they are made. */
export function sumsFirst(program: Program): Program {
  const definitions = new Map<Atom, Equation>();
  const order = new Map<Atom, number>();
  program.equations.forEach((equation, i) => {
    for (const output of equation.outputs) {
      definitions.set(output, equation);
      order.set(output, i);
    }
  });
  const innerOf = ownAddition(countUses(program), definitions);
  const inner = new Set<Equation | undefined>();
  for (const { primitive, inputs } of program.equations) {
    if (primitive === "add") for (const input of inputs) inner.add(innerOf(input));
  }
  const equations: Equation[] = [];
  for (const equation of program.equations) {
    if (inner.has(equation)) continue;
    const terms = equation.primitive === "add" ? additionTree(equation.inputs, innerOf).terms : [];
    if (terms.length < 3) equations.push(equation);
    else equations.push(...additionChain(equation, sorted(terms, definitions, order)));
  }
  return { ...program, equations };
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
