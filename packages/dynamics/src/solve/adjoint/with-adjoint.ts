/**
 * The method for the gradient of a problem, decided before it is integrated, and the solver that goes with it.
 */
import { TensorError } from "@leastaction/tensor";
import { reversible } from "../../solver/reversible.ts";
import type { Problem } from "../problem.ts";
import { type Adjoint, type AdjointRecord, adjointRecord } from "./adjoint.ts";
import { chooseAdjoint } from "./choose-adjoint.ts";
import { boundOf, type StepBound, sizesOf } from "./sizes.ts";

/** A problem and its method, which is never `auto`. */
export interface Decided<Y> {
  readonly problem: Problem<Y>;
  readonly adjoint: AdjointRecord;
}

/**
 * Decides. `reversible` replaces the solver by its reversible form.
 *
 * @param jumps whether the field may jump between steps
 * Errors: an unknown method; `reversible` with jumps, which its second state would step across.
 */
export function withAdjoint<Y>(
  problem: Problem<Y>,
  given: StepBound & { readonly adjoint?: Adjoint | undefined },
  jumps: boolean,
): Decided<Y> {
  const asked = adjointRecord(given.adjoint ?? "replay");
  const adjoint: AdjointRecord =
    asked.kind === "auto" ? { kind: chooseAdjoint(sizesOf(problem, boundOf(given))).adjoint } : asked;
  if (adjoint.kind !== "reversible") return { problem, adjoint };
  if (jumps) {
    throw new TensorError(
      "Cannot solve with a reversible adjoint: expected a field without jumps, got controls or stops with jumps",
      "Use checkpointed: exact as well, with memory for the square root of the number of steps.",
    );
  }
  return { problem: { ...problem, solver: reversible(problem.solver, adjoint.coupling) }, adjoint };
}

/** Whether the steps are needed, also when only the end is wanted. */
export function keepsRecord({ kind }: AdjointRecord): boolean {
  return kind !== "none" && kind !== "backsolve";
}

/** Errors: a method that keeps no polynomials, where all are wanted. */
export function expectDense(adjoint: Adjoint = "replay"): void {
  const { kind } = adjointRecord(adjoint);
  if (kind === "replay" || kind === "none") return;
  throw new TensorError(
    `Cannot read a solution at any time: expected adjoint replay or none, got ${kind}`,
    "The other methods do not keep the steps: ask solve for the states at saveAt.times.",
  );
}
