/**
 * Which terms of one sum have a factor in common, kept as groups of them are replaced by one term.
 *
 * In: the terms in order, who makes them and how often they are read. Out: group after group, the largest first. A term
 * enters its groups and leaves them once, and the next group comes from a queue, so that a sum of n terms takes a time
 * that grows like n log n.
 */
import type { PrimitiveName } from "../program/primitive.ts";
import type { Atom, Equation, Variable } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { createOrderedSet, type OrderedSet } from "./ordered-set.ts";

/** A term as a linear map of one of the operands of its equation; the others are its factor. */
export interface Linear {
  readonly term: Atom;
  readonly equation: Equation;
  readonly operand: number;
}

/** What is known of atoms. */
export interface AtomFacts {
  readonly definitions: ReadonlyMap<Atom, Equation>;
  readonly uses: ReadonlyMap<Atom, number>;
  /** The number of the equation that makes an atom; of what is there before all: none, or -1. */
  readonly order: ReadonlyMap<Atom, number>;
  /** A number for each atom that was asked for. */
  readonly numbers: Map<Atom, number>;
}

/** The groups of one sum. */
export interface FactorGroups {
  /** Terms that have a factor in common: the most, and of equal numbers those of the factor that was made first. */
  largest(): readonly Linear[] | undefined;
  /** Puts one term in the place of the first of a group; the others go. */
  replace(group: readonly Linear[], made: Atom): void;
  /** The terms as they are now. */
  terms(): readonly Atom[];
}

/** Terms that have everything in common but one operand. */
interface Group {
  /** By their place in the sum. */
  readonly members: Map<number, Linear>;
  readonly places: OrderedSet<number>;
  /** The number after which the factor is there. */
  readonly factorMade: number;
}

/** A sum on the way. */
interface Sum {
  readonly facts: AtomFacts;
  /** By place; those that went are missing. */
  readonly terms: (Atom | undefined)[];
  readonly groups: Map<string, Group>;
  readonly groupsAt: Map<number, readonly Group[]>;
  /** Groups of at least two, in the order in which they are wanted. */
  readonly queue: OrderedSet<Group>;
  /** The place of the only term so far that a primitive makes; undefined after there was a second one. */
  readonly alone: Map<PrimitiveName, number | undefined>;
}

/** The groups of these terms; terms that others read too have none. */
export function createFactorGroups(facts: AtomFacts, given: readonly Atom[]): FactorGroups {
  const queue = createOrderedSet(compareGroups);
  const sum: Sum = { facts, terms: [...given], groups: new Map(), groupsAt: new Map(), queue, alone: new Map() };
  const placeOf = new Map(given.map((term, place) => [term, place]));
  for (const place of given.keys()) enter(sum, place);
  return {
    largest: () => {
      const members = [...(queue.first()?.members ?? [])].sort(([a], [b]) => a - b);
      return members.length === 0 ? undefined : members.map(([, linear]) => linear);
    },
    replace: (group, made) => {
      const places = group.map(({ term }) => placeOf.get(term) as number);
      for (const place of places) leave(sum, place);
      const [first] = places as [number];
      sum.terms[first] = made;
      placeOf.set(made, first);
      enter(sum, first);
      // What the steps of the group read may have become a term that nothing else reads.
      for (const input of new Set(group.flatMap(({ equation }) => equation.inputs))) {
        const place = placeOf.get(input);
        if (place !== undefined) enter(sum, place);
      }
    },
    terms: () => sum.terms.filter((term) => term !== undefined),
  };
}

/** What makes the term at a place, if nothing else reads it. */
function stepAt({ facts: { definitions, uses }, terms }: Sum, place: number): Equation | undefined {
  const term = terms[place];
  return term !== undefined && uses.get(term) === 1 ? definitions.get(term) : undefined;
}

/** The first term of a primitive waits for a second one: most sums have nothing in common. */
function enter(sum: Sum, place: number): void {
  const primitive = stepAt(sum, place)?.primitive;
  if (primitive === undefined) return;
  const other = sum.alone.get(primitive);
  const isFirst = !sum.alone.has(primitive);
  sum.alone.set(primitive, isFirst ? place : undefined);
  if (other !== undefined) enterGroups(sum, other);
  if (!isFirst) enterGroups(sum, place);
}

function enterGroups(sum: Sum, place: number): void {
  const equation = stepAt(sum, place);
  if (equation === undefined) return;
  const entered = linearIn(equation).map((operand): Group => {
    const linear = { term: sum.terms[place] as Atom, equation, operand };
    const key = keyOf(sum.facts, linear);
    const group = sum.groups.get(key) ?? createGroup(sum.facts, linear);
    sum.groups.set(key, group);
    change(sum, group, () => {
      group.members.set(place, linear);
      group.places.add(place);
    });
    return group;
  });
  sum.groupsAt.set(place, entered);
}

function leave(sum: Sum, place: number): void {
  for (const group of sum.groupsAt.get(place) ?? []) {
    change(sum, group, () => {
      group.members.delete(place);
      group.places.delete(place);
    });
  }
  sum.terms[place] = undefined;
}

/** Changes a group, which has another place in the queue after that. */
function change({ queue }: Sum, group: Group, by: () => void): void {
  if (group.members.size > 1) queue.delete(group);
  by();
  if (group.members.size > 1) queue.add(group);
}

function createGroup({ order }: AtomFacts, linear: Linear): Group {
  const factorMade = Math.max(-1, ...factorOf(linear).map((atom) => order.get(atom) ?? -1));
  return { members: new Map(), places: createOrderedSet<number>((a, b) => a - b), factorMade };
}

/** The largest first, then the one whose factor was made first, then the one whose first term comes first. */
function compareGroups(a: Group, b: Group): number {
  const [first, second] = [a, b].map((group) => group.places.first() as number) as [number, number];
  return (
    b.members.size - a.members.size ||
    a.factorMade - b.factorMade ||
    first - second ||
    (a.members.get(first)?.operand ?? 0) - (b.members.get(second)?.operand ?? 0)
  );
}

const factorOf = ({ equation: { inputs }, operand }: Linear): Atom[] => inputs.filter((_, i) => i !== operand);

const unary: readonly number[] = [0];
const none: readonly number[] = [];

/** Of which operands an equation is a linear map that costs as much for a sum as for one term. */
const operands: { readonly [P in PrimitiveName]?: readonly number[] } = {
  neg: unary,
  reshape: unary,
  transpose: unary,
  broadcast: unary,
  reverse: unary,
  pad: unary,
  reduceSum: unary,
  div: unary,
  mul: [0, 1],
  dot: [0, 1],
};

/** Parts of a sum are worth the whole where they are not much less: an axis of few entries is read entry by entry. */
const fewEntries = 8;

function linearIn({ primitive, inputs, outputs }: Equation): readonly number[] {
  const [a, b, c] = inputs;
  if (primitive === "slice") {
    const [whole, part] = [a as Atom, outputs[0] as Variable].map(({ type }) => sizeOf(type.shape)) as [number, number];
    return whole <= fewEntries * part ? unary : none;
  }
  if (primitive === "select") return isZero(b) ? [2] : isZero(c) ? [1] : none;
  return a === b ? none : (operands[primitive] ?? none);
}

const isZero = (atom: Atom | undefined): boolean => atom?.kind === "constant" && atom.value === 0;

/** Equal for terms that have everything in common but one operand of one type. */
function keyOf({ numbers }: AtomFacts, linear: Linear): string {
  const { equation, operand } = linear;
  const { primitive, parameters, inputs } = equation;
  const numberOf = (atom: Atom): number => {
    const before = numbers.get(atom) ?? numbers.size;
    numbers.set(atom, before);
    return before;
  };
  const { dtype, shape } = (inputs[operand] as Atom).type;
  const factor = factorOf(linear).map((atom) => (isZero(atom) ? "zero" : numberOf(atom)));
  const place = primitive === "mul" ? "" : operand;
  return JSON.stringify([primitive, parameters, place, dtype, shape, factor]);
}
