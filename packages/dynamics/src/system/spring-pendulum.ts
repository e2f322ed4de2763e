/**
 * The elastic pendulum: a point mass on a spring that swings in a plane and stretches. In resonance, when the spring's
 * frequency is twice that of the swing, the two motions exchange their energy.
 */

import type { Arithmetic, Value } from "./arithmetic.ts";
import { angle, length } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { rodsDrawing } from "./drawing.ts";
import { reflection, reversal } from "./symmetry.ts";
import type { Constants, System } from "./system.ts";

type Names = "mass" | "stiffness" | "length" | "gravity";

function energy<V>(
  { add, sub, mul, square, cos }: Arithmetic<V>,
  { mass, stiffness, length, gravity }: Constants<Names, V>,
  [r = 0, theta = 0, vr = 0, omega = 0]: readonly Value<V>[],
): Value<V> {
  return add(
    mul(0.5, mass, add(square(vr), square(mul(r, omega)))),
    mul(0.5, stiffness, square(sub(r, length))),
    mul(-1, mass, gravity, r, cos(theta)),
  );
}

/** Polar coordinates about the anchor; the angle is measured from hanging. */
export const springPendulum: System = defineSystem<Names>({
  name: "spring-pendulum",
  summary: "A point mass on a spring that swings and stretches at the same time.",
  coordinates: [length("r", "vr"), angle("theta", "omega")],
  parameters: {
    mass: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass of the bob" },
    stiffness: { unit: "N/m", default: 40, minimum: 1e-9, meaning: "force per stretch" },
    length: { unit: "m", default: 1, minimum: 1e-9, meaning: "length of the spring at rest" },
    gravity: { unit: "m/s^2", default: 9.81, minimum: 0, meaning: "acceleration of free fall" },
  },
  equations: [
    "r' = vr, theta' = omega",
    "vr' = r omega^2 + gravity cos(theta) - (stiffness / mass) (r - length)",
    "omega' = -(gravity sin(theta) + 2 vr omega) / r",
    "energy = mass (vr^2 + r^2 omega^2) / 2 + stiffness (r - length)^2 / 2 - mass gravity r cos(theta)",
  ],
  field: (arithmetic, { mass, stiffness, length, gravity }, _t, [r = 0, theta = 0, vr = 0, omega = 0]) => {
    const { add, sub, mul, div, neg, square, sin, cos } = arithmetic;
    const pull = div(mul(stiffness, sub(r, length)), mass);
    return [
      vr,
      omega,
      sub(add(mul(r, square(omega)), mul(gravity, cos(theta))), pull),
      neg(div(add(mul(gravity, sin(theta)), mul(2, vr, omega)), r)),
    ];
  },
  energy,
  symmetries: [reflection([1, -1, 1, -1], { meaning: "theta and omega change sign" }), reversal()],
  timescale: ({ mass, stiffness, length, gravity }) => {
    const rest = length + (mass * gravity) / stiffness;
    return gravity === 0 ? 2 * Math.PI * Math.sqrt(mass / stiffness) : 2 * Math.PI * Math.sqrt(rest / gravity);
  },
  // Released up to 1 rad from hanging, stretched by up to a quarter of the length at rest about equilibrium.
  sampleStart: (random, { mass, stiffness, length, gravity }) => {
    const rest = length + (mass * gravity) / stiffness;
    return [rest + 0.5 * length * (random.uniform() - 0.5), 2 * (random.uniform() - 0.5), 0, 0];
  },
  draw: (_parameters, [r = 0, theta = 0]) => rodsDrawing([theta], [r]),
  source: "Breitenberger, Mueller, 1981, J. Math. Phys. 22, 1196, doi:10.1063/1.525030",
});
