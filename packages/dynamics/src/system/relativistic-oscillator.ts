/**
 * A relativistic particle on a spring: slow, it is a harmonic oscillator; fast, it flies to and fro at the speed of
 * light. The state holds the momentum, for which the law is simple. The speed of light is a constant, 1 m/s by default.
 */

import type { Arithmetic, Value } from "./arithmetic.ts";
import { lengthWithMomentum } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { pointDrawing } from "./drawing.ts";
import { reflection, reversal } from "./symmetry.ts";
import type { Constants, System } from "./system.ts";

type Names = "mass" | "stiffness" | "lightSpeed";

/** The Lorentz factor of a momentum. */
function lorentzFactor<V>(
  { add, mul, div, square, sqrt }: Arithmetic<V>,
  { mass, lightSpeed }: Constants<Names, V>,
  p: Value<V>,
): Value<V> {
  return sqrt(add(1, square(div(p, mul(mass, lightSpeed)))));
}

/** H = sqrt((mass lightSpeed^2)^2 + (p lightSpeed)^2) - mass lightSpeed^2 + stiffness x^2 / 2. */
export const relativisticOscillator: System = defineSystem<Names>({
  name: "relativistic-oscillator",
  summary: "A particle on a spring that may come near the speed of light.",
  coordinates: [lengthWithMomentum("x", "p")],
  controls: [{ name: "force", unit: "N", scale: ({ stiffness }) => 0.5 * stiffness }],
  parameters: {
    mass: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass at rest" },
    stiffness: { unit: "N/m", default: 1, minimum: 1e-9, meaning: "force per displacement" },
    lightSpeed: { unit: "m/s", default: 1, minimum: 1e-9, meaning: "speed of light" },
  },
  equations: [
    "gamma = sqrt(1 + (p / (mass lightSpeed))^2)",
    "x' = p / (mass gamma), p' = force - stiffness x",
    "energy = mass lightSpeed^2 (gamma - 1) + stiffness x^2 / 2",
  ],
  field: (arithmetic, parameters, _t, [x = 0, p = 0], [force = 0]) => {
    const { sub, mul, div } = arithmetic;
    const gamma = lorentzFactor(arithmetic, parameters, p);
    return [div(p, mul(parameters.mass, gamma)), sub(force, mul(parameters.stiffness, x))];
  },
  energy: (arithmetic, parameters, [x = 0, p = 0]) => {
    const { add, mul, div, square } = arithmetic;
    const gamma = lorentzFactor(arithmetic, parameters, p);
    // mass lightSpeed^2 (gamma - 1), written so that nothing cancels for slow particles.
    const kinetic = div(square(p), mul(parameters.mass, add(gamma, 1)));
    return add(kinetic, mul(0.5, parameters.stiffness, square(x)));
  },
  symmetries: [reflection([-1, -1]), reversal()],
  // Of a slow particle.
  timescale: ({ mass, stiffness }) => 2 * Math.PI * Math.sqrt(mass / stiffness),
  // From rest, at 0.2 .. 2 times the amplitude at which a slow particle would reach the speed of light.
  sampleStart: (random, { mass, stiffness, lightSpeed }) => {
    const amplitude = (0.2 + 1.8 * random.uniform()) * lightSpeed * Math.sqrt(mass / stiffness);
    return [random.uniform() < 0.5 ? amplitude : -amplitude, 0];
  },
  draw: (_parameters, [x = 0, p = 0]) => pointDrawing("x [m]", "p [kg m/s]", x, p),
  source: "Goldstein, Poole, Safko, 2002, Classical Mechanics, 3rd edition, section 7.9",
});
