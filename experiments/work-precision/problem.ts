/**
 * What a test problem is: y' = f(t, y) from t = 0 to 20, written once for traced tensors, which `solve` integrates, and for
 * extended precision, which the references are made with.
 */
import type { Arithmetic, Value } from "@leastaction/dynamics";

/** What the problems need of an arithmetic. */
export type Operations<V> = Omit<Arithmetic<V>, "exp" | "log" | "tanh" | "abs">;

/** One problem. Its constants are the float64 numbers nearest to the published ones. */
export interface Problem {
  readonly name: string;
  readonly title: string;
  readonly start: readonly number[];
  readonly derivative: <V>(operations: Operations<V>, t: Value<V>, y: readonly Value<V>[]) => Value<V>[];
}

/** The end of every problem. */
export const end = 20;
