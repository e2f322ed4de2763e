/**
 * A program while its short axes are taken apart: the parts of every tensor so far.
 */
import type { Atom, Variable } from "../../program/program.ts";
import { createRewriter, type Rewriter, type Rules } from "../simplify/rewriter.ts";
import { type Entries, indicesOf, joinEntries, partOf } from "./entries.ts";

/** A program being taken apart. */
export interface Expansion {
  readonly rewriter: Rewriter;
  /** The parts with exactly these axes taken apart. */
  entries(atom: Atom, axes: readonly number[]): readonly Atom[];
  /** The tensor in one piece. */
  whole(atom: Atom): Atom;
  /** Notes what a variable of the old program is made of. */
  note(variable: Variable, entries: Entries): void;
  /** How a variable was taken apart; undefined where it was not. */
  known(variable: Variable): Entries | undefined;
  /** Whether an atom says how long a scan is. */
  isLength(atom: Atom): boolean;
  /** An expansion for the body of a loop. */
  inner(): Expansion;
}

/** Nothing taken apart yet; `rules` simplify what is added, `lengths` are those of the scans to come. */
export function createExpansion(rules: Rules, lengths: ReadonlySet<Atom> = new Set()): Expansion {
  const rewriter = createRewriter(rules);
  const noted = new Map<Variable, Entries>();
  const joined = new Map<Variable, Atom>();
  /** Parts of constants cut out before, by their data, then by shape and axes: equal ones are to be one constant. */
  const cut = new Map<unknown, Map<string, readonly Atom[]>>();
  const whole = (atom: Atom): Atom => {
    if (atom.kind === "constant") return atom;
    const before = joined.get(atom);
    if (before !== undefined) return before;
    const made = joinEntries(rewriter, noted.get(atom) as Entries, atom.type.shape);
    joined.set(atom, made);
    return made;
  };
  return {
    rewriter,
    whole,
    entries: (atom, axes) => {
      const known = atom.kind === "variable" ? noted.get(atom) : undefined;
      if (known !== undefined && known.axes.join() === axes.join()) return known.atoms;
      const { shape } = atom.type;
      const indices = indicesOf(axes.map((axis) => shape[axis] as number));
      const parts = (): Atom[] => {
        const piece = whole(atom);
        return indices.map((index) => partOf(rewriter, piece, axes, index));
      };
      if (atom.kind === "variable" || typeof atom.value === "number") return parts();
      const before = entryOf(cut, atom.value, () => new Map<string, readonly Atom[]>());
      return entryOf(before, `${shape.join()}:${axes.join()}`, parts);
    },
    note: (variable, entries) => noted.set(variable, entries),
    known: (variable) => noted.get(variable),
    isLength: (atom) => lengths.has(atom),
    inner: () => createExpansion(rules),
  };
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const before = map.get(key);
  if (before !== undefined) return before;
  const made = make();
  map.set(key, made);
  return made;
}
