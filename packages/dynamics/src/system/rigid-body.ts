/**
 * The free rigid body: Euler's equations for the angular velocity about the principal axes of the body. Turns about the
 * middle axis are unstable.
 */

import { hostMath } from "../host-math/host-math.ts";
import { variable } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { pointDrawing } from "./drawing.ts";
import { reflection, reversal } from "./symmetry.ts";
import type { System } from "./system.ts";

type Names = "inertia1" | "inertia2" | "inertia3";

/** inertia1 omega1' = (inertia2 - inertia3) omega2 omega3, and so on in turn. */
export const rigidBody: System = defineSystem<Names>({
  name: "rigid-body",
  summary: "A body that turns freely, by Euler's equations.",
  coordinates: [variable("omega1", "rad/s"), variable("omega2", "rad/s"), variable("omega3", "rad/s")],
  parameters: {
    inertia1: { unit: "kg m^2", default: 1, minimum: 1e-9, meaning: "moment of inertia about the first axis" },
    inertia2: { unit: "kg m^2", default: 2, minimum: 1e-9, meaning: "moment of inertia about the second axis" },
    inertia3: { unit: "kg m^2", default: 3, minimum: 1e-9, meaning: "moment of inertia about the third axis" },
  },
  equations: [
    "inertia1 omega1' = (inertia2 - inertia3) omega2 omega3",
    "inertia2 omega2' = (inertia3 - inertia1) omega3 omega1",
    "inertia3 omega3' = (inertia1 - inertia2) omega1 omega2",
    "energy = (inertia1 omega1^2 + inertia2 omega2^2 + inertia3 omega3^2) / 2",
  ],
  field: ({ sub, mul, div }, { inertia1, inertia2, inertia3 }, _t, [omega1 = 0, omega2 = 0, omega3 = 0]) => [
    div(mul(sub(inertia2, inertia3), omega2, omega3), inertia1),
    div(mul(sub(inertia3, inertia1), omega3, omega1), inertia2),
    div(mul(sub(inertia1, inertia2), omega1, omega2), inertia3),
  ],
  energy: ({ add, mul, square }, { inertia1, inertia2, inertia3 }, [omega1 = 0, omega2 = 0, omega3 = 0]) => {
    return mul(0.5, add(mul(inertia1, square(omega1)), mul(inertia2, square(omega2)), mul(inertia3, square(omega3))));
  },
  invariants: [
    {
      name: "angular momentum",
      unit: "kg m^2/s",
      value: ({ add, mul, square, sqrt }, { inertia1, inertia2, inertia3 }, [omega1 = 0, omega2 = 0, omega3 = 0]) => {
        const parts = [mul(inertia1, omega1), mul(inertia2, omega2), mul(inertia3, omega3)];
        return sqrt(add(...parts.map(square)));
      },
      holds: () => true,
    },
  ],
  symmetries: [
    reflection([1, -1, -1], { name: "half turn 1", meaning: "omega2 and omega3 change sign" }),
    reflection([-1, 1, -1], { name: "half turn 2", meaning: "omega1 and omega3 change sign" }),
    reflection([-1, -1, 1], { name: "half turn 3", meaning: "omega1 and omega2 change sign" }),
    reversal({ signs: [-1, -1, -1], meaning: "t and all angular velocities change sign" }),
  ],
  timescale: () => 2 * Math.PI,
  // 0.5 .. 2 rad/s about any axis.
  sampleStart: (random) => {
    const speed = 0.5 + 1.5 * random.uniform();
    const height = 2 * random.uniform() - 1;
    const [radius, phase] = [Math.sqrt(1 - height ** 2), 2 * Math.PI * random.uniform()];
    return [speed * radius * hostMath.cos(phase), speed * radius * hostMath.sin(phase), speed * height];
  },
  // The tip of the angular velocity, seen along the diagonal of the axes.
  draw: (_parameters, [omega1 = 0, omega2 = 0, omega3 = 0]) =>
    pointDrawing(
      "(omega2 - omega1) cos 30° [rad/s]",
      "omega3 - (omega1 + omega2)/2 [rad/s]",
      (Math.sqrt(3) / 2) * (omega2 - omega1),
      omega3 - (omega1 + omega2) / 2,
    ),
  source: "Landau, Lifshitz, 1976, Mechanics, 3rd edition, sections 36 and 37",
});
