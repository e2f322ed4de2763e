/**
 * The plane pendulum: a point mass on a rigid rod, with optional linear friction at the pivot and a torque.
 * The angle is measured from hanging. Defaults: mass 1 kg, length 1 m, no friction.
 */

import type { HostRandom } from "../random/host-random.ts";
import type { Parameters, System } from "./system.ts";

function constants(parameters: Parameters): {
  inertia: number;
  weight: number;
  damping: number;
  gravity: number;
  length: number;
} {
  const { mass = 1, length = 1, gravity = 9.81, damping = 0 } = parameters;
  return { inertia: mass * length * length, weight: mass * gravity * length, damping, gravity, length };
}

function energy(parameters: Parameters, state: readonly number[]): number {
  const { inertia, weight } = constants(parameters);
  const [theta = 0, omega = 0] = state;
  return 0.5 * inertia * omega * omega + weight * (1 - Math.cos(theta));
}

/** theta'' = -(gravity / length) sin theta - (damping omega - torque) / (mass length^2). */
export const pendulum: System = Object.freeze<System>({
  name: "pendulum",
  summary: "A point mass on a rigid rod under gravity, with optional linear friction.",
  state: "velocity",
  coordinates: [{ name: "theta", unit: "rad", kind: "angle", periodic: true, rate: { name: "omega", unit: "rad/s" } }],
  controls: [{ name: "torque", unit: "N m" }],
  parameters: [
    { name: "mass", unit: "kg", default: 1, minimum: 1e-9, meaning: "mass of the bob" },
    { name: "length", unit: "m", default: 1, minimum: 1e-9, meaning: "pivot to bob" },
    { name: "gravity", unit: "m/s^2", default: 9.81, minimum: 0, meaning: "acceleration of free fall" },
    {
      name: "damping",
      unit: "kg m^2/s",
      default: 0,
      minimum: 0,
      meaning: "linear friction torque per angular velocity",
    },
  ],
  equation: "theta'' = -(gravity/length) sin(theta) - (damping theta' - torque)/(mass length^2)",
  field: (parameters, _t, state, control) => {
    const { inertia, weight, damping } = constants(parameters);
    const [theta = 0, omega = 0] = state;
    return [omega, (-weight * Math.sin(theta) - damping * omega + (control[0] ?? 0)) / inertia];
  },
  energy,
  invariants: [{ name: "energy", unit: "J", value: energy, holds: (parameters) => (parameters.damping ?? 0) === 0 }],
  timescale: (parameters) => {
    const { gravity, length } = constants(parameters);
    return gravity === 0 ? 1 : 2 * Math.PI * Math.sqrt(length / gravity);
  },
  // Released anywhere up to 2.3 rad: swings of every size, no full turns.
  sampleStart: (random: HostRandom, parameters) => {
    const { gravity, length } = constants(parameters);
    const amplitude = 0.3 + 2 * random.uniform();
    const phase = 2 * Math.PI * random.uniform();
    // The same energy at every phase of the swing of that amplitude.
    const theta = amplitude * Math.cos(phase);
    const square = (2 * gravity * (Math.cos(theta) - Math.cos(amplitude))) / length;
    return [theta, -Math.sign(Math.sin(phase)) * Math.sqrt(Math.max(0, square))];
  },
  source: "Landau, Lifshitz, 1976, Mechanics, 3rd edition, section 11, problem 1",
});
