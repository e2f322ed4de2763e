/**
 * The three protocols and the two models: one training and one test for each seed.
 *
 * - left: finite differences at the left point of each gap, as published;
 * - midpoint: finite differences at the middle of each gap;
 * - rollout: the motion over windows of the recording.
 *
 * The recipe of the dissipative model was chosen on training rows alone; see `selection.ts`.
 */
import type { Target } from "@leastaction/tensor";
import { dissipativeModel } from "./dissipative-model.ts";
import { type Field, type Score, scoreRollouts } from "./evaluation.ts";
import { fieldInDoubles, hamiltonianNetwork, trainOnDifferences, trainOnRollouts } from "./hamiltonian-network.ts";
import { fitDifferences, fitRollouts } from "./least-squares-fit.ts";
import type { Recording } from "./recording.ts";

/** How a model is trained. */
export type Protocol = "left" | "midpoint" | "rollout";

/** The protocols in the order of the table. */
export const protocols: readonly Protocol[] = ["left", "midpoint", "rollout"];

/** The models in the order of the table. */
export const kinds = ["hamiltonian", "dissipative"] as const;

/** What every training needs. */
export interface TrainingOptions {
  readonly recording: Recording;
  readonly protocol: Protocol;
  readonly seed: number;
  readonly target: Target;
}

/** A trained model: a field with its parameters. */
export interface Trained {
  readonly score: (tests: readonly Recording[]) => Score[];
}

/** The recipe of the dissipative model. */
export interface DissipativeRecipe {
  /** Hidden units of the potential and of the kinetic energy. */
  readonly units: number;
  /** How far the friction may depart from a constant: see `dissipativeModel`. */
  readonly frictionSpread: number;
  /** Deviation of the prior of every parameter. */
  readonly prior: number;
  /** Gaps in the windows of the rollout protocol, one fit after another. */
  readonly windows: readonly number[];
}

/** The recipe that was chosen. */
export const chosenRecipe: DissipativeRecipe = { units: 12, frictionSpread: 0.03, prior: 1, windows: [10, 20, 40] };

/** Trains the dissipative model: Levenberg-Marquardt, float64, from finite differences to longer and longer windows. */
export function trainDissipative(options: TrainingOptions, recipe: DissipativeRecipe = chosenRecipe): Trained {
  const { recording, protocol, seed, target } = options;
  const model = dissipativeModel({ units: recipe.units, frictionSpread: recipe.frictionSpread });
  const shared = { field: model.field, recording, target, prior: recipe.prior };
  const place = protocol === "left" ? "left" : "midpoint";
  let parameters = fitDifferences({ ...shared, parameters: model.init(seed), place, iterations: 100 });
  for (const intervals of protocol === "rollout" ? recipe.windows : []) {
    parameters = fitRollouts({ ...shared, parameters, intervals, iterations: 60 });
  }
  return trained(model.field, parameters, target);
}

/** Sizes of the Hamiltonian network's training. */
export interface HamiltonianRecipe {
  readonly width: number;
  /** Steps on finite differences. */
  readonly steps: number;
  /** Steps on rollouts, after those on midpoints. */
  readonly rolloutSteps: number;
  /** Gaps in the windows of the rollout protocol. */
  readonly intervals: number;
}

/** The published recipe, and ours for rollouts. */
export const publishedRecipe: HamiltonianRecipe = { width: 200, steps: 2000, rolloutSteps: 200, intervals: 10 };

/** Trains the Hamiltonian network. */
export function trainHamiltonian(options: TrainingOptions, recipe: HamiltonianRecipe = publishedRecipe): Trained {
  const { recording, protocol, seed, target } = options;
  const model = hamiltonianNetwork(recipe.width);
  const shared = { model, recording, seed, target };
  const place = protocol === "left" ? "left" : "midpoint";
  const first = trainOnDifferences({ ...shared, place, steps: recipe.steps });
  const weights =
    protocol === "rollout"
      ? trainOnRollouts(first, { ...shared, steps: recipe.rolloutSteps, intervals: recipe.intervals })
      : first;
  const { field, parameters } = fieldInDoubles(model, weights);
  return trained(field, parameters, target);
}

function trained<P>(field: Field<P>, parameters: P, target: Target): Trained {
  return { score: (tests) => scoreRollouts(field, parameters, tests, target) };
}
