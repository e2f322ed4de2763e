/**
 * The tape rule: between two loops nothing is kept that a few cheap operations make from what is kept anyway.
 *
 * A sequence of one scan that is a result of an earlier scan of the same length, and that the earlier body computes by at
 * most `cheapLimit` simple operations from other results, sequences or constants, is computed again inside the later
 * body. Nothing new is kept for it but what is smaller than it. Transcendentals, divisions and products stay on the tape.
 */
import { type Atom, type Equation, type Variable, variable } from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import { createOrderedSet } from "../ordered-set.ts";
import type { Bound, Loop } from "./loop.ts";
import { createRecipes, type Recipe } from "./recipe.ts";
import type { Rewriter } from "./rewriter.ts";

/** The inputs of a loop of one kind while some are replaced and others come. */
interface Inputs {
  /** By position; those that have been replaced are undefined. */
  readonly list: (Bound | undefined)[];
  readonly byOuter: Map<Atom, Bound[]>;
}

/**
 * The loop with its cheap sequences computed inside: always the first that can be, those included that are needed for
 * others. One that would need something larger than itself waits until that is needed anyway.
 */
export function recomputeSequences(rewriter: Rewriter, loop: Loop): Loop {
  const recipeOf = createRecipes(rewriter, loop);
  const constants = inputsOf(loop.constants);
  const sequences = inputsOf(loop.sequences);
  const waiting = createOrderedSet<number>((a, b) => a - b);
  const hopes = new Map<Atom, Set<number>>();
  const heads: Equation[][] = [];
  loop.sequences.forEach((_, position) => {
    waiting.add(position);
  });
  const bindSequence = (inner: Variable, outer: Atom): Bound => {
    const known = sequences.byOuter.get(outer)?.[0];
    if (known !== undefined) return known;
    const bound = add(sequences, inner, outer);
    waiting.add(sequences.list.length - 1);
    for (const position of hopes.get(outer) ?? []) waiting.add(position);
    hopes.delete(outer);
    return bound;
  };
  for (let position = waiting.first(); position !== undefined; position = waiting.first()) {
    waiting.delete(position);
    const sequence = sequences.list[position];
    const recipe = sequence && recipeOf(sequence.outer);
    if (sequence === undefined || recipe === undefined) continue;
    const missing = [...recipe.sequences].filter(([, outer]) => !sequences.byOuter.has(outer));
    const fresh = missing.reduce((total, [leaf]) => total + sizeOf(leaf.type.shape), 0);
    if (fresh >= sizeOf(sequence.inner.type.shape)) {
      for (const [, outer] of missing) hopes.set(outer, (hopes.get(outer) ?? new Set()).add(position));
      continue;
    }
    remove(sequences, position);
    const names = new Map<Atom, Atom>();
    for (const [inner, outer] of recipe.constants) {
      names.set(inner, (constants.byOuter.get(outer)?.[0] ?? add(constants, inner, outer)).inner);
    }
    for (const [inner, outer] of recipe.sequences) names.set(inner, bindSequence(inner, outer).inner);
    heads.push(copyEquations(recipe, names, sequence.inner));
  }
  if (heads.length === 0) return loop;
  return {
    ...loop,
    constants: present(constants),
    sequences: present(sequences),
    equations: [...heads.reverse().flat(), ...loop.equations],
  };
}

function inputsOf(bounds: readonly Bound[]): Inputs {
  const byOuter = new Map<Atom, Bound[]>();
  for (const bound of bounds) byOuter.set(bound.outer, [...(byOuter.get(bound.outer) ?? []), bound]);
  return { list: [...bounds], byOuter };
}

/** A new input like one of another body. */
function add({ list, byOuter }: Inputs, like: Variable, outer: Atom): Bound {
  const bound: Bound = { inner: variable(like.type), outer };
  list.push(bound);
  byOuter.set(outer, [bound]);
  return bound;
}

function remove({ list, byOuter }: Inputs, position: number): void {
  const bound = list[position] as Bound;
  list[position] = undefined;
  const others = byOuter.get(bound.outer)?.filter((other) => other !== bound) ?? [];
  if (others.length === 0) byOuter.delete(bound.outer);
  else byOuter.set(bound.outer, others);
}

function present({ list }: Inputs): Bound[] {
  return list.filter((bound) => bound !== undefined);
}

/** The equations of a recipe over the inputs that are there; the last one defines `result`. */
function copyEquations({ equations }: Recipe, names: Map<Atom, Atom>, result: Variable): Equation[] {
  const last = equations.length - 1;
  return equations.map((equation, i): Equation => {
    const inputs = equation.inputs.map((atom) => names.get(atom) ?? atom);
    const outputs = i === last ? [result] : equation.outputs.map(({ type }) => variable(type));
    equation.outputs.forEach((output, k) => {
      names.set(output, outputs[k] as Variable);
    });
    return { ...equation, inputs, outputs };
  });
}
