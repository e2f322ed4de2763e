/**
 * Programs: what everything else in this package reads, rewrites or runs.
 *
 * A program is a list of equations in static single assignment over a small closed set of primitives (see
 * `primitive.ts`). Shapes and element types are static. Programs are plain frozen data: they can be printed, checked,
 * compared and written to JSON, and no transform changes one in place.
 */
import type { Constant, TensorType, Variable } from "./primitive.ts";

export type { Atom, Constant, Equation, Program, TensorType, Variable } from "./primitive.ts";

/** A new variable, different from every other. */
export function variable(type: TensorType): Variable {
  return { kind: "variable", type };
}

/** A constant tensor that repeats one number. */
export function fill(type: TensorType, value: number): Constant {
  return { kind: "constant", type, value };
}
