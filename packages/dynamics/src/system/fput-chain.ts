/**
 * The chain of Fermi, Pasta, Ulam and Tsingou: n particles between two walls, with springs that are not quite linear.
 * Energy put into the longest wave does not spread evenly, but comes back.
 */

import { hostMath } from "../host-math/host-math.ts";
import type { Arithmetic, Value } from "./arithmetic.ts";
import { chainCoordinates, chainDrawing, mirror } from "./chain.ts";
import { defineSystem } from "./define-system.ts";
import { reflection, reversal } from "./symmetry.ts";
import type { System } from "./system.ts";

type Names = "alpha" | "beta";

/** A chain of n particles; `name` is that of the record. */
export function fputChain(n: number, name = `fput-chain-${n}`): System {
  const sites = Array.from({ length: n }, (_, index) => index);

  /** The stretch of the n + 1 springs. */
  function stretches<V>({ sub }: Arithmetic<V>, state: readonly Value<V>[]): readonly Value<V>[] {
    const q = state.slice(0, n);
    return [...sites, n].map((i) => sub(q[i] ?? 0, q[i - 1] ?? 0));
  }

  return defineSystem<Names>({
    name,
    summary: `A chain of ${n} particles with slightly nonlinear springs, whose long waves come back.`,
    coordinates: chainCoordinates(n),
    parameters: {
      alpha: { unit: "", default: 0.25, meaning: "quadratic term of the springs' force" },
      beta: { unit: "", default: 0, minimum: 0, meaning: "cubic term of the springs' force" },
    },
    equations: [
      `r_i = q_i - q_i-1, q_0 = q_${n + 1} = 0, F(r) = r + alpha r^2 + beta r^3`,
      "q_i' = p_i, p_i' = F(r_i+1) - F(r_i)",
      "energy = sum_i p_i^2 / 2 + sum_i r_i^2 / 2 + alpha r_i^3 / 3 + beta r_i^4 / 4",
    ],
    field: (arithmetic, { alpha, beta }, _t, state) => {
      const { add, sub, mul } = arithmetic;
      const forces = stretches(arithmetic, state).map((r) => mul(r, add(1, mul(r, add(alpha, mul(beta, r))))));
      return [...state.slice(n), ...sites.map((i) => sub(forces[i + 1] ?? 0, forces[i] ?? 0))];
    },
    energy: (arithmetic, { alpha, beta }, state) => {
      const { add, mul, div, square } = arithmetic;
      const kinetic = state.slice(n).map((p) => mul(0.5, square(p)));
      const springs = stretches(arithmetic, state).map((r) => {
        return mul(square(r), add(0.5, mul(r, add(div(alpha, 3), mul(0.25, beta, r)))));
      });
      return add(...kinetic, ...springs);
    },
    energyUnit: "",
    symmetries: [
      mirror(n),
      reversal(),
      reflection(
        sites.flatMap(() => [-1, -1]),
        { holds: ({ alpha }) => alpha === 0 },
      ),
    ],
    // The longest wave of the linear chain.
    timescale: () => Math.PI / hostMath.sin(Math.PI / (2 * (n + 1))),
    // The longest wave, at an amplitude of 0.5 .. 1 and any phase.
    sampleStart: (random) => {
      const [amplitude, phase] = [0.5 + 0.5 * random.uniform(), 2 * Math.PI * random.uniform()];
      const frequency = 2 * hostMath.sin(Math.PI / (2 * (n + 1)));
      const wave = sites.map((i) => amplitude * hostMath.sin((Math.PI * (i + 1)) / (n + 1)));
      return [
        ...wave.map((value) => value * hostMath.cos(phase)),
        ...wave.map((value) => -value * frequency * hostMath.sin(phase)),
      ];
    },
    draw: (_parameters, state) => chainDrawing(state.slice(0, n), true),
    source: "Fermi, Pasta, Ulam, Tsingou, 1955, Studies of nonlinear problems, Los Alamos LA-1940, doi:10.2172/4376203",
  });
}
