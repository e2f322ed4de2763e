/**
 * The parts of a flow and of its derivatives; see `flow.ts`.
 */
import type { Tensor } from "@leastaction/tensor";
import type { Solver } from "../../solver/solver.ts";
import type { Problem } from "../problem.ts";
import type { Phase, Settings } from "./phase.ts";

/** How a flow is integrated and differentiated. */
export interface Plan {
  readonly phase: Phase;
  /** Integrates the variational and the adjoint equation. */
  readonly solver: Solver;
  /** Of the integration and of its variational equation. */
  readonly settings: Settings;
  /** Of the adjoint equation; its `atol` is a scalar. */
  readonly backward: Settings;
  /** The transpose of the variational equation; see `pulledBack`. */
  readonly pull: Pull;
  /** Whether the adjoint equation reads the state from the steps of the forward phase, or integrates it back. */
  readonly keepsSteps: boolean;
  /** Whether the times follow the direction of the integration. */
  readonly ordered: boolean;
  /** Whether the last of them is known to be the end of the integration. */
  readonly endsAtLast: boolean;
}

/** What a flow depends on and can be differentiated in. */
export interface Variables<Y> {
  readonly y0: Y;
  readonly t0: Tensor;
  readonly t1: Tensor;
  readonly parameters: readonly Tensor[];
  /** Nothing, or one tensor float64 [n] of times. */
  readonly times: readonly Tensor[];
}

/** The steps of the forward phase with their polynomials. */
export interface Kept<Y> {
  readonly starts: Tensor;
  readonly steps: Tensor;
  readonly count: Tensor;
  readonly dense: readonly Y[];
}

/** What is known of a flow before it is differentiated. */
export interface Found<Y> {
  readonly y: Y;
  /** Nothing, or the states at the times, in the order of the times. */
  readonly states: readonly Y[];
  /** Scalar bool: the end was reached. */
  readonly success: Tensor;
  /** Nothing, or the steps. */
  readonly kept: readonly Kept<Y>[];
}

/** What has no derivative. */
export interface Constants {
  readonly integers: readonly Tensor[];
  readonly settings: readonly Tensor[];
  readonly backward: readonly Tensor[];
}

/** All that a rule may use. */
export interface Residuals<Y> {
  readonly x: Variables<Y>;
  readonly constants: Constants;
  readonly found: Found<Y>;
}

/** A flow with its tensors taken out: how to put it together again from residuals. */
export interface Frame<Y> {
  readonly plan: Plan;
  readonly problemOf: (x: Variables<Y>, constants: Constants) => Problem<Y>;
  /** The plan, with settings from the residuals. */
  readonly planOf: (constants: Constants) => Plan;
  /** Slots of the record of the forward phase. */
  readonly slots: number;
}

/** A tangent of what a flow gives. */
export interface Change<Y> {
  readonly y: Y;
  readonly states: readonly Y[];
}

/** What a flow starts from: the tangent of the state at t0, and of the parameters that have one. */
export interface Impulse<Y> {
  readonly y0: Y;
  readonly parameters: readonly Tensor[];
}

/** Cotangents of what a flow starts from and of the wanted parameters, from those of its results. */
export type Pull = <Y>(
  frame: Frame<Y>,
  wanted: readonly boolean[],
  residuals: Residuals<Y>,
  cotangent: Change<Y>,
) => Impulse<Y>;
