/**
 * The derivative of a power in one product: s m + (s a) b + …, where m = a b, is s (k m).
 *
 * Reverse mode gives the cotangent s of z³ = (z z) z back to z in three products, two of which begin with s z. What is
 * made of z alone is known before s is, so that from s to the sum it is one product instead of two and the additions.
 */
import type { Atom, Equation } from "../program/program.ts";
import { fill, variable } from "../program/program.ts";

/** Terms of a sum, and the equations that make the new ones among them. */
export interface Powers {
  readonly terms: readonly Atom[];
  readonly steps: readonly Equation[];
}

/** The terms with such products joined; `uses` counts again who reads what. */
export function collectPowers(
  given: readonly Atom[],
  definitions: ReadonlyMap<Atom, Equation>,
  uses: Map<Atom, number>,
): Powers {
  const steps: Equation[] = [];
  const factorsOf = (atom: Atom | undefined): readonly Atom[] => {
    const equation = atom === undefined ? undefined : definitions.get(atom);
    return equation?.primitive === "mul" ? equation.inputs : [];
  };
  const count = (atom: Atom, by: number): void => void uses.set(atom, (uses.get(atom) ?? 0) + by);
  /** The terms that stay, each with how often it is one. */
  const left = new Map<Atom, number>();
  for (const term of given) left.set(term, (left.get(term) ?? 0) + 1);
  const products = productsByFirst(left.keys(), factorsOf);
  /** Whether a term is (s a) b or (s b) a, and all who read it are in this sum. */
  const isSame = (term: Atom, s: Atom, [a, b]: readonly Atom[]): boolean => {
    if (uses.get(term) !== left.get(term)) return false;
    return pairsOf(factorsOf(term)).some(
      ([part, last]) =>
        (last === a || last === b) && pairsOf(factorsOf(part)).some(([x, y]) => x === s && y === (last === a ? b : a)),
    );
  };
  const replaced = new Map<Atom, Atom>();
  for (const term of given) {
    if (uses.get(term) !== 1 || !left.has(term)) continue;
    for (const [s, m] of pairsOf(factorsOf(term))) {
      const factors = factorsOf(m);
      const others = factors.length === 2 ? [...(products.get(s) ?? [])] : [];
      const same = others.filter((other) => other !== term && isSame(other, s, factors));
      if (same.length === 0) continue;
      const [multiple, made] = [variable(m.type), variable(term.type)];
      const times = fill(
        m.type,
        same.reduce((sum, other) => sum + (left.get(other) as number), 1),
      );
      steps.push(
        { primitive: "mul", parameters: {}, inputs: [m, times], outputs: [multiple] },
        { primitive: "mul", parameters: {}, inputs: [s, multiple], outputs: [made] },
      );
      for (const old of same) for (const factor of factorsOf(old)) count(factor, -1);
      for (const old of [term, ...same]) {
        uses.set(old, 0);
        left.delete(old);
      }
      for (const atom of [multiple, made]) uses.set(atom, 1);
      replaced.set(term, made);
      break;
    }
  }
  const terms = given.flatMap((term) => replaced.get(term) ?? (left.has(term) ? [term] : []));
  return { terms, steps };
}

/** Terms (s a) b by s, so that each product asks few of them. */
function productsByFirst(
  terms: Iterable<Atom>,
  factorsOf: (atom: Atom) => readonly Atom[],
): ReadonlyMap<Atom, ReadonlySet<Atom>> {
  const products = new Map<Atom, Set<Atom>>();
  for (const term of terms) {
    for (const part of factorsOf(term)) {
      for (const first of factorsOf(part)) products.set(first, (products.get(first) ?? new Set()).add(term));
    }
  }
  return products;
}

/** Two factors in both orders. */
function pairsOf([a, b]: readonly Atom[]): readonly (readonly [Atom, Atom])[] {
  if (a === undefined || b === undefined) return [];
  return a === b
    ? [[a, b]]
    : [
        [a, b],
        [b, a],
      ];
}
