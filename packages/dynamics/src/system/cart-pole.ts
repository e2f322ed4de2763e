/**
 * The cart with a pole: a point mass on a rod that swings freely from a cart on a straight track; a force moves the cart.
 * The angle is measured from hanging; upright is pi.
 */

import type { Arithmetic, Value } from "./arithmetic.ts";
import { angle, length } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { rodsDrawing } from "./drawing.ts";
import { reflection, reversal, translation } from "./symmetry.ts";
import type { Constants, System } from "./system.ts";

type Names = "cartMass" | "mass" | "length" | "gravity" | "damping";

function energy<V>(
  { add, sub, mul, square, cos }: Arithmetic<V>,
  { cartMass, mass, length, gravity }: Constants<Names, V>,
  [, theta = 0, v = 0, omega = 0]: readonly Value<V>[],
): Value<V> {
  const turn = mul(length, omega);
  return add(
    mul(0.5, cartMass, square(v)),
    mul(0.5, mass, add(square(v), mul(2, v, turn, cos(theta)), square(turn))),
    mul(mass, gravity, length, sub(1, cos(theta))),
  );
}

/** Lagrange's equations, solved for the accelerations. */
export const cartPole: System = defineSystem<Names>({
  name: "cart-pole",
  summary: "A pole that swings freely from a cart on a track, driven by a force on the cart.",
  coordinates: [length("x", "v"), angle("theta", "omega")],
  controls: [{ name: "force", unit: "N", scale: ({ cartMass, mass, gravity }) => 0.1 * (cartMass + mass) * gravity }],
  parameters: {
    cartMass: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass of the cart" },
    mass: { unit: "kg", default: 0.3, minimum: 1e-9, meaning: "mass at the end of the pole" },
    length: { unit: "m", default: 0.5, minimum: 1e-9, meaning: "length of the pole" },
    gravity: { unit: "m/s^2", default: 9.81, minimum: 0, meaning: "acceleration of free fall" },
    damping: { unit: "kg/s", default: 0, minimum: 0, meaning: "friction force per velocity of the cart" },
  },
  equations: [
    "x' = v, theta' = omega",
    "v' = (force - damping v + mass sin(theta) (length omega^2 + gravity cos(theta))) / (cartMass + mass sin(theta)^2)",
    "omega' = -(gravity sin(theta) + v' cos(theta)) / length",
    "energy = cartMass v^2 / 2 + mass (v^2 + 2 length v omega cos(theta) + length^2 omega^2) / 2 + mass gravity length (1 - cos(theta))",
  ],
  field: (arithmetic, parameters, _t, [, theta = 0, v = 0, omega = 0], [force = 0]) => {
    const { add, sub, mul, div, neg, square, sin, cos } = arithmetic;
    const { cartMass, mass, length, gravity, damping } = parameters;
    const [sine, cosine] = [sin(theta), cos(theta)];
    const swing = mul(mass, sine, add(mul(length, square(omega)), mul(gravity, cosine)));
    const acceleration = div(add(sub(force, mul(damping, v)), swing), add(cartMass, mul(mass, square(sine))));
    return [v, omega, acceleration, neg(div(add(mul(gravity, sine), mul(acceleration, cosine)), length))];
  },
  energy,
  conservesEnergy: ({ damping }) => damping === 0,
  invariants: [
    {
      name: "momentum",
      unit: "kg m/s",
      value: ({ add, mul, cos }, { cartMass, mass, length }, [, theta = 0, v = 0, omega = 0]) => {
        return add(mul(add(cartMass, mass), v), mul(mass, length, omega, cos(theta)));
      },
      holds: ({ damping }) => damping === 0,
    },
  ],
  symmetries: [
    translation([0], { meaning: "x is shifted", conserves: "momentum" }),
    reflection([-1, -1, -1, -1]),
    reversal({ holds: ({ damping }) => damping === 0 }),
  ],
  timescale: ({ length, gravity }) => (gravity === 0 ? 1 : 2 * Math.PI * Math.sqrt(length / gravity)),
  // The cart at rest within 0.5 m of the middle, the pole released up to 2.5 rad from hanging.
  sampleStart: (random) => [random.uniform() - 0.5, 5 * (random.uniform() - 0.5), 0, 0],
  draw: ({ length }, [x = 0, theta = 0]) => {
    const drawing = rodsDrawing([theta], [length], x);
    return { ...drawing, points: drawing.points.map((point) => ({ ...point, role: "body" })) };
  },
  source: "Florian, 2007, Correct equations for the dynamics of the cart-pole system, without friction of the pole",
});
