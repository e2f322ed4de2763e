/**
 * The linear oscillator: a mass on a spring, with optional linear friction and a force.
 * Defaults: mass 1 kg, stiffness 1 N/m, no friction.
 */

import type { HostRandom } from "../random/host-random.ts";
import type { Parameters, System } from "./system.ts";

function energy(parameters: Parameters, state: readonly number[]): number {
  const { mass = 1, stiffness = 1 } = parameters;
  const [x = 0, v = 0] = state;
  return 0.5 * mass * v * v + 0.5 * stiffness * x * x;
}

/** x'' = (force - stiffness x - damping v) / mass. */
export const oscillator: System = Object.freeze<System>({
  name: "oscillator",
  summary: "A mass on a linear spring, with optional linear friction.",
  state: "velocity",
  coordinates: [{ name: "x", unit: "m", kind: "length", periodic: false, rate: { name: "v", unit: "m/s" } }],
  controls: [{ name: "force", unit: "N" }],
  parameters: [
    { name: "mass", unit: "kg", default: 1, minimum: 1e-9, meaning: "mass" },
    { name: "stiffness", unit: "N/m", default: 1, minimum: 0, meaning: "force per displacement" },
    { name: "damping", unit: "kg/s", default: 0, minimum: 0, meaning: "linear friction force per velocity" },
  ],
  equation: "x'' = (force - stiffness x - damping x')/mass",
  field: (parameters, _t, state, control) => {
    const { mass = 1, stiffness = 1, damping = 0 } = parameters;
    const [x = 0, v = 0] = state;
    return [v, ((control[0] ?? 0) - stiffness * x - damping * v) / mass];
  },
  energy,
  invariants: [{ name: "energy", unit: "J", value: energy, holds: (parameters) => (parameters.damping ?? 0) === 0 }],
  timescale: ({ mass = 1, stiffness = 1 }) => (stiffness === 0 ? 1 : 2 * Math.PI * Math.sqrt(mass / stiffness)),
  // Amplitude 0.1 .. 1 m at any phase.
  sampleStart: (random: HostRandom, { mass = 1, stiffness = 1 }) => {
    const amplitude = 0.1 + 0.9 * random.uniform();
    const phase = 2 * Math.PI * random.uniform();
    return [amplitude * Math.cos(phase), -amplitude * Math.sqrt(stiffness / mass) * Math.sin(phase)];
  },
  source: "Landau, Lifshitz, 1976, Mechanics, 3rd edition, sections 21 and 25",
});
