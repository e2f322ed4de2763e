/**
 * The elastic pendulum: a point mass on a spring that swings in a plane and stretches. In resonance, when the spring's
 * frequency is twice that of the swing, the two motions exchange their energy: so with the default constants, where
 * stiffness length = 3 mass gravity. The anchor is the origin, y points up.
 */

import { hostMath } from "../host-math/host-math.ts";
import type { Arithmetic, Value } from "./arithmetic.ts";
import { length } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { reflection, reversal } from "./symmetry.ts";
import type { Constants, System } from "./system.ts";

type Names = "mass" | "stiffness" | "length" | "gravity";

function distance<V>({ add, square, sqrt }: Arithmetic<V>, x: Value<V>, y: Value<V>): Value<V> {
  return sqrt(add(square(x), square(y)));
}

function energy<V>(
  arithmetic: Arithmetic<V>,
  { mass, stiffness, length, gravity }: Constants<Names, V>,
  [x = 0, y = 0, vx = 0, vy = 0]: readonly Value<V>[],
): Value<V> {
  const { add, sub, mul, square } = arithmetic;
  return add(
    mul(0.5, mass, add(square(vx), square(vy))),
    mul(0.5, stiffness, square(sub(distance(arithmetic, x, y), length))),
    mul(mass, gravity, y),
  );
}

/** q'' = -(stiffness / mass) (1 - length / |q|) q - gravity e_y. */
export const springPendulum: System = defineSystem<Names>({
  name: "spring-pendulum",
  summary: "A point mass on a spring that swings and stretches at the same time.",
  coordinates: [length("x", "vx"), length("y", "vy")],
  parameters: {
    mass: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass of the bob" },
    stiffness: { unit: "N/m", default: 29.43, minimum: 1e-9, meaning: "force per stretch" },
    length: { unit: "m", default: 1, minimum: 0, meaning: "length of the spring at rest" },
    gravity: { unit: "m/s^2", default: 9.81, minimum: 0, meaning: "acceleration of free fall" },
  },
  equations: [
    "x' = vx, y' = vy, r = sqrt(x^2 + y^2)",
    "vx' = -(stiffness / mass) (1 - length / r) x",
    "vy' = -(stiffness / mass) (1 - length / r) y - gravity",
    "energy = mass (vx^2 + vy^2) / 2 + stiffness (r - length)^2 / 2 + mass gravity y",
  ],
  field: (arithmetic, { mass, stiffness, length, gravity }, _t, [x = 0, y = 0, vx = 0, vy = 0]) => {
    const { sub, mul, div, neg } = arithmetic;
    const pull = neg(mul(div(stiffness, mass), sub(1, div(length, distance(arithmetic, x, y)))));
    return [vx, vy, mul(pull, x), sub(mul(pull, y), gravity)];
  },
  energy,
  symmetries: [reflection([-1, 1, -1, 1], { meaning: "x and vx change sign" }), reversal()],
  timescale: ({ mass, stiffness, length, gravity }) => {
    const rest = length + (mass * gravity) / stiffness;
    return 2 * Math.PI * Math.sqrt(gravity === 0 ? mass / stiffness : rest / gravity);
  },
  // Released up to 1 rad from hanging, up to a quarter of its length at rest off the length at which it hangs.
  sampleStart: (random, { mass, stiffness, length, gravity }) => {
    const r = length + (mass * gravity) / stiffness + 0.5 * length * (random.uniform() - 0.5);
    const theta = 2 * (random.uniform() - 0.5);
    return [r * hostMath.sin(theta), -r * hostMath.cos(theta), 0, 0];
  },
  draw: (_parameters, [x = 0, y = 0]) => ({
    horizontal: "x [m]",
    vertical: "y [m]",
    points: [
      { x: 0, y: 0, role: "anchor" },
      { x, y, role: "body" },
    ],
    links: [[0, 1]],
  }),
  source: "Breitenberger, Mueller, 1981, J. Math. Phys. 22, 1196, doi:10.1063/1.525030",
});
