/**
 * Van der Pol's oscillator: friction that feeds small swings and brakes large ones, so that all end on one cycle.
 */

import { hostMath } from "../host-math/host-math.ts";
import { scaled } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { pointDrawing } from "./drawing.ts";
import { reflection, reversal } from "./symmetry.ts";
import type { System } from "./system.ts";

/** x'' = mu (1 - x^2) x' - x + drive. */
export const vanDerPol: System = defineSystem<"mu">({
  name: "van-der-pol",
  summary: "A self-excited oscillator with a limit cycle.",
  coordinates: [scaled("x", "velocity", "v")],
  controls: [{ name: "drive", unit: "", scale: () => 0.5 }],
  parameters: { mu: { unit: "", default: 1, minimum: 0, meaning: "strength of the excitation" } },
  equations: ["x' = v", "v' = mu (1 - x^2) v - x + drive", "kept for mu = 0: amplitude^2 = x^2 + v^2"],
  field: ({ add, sub, mul, square }, { mu }, _t, [x = 0, v = 0], [drive = 0]) => {
    return [v, add(sub(mul(mu, sub(1, square(x)), v), x), drive)];
  },
  invariants: [
    {
      name: "squared amplitude",
      unit: "",
      value: ({ add, square }, _parameters, [x = 0, v = 0]) => add(square(x), square(v)),
      holds: ({ mu }) => mu === 0,
    },
  ],
  symmetries: [reflection([-1, -1]), reversal({ holds: ({ mu }) => mu === 0 })],
  // The periods of the limits of small and of large mu.
  timescale: ({ mu }) => Math.max(2 * Math.PI, (3 - 2 * hostMath.log(2)) * mu),
  // Inside and outside of the cycle, whose amplitude is 2.
  sampleStart: (random) => [6 * (random.uniform() - 0.5), 6 * (random.uniform() - 0.5)],
  draw: (_parameters, [x = 0, v = 0]) => pointDrawing("x", "v", x, v),
  source: "van der Pol, 1926, Phil. Mag. 2, 978, doi:10.1080/14786442608564127",
});
