/**
 * Ways to the gradient of a solution, as data.
 */

import { TensorError, type TensorLike } from "@leastaction/tensor";
import { didYouMean } from "../../nearest-name.ts";
import type { Solver } from "../../solver/solver.ts";

/** Name of a method; what each does and costs stands in docs/gradients.md. */
export type AdjointName =
  | "replay"
  | "checkpointed"
  | "reversible"
  | "forward"
  | "backsolve"
  | "interpolating"
  | "none"
  | "auto";

/** The names of the methods. */
export const adjointNames: readonly AdjointName[] = Object.freeze([
  "replay",
  "checkpointed",
  "reversible",
  "forward",
  "backsolve",
  "interpolating",
  "none",
  "auto",
]);

/** An adjoint equation, integrated backward. */
export interface ContinuousAdjoint {
  /** `backsolve` integrates the state back along with it, `interpolating` reads it from the steps of the solution. */
  readonly kind: "backsolve" | "interpolating";
  /** Of the backward integration; default that of the solution. */
  readonly rtol?: TensorLike;
  /** A scalar; default that of the solution, of several the least one known while tracing. */
  readonly atol?: TensorLike;
  /**
   * Of the equations that derivatives obey, any solver for any field; default that of the solution, or `tsit5` where that
   * one takes the field for separable or of second order, which these equations are not.
   */
  readonly solver?: Solver;
  /** The most steps between two wanted times; default 65,536. They take no memory. */
  readonly maxSteps?: number;
}

/** Steps that are undone. The solution is that of `reversible(solver, coupling)`. */
export interface ReversibleAdjoint {
  readonly kind: "reversible";
  /** Default 0.999. */
  readonly coupling?: number;
}

/** A method by name, or with options. */
export type Adjoint = AdjointName | ContinuousAdjoint | ReversibleAdjoint;

/** A method without options. */
export interface PlainAdjoint {
  readonly kind: Exclude<AdjointName, "backsolve" | "interpolating" | "reversible">;
}

/** A method with its options. */
export type AdjointRecord = ContinuousAdjoint | ReversibleAdjoint | PlainAdjoint;

/** The method with its options. Errors: an unknown name. */
export function adjointRecord(adjoint: Adjoint): AdjointRecord {
  const record = typeof adjoint === "string" ? { kind: adjoint } : adjoint;
  if (adjointNames.includes(record.kind)) return record as AdjointRecord;
  throw new TensorError(
    `Cannot solve: expected an adjoint among ${adjointNames.join(", ")}, got ${String(record.kind)}`,
    didYouMean(String(record.kind), adjointNames, "Leave it out for exact gradients of the discrete solution."),
    "no-such-name",
  );
}
