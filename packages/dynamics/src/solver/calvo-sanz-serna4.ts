/**
 * A splitting of order 4 with four new forces a step for a quadratic kinetic energy: Calvo, Sanz-Serna, 1993, "The
 * development of variable-step symplectic integrators, with application to the two-body problem", table 1,
 * doi:10.1137/0914057. Not symmetric; the last force of a step is the first of the next.
 */
import type { Solver } from "./solver.ts";
import { splitting } from "./splitting.ts";
import { splittingCoefficients } from "./splitting-coefficients.ts";

const kicks = [0.061758858135626, 0.33897802655364, 0.61479130717558, -0.14054801465937] as const;
const drifts = [0.20517766154229, 0.40302128160421, -0.12092087633891] as const;

/** The rest of 1, so that the published digits are consistent to rounding. */
function rest(weights: readonly number[]): number {
  return 1 - weights.reduce((total, weight) => total + weight, 0);
}

/** Calvo and Sanz-Serna, order 4: four new forces a step, for a quadratic kinetic energy. */
export const calvoSanzSerna4: Solver = splitting(
  splittingCoefficients({
    name: "calvoSanzSerna4",
    order: 4,
    field: "quadratic",
    first: "kick",
    weights: [...kicks.flatMap((kick, i) => [kick, drifts[i] ?? rest(drifts)]), rest(kicks)],
    symmetric: false,
    cites: ["doi:10.1137/0914057"],
  }),
);
