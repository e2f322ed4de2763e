/**
 * Sums that begin with what is there already: b + x u + y v, not (x u + y v) + b.
 *
 * A processor multiplies and adds in one step. Of n products added to each other n - 1 take it; added to a term that was there
 * before them (a bias, a running sum) all n do. Terms made later than a product stay where they are: nothing waits for them.
 *
 * In: a program. Out: an equal one but for the order in which terms are added, the same whether steps are joined or not.
 */
import { isFloat } from "../dtype.ts";
import type { Atom, Equation, Program, Variable } from "../program/program.ts";
import { variable } from "../program/program.ts";
import { roleOf } from "./roles.ts";
import { additionTree, countUses, ownAddition } from "./simplify/addition-tree.ts";

/** The program with its sums in that order, in loops too. */
export function productsLast(program: Program): Program {
  const equations = program.equations.map(inLoop);
  const uses = countUses(program);
  const definitions = new Map<Atom, Equation>();
  const order = new Map<Atom, number>();
  equations.forEach((equation, i) => {
    const isView = roleOf(equation.primitive) === "view";
    for (const output of equation.outputs) {
      definitions.set(output, equation);
      order.set(output, isView ? (order.get(equation.inputs[0] as Atom) ?? -1) : i);
    }
  });
  const innerOf = ownAddition(uses, definitions);
  const isProduct = (atom: Atom): boolean => uses.get(atom) === 1 && definitions.get(atom)?.primitive === "mul";
  const madeAt = (atom: Atom): number => order.get(atom) ?? -1;
  /** The equations that stand for a sum, from the last to the first of those it is made of. */
  const dropped = new Set<Equation>();
  const chains = new Map<Equation, readonly Equation[]>();
  for (const equation of equations.toReversed()) {
    if (equation.primitive !== "add" || dropped.has(equation)) continue;
    if (!isFloat((equation.outputs[0] as Variable).type.dtype)) continue;
    const { terms, inner } = additionTree(equation.inputs, innerOf);
    if (terms.length < 3 || !inner.some(({ inputs }) => inputs.every(isProduct))) continue;
    const first = Math.min(...terms.filter(isProduct).map(madeAt));
    const isThere = (term: Atom): boolean => !isProduct(term) && madeAt(term) < first;
    if (!terms.some(isThere)) continue;
    const sorted = [...terms.filter(isThere), ...terms.filter((term) => !isThere(term))];
    for (const each of inner) dropped.add(each);
    chains.set(equation, chain(equation, sorted));
  }
  if (chains.size === 0) return { ...program, equations };
  const ordered = equations.flatMap((equation) => (dropped.has(equation) ? [] : (chains.get(equation) ?? [equation])));
  return { ...program, equations: ordered };
}

function inLoop(equation: Equation): Equation {
  if (equation.primitive !== "scan") return equation;
  const scan = equation as Equation<"scan">;
  return { ...scan, parameters: { ...scan.parameters, body: productsLast(scan.parameters.body) } } as Equation;
}

/** Additions of terms one after the other. */
function chain({ outputs }: Equation, terms: readonly Atom[]): readonly Equation[] {
  const [result] = outputs as readonly [Variable];
  let [total] = terms as readonly [Atom];
  return terms.slice(1).map((term, i): Equation => {
    const next = i === terms.length - 2 ? result : variable(result.type);
    const equation: Equation = { primitive: "add", parameters: {}, inputs: [total, term], outputs: [next] };
    total = next;
    return equation;
  });
}
