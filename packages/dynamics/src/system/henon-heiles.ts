/**
 * Hénon and Heiles: a star in the plane of a galaxy with an axis of symmetry. Regular at low energy, chaotic near the
 * energy 1/6 at which it can escape (for lambda = 1).
 */

import { hostMath } from "../host-math/host-math.ts";
import type { Arithmetic, Value } from "./arithmetic.ts";
import { scaled } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { pointDrawing } from "./drawing.ts";
import { reflection, reversal, rotation } from "./symmetry.ts";
import type { Constants, System } from "./system.ts";

type Names = "lambda";

function potential<V>(
  { add, sub, mul, div, square }: Arithmetic<V>,
  { lambda }: Constants<Names, V>,
  x: Value<V>,
  y: Value<V>,
): Value<V> {
  const cubic = sub(mul(square(x), y), div(mul(y, square(y)), 3));
  return add(mul(0.5, add(square(x), square(y))), mul(lambda, cubic));
}

/** H = (px^2 + py^2 + x^2 + y^2) / 2 + lambda (x^2 y - y^3 / 3). */
export const henonHeiles: System = defineSystem<Names>({
  name: "henon-heiles",
  summary: "A star in a galactic potential: regular and chaotic motions side by side.",
  coordinates: [scaled("x", "momentum", "px"), scaled("y", "momentum", "py")],
  parameters: { lambda: { unit: "", default: 1, minimum: 0, meaning: "strength of the cubic terms" } },
  equations: [
    "x' = px, y' = py",
    "px' = -x - 2 lambda x y, py' = -y - lambda (x^2 - y^2)",
    "energy = (px^2 + py^2 + x^2 + y^2) / 2 + lambda (x^2 y - y^3 / 3)",
  ],
  field: ({ add, sub, mul, neg, square }, { lambda }, _t, [x = 0, y = 0, px = 0, py = 0]) => {
    return [px, py, neg(add(x, mul(2, lambda, x, y))), neg(add(y, mul(lambda, sub(square(x), square(y)))))];
  },
  energy: (arithmetic, parameters, [x = 0, y = 0, px = 0, py = 0]) => {
    const { add, mul, square } = arithmetic;
    return add(mul(0.5, add(square(px), square(py))), potential(arithmetic, parameters, x, y));
  },
  energyUnit: "",
  symmetries: [
    rotation(
      [
        [0, 1],
        [2, 3],
      ],
      { name: "third turn", meaning: "positions and momenta turn by 120 degrees", angle: (2 * Math.PI) / 3 },
    ),
    reflection([-1, 1, -1, 1], { meaning: "x and px change sign" }),
    reversal(),
  ],
  timescale: () => 2 * Math.PI,
  // Bound motions, in units of 1/lambda^2: energies of 0.06 to 0.16 (escape at 0.1667), within 0.3 of the middle.
  sampleStart: (random, { lambda }) => {
    const unit = 1 / Math.max(lambda, 1e-3);
    const [radius, phase] = [0.3 * Math.sqrt(random.uniform()), 2 * Math.PI * random.uniform()];
    const energy = 0.06 + 0.1 * random.uniform();
    const [x, y] = [radius * hostMath.cos(phase), radius * hostMath.sin(phase)];
    const depth = radius ** 2 / 2 + x ** 2 * y - (y * y * y) / 3;
    const [momentum, direction] = [Math.sqrt(2 * (energy - depth)), 2 * Math.PI * random.uniform()];
    return [x, y, momentum * hostMath.cos(direction), momentum * hostMath.sin(direction)].map((value) => unit * value);
  },
  draw: (_parameters, [x = 0, y = 0]) => pointDrawing("x", "y", x, y),
  source: "Hénon, Heiles, 1964, Astron. J. 69, 73, doi:10.1086/109234",
});
