/**
 * How long the next step is: a controller turns the error of a step into the factor for the next one.
 *
 * The memory of a controller is a tree of scalars that travels in the carry of the loop, so the loop stays one traced
 * program.
 */
import type { Tensor, TensorLike } from "@leastaction/tensor";

/** What a controller remembers: float64 scalars. */
export type ControllerMemory = readonly Tensor[];

/** What a controller decides after a trial step. */
export interface Decision {
  /** Scalar bool. */
  readonly accept: Tensor;
  /** The next step is this times the one just tried: float64 scalar, positive. */
  readonly factor: Tensor;
  readonly memory: ControllerMemory;
}

/** All steps equally long. */
export interface ConstantStepSize {
  readonly kind: "constant";
}

/** Steps chosen from the error estimate. */
export interface AdaptiveStepSize {
  readonly kind: "adaptive";
  readonly name: string;
  /** No trial step is shorter, except to a time that must be hit: when it is rejected, the integration ends. */
  readonly dtMin?: TensorLike;
  /** No step is longer. */
  readonly dtMax?: TensorLike;
  readonly start: () => ControllerMemory;
  /**
   * @param squaredError square of the norm of the error in units of the tolerance, float64 scalar; may be infinite or
   *   NaN: then reject
   * @param order of the error estimate: it shrinks as h^order
   * @param rejected whether the trial before this one was rejected, scalar bool
   */
  readonly decide: (squaredError: Tensor, order: number, memory: ControllerMemory, rejected: Tensor) => Decision;
}

/** A choice of step sizes. */
export type StepSize = ConstantStepSize | AdaptiveStepSize;

/** Steps of one length: the longest that is at most `dt0` and divides the span into whole steps. */
export function constantStepSize(): ConstantStepSize {
  return Object.freeze({ kind: "constant" });
}
