/**
 * A member: one model trained from one seed; what it is made from and what comes out.
 */
import type { Target } from "@leastaction/tensor";
import type { MotionSegment } from "../data/prepare.ts";
import type { AnyModel, DatasetFacts, Samples } from "../model/model.ts";
import type { LeastSquaresFit } from "../optim/levenberg-marquardt.ts";
import type { Clock } from "./run-control.ts";
import type { FittedDelays, Shooting } from "./shooting.ts";

/** One line of the training curve. */
export interface TrainingRow {
  readonly model: string;
  readonly seed: number;
  readonly stage: string;
  readonly step: number;
  /** Half the mean square of the residuals in units of the tolerance. */
  readonly loss: number;
  /** Rollout error on the selection data after a stage, SI; null between. */
  readonly select: number | null;
}

/** A trained member. */
export interface Member {
  readonly model: AnyModel;
  readonly seed: number;
  /** A tree of host tensors. */
  readonly parameters: unknown;
  /** [c] how late each control acts, s: given or fitted. */
  readonly delays: readonly number[];
  readonly curve: readonly TrainingRow[];
  /** Rollout error on the selection data, SI. */
  readonly select: number;
  readonly steps: number;
  /** The last shooting problem and its solution, for intervals of constants; null when there was none. */
  readonly fit: { readonly problem: Shooting; readonly solution: LeastSquaresFit } | null;
  /** s. */
  readonly seconds: number;
  readonly status: "finished" | "stopped" | "diverged";
}

/** What a member is trained on and how. */
export interface MemberOptions {
  readonly model: AnyModel;
  readonly seed: number;
  readonly facts: DatasetFacts;
  readonly samples: Samples;
  readonly segments: readonly MotionSegment[];
  /** Optimiser steps in all; null: 200 by least squares, 3000 by gradient descent. */
  readonly steps: number | null;
  readonly target: Target;
  readonly clock: Clock;
  /** [c] how late each control acts, s: given, or where the fit of it starts. */
  readonly delays: readonly number[];
  readonly fitted: FittedDelays;
  /** Rollout error of parameters and delays on the selection data, SI. */
  readonly judge: (parameters: unknown, delays: readonly number[]) => number;
  /** Called after each slice: steps so far, loss, steps in all. */
  readonly onStep: (step: number, loss: number, steps: number) => void;
}
