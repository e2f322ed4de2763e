/**
 * The plane double pendulum: two point masses on rigid rods, the second hanging from the first, with optional linear
 * friction in both joints and a torque in each. Both angles are measured from hanging.
 */

import type { Arithmetic, Value } from "./arithmetic.ts";
import { angle } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { rodsDrawing } from "./drawing.ts";
import { reflection, reversal } from "./symmetry.ts";
import type { Constants, System } from "./system.ts";

type Names = "mass1" | "mass2" | "length1" | "length2" | "gravity" | "damping";

function energy<V>(
  { add, sub, mul, square, cos }: Arithmetic<V>,
  { mass1, mass2, length1, length2, gravity }: Constants<Names, V>,
  [theta1 = 0, theta2 = 0, omega1 = 0, omega2 = 0]: readonly Value<V>[],
): Value<V> {
  const [v1, v2] = [mul(length1, omega1), mul(length2, omega2)];
  const speed2 = add(square(v1), square(v2), mul(2, v1, v2, cos(sub(theta1, theta2))));
  const height1 = mul(length1, sub(1, cos(theta1)));
  const height2 = add(height1, mul(length2, sub(1, cos(theta2))));
  return add(
    mul(0.5, mass1, square(v1)),
    mul(0.5, mass2, speed2),
    mul(gravity, add(mul(mass1, height1), mul(mass2, height2))),
  );
}

/** M(theta) theta'' = forces, solved for theta''. */
export const doublePendulum: System = defineSystem<Names>({
  name: "double-pendulum",
  summary: "Two point masses on rigid rods, one hanging from the other: chaotic for large swings.",
  coordinates: [angle("theta1", "omega1"), angle("theta2", "omega2")],
  controls: [
    { name: "torque1", unit: "N m", scale: ({ mass1, length1, gravity }) => 0.3 * mass1 * length1 * gravity },
    { name: "torque2", unit: "N m", scale: ({ mass2, length2, gravity }) => 0.1 * mass2 * length2 * gravity },
  ],
  parameters: {
    mass1: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass of the inner bob" },
    mass2: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass of the outer bob" },
    length1: { unit: "m", default: 1, minimum: 1e-9, meaning: "pivot to inner bob" },
    length2: { unit: "m", default: 1, minimum: 1e-9, meaning: "inner to outer bob" },
    gravity: { unit: "m/s^2", default: 9.81, minimum: 0, meaning: "acceleration of free fall" },
    damping: { unit: "kg m^2/s", default: 0, minimum: 0, meaning: "friction torque per angular velocity of a joint" },
  },
  equations: [
    "a = (mass1 + mass2) length1^2, b = mass2 length1 length2, c = mass2 length2^2, d = theta1 - theta2",
    "a omega1' + b cos(d) omega2' = torque1 - torque2 - b sin(d) omega2^2 - (mass1 + mass2) gravity length1 sin(theta1) - damping (2 omega1 - omega2)",
    "b cos(d) omega1' + c omega2' = torque2 + b sin(d) omega1^2 - mass2 gravity length2 sin(theta2) - damping (omega2 - omega1)",
    "energy = a omega1^2 / 2 + b cos(d) omega1 omega2 + c omega2^2 / 2 + (mass1 + mass2) gravity length1 (1 - cos(theta1)) + mass2 gravity length2 (1 - cos(theta2))",
  ],
  field: (arithmetic, parameters, _t, [theta1 = 0, theta2 = 0, omega1 = 0, omega2 = 0], [torque1 = 0, torque2 = 0]) => {
    const { add, sub, mul, div, neg, square, sin, cos } = arithmetic;
    const { mass1, mass2, length1, length2, gravity, damping } = parameters;
    const both = add(mass1, mass2);
    const difference = sub(theta1, theta2);
    const a = mul(both, square(length1));
    const b = mul(mass2, length1, length2);
    const c = mul(mass2, square(length2));
    const bend = mul(b, sin(difference));
    const joint = sub(torque2, mul(damping, sub(omega2, omega1)));
    const force1 = add(
      sub(torque1, mul(damping, omega1)),
      neg(joint),
      neg(mul(bend, square(omega2))),
      neg(mul(both, gravity, length1, sin(theta1))),
    );
    const force2 = add(joint, mul(bend, square(omega1)), neg(mul(mass2, gravity, length2, sin(theta2))));
    const coupling = mul(b, cos(difference));
    const determinant = sub(mul(a, c), square(coupling));
    return [
      omega1,
      omega2,
      div(sub(mul(c, force1), mul(coupling, force2)), determinant),
      div(sub(mul(a, force2), mul(coupling, force1)), determinant),
    ];
  },
  energy,
  conservesEnergy: ({ damping }) => damping === 0,
  symmetries: [reflection([-1, -1, -1, -1]), reversal({ holds: ({ damping }) => damping === 0 })],
  timescale: ({ length1, length2, gravity }) => {
    return gravity === 0 ? 1 : 2 * Math.PI * Math.sqrt((length1 + length2) / gravity);
  },
  // Both released from rest, each up to 1.6 rad to either side.
  sampleStart: (random) => [3.2 * (random.uniform() - 0.5), 3.2 * (random.uniform() - 0.5), 0, 0],
  draw: ({ length1, length2 }, [theta1 = 0, theta2 = 0]) => rodsDrawing([theta1, theta2], [length1, length2]),
  source: "Landau, Lifshitz, 1976, Mechanics, 3rd edition, section 5, problem 1",
});
