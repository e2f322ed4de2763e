/**
 * Three bodies in a plane that attract each other by Newton's law. Motions start near the figure-eight, where three
 * equal masses chase one another along one closed curve; it is stable, so that nearby motions stay near.
 */

import { hostMath } from "../host-math/host-math.ts";
import { defineSystem } from "./define-system.ts";
import { bodiesDrawing } from "./drawing.ts";
import { bodyCoordinates, gravitation } from "./gravitation.ts";
import type { System } from "./system.ts";

const { field, energy, invariants, symmetries } = gravitation(["mass1", "mass2", "mass3"]);

/**
 * The figure-eight for G = 1 and masses of 1: body 3 in the middle, bodies 1 and 2 opposite to each other; body 3 moves
 * with `velocity`, the others with minus half of it.
 */
const eight = { place: [0.97000436, -0.24308753], velocity: [-0.93240737, -0.86473146], period: 6.32591398 } as const;

/** q_i'' = sum_j G mass_j (q_j - q_i) / r_ij^3. */
export const threeBody: System = defineSystem<"G" | "mass1" | "mass2" | "mass3">({
  name: "three-body",
  summary: "Three bodies that chase one another near the figure-eight.",
  coordinates: bodyCoordinates(3),
  parameters: {
    G: { unit: "m^3 kg^-1 s^-2", default: 1, minimum: 1e-12, meaning: "constant of gravitation" },
    mass1: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass of the first body" },
    mass2: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass of the second body" },
    mass3: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass of the third body" },
  },
  equations: [
    "x_i' = vx_i, y_i' = vy_i, r_ij = |q_j - q_i| with q_i = (x_i, y_i)",
    "q1'' = G mass2 (q2 - q1) / r_12^3 + G mass3 (q3 - q1) / r_13^3",
    "q2'' = G mass3 (q3 - q2) / r_23^3 + G mass1 (q1 - q2) / r_12^3",
    "q3'' = G mass1 (q1 - q3) / r_13^3 + G mass2 (q2 - q3) / r_23^3",
    "energy = sum_i mass_i |v_i|^2 / 2 - sum_i<j G mass_i mass_j / r_ij",
  ],
  field: (arithmetic, parameters, _t, state) => field(arithmetic, parameters, state),
  energy,
  invariants,
  symmetries,
  timescale: ({ G, mass1, mass2, mass3 }) => eight.period / Math.sqrt((G * (mass1 + mass2 + mass3)) / 3),
  // The figure-eight in any direction, its size within 10 % of 1 m, all starts off by about 0.3 %.
  sampleStart: (random, { G, mass1, mass2, mass3 }) => {
    const size = 0.9 + 0.2 * random.uniform();
    const speed = Math.sqrt((G * (mass1 + mass2 + mass3)) / (3 * size));
    const direction = 2 * Math.PI * random.uniform();
    const [cosine, sine] = [hostMath.cos(direction), hostMath.sin(direction)];
    const turned = ([x, y]: readonly [number, number], factor: number): number[] =>
      [cosine * x - sine * y, sine * x + cosine * y].map((value) => factor * (value + 0.003 * random.normal()));
    const places = [turned(eight.place, size), turned(eight.place, -size), turned([0, 0], size)];
    const velocities = [-0.5, -0.5, 1].map((share) => turned(eight.velocity, share * speed));
    return [...places, ...velocities].flat();
  },
  draw: (_parameters, state) => bodiesDrawing(state.slice(0, 6)),
  source: "Chenciner, Montgomery, 2000, Ann. of Math. 152, 881, doi:10.2307/2661357; start by Simó, there",
});
