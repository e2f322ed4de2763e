/**
 * Programs: what everything else in this package reads, rewrites or runs.
 *
 * A program is a list of equations in static single assignment over a small closed set of primitives (see
 * `primitive.ts`). Shapes and element types are static. Programs are plain frozen data: they can be printed, checked,
 * compared and written to JSON, and no transform changes one in place.
 */
import type { DType, HostArray } from "../dtype.ts";
import type { Shape } from "../shape.ts";
import type { Parameters, PrimitiveName } from "./primitive.ts";

/** What is known of a tensor before it has a value. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A value that an equation or a program input defines; compared by identity. */
export interface Variable {
  readonly kind: "variable";
  readonly type: TensorType;
}

/** A tensor known while tracing: one number repeated over the shape, or an array in row-major order. */
export interface Constant {
  readonly kind: "constant";
  readonly type: TensorType;
  readonly value: number | HostArray;
}

/** What an equation can read. */
export type Atom = Variable | Constant;

/** One application of a primitive. */
export interface Equation<P extends PrimitiveName = PrimitiveName> {
  readonly primitive: P;
  readonly parameters: Parameters[P];
  readonly inputs: readonly Atom[];
  readonly outputs: readonly Variable[];
}

/** A function from tensors to tensors. */
export interface Program {
  readonly inputs: readonly Variable[];
  readonly equations: readonly Equation[];
  readonly outputs: readonly Atom[];
}

/** A new variable, different from every other. */
export function variable(type: TensorType): Variable {
  return { kind: "variable", type };
}

/** A constant tensor that repeats one number. */
export function fill(type: TensorType, value: number): Constant {
  return { kind: "constant", type, value };
}
