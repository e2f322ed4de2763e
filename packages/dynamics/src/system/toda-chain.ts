/**
 * Toda's chain: n particles on a ring, each pushed by its neighbours with an exponential force. It is integrable, with
 * n invariants; the first three are listed.
 */

import type { Arithmetic, Value } from "./arithmetic.ts";
import { chainCoordinates, chainDrawing, mirror } from "./chain.ts";
import { defineSystem } from "./define-system.ts";
import { reversal, translation } from "./symmetry.ts";
import type { Constants, Invariant, Scalar, Symmetry, System } from "./system.ts";

type Names = "strength";

const always = (): boolean => true;

/** strength exp(q_i - q_(i+1)), for every i. */
function bonds<V>(
  { sub, mul, exp }: Arithmetic<V>,
  { strength }: Constants<Names, V>,
  state: readonly Value<V>[],
): readonly Value<V>[] {
  const q = state.slice(0, state.length / 2);
  return q.map((value, i) => mul(strength, exp(sub(value, q[(i + 1) % q.length] ?? 0))));
}

const energy: Scalar<Names> = (arithmetic, parameters, state) => {
  const { add, sub, mul, square } = arithmetic;
  const kinetic = state.slice(state.length / 2).map((p) => mul(0.5, square(p)));
  const stretch = bonds(arithmetic, parameters, state).map((bond) => sub(bond, parameters.strength));
  return add(...kinetic, ...stretch);
};

const momentum: Scalar<Names> = ({ add }, _parameters, state) => add(...state.slice(state.length / 2));

/** sum_i p_i^3 / 3 + (p_i + p_(i+1)) bond_i. */
const third: Scalar<Names> = (arithmetic, parameters, state) => {
  const { add, mul, div, square } = arithmetic;
  const p = state.slice(state.length / 2);
  const bond = bonds(arithmetic, parameters, state);
  const terms = p.map((value, i) => {
    const pair = mul(add(value, p[(i + 1) % p.length] ?? 0), bond[i] ?? 0);
    return add(div(mul(value, square(value)), 3), pair);
  });
  return add(...terms);
};

const invariants: readonly Invariant<Names>[] = [
  { name: "momentum", unit: "", value: momentum, holds: always },
  { name: "third integral", unit: "", value: third, holds: always },
];

/** Every particle of a ring takes the place of the next. */
const shift: Symmetry<Names> = {
  name: "shift",
  meaning: "every particle takes the place of the next",
  continuous: false,
  map: (_arithmetic, _parameters, state) => {
    const n = state.length / 2;
    return state.map((value, index) => state[index % n === n - 1 ? index + 1 - n : index + 1] ?? value);
  },
  timeFactor: () => 1,
  conserves: null,
  holds: always,
};

/** A ring of n particles; `name` is that of the record. */
export function todaChain(n: number, name = `toda-chain-${n}`): System {
  const sites = Array.from({ length: n }, (_, index) => index);
  return defineSystem<Names>({
    name,
    summary: `A ring of ${n} particles with exponential forces: integrable.`,
    coordinates: chainCoordinates(n),
    parameters: { strength: { unit: "", default: 1, minimum: 1e-9, meaning: "strength of the bonds" } },
    equations: [
      `q_i' = p_i, p_i' = strength (exp(q_i-1 - q_i) - exp(q_i - q_i+1)), i modulo ${n}`,
      "energy = sum_i p_i^2 / 2 + strength (exp(q_i - q_i+1) - 1)",
      "kept: sum_i p_i, and sum_i p_i^3 / 3 + strength (p_i + p_i+1) exp(q_i - q_i+1)",
    ],
    field: (arithmetic, parameters, _t, state) => {
      const bond = bonds(arithmetic, parameters, state);
      return [...state.slice(n), ...sites.map((i) => arithmetic.sub(bond[(i + n - 1) % n] ?? 0, bond[i] ?? 0))];
    },
    energy,
    energyUnit: "",
    invariants,
    symmetries: [
      translation(sites, { meaning: "every q_i is shifted by the same amount", conserves: "momentum" }),
      shift,
      mirror(n),
      reversal(),
    ],
    // The fastest small wave on the ring.
    timescale: ({ strength }) => Math.PI / Math.sqrt(strength),
    // Displacements and momenta of size 1 about a centre at rest.
    sampleStart: (random) => {
      const draws = (): number[] => {
        const values = sites.map(() => random.normal());
        const mean = values.reduce((sum, value) => sum + value, 0) / n;
        return values.map((value) => value - mean);
      };
      return [...draws(), ...draws()];
    },
    draw: (_parameters, state) => chainDrawing(state.slice(0, n), false),
    source:
      "Toda, 1967, J. Phys. Soc. Jpn. 22, 431, doi:10.1143/JPSJ.22.431; integrals: Hénon, 1974, Phys. Rev. B 9, 1921",
  });
}
