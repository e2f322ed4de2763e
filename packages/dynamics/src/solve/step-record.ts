/**
 * The steps of an integration: what the forward phase hands to the replay.
 *
 * Only times and lengths are kept, in a fixed number of slots; the states are made again by the replay, which is the
 * part that is differentiated. In the derivative the steps are constants.
 */
import type { Tensor } from "@leastaction/tensor";

/** Steps that were taken. */
export interface StepRecord {
  /** Time at the start of each step: float64 [slots]; beyond `count` anything. */
  readonly starts: Tensor;
  /** Signed lengths: float64 [slots]. */
  readonly steps: Tensor;
  /** Steps taken: int32 scalar, at most `slots`. */
  readonly count: Tensor;
  readonly slots: number;
  /** Trial steps that were rejected: int32 scalar. */
  readonly rejected: Tensor;
  /** Code of `statusCodes`: int32 scalar. */
  readonly status: Tensor;
  /** Time reached: float64 scalar. */
  readonly end: Tensor;
  /** Evaluations of the field before the first step. */
  readonly startEvaluations: number;
}

/** What the forward phase finds: the steps, and where they lead. */
export interface ForwardPhase<Y> {
  readonly record: StepRecord;
  /** The state at the end. */
  readonly y: Y;
  /** Signed length of the step that would follow: float64 scalar. */
  readonly next: Tensor;
  /** The states at the times that were to be read on the way, in the order in which they were passed. */
  readonly states?: Y;
}
