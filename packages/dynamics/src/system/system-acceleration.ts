/**
 * A system of second order as its accelerations, traced: what is asked when the question is whether a Lagrangian exists.
 */
import { concatenate, slice, type Tensor, TensorError } from "@leastaction/tensor";
import type { System } from "./system.ts";
import { type FreeParameters, systemField } from "./system-field.ts";

/**
 * The accelerations x'' of a system without control: (t, x, v) to [n].
 *
 * @param parameters numbers or float scalars; those left out have their defaults
 * @returns a function of the time (s), the coordinates [n] and their velocities [n]
 * @throws TensorError for a system whose state does not hold velocities, an unknown name or a number below its minimum
 * @example
 * const pull = systemAcceleration(systemNamed("oscillator"), { stiffness: 4 });
 * evaluate(pull, array(0), array([1]), array([0])).data; // => [-4]
 */
export function systemAcceleration(
  system: System,
  parameters: FreeParameters = {},
): (t: Tensor, x: Tensor, v: Tensor) => Tensor {
  const other = system.coordinates.find(({ rate }) => rate?.role !== "velocity");
  if (other !== undefined) {
    throw new TensorError(
      `Cannot take accelerations of ${system.name}: expected the velocity of ${other.name} in its state, got ${other.rate === null ? "no rate" : "a momentum"}`,
      "Take a system of second order whose state holds velocities.",
    );
  }
  const n = system.coordinates.length;
  const field = systemField(system, parameters);
  return (t, x, v) => slice(field(t, concatenate([x, v])), 0, n, 2 * n);
}
