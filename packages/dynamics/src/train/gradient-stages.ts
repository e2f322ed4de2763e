/**
 * The stages of a member with many parameters: Adam on derivatives, then on rollouts with a growing horizon.
 *
 * Least squares needs a matrix over all pairs of parameters, so beyond a few hundred of them members are trained by
 * gradient descent. A step model has no derivatives to match and spends all its steps on rollouts.
 */
import { adam } from "../optim/adam.ts";
import { cosineSchedule } from "../optim/schedule.ts";
import { heldToLagrangian } from "./held-to-lagrangian.ts";
import type { MemberOptions } from "./member.ts";
import { derivativeObjective, type Objective, rolloutObjective } from "./objective.ts";
import type { Stage } from "./stage.ts";
import { trainModel } from "./train-model.ts";

/** Members with more trainable numbers than this are trained by gradient descent. */
export const mostForLeastSquares = 400;
/** Optimiser steps when none are stated. */
export const defaultGradientSteps = 3000;

/** The stages of a model on its data. */
export function gradientStages(options: MemberOptions): readonly Stage[] {
  const { model, facts, samples, segments, seed, target, clock, delays } = options;
  const period = Math.ceil((2 * Math.PI) / facts.frequency / facts.dt);
  const longest = Math.max(...segments.map(({ times }) => times.length));
  const run =
    (make: () => Objective, peak: number): Stage["run"] =>
    async (from, steps, onStep, checkpoints) => {
      const { parameters, losses, status, divergence } = await trainModel({
        objective: heldToLagrangian(make(), model, facts),
        parameters: from.parameters,
        steps,
        seed,
        optimizer: adam(),
        schedule: cosineSchedule({ peak, steps }),
        clip: 1,
        frozen: model.frozen ?? [],
        target,
        clock,
        onStep,
        checkpoints,
      });
      return {
        parameters,
        delays: from.delays,
        loss: losses.findLast(Number.isFinite) ?? Number.NaN,
        fit: null,
        status,
        divergence,
      };
    };
  const derivatives: Stage = {
    name: "derivatives",
    share: 0.6,
    keptFit: () => null,
    run: run(() => derivativeObjective({ model, facts, samples }), 5e-3),
  };
  const rollouts: Stage = {
    name: "rollouts",
    share: model.field === undefined ? 1 : 0.4,
    keptFit: () => null,
    run: run(
      () =>
        rolloutObjective({ model, facts, segments, delays, samples: Math.max(3, Math.min(2 * period, longest, 200)) }),
      1e-3,
    ),
  };
  return model.field === undefined ? [rollouts] : [derivatives, rollouts];
}
