/**
 * What a user hands to `solve` and gets from it.
 */
import type { MapLeaves, Tensor, TensorLike, Traced } from "@leastaction/tensor";
import type { Solver } from "../solver/solver.ts";
import type { StepSize } from "../step-size/step-size.ts";
import type { Adjoint } from "./adjoint/adjoint.ts";
import type { Controls } from "./controls.ts";
import type { Failure } from "./failure.ts";
import type { Times } from "./times.ts";

/** Which states are returned. */
export type SaveAt =
  /**
   * At these times, float64 [n]. Numbers and tensors on the host lie within the span and follow the direction of time,
   * or are refused; those known at run time may be in any order, and one outside gets the state at the nearer end.
   */
  | { readonly times: Times }
  /** At the start and after every step. */
  | { readonly steps: true };

/**
 * Times that steps must hit, float64 [k], in any order, on the host or known at run time. Those outside the span are
 * ignored, equal ones count once. With `jump` the field may jump there: no step looks across, at the price of one more
 * evaluation a step for solvers that use the last slope again.
 */
export type StopTimes = Times | { readonly times: Times; readonly jump: boolean };

/** Options of `solve`; `Y` is the type of the state as it is given, `A` that of the arguments of the field. */
export interface SolveOptions<Y, A> {
  /** The derivative of every tensor of the state; `t` is a float64 scalar. */
  readonly field: (t: Tensor, y: Traced<Y>, args: A) => Traced<Y>;
  /** Scalars; t1 below t0 integrates backward, t1 = t0 returns y0. */
  readonly t0: TensorLike;
  readonly t1: TensorLike;
  /** Any tree of float tensors, traced or on the host. */
  readonly y0: Y;
  /** Handed to the field: any tree. */
  readonly args?: A;
  /** Default `tsit5`. */
  readonly solver?: Solver;
  /** Default `pid()`. */
  readonly stepSize?: StepSize;
  /**
   * Positive: the first step of adaptive control (default: chosen), the longest of equal steps (required). Known at run
   * time, its sign is ignored.
   */
  readonly dt0?: TensorLike;
  /**
   * Relative tolerance, a scalar, default 1e-6; not below 4 units of rounding of the state, or 0 with a positive `atol`.
   * Known at run time, it is raised to that.
   */
  readonly rtol?: TensorLike;
  /**
   * Absolute tolerance, not negative: a scalar, or a tree like the state with a scalar or a tensor of the shape of the
   * leaf for every leaf; default 1e-9.
   */
  readonly atol?: TensorLike | MapLeaves<Y, TensorLike>;
  /** Default: only the end. */
  readonly saveAt?: SaveAt;
  /** Default: none. */
  readonly tStops?: StopTimes;
  /** Controls that the field reads: steps end where these are not smooth. */
  readonly controls?: Controls<unknown> | readonly Controls<unknown>[];
  /** The most accepted steps, at least 1; default 1024 for adaptive steps. Memory grows with it. */
  readonly maxSteps?: number;
  /**
   * The way to the gradient; see docs/gradients.md. `replay` (default), `checkpointed`, `reversible` and `forward` give
   * that of the discrete solution, `backsolve` and `interpolating` that of the equation, also with respect to t0, t1 and
   * `saveAt.times`; `none` gives none and skips the second pass when only the end is wanted; `auto` goes by the sizes.
   */
  readonly adjoint?: Adjoint;
  /** Adds `failure` to the result, for `diagnose`: one more step after the last. Default false. */
  readonly explain?: boolean;
}

/** Counts of an integration: int32 scalars. */
export interface SolveStatistics {
  readonly accepted: Tensor;
  readonly rejected: Tensor;
  /** Evaluations of the field until the end was found; the replay evaluates the accepted steps once more. */
  readonly fieldEvaluations: Tensor;
}

/** The result of `solve`: a tree of tensors. */
export interface Solution<Y> {
  /** The time reached: float64 scalar; t1 when the status is `success`. */
  readonly t: Tensor;
  /** The state there: after a failure the last finite one, without a gradient. */
  readonly y: Y;
  /** Times of `states`: float64 [n]. Without `saveAt`, n = 1: the end. */
  readonly times: Tensor;
  /** The states at `times`, each leaf with a leading axis; past the time reached, the last state. */
  readonly states: Y;
  /** How many of `times` are at or before the time reached: int32 scalar. For `steps` they come first. */
  readonly count: Tensor;
  /** A code of `statusCodes`: int32 scalar. */
  readonly status: Tensor;
  readonly statistics: SolveStatistics;
  /** With `explain`. */
  readonly failure?: Failure;
}

/** A solution that can be read at any time. */
export interface DenseSolution<Y> {
  readonly solution: Solution<Y>;
  /**
   * The states at times, float64 [n], in any order; leading axis n. A scalar gives one state. Past the time reached, and
   * before t0, the state at the nearer end.
   */
  readonly at: (times: Times) => Y;
  /** The slopes of the same polynomials, for the same times. */
  readonly derivativeAt: (times: Times) => Y;
}
