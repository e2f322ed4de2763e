/**
 * Short axes taken apart: a state of two numbers is two values, not a tensor of two.
 *
 * Networks here have one to six inputs and outputs. Along such an axis a loop is as long as its own overhead, tensors
 * that differ only in it cannot share a loop, and stacking or cutting it means copies. So axes of at most six entries
 * become separate tensors (at most sixteen for one tensor): elementwise work is done for each, a sum over such an axis is
 * a few additions, padding and concatenation cost nothing, and what is the same for two entries is shared.
 *
 * In: a simplified program. Out: an equal one; sums over short axes are added entry by entry, first to last. Where a
 * primitive needs the whole tensor it is joined again.
 */
import type { Atom, Program, Variable } from "../../program/program.ts";
import { createRewriter, type Rewriter, type Rules } from "../simplify/rewriter.ts";
import { type Entries, indicesOf, joinEntries, partOf } from "./entries.ts";
import { expandEquation } from "./expand-equation.ts";

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
  /** An expansion for the body of a loop. */
  inner(): Expansion;
}

/** The program with its short axes taken apart; `rules` simplify what is added. */
export function expand(program: Program, rules: Rules): Program {
  const expansion = createExpansion(rules);
  for (const input of program.inputs) expansion.note(input, { axes: [], atoms: [input] });
  for (const equation of program.equations) expandEquation(expansion, equation);
  const outputs = program.outputs.map((output) => expansion.whole(output));
  return { inputs: program.inputs, equations: expansion.rewriter.equations, outputs };
}

function createExpansion(rules: Rules): Expansion {
  const rewriter = createRewriter(rules);
  const noted = new Map<Variable, Entries>();
  const joined = new Map<Variable, Atom>();
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
      const piece = whole(atom);
      const extents = axes.map((axis) => atom.type.shape[axis] as number);
      return indicesOf(extents).map((index) => partOf(rewriter, piece, axes, index));
    },
    note: (variable, entries) => noted.set(variable, entries),
    known: (variable) => noted.get(variable),
    inner: () => createExpansion(rules),
  };
}
