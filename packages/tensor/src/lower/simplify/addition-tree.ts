/**
 * Trees of additions: what a sum adds, where nobody else reads what it adds up on the way.
 */
import type { Atom, Equation, Program, Variable } from "../../program/program.ts";
import { variable } from "../../program/program.ts";

/** How often each atom is read, by equations and as a result. */
export function countUses({ equations, outputs }: Program): Map<Atom, number> {
  const uses = new Map<Atom, number>();
  const use = (atom: Atom): void => void uses.set(atom, (uses.get(atom) ?? 0) + 1);
  for (const { inputs } of equations) inputs.forEach(use);
  outputs.forEach(use);
  return uses;
}

/** The addition that makes an atom, if one does and nothing else reads it: such an atom is no leaf of a tree. */
export function ownAddition(
  uses: ReadonlyMap<Atom, number>,
  definitions: ReadonlyMap<Atom, Equation>,
): (atom: Atom) => Equation | undefined {
  return (atom) => {
    const equation = uses.get(atom) === 1 ? definitions.get(atom) : undefined;
    return equation?.primitive === "add" ? equation : undefined;
  };
}

/** The leaves of a tree in order. */
export interface AdditionTree {
  readonly terms: readonly Atom[];
  /** The additions below the root's operands. */
  readonly inner: readonly Equation[];
}

/** The tree that adds `operands`; `innerOf` as `ownAddition` makes it. */
export function additionTree(operands: readonly Atom[], innerOf: (atom: Atom) => Equation | undefined): AdditionTree {
  const terms: Atom[] = [];
  const inner: Equation[] = [];
  const open = operands.toReversed();
  for (let atom = open.pop(); atom !== undefined; atom = open.pop()) {
    const equation = innerOf(atom);
    if (equation === undefined) terms.push(atom);
    else {
      inner.push(equation);
      open.push(...equation.inputs.toReversed());
    }
  }
  return { terms, inner };
}

/** Additions of at least two terms one after the other, which come to what `equation` comes to. */
export function additionChain({ outputs }: Equation, terms: readonly Atom[]): readonly Equation[] {
  const [result] = outputs as readonly [Variable];
  let [total] = terms as readonly [Atom];
  return terms.slice(1).map((term, i): Equation => {
    const next = i === terms.length - 2 ? result : variable(result.type);
    const equation: Equation = { primitive: "add", parameters: {}, inputs: [total, term], outputs: [next] };
    total = next;
    return equation;
  });
}
