/**
 * How the recipe of the dissipative model was chosen, without a look at the test rows.
 *
 * In: the training rows. Each recipe is fitted to the first 281 of them and scored on 18 rollouts of 18.5 s (the length
 * of the test) from rows 281, 284, … 332; what counts is the mean of energy and state error over these and over seeds.
 */
import type { Target } from "@leastaction/tensor";
import type { Score } from "./evaluation.ts";
import { type DissipativeRecipe, trainDissipative } from "./protocol.ts";
import { type Recording, rowsOf, trainingRows } from "./recording.ts";

/** A recipe with its errors on the held-out end of the training rows. */
export interface Candidate extends Score {
  readonly recipe: DissipativeRecipe;
}

const fittedRows = 281;
const testLength = trainingRows - 332;
const seeds = [0, 1];

/** Every recipe of the grid, best first. */
export function selectRecipe(recording: Recording, target: Target, report: (line: string) => void): Candidate[] {
  const fitted = rowsOf(recording, 0, fittedRows);
  const starts = Array.from({ length: 18 }, (_, i) => fittedRows + 3 * i);
  const tests = starts.map((row) => rowsOf(recording, row, row + testLength));
  const candidates = recipes().map((recipe) => {
    const scores = seeds.flatMap((seed) =>
      trainDissipative({ recording: fitted, protocol: "rollout", seed, target }, recipe).score(tests),
    );
    const candidate = { recipe, energy: meanOf(scores, "energy"), state: meanOf(scores, "state") };
    report(JSON.stringify(candidate));
    return candidate;
  });
  return candidates.sort((a, b) => a.energy + a.state - b.energy - b.state);
}

function recipes(): DissipativeRecipe[] {
  const windows = [
    [10, 20],
    [10, 20, 40],
    [10, 20, 40, 70],
  ];
  return [6, 12].flatMap((units) =>
    [0.03, 0.1, 0.3].flatMap((frictionSpread) =>
      windows.map((lengths) => ({ units, frictionSpread, prior: 1, windows: lengths })),
    ),
  );
}

function meanOf(scores: readonly Score[], name: keyof Score): number {
  return scores.reduce((total, score) => total + score[name], 0) / scores.length;
}
