/**
 * Lorenz's system of 1963: convection cut down to three modes; chaotic with its default constants.
 */

import { variable } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { pointDrawing } from "./drawing.ts";
import { reflection } from "./symmetry.ts";
import type { System } from "./system.ts";

/** x' = sigma (y - x), y' = x (rho - z) - y, z' = x y - beta z. */
export const lorenz: System = defineSystem<"sigma" | "rho" | "beta">({
  name: "lorenz",
  summary: "Convection in three modes: the first strange attractor.",
  coordinates: [variable("x"), variable("y"), variable("z")],
  parameters: {
    sigma: { unit: "", default: 10, minimum: 0, meaning: "Prandtl number" },
    rho: { unit: "", default: 28, minimum: 0, meaning: "Rayleigh number over its critical value" },
    beta: { unit: "", default: 8 / 3, minimum: 0, meaning: "aspect of the rolls" },
  },
  equations: ["x' = sigma (y - x)", "y' = x (rho - z) - y", "z' = x y - beta z"],
  field: ({ sub, mul }, { sigma, rho, beta }, _t, [x = 0, y = 0, z = 0]) => {
    return [mul(sigma, sub(y, x)), sub(mul(x, sub(rho, z)), y), sub(mul(x, y), mul(beta, z))];
  },
  symmetries: [reflection([-1, -1, 1], { name: "half turn", meaning: "x and y change sign" })],
  // One turn about a wing.
  timescale: () => 0.75,
  // In the box about the attractor; it is reached within about one turn.
  sampleStart: (random, { rho }) => {
    const size = Math.max(1, rho - 1);
    return [random.uniform() - 0.5, random.uniform() - 0.5, 0.5 + random.uniform()].map((value) => size * value);
  },
  draw: (_parameters, [x = 0, _y = 0, z = 0]) => pointDrawing("x", "z", x, z),
  source: "Lorenz, 1963, J. Atmos. Sci. 20, 130, doi:10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2",
});
