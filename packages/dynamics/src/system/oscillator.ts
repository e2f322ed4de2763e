/**
 * The linear oscillator: a mass on a spring, with optional linear friction and a force.
 */

import { hostMath } from "../host-math/host-math.ts";
import type { Arithmetic, Value } from "./arithmetic.ts";
import { length } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { reflection, reversal } from "./symmetry.ts";
import type { Constants, System } from "./system.ts";

type Names = "mass" | "stiffness" | "damping";

function energy<V>(
  { add, mul, square }: Arithmetic<V>,
  { mass, stiffness }: Constants<Names, V>,
  [x = 0, v = 0]: readonly Value<V>[],
): Value<V> {
  return add(mul(0.5, mass, square(v)), mul(0.5, stiffness, square(x)));
}

/** x'' = (force - stiffness x - damping v) / mass. */
export const oscillator: System = defineSystem<Names>({
  name: "oscillator",
  summary: "A mass on a linear spring, with optional linear friction.",
  coordinates: [length("x", "v")],
  controls: [{ name: "force", unit: "N", scale: ({ stiffness }) => 0.5 * stiffness }],
  parameters: {
    mass: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass" },
    stiffness: { unit: "N/m", default: 1, minimum: 0, meaning: "force per displacement" },
    damping: { unit: "kg/s", default: 0, minimum: 0, meaning: "linear friction force per velocity" },
  },
  equations: ["x' = v", "v' = (force - stiffness x - damping v) / mass", "energy = mass v^2 / 2 + stiffness x^2 / 2"],
  field: ({ add, sub, mul, div }, { mass, stiffness, damping }, _t, [x = 0, v = 0], [force = 0]) => {
    return [v, div(sub(force, add(mul(stiffness, x), mul(damping, v))), mass)];
  },
  energy,
  conservesEnergy: ({ damping }) => damping === 0,
  symmetries: [reflection([-1, -1]), reversal({ holds: ({ damping }) => damping === 0 })],
  timescale: ({ mass, stiffness }) => (stiffness === 0 ? 1 : 2 * Math.PI * Math.sqrt(mass / stiffness)),
  // Amplitude 0.1 .. 1 m at any phase.
  sampleStart: (random, { mass, stiffness }) => {
    const amplitude = 0.1 + 0.9 * random.uniform();
    const phase = 2 * Math.PI * random.uniform();
    return [amplitude * hostMath.cos(phase), -amplitude * Math.sqrt(stiffness / mass) * hostMath.sin(phase)];
  },
  draw: (_parameters, [x = 0]) => ({
    horizontal: "x [m]",
    vertical: "",
    points: [
      { x: -2, y: 0, role: "anchor" },
      { x, y: 0, role: "body" },
    ],
    links: [[0, 1]],
  }),
  source: "Landau, Lifshitz, 1976, Mechanics, 3rd edition, sections 21 and 25",
});
