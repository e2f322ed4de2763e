/**
 * Symmetries that many systems share, over states of d coordinates and d rates.
 */

import { hostMath } from "../host-math/host-math.ts";
import type { Arithmetic, Value } from "./arithmetic.ts";
import type { Constants, Symmetry } from "./system.ts";

const one = (): number => 1;
const always = (): boolean => true;

/** What may be said of a shared symmetry. */
export interface SymmetryOptions<Names extends string> {
  readonly name?: string;
  readonly meaning?: string;
  /** The invariant that belongs to it. */
  readonly conserves?: string;
  /** With which constants it holds; default all. */
  readonly holds?: (parameters: Constants<Names>) => boolean;
}

/** The signs of single components turn over. `signs`: one for each component of the state. */
export function reflection<Names extends string>(
  signs: readonly (1 | -1)[],
  options: SymmetryOptions<Names> = {},
): Symmetry<Names> {
  return Object.freeze({
    name: options.name ?? "reflection",
    meaning: options.meaning ?? "the state changes sign",
    continuous: false,
    map: <V>({ neg }: Arithmetic<V>, _parameters: unknown, state: readonly Value<V>[]) => {
      return state.map((value, index) => (signs[index] === -1 ? neg(value) : value));
    },
    timeFactor: one,
    conserves: null,
    holds: options.holds ?? always,
  });
}

/** Time runs backward. `signs`: of each component of the state; without them the rates, the second half, turn over. */
export function reversal<Names extends string>(
  options: SymmetryOptions<Names> & { readonly signs?: readonly (1 | -1)[] } = {},
): Symmetry<Names> {
  return Object.freeze({
    name: options.name ?? "reversal",
    meaning: options.meaning ?? "t and all rates change sign",
    continuous: false,
    map: <V>({ neg }: Arithmetic<V>, _parameters: unknown, state: readonly Value<V>[]) => {
      const sign = (index: number): number => options.signs?.[index] ?? (2 * index < state.length ? 1 : -1);
      return state.map((value, index) => (sign(index) === -1 ? neg(value) : value));
    },
    timeFactor: (): number => -1,
    conserves: null,
    holds: options.holds ?? always,
  });
}

/** The same amount is added to some components of the state. */
export function translation<Names extends string>(
  components: readonly number[],
  options: SymmetryOptions<Names> = {},
): Symmetry<Names> {
  return Object.freeze({
    name: options.name ?? "translation",
    meaning: options.meaning ?? "every position is shifted by the same amount",
    continuous: true,
    map: <V>({ add }: Arithmetic<V>, _parameters: unknown, state: readonly Value<V>[], amount: number) => {
      return state.map((value, index) => (components.includes(index) ? add(value, amount) : value));
    },
    timeFactor: one,
    conserves: options.conserves ?? null,
    holds: options.holds ?? always,
  });
}

/** Pairs of components are turned by the same angle, in rad. `pairs`: indices into the state. */
export function rotation<Names extends string>(
  pairs: readonly (readonly [number, number])[],
  options: SymmetryOptions<Names> & { readonly angle?: number } = {},
): Symmetry<Names> {
  const { angle } = options;
  return Object.freeze({
    name: options.name ?? "rotation",
    meaning: options.meaning ?? "positions and rates turn together",
    continuous: angle === undefined,
    map: <V>({ add, sub, mul }: Arithmetic<V>, _parameters: unknown, state: readonly Value<V>[], amount: number) => {
      const turned = [...state];
      const [cosine, sine] = [hostMath.cos(angle ?? amount), hostMath.sin(angle ?? amount)];
      for (const [x, y] of pairs) {
        const [a = 0, b = 0] = [state[x], state[y]];
        turned[x] = sub(mul(cosine, a), mul(sine, b));
        turned[y] = add(mul(sine, a), mul(cosine, b));
      }
      return turned;
    },
    timeFactor: one,
    conserves: options.conserves ?? null,
    holds: options.holds ?? always,
  });
}
