/**
 * Two bodies in a plane that attract each other by Newton's law, seen from a frame in which their centre may drift.
 */

import { hostMath } from "../host-math/host-math.ts";
import { defineSystem } from "./define-system.ts";
import { bodiesDrawing } from "./drawing.ts";
import { bodyCoordinates, gravitation } from "./gravitation.ts";
import type { System } from "./system.ts";

const { field, energy, invariants, symmetries } = gravitation(["mass1", "mass2"]);

/** q1'' = G mass2 (q2 - q1) / r^3, q2'' = G mass1 (q1 - q2) / r^3. */
export const twoBody: System = defineSystem<"G" | "mass1" | "mass2">({
  name: "two-body",
  summary: "Two bodies that orbit each other.",
  coordinates: bodyCoordinates(2),
  parameters: {
    G: { unit: "m^3 kg^-1 s^-2", default: 1, minimum: 1e-12, meaning: "constant of gravitation" },
    mass1: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass of the first body" },
    mass2: { unit: "kg", default: 0.5, minimum: 1e-9, meaning: "mass of the second body" },
  },
  equations: [
    "x_i' = vx_i, y_i' = vy_i, r = |q2 - q1| with q_i = (x_i, y_i)",
    "q1'' = G mass2 (q2 - q1) / r^3, q2'' = G mass1 (q1 - q2) / r^3",
    "energy = mass1 |v1|^2 / 2 + mass2 |v2|^2 / 2 - G mass1 mass2 / r",
  ],
  field: (arithmetic, parameters, _t, state) => field(arithmetic, parameters, state),
  energy,
  invariants,
  symmetries,
  // Kepler's third law for a relative orbit with a semi-major axis of 1 m.
  timescale: ({ G, mass1, mass2 }) => 2 * Math.PI * Math.sqrt(1 / (G * (mass1 + mass2))),
  // From pericentre, eccentricity up to 0.5, any direction; the centre drifts by up to 0.05 of the orbit's speed.
  sampleStart: (random, { G, mass1, mass2 }) => {
    const total = mass1 + mass2;
    const eccentricity = 0.5 * random.uniform();
    const direction = 2 * Math.PI * random.uniform();
    const [cosine, sine] = [hostMath.cos(direction), hostMath.sin(direction)];
    const r = 1 - eccentricity;
    const unit = Math.sqrt(G * total);
    const speed = unit * Math.sqrt((1 + eccentricity) / r);
    const drift = [0, 1].map(() => 0.1 * unit * (random.uniform() - 0.5));
    const [share1, share2] = [-mass2 / total, mass1 / total];
    const velocity = (share: number): number[] => [
      (drift[0] as number) - share * speed * sine,
      (drift[1] as number) + share * speed * cosine,
    ];
    const position = (share: number): number[] => [share * r * cosine, share * r * sine];
    return [...position(share1), ...position(share2), ...velocity(share1), ...velocity(share2)];
  },
  draw: (_parameters, state) => bodiesDrawing(state.slice(0, 4)),
  source: "Landau, Lifshitz, 1976, Mechanics, 3rd edition, sections 13 and 15",
});
