/**
 * A member: one model trained from one seed; what it is made from and what comes out.
 */
import type { Target } from "@leastaction/tensor";
import type { MotionSegment } from "../data/prepare.ts";
import type { AnyModel, DatasetFacts, Samples } from "../model/model.ts";
import type { LeastSquaresFit, ProgramRuns } from "../optim/levenberg-marquardt.ts";
import type { Divergence } from "./divergence.ts";
import type { Journal } from "./journal.ts";
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

/** The last shooting problem and its solution. */
export interface FitOfConstants {
  /** Made when it is asked for, if the fit went on from a checkpoint after it. */
  readonly problem: () => Shooting;
  readonly solution: Pick<LeastSquaresFit, "parameters" | "covariance" | "standardErrors" | "residualDeviation">;
  /** How often its programs had run by the end. */
  readonly ran: ProgramRuns;
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
  /** For intervals of constants and delays; null where there are none, or no shooting. */
  readonly fit: FitOfConstants | null;
  /** s. */
  readonly seconds: number;
  readonly status: "finished" | "stopped" | "diverged";
  /** Why the last stage diverged, and which it was; null unless it did. */
  readonly divergence: MemberDivergence | null;
}

/** A divergence with the name of its stage. */
export interface MemberDivergence extends Divergence {
  readonly stage: string;
}

/** What a member is trained on and how. */
export interface MemberOptions {
  /** Of this training of it, in the journal of the fit; default `member`. */
  readonly name?: string;
  /** Default one that nobody keeps. */
  readonly journal?: Journal;
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
  /** Called with each report that was not made before the fit stopped. */
  readonly onStep: (report: StepReport) => void;
}

/** Where a member is. */
export interface StepReport {
  /** Optimiser steps so far, since the report before, and in all. */
  readonly step: number;
  readonly more: number;
  readonly steps: number;
  readonly loss: number;
}
