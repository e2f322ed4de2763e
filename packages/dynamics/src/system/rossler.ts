/**
 * Rössler's system: the simplest band that folds onto itself; chaotic with its default constants.
 */

import { hostMath } from "../host-math/host-math.ts";
import { variable } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { pointDrawing } from "./drawing.ts";
import type { System } from "./system.ts";

/** x' = -y - z, y' = x + a y, z' = b + z (x - c). */
export const rossler: System = defineSystem<"a" | "b" | "c">({
  name: "rossler",
  summary: "A chaotic band with a single fold.",
  coordinates: [variable("x"), variable("y"), variable("z")],
  parameters: {
    a: { unit: "", default: 0.2, minimum: 0, meaning: "growth of the spiral" },
    b: { unit: "", default: 0.2, minimum: 0, meaning: "source of z" },
    c: { unit: "", default: 5.7, minimum: 0, meaning: "where the fold begins" },
  },
  equations: ["x' = -y - z", "y' = x + a y", "z' = b + z (x - c)"],
  field: ({ add, sub, mul, neg }, { a, b, c }, _t, [x = 0, y = 0, z = 0]) => {
    return [neg(add(y, z)), add(x, mul(a, y)), add(b, mul(z, sub(x, c)))];
  },
  // A turn of the spiral.
  timescale: () => 2 * Math.PI,
  // On the flat part of the band.
  sampleStart: (random) => {
    const [radius, phase] = [2 + 5 * random.uniform(), 2 * Math.PI * random.uniform()];
    return [radius * hostMath.cos(phase), radius * hostMath.sin(phase), 0.05];
  },
  draw: (_parameters, [x = 0, y = 0]) => pointDrawing("x", "y", x, y),
  source: "Rössler, 1976, Phys. Lett. A 57, 397, doi:10.1016/0375-9601(76)90101-8",
});
