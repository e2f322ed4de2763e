/**
 * The equations of a program under construction, found again by what they compute.
 *
 * A hash table over numbers, with comparison by structure: keys of text would be most of the work of a rewriter.
 */
import type { Parameters, PrimitiveName } from "../../program/primitive.ts";
import type { Atom, Equation } from "../../program/program.ts";
import { sameShape } from "../../shape.ts";

/** See `createKnownEquations`. */
export interface KnownEquations {
  /** An equation with this primitive and equal parameters and inputs; of some primitives in either order. */
  find(primitive: PrimitiveName, parameters: Parameters[PrimitiveName], inputs: readonly Atom[]): Equation | undefined;
  /** Adds the equation that the last `find` did not find. */
  add(equation: Equation): void;
}

interface Entry {
  readonly equation: Equation;
  /** The entry before with the same hash. */
  readonly next: Entry | undefined;
}

const commutative: ReadonlySet<string> = new Set(["add", "mul", "max", "min", "and", "or", "xor", "equal", "notEqual"]);

/** An empty table. */
export function createKnownEquations(): KnownEquations {
  const entries = new Map<number, Entry>();
  /** Numbers for what has no number of its own: variables, programs, values of constants, names. */
  const numbers = new Map<unknown, number>();
  const numberOf = (thing: unknown): number => {
    const before = numbers.get(thing);
    if (before !== undefined) return before;
    numbers.set(thing, numbers.size);
    return numbers.size - 1;
  };
  const hashOf = (value: unknown): number => {
    if (typeof value === "number") return value | 0;
    return Array.isArray(value) ? value.reduce<number>((hash, item) => mix(hash, hashOf(item)), 1) : numberOf(value);
  };
  let last = 0;
  return {
    find: (primitive, parameters, inputs) => {
      const isCommutative = commutative.has(primitive);
      let hash = numberOf(primitive);
      for (const name in parameters) hash = mix(hash, hashOf(parameters[name as keyof typeof parameters]));
      for (const input of inputs) {
        const own = Math.imul(numberOf(input.kind === "variable" ? input : input.value), spread);
        hash = isCommutative ? (hash + own) | 0 : mix(hash, own);
      }
      last = hash;
      for (let entry = entries.get(hash); entry !== undefined; entry = entry.next) {
        const { equation } = entry;
        if (equation.primitive !== primitive || !isEqual(equation.parameters, parameters)) continue;
        if (sameInputs(equation.inputs, inputs) || (isCommutative && sameExchanged(equation.inputs, inputs))) {
          return equation;
        }
      }
      return undefined;
    },
    add: (equation) => {
      entries.set(last, { equation, next: entries.get(last) });
    },
  };
}

/** Spreads small numbers over all bits. */
const spread = 0x9e3779b1;

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, spread);
  return mixed ^ (mixed >>> 15);
}

function sameInputs(a: readonly Atom[], b: readonly Atom[]): boolean {
  return a.length === b.length && a.every((atom, i) => sameAtom(atom, b[i] as Atom));
}

/** Of two operands. */
function sameExchanged([a, b]: readonly Atom[], [c, d]: readonly Atom[]): boolean {
  return sameAtom(a as Atom, d as Atom) && sameAtom(b as Atom, c as Atom);
}

function sameAtom(a: Atom, b: Atom): boolean {
  if (a === b) return true;
  if (a.kind !== "constant" || b.kind !== "constant" || !Object.is(a.value, b.value)) return false;
  return a.type.dtype === b.type.dtype && sameShape(a.type.shape, b.type.shape);
}

/** Whether parameters are equal: programs are if they are the same. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || "equations" in a) return false;
  const names = Object.keys(a) as (keyof typeof a)[];
  return names.length === Object.keys(b).length && names.every((name) => isEqual(a[name], b[name]));
}
