/**
 * The plane pendulum: a point mass on a rigid rod, with optional linear friction at the pivot and a torque.
 * The angle is measured from hanging.
 */

import { hostMath } from "../host-math/host-math.ts";
import type { Arithmetic, Value } from "./arithmetic.ts";
import { angle } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { rodsDrawing } from "./drawing.ts";
import { reflection, reversal } from "./symmetry.ts";
import type { Constants, System } from "./system.ts";

type Names = "mass" | "length" | "gravity" | "damping";

function energy<V>(
  { add, sub, mul, square, cos }: Arithmetic<V>,
  { mass, length, gravity }: Constants<Names, V>,
  [theta = 0, omega = 0]: readonly Value<V>[],
): Value<V> {
  return add(mul(0.5, mass, square(mul(length, omega))), mul(mass, gravity, length, sub(1, cos(theta))));
}

/** theta'' = -(gravity / length) sin theta - (damping omega - torque) / (mass length^2). */
export const pendulum: System = defineSystem<Names>({
  name: "pendulum",
  summary: "A point mass on a rigid rod under gravity, with optional linear friction.",
  coordinates: [angle("theta", "omega")],
  controls: [{ name: "torque", unit: "N m", scale: ({ mass, length, gravity }) => 0.3 * mass * length * gravity }],
  parameters: {
    mass: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass of the bob" },
    length: { unit: "m", default: 1, minimum: 1e-9, meaning: "pivot to bob" },
    gravity: { unit: "m/s^2", default: 9.81, minimum: 0, meaning: "acceleration of free fall" },
    damping: { unit: "kg m^2/s", default: 0, minimum: 0, meaning: "linear friction torque per angular velocity" },
  },
  equations: [
    "theta' = omega",
    "omega' = (torque - mass gravity length sin(theta) - damping omega) / (mass length^2)",
    "energy = mass length^2 omega^2 / 2 + mass gravity length (1 - cos(theta))",
  ],
  field: (
    { add, sub, mul, div, square, sin },
    { mass, length, gravity, damping },
    _t,
    [theta = 0, omega = 0],
    [torque = 0],
  ) => {
    const pull = mul(mass, gravity, length, sin(theta));
    return [omega, div(sub(torque, add(pull, mul(damping, omega))), mul(mass, square(length)))];
  },
  energy,
  conservesEnergy: ({ damping }) => damping === 0,
  symmetries: [reflection([-1, -1]), reversal({ holds: ({ damping }) => damping === 0 })],
  timescale: ({ gravity, length }) => (gravity === 0 ? 1 : 2 * Math.PI * Math.sqrt(length / gravity)),
  // Released anywhere up to 2.3 rad: swings of every size, no full turns.
  sampleStart: (random, { gravity, length }) => {
    const amplitude = 0.3 + 2 * random.uniform();
    const phase = 2 * Math.PI * random.uniform();
    // The same energy at every phase of the swing of that amplitude.
    const theta = amplitude * hostMath.cos(phase);
    const square = (2 * gravity * (hostMath.cos(theta) - hostMath.cos(amplitude))) / length;
    return [theta, -Math.sign(hostMath.sin(phase)) * Math.sqrt(Math.max(0, square))];
  },
  draw: ({ length }, [theta = 0]) => rodsDrawing([theta], [length]),
  source: "Landau, Lifshitz, 1976, Mechanics, 3rd edition, section 11, problem 1",
});
