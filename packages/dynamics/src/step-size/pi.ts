/**
 * Proportional and integral control of the step size with the gains of Gustafsson.
 */
import { type PidOptions, pid } from "./pid.ts";
import type { AdaptiveStepSize } from "./step-size.ts";

/** Options of `pi`: those of `pid` without the derivative part. */
export type PiOptions = Omit<PidOptions, "derivative">;

/**
 * factor = safety e_n^(-0.7/k) e_(n-1)^(0.4/k): smooth where stability and not accuracy limits the step, where elementary
 * control rejects every other one. `pid()`, the default of `solve`, has 0.85 and 0.2 in place of 0.7 and 0.4.
 *
 * Gustafsson, 1991, "Control theoretic techniques for stepsize selection in explicit Runge–Kutta methods", section 5,
 * doi:10.1145/210232.210242.
 *
 * @example
 * pi({ dtMax: 0.1 }).name; // => "pi"
 */
export function pi(options: PiOptions = {}): AdaptiveStepSize {
  return Object.freeze({ ...pid({ proportional: 0.4, integral: 0.3, ...options }), name: "pi" });
}
