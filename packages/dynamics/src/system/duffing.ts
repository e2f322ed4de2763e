/**
 * Duffing's oscillator: a spring that hardens, by default with two wells, with optional friction and a periodic drive.
 */

import { length } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { pointDrawing } from "./drawing.ts";
import { reflection, reversal } from "./symmetry.ts";
import type { System } from "./system.ts";

type Names = "mass" | "linear" | "cubic" | "damping" | "drive" | "driveFrequency";

/** x'' = (drive cos(driveFrequency t) + force - linear x - cubic x^3 - damping v) / mass. */
export const duffing: System = defineSystem<Names>({
  name: "duffing",
  summary: "A mass in a double well, with optional friction and a periodic drive.",
  coordinates: [length("x", "v")],
  controls: [{ name: "force", unit: "N", scale: ({ linear }) => 0.3 * Math.max(1, Math.abs(linear)) }],
  parameters: {
    mass: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass" },
    linear: { unit: "N/m", default: -1, meaning: "linear stiffness; below 0 there are two wells" },
    cubic: { unit: "N/m^3", default: 1, minimum: 0, meaning: "cubic stiffness" },
    damping: { unit: "kg/s", default: 0, minimum: 0, meaning: "linear friction force per velocity" },
    drive: { unit: "N", default: 0, minimum: 0, meaning: "amplitude of the periodic force" },
    driveFrequency: { unit: "rad/s", default: 1, minimum: 0, meaning: "angular frequency of the periodic force" },
  },
  equations: [
    "x' = v",
    "v' = (drive cos(driveFrequency t) + force - linear x - cubic x^3 - damping v) / mass",
    "energy = mass v^2 / 2 + linear x^2 / 2 + cubic x^4 / 4",
  ],
  field: (arithmetic, parameters, t, [x = 0, v = 0], [force = 0]) => {
    const { add, sub, mul, div, square, cos } = arithmetic;
    const { mass, linear, cubic, damping, drive, driveFrequency } = parameters;
    const spring = mul(x, add(linear, mul(cubic, square(x))));
    // Left out, and not multiplied by zero, where there is no drive: the traced program then has no cosine.
    const driven = drive === 0 ? force : add(force, mul(drive, cos(mul(driveFrequency, t))));
    return [v, div(sub(driven, add(spring, mul(damping, v))), mass)];
  },
  energy: ({ add, mul, square }, { mass, linear, cubic }, [x = 0, v = 0]) => {
    const well = mul(square(x), add(mul(0.5, linear), mul(0.25, cubic, square(x))));
    return add(mul(0.5, mass, square(v)), well);
  },
  conservesEnergy: ({ damping, drive }) => damping === 0 && drive === 0,
  symmetries: [
    reflection([-1, -1], { holds: ({ drive }) => drive === 0 }),
    // The drive is a cosine, the same backward from t = 0.
    reversal({ holds: ({ damping }) => damping === 0 }),
  ],
  timescale: ({ mass, linear, cubic }) => (2 * Math.PI) / Math.sqrt((Math.abs(linear) + cubic) / mass || 1),
  // Between the wells and beyond: up to 1.6 m, up to 0.8 m/s.
  sampleStart: (random) => [3.2 * (random.uniform() - 0.5), 1.6 * (random.uniform() - 0.5)],
  draw: (_parameters, [x = 0, v = 0]) => pointDrawing("x [m]", "v [m/s]", x, v),
  source: "Guckenheimer, Holmes, 1983, Nonlinear Oscillations, section 2.2, doi:10.1007/978-1-4612-1140-2",
});
