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
import { roleOf } from "./roles.ts";
import { additionChain, additionTree, countUses, ownAddition } from "./simplify/addition-tree.ts";

/** Of the terms of a sum: where the first product and the first other one are made; whether two products are added below. */
interface Facts {
  readonly firstProduct: number;
  readonly firstOther: number;
  readonly joins: boolean;
}

const nothing: Facts = { firstProduct: Number.POSITIVE_INFINITY, firstOther: Number.POSITIVE_INFINITY, joins: false };

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
  /** What is known of each sum from what is known of those it adds. */
  const facts = new Map<Equation, Facts>();
  for (const equation of equations) {
    if (equation.primitive !== "add") continue;
    const parts = equation.inputs.map((input): Facts => {
      const sum = innerOf(input);
      const known = sum && facts.get(sum);
      if (known !== undefined) return { ...known, joins: known.joins || sum?.inputs.every(isProduct) === true };
      const at = madeAt(input);
      return isProduct(input) ? { ...nothing, firstProduct: at } : { ...nothing, firstOther: at };
    });
    facts.set(equation, {
      firstProduct: Math.min(...parts.map(({ firstProduct }) => firstProduct)),
      firstOther: Math.min(...parts.map(({ firstOther }) => firstOther)),
      joins: parts.some(({ joins }) => joins),
    });
  }
  /** The equations that stand for a sum, from the last to the first of those it is made of. */
  const dropped = new Set<Equation>();
  const chains = new Map<Equation, readonly Equation[]>();
  for (const equation of equations.toReversed()) {
    const known = facts.get(equation);
    if (known === undefined || dropped.has(equation) || !known.joins || known.firstOther >= known.firstProduct)
      continue;
    if (!isFloat((equation.outputs[0] as Variable).type.dtype)) continue;
    const { terms, inner } = additionTree(equation.inputs, innerOf);
    const isThere = (term: Atom): boolean => !isProduct(term) && madeAt(term) < known.firstProduct;
    const sorted = [...terms.filter(isThere), ...terms.filter((term) => !isThere(term))];
    for (const each of inner) dropped.add(each);
    chains.set(equation, additionChain(equation, sorted));
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
