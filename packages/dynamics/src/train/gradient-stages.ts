/**
 * The stages of a member with many parameters: Adam on derivatives, then on rollouts with a growing horizon.
 *
 * Least squares needs a matrix over all pairs of parameters, so beyond a few hundred of them members are trained by
 * gradient descent. A step model has no derivatives to match and spends all its steps on rollouts.
 */
import { adam } from "../optim/adam.ts";
import { cosineSchedule } from "../optim/schedule.ts";
import type { MemberOptions } from "./member.ts";
import { derivativeObjective, rolloutObjective } from "./objective.ts";
import { type TrainedParameters, trainModel } from "./train-model.ts";

/** Members with more trainable numbers than this are trained by gradient descent. */
export const mostForLeastSquares = 400;
/** Optimiser steps when none are stated. */
export const defaultGradientSteps = 3000;

/** One stage: its name, its share of the steps, and its training from given parameters. */
export interface GradientStage {
  readonly name: string;
  readonly share: number;
  readonly train: (
    parameters: unknown,
    steps: number,
    onStep: (step: number, loss: number) => void,
  ) => Promise<TrainedParameters>;
}

/** The stages of a model on its data. */
export function gradientStages(options: MemberOptions): readonly GradientStage[] {
  const { model, facts, samples, segments, seed, target, clock, delays } = options;
  const period = Math.ceil((2 * Math.PI) / facts.frequency / facts.dt);
  const longest = Math.max(...segments.map(({ times }) => times.length));
  const run =
    (make: () => Parameters<typeof trainModel>[0]["objective"], peak: number): GradientStage["train"] =>
    (parameters, steps, onStep) =>
      trainModel({
        objective: make(),
        parameters,
        steps,
        seed,
        optimizer: adam(),
        schedule: cosineSchedule({ peak, steps }),
        clip: 1,
        frozen: model.frozen ?? [],
        target,
        clock,
        onStep,
      });
  const derivatives: GradientStage = {
    name: "derivatives",
    share: 0.6,
    train: run(() => derivativeObjective({ model, facts, samples }), 5e-3),
  };
  const rollouts: GradientStage = {
    name: "rollouts",
    share: model.field === undefined ? 1 : 0.4,
    train: run(
      () =>
        rolloutObjective({ model, facts, segments, delays, samples: Math.max(3, Math.min(2 * period, longest, 200)) }),
      1e-3,
    ),
  };
  return model.field === undefined ? [rollouts] : [derivatives, rollouts];
}
