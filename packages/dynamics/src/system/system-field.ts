/**
 * A system as a field that `solve` integrates, and its energy for programs: the same law that makes the data, traced.
 */

import { at, convert, full, stack, type Tensor } from "@leastaction/tensor";
import { tensorArithmetic, type Value } from "./arithmetic.ts";
import { parametersOf } from "./parameters-of.ts";
import { stateColumns } from "./state-columns.ts";
import type { Constants, Scalar, System } from "./system.ts";

/** Constants for a program: plain numbers, or float scalars that are differentiated or differ over a batch. */
export type FreeParameters = Readonly<Record<string, Value<Tensor>>>;

/**
 * The field of a system: (t, y, control) to y', for `solve` and for models.
 *
 * @param parameters numbers or float scalars; those left out have their defaults
 * @returns a function of the time (float64 scalar, s), the state [n] and, where given, the control [c]
 * @throws TensorError for an unknown name or a number below its minimum
 * @example
 * const field = systemField(systemNamed("lorenz"));
 * const end = evaluate((y0: Tensor) => solve({ field, t0: 0, t1: 1, y0 }).y, array([1, 1, 1]));
 */
export function systemField(
  system: System,
  parameters: FreeParameters = {},
): (t: Tensor, y: Tensor, control?: Tensor) => Tensor {
  const constants = withDefaults(system, parameters);
  const size = stateColumns(system).length;
  return (t, y, control) => {
    const inputs = control === undefined ? [] : elementsOf(control, system.controls.length);
    return stack(system.field(tensorArithmetic, constants, convert(t, y.dtype), elementsOf(y, size), inputs));
  };
}

/** The energy or an invariant of a system as a function of the state [n]: a scalar of its element type. */
export function systemScalar(system: System, value: Scalar, parameters: FreeParameters = {}): (y: Tensor) => Tensor {
  const constants = withDefaults(system, parameters);
  const size = stateColumns(system).length;
  return (y) => {
    const found = value(tensorArithmetic, constants, elementsOf(y, size));
    return typeof found === "number" ? full([], found, y.dtype) : found;
  };
}

/** Numbers are checked as everywhere; of a traced constant only the name can be. */
function withDefaults(system: System, parameters: FreeParameters): Constants<string, Tensor> {
  const numbers = Object.entries(parameters).map(([name, value]): [string, number] => {
    const standIn = system.parameters.find((parameter) => parameter.name === name)?.default ?? 0;
    return [name, typeof value === "number" ? value : standIn];
  });
  return { ...parametersOf(system, Object.fromEntries(numbers)), ...parameters };
}

function elementsOf(vector: Tensor, count: number): readonly Tensor[] {
  return Array.from({ length: count }, (_, index) => at(vector, index));
}
